"""Node-RED's admin API: what it runs now."""

import time
from typing import Final, cast

import httpx2

from handrail.kernel.secret import Secret
from handrail.platform.http import (
    AddressForbidden,
    AnswerTooLarge,
    HostUnresolved,
    Network,
    Timeouts,
    guarded_client,
)
from handrail.runtime.sources.errors import Unauthorised, Unreachable, Unreadable
from handrail.runtime.sources.model import Instance, Reading

DEADLINE_S: Final = 10.0
_TIMEOUTS: Final = Timeouts(connect=3.0, read=5.0, write=5.0)
_ACCESS: Final = frozenset({401, 403})


def read_node_red(instance: Instance, credential: Secret | None, *, deadline_s: float = DEADLINE_S) -> Reading:
    """Return the flows that a Node-RED runs now (`GET /flows`, version 2 of its admin API).

    Args:
        instance: What to ask.
        credential: A bearer token; None if it wants none.
        deadline_s: How long the whole answer may take, in seconds.

    Raises:
        Unreachable: If nothing answers in time, or its address may not be called.
        Unauthorised: If it refuses the credential.
        Unreadable: If the answer is no flow file, too large, or a redirect.

    Source:
        https://nodered.org/docs/api/admin/methods/get/flows/
    """
    headers = {"accept": "application/json", "node-red-api-version": "v2", "user-agent": "handrail-source"}
    if credential is not None:
        headers["authorization"] = f"Bearer {credential.reveal()}"
    network = cast("Network", instance.network)
    try:
        with (
            guarded_client(network, timeouts=_TIMEOUTS) as client,
            client.stream("GET", f"{instance.url}/flows", headers=headers) as answer,
        ):
            _require_flows(answer)
            document = _body(answer, deadline_s)
    except httpx2.HTTPError as error:
        raise Unreachable(f"{instance.url} does not answer ({type(error).__name__}).") from None
    except AddressForbidden as error:
        hint = " Register it with --network private if that is meant." if network == "public" else ""
        raise Unreachable(f"{error.message}{hint}") from None
    except HostUnresolved as error:
        raise Unreachable(error.message) from None
    except AnswerTooLarge as error:
        raise Unreadable(error.message) from None
    return Reading(document)


def _require_flows(answer: httpx2.Response) -> None:
    if answer.status_code in _ACCESS:
        raise Unauthorised(f"It answered {answer.status_code}: the token is missing, wrong or has ended.")
    if answer.is_redirect:
        raise Unreadable("It answered with a redirect; register the address that it leads to.")
    if answer.status_code >= 500:
        raise Unreachable(f"It answered {answer.status_code}.")
    if answer.status_code != 200:
        raise Unreadable(f"It answered {answer.status_code}: there is no Node-RED admin API at this address.")
    if "json" not in answer.headers.get("content-type", ""):
        raise Unreadable("It answered with a page: there is no Node-RED admin API at this address.")


def _body(answer: httpx2.Response, deadline_s: float) -> bytes:
    end = time.monotonic() + deadline_s
    received = bytearray()
    for piece in answer.iter_raw():
        received += piece
        if time.monotonic() > end:
            raise Unreachable(f"It did not finish its answer within {deadline_s:.0f} s.")
    return bytes(received)
