"""What the audit log is made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it.

    Attributes:
        kind: A person, an app, a policy, a hub or Handrail itself.
        id: Its id; stays valid when the name changes.
        name: What people read.
    """

    kind: Literal["person", "app", "policy", "system", "hub"]
    id: str
    name: str


SYSTEM: Final = Actor("system", "system", "handrail")


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the audit log.

    Attributes:
        at: Microseconds since 1970 (UTC).
        action: What was done, as `approval.granted`.
        subject: To what, as `app:<uuid>`.
        facts: What else matters; never a secret.
        seq: Place in the chain, from 1; None until sealed.
        hash: SHA-256 that chains this row to the one before; empty until sealed.
    """

    id: str
    at: int
    actor: Actor
    action: str
    subject: str
    facts: Mapping[str, Any]
    seq: int | None
    hash: str


@dataclass(frozen=True, slots=True)
class Fault:
    """The first row that does not hold.

    Attributes:
        kind: `edited`, `deleted`, `reordered`, `unsealed` (for too long), `truncated` (a checkpoint or an
            expected head lies beyond the end) or `forged` (a checkpoint's signature is wrong).
        seq: Its place in the chain; None for a row that has none.
        event_id: Its id; empty when the row is gone.
        text: The same in words.
    """

    kind: Literal["edited", "deleted", "reordered", "unsealed", "truncated", "forged"]
    seq: int | None
    event_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` found.

    Attributes:
        rows: Sealed rows that were checked.
        waiting: Rows that are not sealed yet.
        head: Hash of the last row that holds; note it elsewhere to prove later that nothing was cut off.
        checkpoints: Signed checkpoints that hold.
        fault: The first row that does not hold, or None.
    """

    rows: int
    waiting: int
    head: str
    checkpoints: int
    fault: Fault | None
