"""The list of files, those that could not be read first of all."""

import base64
import contextlib
from dataclasses import dataclass
from typing import Any, Final

import orjson

from handrail.governance.estate import listing_store as store
from handrail.governance.estate.errors import EstateQueryInvalid
from handrail.governance.estate.service import scope_of
from handrail.platform.database import Work
from handrail.registry.identity import Caller

_STATES: Final = ("", "read", "unreadable", "other")
_LIMIT_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class Page:
    """Some files; `next` is empty at the end."""

    items: tuple[dict[str, Any], ...]
    next: str


def files(work: Work, caller: Caller, *, state: str = "", origin: str = "", cursor: str = "", limit: int = 100) -> Page:
    """Return files that the caller may see, by origin and path.

    Args:
        work: Any unit of work.
        caller: Who asks.
        state: `read`, `unreadable` or `other`; empty for all.
        origin: Only of this one.
        cursor: The `next` of the page before.
        limit: At most this many.

    Raises:
        EstateQueryInvalid: For a state that is none.
    """
    if state not in _STATES:
        raise EstateQueryInvalid(f"{state!r} is no state.", fix="Use read, unreadable or other.", place="state")
    after_origin, after_id, after_path = _read_cursor(cursor)
    limit = max(1, min(limit, _LIMIT_MAX))
    rows = work.all(
        store.FILES,
        state=state,
        origin=origin,
        after_origin=after_origin,
        after_id=after_id,
        after_path=after_path,
        count=limit + 1,
        **scope_of(caller),
    )
    shown = rows[:limit]
    # Teams may use one name for what they adopt: the id parts them.
    more = _write_cursor(*(shown[-1][name] for name in ("origin", "origin_id", "path"))) if len(rows) > limit else ""
    items = tuple({name: held for name, held in row.items() if name != "origin_id"} for row in shown)
    return Page(items, more)


def _write_cursor(*place: str) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(place)).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[str, str, str]:
    if not cursor:
        return "", "", ""
    with contextlib.suppress(ValueError):
        match orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))):
            case [str(origin), str(origin_id), str(path)] if "\0" not in origin + origin_id + path:
                return origin, origin_id, path
    raise EstateQueryInvalid(
        "The cursor cannot be read.", fix="Send back exactly what `next` held, or begin without one.", place="cursor"
    )
