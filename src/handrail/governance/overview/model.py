"""What waits for somebody, what changed, and what an act would stop."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that somebody must do.

    Attributes:
        kind: Stable name, as `review_waiting`.
        app: The app's name; empty for what is about the install.
        number: The version's number, where it is about one.
        review_id: The review, where it is about one.
        at: Since when (microseconds since 1970, as all times here).
        due_at: When it should be done.
        person: Name of who else has a part in it; empty for nobody.
        reason: In words, for a person.
        details: More facts; each kind has its own.
    """

    kind: str
    at: int
    app: str = ""
    title: str = ""
    team: str = ""
    number: int | None = None
    environment: str = ""
    review_id: str | None = None
    due_at: int | None = None
    person: str = ""
    reason: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One event about an app, as far as anybody who may see the app should read it.

    Attributes:
        number: The version's number, where the event is about one.
    """

    id: str
    at: int
    actor: str
    actor_kind: str
    action: str
    app: str
    facts: Mapping[str, Any]
    number: int | None


@dataclass(frozen=True, slots=True)
class Home:
    """What somebody should know when they come in.

    Attributes:
        needs: What they can act on, the most urgent first.
        waiting: What others must do for them.
        cut: Kinds of which there are more than are listed.
    """

    needs: tuple[Need, ...]
    waiting: tuple[Need, ...]
    changes: tuple[Change, ...]
    cut: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """What an app may reach through one connection, and how often it did in the last 24 hours.

    Attributes:
        calls_24h: None when the caller may not know, or nobody does.
    """

    connection: str
    environment: str
    operations: tuple[str, ...]
    calls_24h: int | None


@dataclass(frozen=True, slots=True)
class Impact:
    """What stops when an app is held or retired.

    Attributes:
        calls_24h: None when the caller may not know, or nobody does: no hub has ever reported.
        clients: Clients that get tokens now.
        last_call_at: When it called last; None when it never did, or as above.
        as_of: Up to when the calls of every hub are known.
    """

    calls_24h: int | None
    connections: tuple[Reach, ...]
    clients: int
    last_call_at: int | None
    as_of: int | None
