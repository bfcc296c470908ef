"""Sessions: what a browser holds after signing in.

A session says who asks and nothing else. Roles are read at each request, so that a session's random text need not
change when somebody's roles do; it is new at each sign-in and after a change of password.
"""

from typing import Final

from handrail.kernel.clock import HOUR, MINUTE
from handrail.kernel.ids import new_id
from handrail.kernel.secret import Secret
from handrail.platform.database import Row, Work
from handrail.registry import audit
from handrail.registry.audit import Actor
from handrail.registry.identity import store_access
from handrail.registry.identity.access import require_unrestricted
from handrail.registry.identity.bearer import hash_of, new_secret
from handrail.registry.identity.errors import ReauthenticationNeeded, SessionInvalid, SessionUnknown
from handrail.registry.identity.model import Caller, Permission, Person, Session
from handrail.registry.identity.people import person_by_id
from handrail.registry.identity.roles import caller_of
from handrail.registry.identity.signin import actor_of

SESSION_LASTS: Final = 12 * HOUR
# For acts that give somebody lasting power, a password given this long ago is not enough.
CONFIRMED_LASTS: Final = 30 * MINUTE
_TOUCH_EVERY: Final = MINUTE


def _session(row: Row) -> Session:
    return Session(
        row["id"] or "",
        row["person_id"],
        row["agent"],
        row["address"],
        row["created_at"],
        row["expires_at"],
        row["last_seen_at"],
        row["authenticated_at"],
    )


def open_session(work: Work, person: Person, *, agent: str = "", address: str = "", instead_of: str = "") -> Secret:
    """Start a session; return the random text that the cookie carries (only its hash is kept).

    Args:
        work: The unit of work.
        person: Whose it is.
        agent: The browser, in a few words.
        address: Where it is.
        instead_of: What the browser's cookie held until now. It is never adopted: that session ends, whosever it was.
    """
    if instead_of:
        close_session(work, instead_of)
    text = new_secret()
    work.run(store_access.FORGET_SESSIONS, now=work.now)
    work.run(
        store_access.INSERT_SESSION,
        token_hash=hash_of(text),
        id=new_id(),
        person_id=person.id,
        agent=agent,
        address=address,
        now=work.now,
        expires_at=work.now + SESSION_LASTS,
    )
    return Secret(text)


def caller_by_session(work: Work, text: str) -> tuple[Caller, Session, bool]:
    """Return whose session it is, with the roles in force now, the session, and whether its use is due to be noted.

    Raises:
        SessionInvalid: It ended, or never was.
    """
    row = work.one(store_access.SESSION, token_hash=hash_of(text), now=work.now)
    if row is None:
        raise SessionInvalid("Your session has ended.", fix="Sign in again.")
    session = _session(row)
    return caller_of(work, session.person_id), session, work.now - session.last_seen_at > _TOUCH_EVERY


def note_session_use(work: Work, text: str) -> None:
    """Note that a session was used just now (to the minute, however many requests arrive at once)."""
    before = work.now - _TOUCH_EVERY
    work.run(store_access.TOUCH_SESSION, token_hash=hash_of(text), now=work.now, before=before, id=new_id())


def require_confirmed(session: Session, now: int) -> None:
    """Return if the person behind a session gave their password lately.

    Raises:
        ReauthenticationNeeded: They did not.
    """
    if now - session.authenticated_at > CONFIRMED_LASTS:
        raise ReauthenticationNeeded(
            "This takes your password once more: you gave it more than 30 minutes ago.",
            fix="Send it to POST /api/v1/me/confirm, then try again.",
        )


def confirm_session(work: Work, caller: Caller, session: Session) -> int:
    """Note that the person gave their password again; return until when that is enough.

    The cookie stays the same: confirming gives no right that the session did not have, and the portal's other
    requests are under way.
    """
    work.run(store_access.CONFIRM_SESSION, id=session.id, now=work.now)
    audit.record(work, caller.actor, "session.confirmed", f"person:{caller.person_id}", {"session": session.id})
    return min(work.now + CONFIRMED_LASTS, session.expires_at)


def sessions_of(work: Work, caller: Caller) -> list[Session]:
    """Return the caller's own sessions, the last used first.

    Raises:
        ScopeMissing: The caller uses a restricted API token.
    """
    require_unrestricted(caller)
    return [_session(row) for row in work.all(store_access.SESSIONS, person_id=caller.person_id, now=work.now)]


def end_session(work: Work, caller: Caller, session_id: str) -> None:
    """End one of the caller's own sessions; somebody who manages people ends anybody's.

    Raises:
        ScopeMissing: The caller uses a restricted API token.
        SessionUnknown: The caller has no such session.
    """
    require_unrestricted(caller)
    anybodys = caller.teams(Permission.PEOPLE_WRITE) is None
    owner = work.scalar(
        store_access.DELETE_SESSION_BY_ID,
        id=session_id,
        person_id=None if anybodys else caller.person_id,
        now=work.now,
    )
    if owner is None:
        raise SessionUnknown("You have no such session.", fix="See them with: handrail session list.")
    audit.record(work, caller.actor, "session.ended", f"person:{owner}", {"session": session_id})


def end_other_sessions(work: Work, caller: Caller, kept: Session | None) -> int:
    """End the caller's own sessions but the one that asks (all, when an API token asks); return how many.

    Raises:
        ScopeMissing: The caller uses a restricted API token.
    """
    require_unrestricted(caller)
    ended = work.run(
        store_access.DELETE_OTHER_SESSIONS, person_id=caller.person_id, id=None if kept is None else kept.id
    )
    if ended:
        audit.record(work, caller.actor, "sessions.ended", f"person:{caller.person_id}", {"count": ended})
    return ended


def close_session(work: Work, text: str) -> None:
    """End the session of a cookie; nothing happens when it has ended already."""
    row = work.one(store_access.DELETE_SESSION, token_hash=hash_of(text))
    if row is not None:
        person = person_by_id(work, row["person_id"])
        audit.record(work, actor_of(person), "session.ended", f"person:{person.id}", {"session": row["id"] or ""})


def end_all_sessions(work: Work, actor: Actor) -> int:
    """End everybody's sessions, as a restored database needs (some had ended since the backup); return how many."""
    ended = work.run(store_access.DELETE_ALL_SESSIONS)
    audit.record(work, actor, "sessions.ended", "person:*", {"count": ended})
    return ended
