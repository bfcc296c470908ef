"""The newest calls of a stretch of the log, by names and ids: what people watch live. Pure.

Only named fields of a line travel, each checked, so nothing else that a line may ever hold can.
"""

import re
from collections.abc import Iterable
from typing import Any, Final

import orjson

from handrail.kernel.clock import parse_rfc3339
from handrail.kernel.errors import Invalid
from handrail.runtime.edge.rollup.line import ANSWERED, NotACall, code_of, names_of

TAIL_CALLS: Final = 50
# Room for that many long lines.
TAIL_BYTES: Final = 48 << 10
_REQUEST_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def end_of(before: bytes, block: bytes) -> bytes:
    """Return the last whole lines of what was read so far and a further block of whole lines."""
    joined = block if len(block) >= TAIL_BYTES else before + block
    if len(joined) <= TAIL_BYTES:
        return joined
    cut = joined[-TAIL_BYTES - 1 :]
    return cut[cut.find(b"\n") + 1 :]


def newest(lines: Iterable[bytes]) -> list[list[Any]]:
    """Return the last calls among some lines, oldest first; lines that are no calls are left out.

    A call is: start in microseconds since 1970, app, environment, connection, operation, status, code, duration in
    microseconds or None, request id or None. The code is the hub's own, and empty when the upstream answered.
    """
    found = []
    for line in list(lines)[-TAIL_CALLS:]:
        try:
            found.append(_call(orjson.loads(line)))
        except (ValueError, TypeError, KeyError, Invalid):
            continue
    return found


def _call(call: Any) -> list[Any]:
    names = names_of(call["route"], call["key"])
    status, duration, request = call["status"], call["us"], call["id"]
    if type(status) is not int or not isinstance(duration, int | None) or min(status, duration or 0) < 0:
        raise NotACall("number")
    code = "" if call["details"] == ANSWERED else code_of(call["details"], status, names.denial)
    known = isinstance(request, str) and _REQUEST_ID.fullmatch(request)
    place = [names.app, names.environment, names.connection, names.operation]
    return [parse_rfc3339(call["t"]), *place, status, code, duration, request if known else None]
