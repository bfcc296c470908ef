"""Sends batches to the control plane over HTTP."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import httpx2 as httpx
import orjson

from handrail.kernel.secret import Secret
from handrail.runtime.edge.rollup.errors import UNREACHABLE_FIX, SinkAway, SinkRefused
from handrail.runtime.edge.rollup.model import Batch, Gap, Position

ROLLUPS_PATH: Final = "/hub/v1/rollups"
GAPS_PATH: Final = "/hub/v1/gaps"
WIRE_VERSION: Final = 1
_TIMEOUT_S: Final = 60.0
_NEVER: Final = (413, 422)


def _flat(histogram: Mapping[int, int]) -> list[int]:
    return [number for pair in sorted(histogram.items()) for number in pair]


def _gap(gap: Gap) -> dict[str, Any]:
    return {"id": gap.id, "since": gap.since, "until": gap.until, "reason": gap.reason}


def encode(batch: Batch) -> bytes:
    """Write a batch as `POST /hub/v1/rollups` takes it: lines of JSON, first the batch, then each row."""
    head = orjson.dumps(
        {
            "v": WIRE_VERSION,
            "file": batch.file,
            "name": batch.name,
            "start": batch.start,
            "end": batch.end,
            "asOf": batch.as_of,
            "rejects": [[reject.position, reject.reason] for reject in batch.rejects],
            "rejected": batch.rejected,
            "gap": _gap(batch.gap) if batch.gap else None,
            "closed": batch.closed,
            # A control plane that does not know these two leaves them alone.
            "causes": [[minute, code, calls] for (minute, code), calls in batch.causes.items()],
            "tail": batch.tail,
        }
    )
    # Row by row: the whole as one value would double the memory of a large batch.
    body = bytearray(head)
    for row in batch.rows:
        body += b"\n"
        body += orjson.dumps((*row[:16], _flat(row[16]), row[17]))
    return bytes(body)


class HttpSink:
    """The control plane, as the hub that a token names.

    Args:
        url: The control plane's address, without a path.
        token: The hub's bearer token.
    """

    def __init__(self, url: str, token: Secret) -> None:
        self._client = httpx.Client(
            base_url=url.rstrip("/"),
            headers={
                "authorization": f"Bearer {token.reveal()}",
                "user-agent": "handrail-rollup",
            },
            timeout=_TIMEOUT_S,
            trust_env=False,
        )

    def positions(self) -> Mapping[str, Position]:
        """Ask which files are not closed, and how far each is stored."""
        answer = self._call("GET", ROLLUPS_PATH)
        return {item["file"]: Position(item["offset"], item["asOf"]) for item in answer["items"]}

    def apply(self, batch: Batch) -> int:
        """Send one batch; return the stored offset."""
        return int(self._call("POST", ROLLUPS_PATH, encode(batch), "application/x-ndjson")["offset"])

    def report(self, as_of: int, gaps: Sequence[Gap]) -> None:
        """Send gaps that belong to no file, and how far everything is complete."""
        self._call("POST", GAPS_PATH, orjson.dumps({"asOf": as_of, "gaps": [_gap(gap) for gap in gaps]}))

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _call(self, method: str, path: str, body: bytes | None = None, kind: str = "application/json") -> Any:
        try:
            answer = self._client.request(method, path, content=body, headers={"content-type": kind})
            if answer.status_code < 300:
                return orjson.loads(answer.content) if answer.content else {}
            code = orjson.loads(answer.content).get("code", "")
        except (httpx.HTTPError, ValueError, AttributeError) as error:
            raise SinkAway(
                f"The control plane did not answer as one ({type(error).__name__}).", fix=UNREACHABLE_FIX
            ) from error
        if answer.status_code in _NEVER:
            raise SinkRefused(f"The control plane refused a batch: {code or answer.status_code}.")
        raise SinkAway(
            f"The control plane answered {answer.status_code} {code}.".replace(" .", "."),
            fix="Enrol the hub again." if answer.status_code == 401 else UNREACHABLE_FIX,
        )
