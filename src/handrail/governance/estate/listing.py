"""The list of definitions: filtered, counted, page by page."""

import base64
import binascii
import contextlib
from typing import Any, Final

import orjson

from handrail.governance.estate import listing_store as store
from handrail.governance.estate.errors import DefinitionUnknown, EstateQueryInvalid
from handrail.governance.estate.model import Asked, Listed, Row
from handrail.governance.estate.service import scope_of
from handrail.platform.database import Work
from handrail.registry.identity import Caller

_LIMIT_MAX: Final = 200
_CURSOR_MAX: Final = 200
NOBODY: Final = "none"


def definitions(work: Work, caller: Caller, asked: Asked) -> Listed:
    """Return one page of what was found, the worst first, with counts under all other filters for each facet.

    Raises:
        EstateQueryInvalid: For a risk that is none, or a cursor that cannot be read.
    """
    for risk in asked.risk:
        if risk not in store.RISKS:
            raise EstateQueryInvalid(f"{risk!r} is no risk.", fix=f"Known: {', '.join(store.RISKS)}.", place="risk")
    given = _given(asked)
    filters = tuple(sorted(name for names in given.values() for name in names))
    values = {**scope_of(caller), **_values(asked)}
    limit = max(1, min(asked.limit, _LIMIT_MAX))
    place = _read_cursor(asked.cursor) if asked.cursor else {}
    rows = work.all(store.page(filters, cursor=bool(place)), count=limit + 1, **place, **_only(values, filters))
    shown = rows[:limit]
    return Listed(
        items=tuple(with_connectors(work, shown)),
        next=_write_cursor(shown[-1]) if len(rows) > limit else "",
        total=int(work.scalar(store.total(filters), **_only(values, filters))),
        facets={name: _facet(work, name, given, values) for name in store.FACETS},
    )


def row_of(work: Work, caller: Caller, definition_id: str) -> Row:
    """Return one line of the list.

    Raises:
        DefinitionUnknown: If there is none that the caller may see.
    """
    found = work.all(store.BY_ID, id=definition_id, **scope_of(caller))
    if not found:
        raise DefinitionUnknown(
            "There is no such definition that you may see.", fix="List yours with: handrail estate list", place="id"
        )
    return with_connectors(work, found)[0]


def with_connectors(work: Work, rows: list[Any]) -> list[Row]:
    """Return rows as values, with the systems that each names."""
    named: dict[str, list[str]] = {}
    if rows:
        for row in work.all(store.CONNECTORS, ids=[row["id"] for row in rows]):
            named.setdefault(row["definition_id"], []).append(row["connector"])
    return [
        Row(
            **{name: held for name, held in row.items() if name not in {"rank", "personal"}},
            personal=bool(row["personal"]),
            connectors=tuple(named.get(row["id"], ())),
        )
        for row in rows
    ]


def _given(asked: Asked) -> dict[str, tuple[str, ...]]:
    """Return by facet the names of the filters that it stands for."""
    given: dict[str, tuple[str, ...]] = {
        name: (name,) for name in ("platform", "connector", "owner", "team", "origin") if getattr(asked, name)
    }
    if asked.risk:
        given["risk"] = tuple(f"risk:{each}" for each in sorted(set(asked.risk)))
    if asked.registered is not None:
        given["registered"] = ("registered:yes",) if asked.registered else ("registered:no",)
    given |= {"q": ("q",)} if asked.q.strip() else {}
    given |= {"gone": ("gone",)} if asked.gone else {}
    return given


def _values(asked: Asked) -> dict[str, Any]:
    words = asked.q.strip().lower().replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return {
        "platform": list(asked.platform),
        "connector": list(asked.connector),
        "owner": ["" if each == NOBODY else each for each in asked.owner],
        "team": list(asked.team),
        "origin": list(asked.origin),
        "q": f"%{words}%",
    }


def _only(values: dict[str, Any], filters: tuple[str, ...]) -> dict[str, Any]:
    return {name: held for name, held in values.items() if name in {"all_teams", "teams", *filters}}


def _facet(
    work: Work, name: str, given: dict[str, tuple[str, ...]], values: dict[str, Any]
) -> tuple[tuple[str, int], ...]:
    filters = tuple(sorted(each for facet, names in given.items() if facet != name for each in names))
    rows = work.tuples(store.facet(name, filters), **_only(values, filters))
    if name == "risk":
        return tuple((risk, int(count)) for risk, count in zip(store.RISKS, rows[0], strict=True))
    return tuple((str(value) or NOBODY, int(count)) for value, count in rows)


def _write_cursor(row: Any) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([row["rank"], row["id"]])).decode().rstrip("=")


def _read_cursor(cursor: str) -> dict[str, Any]:
    found: Any = None
    if len(cursor) <= _CURSOR_MAX and cursor.isascii():
        with contextlib.suppress(ValueError, binascii.Error):
            found = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    match found:
        case [int(rank), str(key)] if abs(rank) < 2**62 and "\0" not in key:
            return {"rank": rank, "id": key}
    raise EstateQueryInvalid(
        "The cursor cannot be read.", fix="Send back exactly what `next` held, or begin without one.", place="cursor"
    )
