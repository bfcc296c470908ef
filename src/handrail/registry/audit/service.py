"""Write and list the audit log."""

import json
from collections.abc import Mapping
from typing import Any, Final

from handrail.kernel.canonical import canonical
from handrail.kernel.ids import new_id
from handrail.platform.database import Row, Work
from handrail.registry.audit import store
from handrail.registry.audit.errors import AuditFactInvalid, AuditSearchInvalid
from handrail.registry.audit.model import Actor, Event

PAGE: Final = 100
PAGE_MAX: Final = 1000
_NOTHING: Final[Mapping[str, Any]] = {}


def record(work: Work, actor: Actor, action: str, subject: str, facts: Mapping[str, Any] = _NOTHING) -> None:
    """Write one row in this unit of work; the sealer chains it within a second after the commit.

    Args:
        work: The unit of work of the change itself.
        actor: Who did it.
        action: What was done, as `approval.granted`.
        subject: To what, as `app:<uuid>`.
        facts: What else matters (JSON without floats, never a secret).

    Raises:
        AuditFactInvalid: For a float, a secret or anything else that has no exact JSON form.
    """
    _refuse_inexact(facts, "facts")
    event = new_id()
    body = canonical(
        {
            "id": event,
            "at": work.now,
            "actor": {"kind": actor.kind, "id": actor.id, "name": actor.name},
            "action": action,
            "subject": subject,
            "facts": dict(facts),
        }
    )
    work.run(
        store.INSERT,
        id=event,
        at=work.now,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
        action=action,
        subject=subject,
        body=body.decode(),
    )


def _refuse_inexact(value: Any, place: str) -> None:
    if isinstance(value, Mapping):
        for name, item in value.items():
            if not isinstance(name, str):
                raise AuditFactInvalid("A fact's name must be text.", place=place)
            _refuse_inexact(item, f"{place}/{name}")
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            _refuse_inexact(item, f"{place}/{index}")
    elif value is not None and not isinstance(value, (str, int)):
        raise AuditFactInvalid(
            f"A fact of kind {type(value).__name__} has no exact form.",
            fix="Give text, an integer, true, false, null, a list or an object.",
            place=place,
        )


def event_of(row: Row) -> Event:
    """Build an event from its row."""
    return Event(
        row["id"],
        row["at"],
        Actor(row["actor_kind"], row["actor_id"], row["actor_name"]),
        row["action"],
        row["subject"],
        json.loads(row["body"])["facts"],
        row["seq"],
        row["hash"] or "",
    )


def head(work: Work) -> int:
    """Return the place in the chain of the newest sealed event; 0 when there is none."""
    row = work.one(store.HEAD)
    return 0 if row is None else int(row["seq"])


def sealed_after(work: Work, seq: int, limit: int = PAGE) -> list[Event]:
    """Return events in the order of the chain, from the one after `seq` on: what follows it never misses one."""
    return [event_of(row) for row in work.all(store.CHAIN, after=seq, count=limit)]


def listing(
    work: Work,
    *,
    subject: str | None = None,
    actor: str | None = None,
    action: str | None = None,
    after: int | None = None,
    until: int | None = None,
    words: str = "",
    before_id: str | None = None,
    limit: int = PAGE,
) -> list[Event]:
    """Return events, newest first.

    Args:
        work: Any unit of work.
        subject: Only about this, as `app:<uuid>`.
        actor: Only by this actor: an id or a name.
        action: Only this action (`approval.granted`) or this family (`approval` or `approval.*`).
        after: Only from this time on (microseconds since 1970).
        until: Only before this time.
        words: Only events in whose actor, action, subject and facts each of these words stands, at most six.
        before_id: For the next page: the id of the last event of this one.
        limit: At most this many, never more than 1000.

    Raises:
        AuditSearchInvalid: For more than six words.
    """
    action = action and action.removesuffix(".*")
    rows = work.all(
        store.LISTING[work.dialect],
        subject=subject,
        actor=actor,
        action=action,
        action_prefix=None if action is None else _escape(action) + ".%",
        after=after,
        until=until,
        **_words(words),
        before_id=before_id,
        count=max(1, min(limit, PAGE_MAX)),
    )
    return [event_of(row) for row in rows]


def actions(work: Work) -> list[str]:
    """Return every action that was ever recorded, sorted."""
    return [str(row["action"]) for row in work.all(store.ACTIONS)]


def _words(text: str) -> dict[str, str | None]:
    found = text.split()
    if len(found) > store.WORDS_MAX:
        raise AuditSearchInvalid(
            f"That is a search for {len(found)} words.", fix=f"Use at most {store.WORDS_MAX}.", place="q"
        )
    patterns: list[str | None] = [f"%{_escape(_as_written(word))}%" for word in found]
    patterns += [None] * (store.WORDS_MAX - len(found))
    return {f"word{index}": pattern for index, pattern in enumerate(patterns)}


def _as_written(word: str) -> str:
    # As it stands in the body: JSON escapes quotes and backslashes. Both databases lower ASCII alone.
    written = json.dumps(word, ensure_ascii=False)[1:-1]
    return "".join(letter.lower() if letter.isascii() else letter for letter in written)


def _escape(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def first_at(work: Work) -> int | None:
    """Return when the first event was written, which is when this install began; None before that."""
    found: int | None = work.scalar(store.FIRST)
    return found
