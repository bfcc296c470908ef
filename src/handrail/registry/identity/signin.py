"""Signing in with a password.

A sign-in is three steps, so that nobody waits for a slow hash inside a transaction and a failed one is recorded:
`begin_sign_in` in a unit of work, `check` outside of any, `finish_sign_in` in another unit of work.
"""

from dataclasses import dataclass
from typing import Final

from handrail.kernel.secret import Secret
from handrail.platform.database import Work
from handrail.registry import audit
from handrail.registry.audit import SYSTEM, Actor
from handrail.registry.identity import store, store_access
from handrail.registry.identity.attempts import note_attempt, require_room, subject_of
from handrail.registry.identity.errors import ConfirmationFailed, SignInFailed
from handrail.registry.identity.model import Caller, Person
from handrail.registry.identity.passwords import (
    hash_password,
    is_outdated,
    password_matches,
    require_password,
)
from handrail.registry.identity.people import person_by_id

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


def begin_sign_in(work: Work, name: str, address: str) -> Attempt:
    """Count a try, for the account and for the address it comes from.

    Raises:
        TooManySignIns: One of the two had too many; no password is compared.
    """
    account = subject_of("account", name)
    limits = ((account, ATTEMPTS_OF_ACCOUNT), (subject_of("address", address), ATTEMPTS_OF_ADDRESS))
    for subject, limit in limits:
        require_room(work, subject, limit, "Too many tries to sign in.")
    ids = [note_attempt(work, subject) for subject, _ in limits]
    row = work.one(store_access.PASSWORD, name=name)
    if row is None or row["status"] != "active":
        return Attempt(account, ids[1], None if row is None else row["id"], None)
    return Attempt(account, ids[1], row["id"], row["hash"])


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


def confirmation_refused() -> ConfirmationFailed:
    """Return the answer to a wrong password of somebody who is signed in, and stays so."""
    return ConfirmationFailed("This is not your password.", fix="Try again.", place="password")


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
