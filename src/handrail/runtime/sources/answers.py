"""What builders answer over HTTP: bounded in time and size, each failure with its kind."""

import time
from collections.abc import Mapping
from typing import Final, Self, cast

import httpx2

from handrail.platform.http import (
    AddressForbidden,
    AnswerTooLarge,
    HostUnresolved,
    Network,
    Timeouts,
    guarded_client,
)
from handrail.runtime.sources.errors import TooMuch, Unauthorised, Unreachable, Unreadable
from handrail.runtime.sources.model import Instance

_TIMEOUTS: Final = Timeouts(connect=3.0, read=5.0, write=5.0)
_ACCESS: Final = frozenset({401, 403})
_QUIET_S: Final = 30
_QUIET_MAX_S: Final = 3600


class Asker:
    """Asks one instance; use it as a context, for as many requests as a look needs."""

    def __init__(self, instance: Instance, headers: Mapping[str, str], *, deadline_s: float, max_body: int) -> None:
        """Take whom to ask.

        Args:
            instance: Its address and network.
            headers: Sent with every request.
            deadline_s: How long all requests together may take, in seconds.
            max_body: The most bytes of one answer.
        """
        self._instance = instance
        self._end = time.monotonic() + deadline_s
        self._deadline_s = deadline_s
        network = cast("Network", instance.network)
        given = {"accept": "application/json", "user-agent": "handrail-source", **headers}
        self._client = guarded_client(network, headers=given, timeouts=_TIMEOUTS, max_body=max_body)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def get(self, path: str, what: str, headers: Mapping[str, str] | None = None) -> tuple[bytes | None, str]:
        """Return a JSON answer's bytes, None for 304, and its ETag.

        Args:
            path: Below the instance's address.
            what: What should be there, for messages, such as `Node-RED admin API`.
            headers: Sent with this request.

        Raises:
            Unreachable: If nothing answers in time, it asks for quiet, or its address may not be called.
            Unauthorised: If it refuses the credential.
            TooMuch: If the answer is too large.
            Unreadable: If it is no JSON, or a redirect.
        """
        url = f"{self._instance.url}{path}"
        try:
            with self._client.stream("GET", url, headers=dict(headers or {})) as answer:
                if answer.status_code == 304:
                    return None, answer.headers.get("etag", "")
                _require(answer, what)
                return self._body(answer), answer.headers.get("etag", "")
        except httpx2.HTTPError as error:
            raise Unreachable(f"{self._instance.url} does not answer ({type(error).__name__}).") from None
        except AddressForbidden as error:
            public = self._instance.network == "public"
            hint = " Register it with --network private if that is meant." if public else ""
            raise Unreachable(f"{error.message}{hint}") from None
        except HostUnresolved as error:
            raise Unreachable(error.message) from None
        except AnswerTooLarge as error:
            raise TooMuch(error.message) from None

    def _body(self, answer: httpx2.Response) -> bytes:
        received = bytearray()
        for piece in answer.iter_raw():
            received += piece
            if time.monotonic() > self._end:
                raise Unreachable(f"It did not finish its answer within {self._deadline_s:.0f} s.")
        return bytes(received)


def _require(answer: httpx2.Response, what: str) -> None:
    if answer.status_code in _ACCESS:
        raise Unauthorised(f"It answered {answer.status_code}: the token is missing, wrong or has ended.")
    if answer.is_redirect:
        raise Unreadable("It answered with a redirect; register the address that it leads to.")
    if answer.status_code == 429:
        quiet_s = _quiet_s(answer.headers.get("retry-after", ""))
        raise Unreachable(f"It answered 429: it wants to be left alone for {quiet_s} s.", retry_after_s=quiet_s)
    if answer.status_code >= 500:
        raise Unreachable(f"It answered {answer.status_code}.")
    if answer.status_code != 200:
        raise Unreadable(f"It answered {answer.status_code}: there is no {what} at this address.")
    if "json" not in answer.headers.get("content-type", ""):
        raise Unreadable(f"It answered with a page: there is no {what} at this address.")


def _quiet_s(said: str) -> int:
    # A date would need its clock; half a minute does for that.
    seconds = int(said) if said.isascii() and said.isdecimal() and len(said) < 9 else _QUIET_S
    return max(1, min(seconds, _QUIET_MAX_S))
