"""Searches that a person keeps under a name."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from sqlalchemy import text

from handrail.platform.database import Row, Work
from handrail.registry import audit
from handrail.registry.catalog.search.errors import ViewInvalid, ViewLimit, ViewUnknown
from handrail.registry.catalog.search.model import FLAGS, RUNS, STAGES, Sort
from handrail.registry.identity import Caller, Permission, require

VIEWS_MAX: Final = 50
_NAME_MAX: Final = 60
_QUERY_MAX: Final = 2000
# The catalog page's own parameters; None: any text.
_KEYS: Final[dict[str, tuple[str, ...] | None]] = {
    "q": None,
    "stage": STAGES,
    "runs": RUNS,
    "platform": None,
    "dataClass": None,
    "team": None,
    "owner": None,
    "flag": FLAGS,
    "retired": ("true", "false"),
    "sort": tuple(Sort),
}

_LISTING: Final = text("SELECT name, query, created_at FROM saved_view WHERE person_id = :person_id ORDER BY name")
_ONE: Final = text("SELECT name, query, created_at FROM saved_view WHERE person_id = :person_id AND name = :name")
_HELD: Final = text("SELECT COUNT(*) FROM saved_view WHERE person_id = :person_id AND name <> :name")
_PUT: Final = text("""
    INSERT INTO saved_view (person_id, name, query, created_at) VALUES (:person_id, :name, :query, :now)
    ON CONFLICT (person_id, name) DO UPDATE SET query = excluded.query
""")
_DELETE: Final = text("DELETE FROM saved_view WHERE person_id = :person_id AND name = :name")


@dataclass(frozen=True, slots=True)
class SavedView:
    """A search under a name; each person has their own.

    Attributes:
        query: The query string of the catalog's page.
        created_at: Microseconds since 1970 (UTC).
    """

    name: str
    query: str
    created_at: int


def saved_views(work: Work, caller: Caller) -> list[SavedView]:
    """Return the caller's views, by name."""
    require(caller, Permission.APP_READ)
    return [_view(row) for row in work.all(_LISTING, person_id=caller.person_id)]


def save_view(work: Work, caller: Caller, name: str, query: str) -> SavedView:
    """Keep a search under a name, in place of the one that had it.

    Raises:
        ViewInvalid: If the name cannot be read, or the query asks for what no catalog page knows.
        ViewLimit: If the caller has too many.
    """
    require(caller, Permission.APP_READ)
    _check_name(name)
    query = query.removeprefix("?")
    _check_query(query)
    # Two at once must not pass the limit together.
    work.lock(f"views:{caller.person_id}")
    if int(work.scalar(_HELD, person_id=caller.person_id, name=name)) >= VIEWS_MAX:
        raise ViewLimit(f"You have {VIEWS_MAX} views.", fix="Remove one with: handrail view remove NAME", place="name")
    work.run(_PUT, person_id=caller.person_id, name=name, query=query, now=work.now)
    audit.record(work, caller.actor, "view.saved", f"person:{caller.person_id}", {"view": name})
    row = work.one(_ONE, person_id=caller.person_id, name=name)
    if row is None:
        raise _unknown(name)
    return _view(row)


def remove_view(work: Work, caller: Caller, name: str) -> None:
    """Forget a view.

    Raises:
        ViewUnknown: If the caller has none of that name.
    """
    require(caller, Permission.APP_READ)
    if not work.run(_DELETE, person_id=caller.person_id, name=name):
        raise _unknown(name)
    audit.record(work, caller.actor, "view.removed", f"person:{caller.person_id}", {"view": name})


def _view(row: Row) -> SavedView:
    return SavedView(row["name"], row["query"], row["created_at"])


def _unknown(name: str) -> ViewUnknown:
    return ViewUnknown(
        f"You have no view {name[:_NAME_MAX]!r}.", fix="See yours with: handrail view list", place="name"
    )


def _check_name(name: str) -> None:
    if not name.strip() or name != name.strip() or len(name) > _NAME_MAX or not name.isprintable() or "/" in name:
        raise ViewInvalid(
            "This is no name for a view.", fix=f"Use up to {_NAME_MAX} characters, without a slash.", place="name"
        )


def _check_query(query: str) -> None:
    if len(query) > _QUERY_MAX:
        raise ViewInvalid(f"The query has {len(query)} characters.", fix=f"Use at most {_QUERY_MAX}.", place="query")
    try:
        pairs = parse_qsl(
            query, keep_blank_values=True, strict_parsing=bool(query), max_num_fields=100, errors="strict"
        )
    except ValueError as error:
        raise ViewInvalid(
            "The query cannot be read.",
            fix="Write it as in the page's address: q=invoice&stage=operating",
            place="query",
        ) from error
    for key, value in pairs:
        if key not in _KEYS:
            raise ViewInvalid(
                f"A view knows nothing of {key[:_NAME_MAX]!r}.", fix=f"It knows: {', '.join(_KEYS)}.", place="query"
            )
        known = _KEYS[key]
        if (known is not None and value not in known) or not value.isprintable():
            raise ViewInvalid(
                f"{key} cannot be {value[:_NAME_MAX]!r}.",
                fix=f"Use one of: {', '.join(known)}." if known else "Remove what nobody can read.",
                place="query",
            )
