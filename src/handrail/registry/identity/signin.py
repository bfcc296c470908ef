"""Signing in with a password, and the sessions that come of it.

A sign-in is three steps, so that nobody waits for a slow hash inside a transaction and a failed one is recorded:
`begin_sign_in` in a unit of work, `check` outside of any, `finish_sign_in` in another unit of work.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

from handrail.kernel.clock import HOUR, MINUTE, SECOND
from handrail.kernel.ids import new_id
from handrail.kernel.secret import Secret
from handrail.platform.database import Work
from handrail.registry import audit
from handrail.registry.audit import SYSTEM, Actor
from handrail.registry.identity import store, store_access
from handrail.registry.identity.bearer import hash_of, new_secret
from handrail.registry.identity.errors import SessionInvalid, SignInFailed, TooManySignIns
from handrail.registry.identity.model import Caller, Person
from handrail.registry.identity.passwords import (
    hash_password,
    is_outdated,
    password_matches,
    require_password,
)
from handrail.registry.identity.people import person_by_id
from handrail.registry.identity.roles import caller_of

SESSION_LASTS: Final = 12 * HOUR
ATTEMPTS_WINDOW: Final = 15 * MINUTE
ATTEMPTS_OF_ACCOUNT: Final = 10
ATTEMPTS_OF_ADDRESS: Final = 100


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to sign in; says nothing about whether the name exists."""

    account: str
    address_attempt: str
    person_id: str | None
    stored: str | None

    def check(self, password: Secret) -> "Checked":
        """Compare the password. Takes about 30 ms whether or not the name exists."""
        matched = password_matches(self.stored, password)
        rehashed = ""
        if matched and self.stored is not None and is_outdated(self.stored):
            rehashed = hash_password(password)
        return Checked(self, matched, rehashed)


@dataclass(frozen=True, slots=True)
class Checked:
    """A try whose password was compared."""

    attempt: Attempt
    matched: bool
    rehashed: str


def _subject(kind: str, text: str) -> str:
    # People type passwords into the field for the name: what was typed is not kept.
    return f"{kind}:{hashlib.sha256(text.encode()).hexdigest()}"


def begin_sign_in(work: Work, name: str, address: str) -> Attempt:
    """Count a try, for the account and for the address it comes from.

    Raises:
        TooManySignIns: One of the two had too many; no password is compared.
    """
    account = _subject("account", name)
    limits = ((account, ATTEMPTS_OF_ACCOUNT), (_subject("address", address), ATTEMPTS_OF_ADDRESS))
    work.run(store_access.FORGET_ATTEMPTS, before=work.now - ATTEMPTS_WINDOW)
    for subject, limit in limits:
        work.lock(f"sign-in:{subject}")
        _require_room(work, subject, limit)
    ids = [new_id() for _ in limits]
    for attempt_id, (subject, _) in zip(ids, limits, strict=True):
        work.run(store_access.INSERT_ATTEMPT, id=attempt_id, subject=subject, now=work.now)
    row = work.one(store_access.PASSWORD, name=name)
    if row is None or row["status"] != "active":
        return Attempt(account, ids[1], None if row is None else row["id"], None)
    return Attempt(account, ids[1], row["id"], row["hash"])


def _require_room(work: Work, subject: str, limit: int) -> None:
    found = work.one(store_access.COUNT_ATTEMPTS, subject=subject, after=work.now - ATTEMPTS_WINDOW)
    if found is None or found["count"] < limit:
        return
    wait_s = max(1, (found["oldest"] + ATTEMPTS_WINDOW - work.now) // SECOND)
    raise TooManySignIns(
        "Too many tries to sign in.",
        fix=f"Wait {-(-wait_s // 60)} minutes.",
        details={"retry_after_s": wait_s},
    )


def finish_sign_in(work: Work, checked: Checked) -> Person | None:
    """Record how a try ended; return who it is, or None (then commit, and raise `sign_in_refused()`)."""
    attempt = checked.attempt
    person = person_by_id(work, attempt.person_id) if attempt.person_id else None
    if person is None or not checked.matched or person.status != "active":
        subject = f"person:{person.id}" if person else "person:unknown"
        audit.record(work, SYSTEM, "sign_in.failed", subject)
        return None
    work.run(store_access.FORGET_SUBJECT, subject=attempt.account)
    work.run(store_access.FORGET_ATTEMPT, id=attempt.address_attempt)
    if checked.rehashed:
        set_password_hash(work, person.id, checked.rehashed)
    audit.record(work, actor_of(person), "sign_in.succeeded", f"person:{person.id}")
    return person


def sign_in_refused() -> SignInFailed:
    """Return the one answer to a wrong name, a wrong password and a disabled person."""
    return SignInFailed(
        "Name and password do not belong together.",
        fix="Try again; an admin can see with handrail people list who there is.",
    )


def actor_of(person: Person) -> Actor:
    """Return a person as the audit log names them."""
    return Actor("person", person.id, person.name)


def set_password_hash(work: Work, person_id: str, hashed: str) -> None:
    """Store a password's hash."""
    work.run(store_access.SET_PASSWORD, person_id=person_id, hash=hashed, now=work.now)


def change_password(work: Work, caller: Caller, hashed: str) -> None:
    """Store a new password for the caller and end all of their sessions and API tokens.

    The surface has compared the old one by the three steps above, and made the hash outside of this unit of work.
    """
    set_password_hash(work, caller.person_id, hashed)
    work.run(store.DELETE_SESSIONS, person_id=caller.person_id)
    work.run(store.REVOKE_TOKENS, person_id=caller.person_id, now=work.now)
    audit.record(work, caller.actor, "password.changed", f"person:{caller.person_id}")


def prepare_password(password: Secret, name: str) -> str:
    """Check a new password and return its hash; outside of any unit of work.

    Raises:
        PasswordWeak: It may not be set.
    """
    require_password(password, name)
    return hash_password(password)


def open_session(work: Work, person: Person) -> Secret:
    """Start a session; return the random id that the cookie carries (only its hash is kept)."""
    session_id = new_secret()
    work.run(store_access.FORGET_SESSIONS, now=work.now)
    work.run(
        store_access.INSERT_SESSION,
        token_hash=hash_of(session_id),
        person_id=person.id,
        now=work.now,
        expires_at=work.now + SESSION_LASTS,
    )
    return Secret(session_id)


def caller_by_session(work: Work, session_id: str) -> Caller:
    """Return whose session it is, with the roles in force now.

    Raises:
        SessionInvalid: It ended, or never was.
    """
    row = work.one(store_access.SESSION, token_hash=hash_of(session_id), now=work.now)
    if row is None:
        raise SessionInvalid("Your session has ended.", fix="Sign in again.")
    return caller_of(work, row["person_id"])


def close_session(work: Work, session_id: str) -> None:
    """End a session; nothing happens when it has ended already."""
    person_id = work.scalar(store_access.DELETE_SESSION, token_hash=hash_of(session_id))
    if person_id is not None:
        person = person_by_id(work, person_id)
        audit.record(work, actor_of(person), "session.ended", f"person:{person_id}")


def end_all_sessions(work: Work, actor: Actor) -> int:
    """End everybody's sessions, as a restored database needs (some had ended since the backup); return how many."""
    ended = work.run(store_access.DELETE_ALL_SESSIONS)
    audit.record(work, actor, "sessions.ended", "person:*", {"count": ended})
    return ended
