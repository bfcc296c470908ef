"""The control plane as a hub sees it."""

from collections.abc import Iterable
from typing import Any, Final, Self

import httpx2
import orjson

from handrail.kernel.errors import HandrailError
from handrail.kernel.secret import Secret
from handrail.platform.http import Timeouts, guarded_client
from handrail.runtime.edge.errors import ControlPlaneAway, ControlPlaneRefused
from handrail.runtime.edge.model import Position

_MAX_SNAPSHOT: Final = 256 * 1024 * 1024
_PATIENCE_S: Final = 15.0


class ControlPlane:
    """Pulls snapshots and sends acknowledgements; safe to use from several threads.

    Args:
        url: Its address, without a path.
        token: The hub's bearer token.
        wait_s: How long it may hold an answer back when there is nothing new.
    """

    def __init__(self, url: str, token: Secret, wait_s: float) -> None:
        self._url = url
        self._wait_s = wait_s
        self._client = guarded_client(
            "any",
            base_url=url.rstrip("/"),
            headers={"authorization": f"Bearer {token.reveal()}", "user-agent": "handrail-hub"},
            timeouts=Timeouts(read=wait_s + _PATIENCE_S),
            max_body=_MAX_SNAPSHOT,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def enrol(self, public_key: str) -> dict[str, Any]:
        """Join: give our public key, get our id and the key that signs snapshots."""
        return self._json(self._request("POST", "/hub/v1/enrol", json={"public_key": public_key}))

    def pull(
        self, after: Position, have: Iterable[str], *, tls: bool = False, fresh: bool = False, hold: bool = True
    ) -> dict[str, Any] | None:
        """Wait for a snapshot that is newer than `after`.

        Args:
            after: What this hub has.
            have: Digests of parts that need not be sent.
            tls: Whether this hub has a certificate, and so needs the routes of host names.
            fresh: Ask for the present snapshot at once, newer or not: ours expires before long.
            hold: Whether the answer may be held back until there is something newer.

        Returns:
            The unchecked snapshot, or None if there was nothing newer.
        """
        query = {
            "after": -1 if fresh else after.revision,
            "quarantine": -1 if fresh else after.quarantine_revision,
            "epoch": after.epoch,
            "wait": self._wait_s if hold and not fresh else 0,
            "tls": int(tls),
        }
        headers = {"x-handrail-have": ",".join(have)}
        answer = self._request("GET", "/hub/v1/snapshot", params=query, headers=headers)
        return None if answer.status_code == 204 else self._json(answer)

    def acknowledge(self, document: dict[str, Any]) -> None:
        """Tell what Envoy enforces now."""
        self._request("POST", "/hub/v1/ack", json=document)

    def _request(self, method: str, path: str, **more: Any) -> httpx2.Response:
        try:
            answer = self._client.request(method, path, **more)
        except (httpx2.HTTPError, HandrailError) as error:
            raise ControlPlaneAway(
                f"The control plane at {self._url} does not answer ({type(error).__name__}).",
                fix="Start it with `handrail serve`, and check the address that the hub was given.",
                place=self._url,
            ) from None
        if answer.status_code in {401, 403}:
            raise ControlPlaneRefused(
                f"The control plane at {self._url} does not know this hub's token.",
                fix="Give the hub a new token (HANDRAIL_HUB_TOKEN) and start it again.",
                place=self._url,
            )
        if not answer.is_success:
            raise ControlPlaneAway(
                f"The control plane at {self._url} answered {answer.status_code} to {path}.",
                fix="The log of serve says why.",
                place=self._url,
            )
        return answer

    def _json(self, answer: httpx2.Response) -> dict[str, Any]:
        try:
            value = orjson.loads(answer.content)
        except orjson.JSONDecodeError:
            value = None
        if isinstance(value, dict):
            return value
        raise ControlPlaneAway(
            f"What answers at {self._url} is no control plane.", fix="Check the address.", place=self._url
        )
