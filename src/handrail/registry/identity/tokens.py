"""API tokens: what the command line and automation sign in with."""

import hmac
import json
from collections.abc import Collection
from typing import Final

from handrail.kernel.clock import DAY, MINUTE
from handrail.kernel.secret import Secret
from handrail.platform.database import Row, Work
from handrail.registry import audit
from handrail.registry.audit import Actor
from handrail.registry.identity import store_access
from handrail.registry.identity.bearer import hash_of, new_api_token, parse_api_token
from handrail.registry.identity.errors import (
    ApiTokenInvalid,
    ApiTokenLifetime,
    ApiTokenScope,
    ApiTokenUnknown,
    ScopeMissing,
)
from handrail.registry.identity.model import ApiToken, Caller, Permission, Person
from handrail.registry.identity.roles import caller_of

DAYS_MAX: Final = 366
SIGN_IN_DAYS: Final = 30
NAME_MAX: Final = 100
_TOUCH_EVERY: Final = MINUTE


def _token(row: Row) -> ApiToken:
    scopes = None if row["scopes"] is None else frozenset(map(Permission, json.loads(row["scopes"])))
    return ApiToken(
        row["id"],
        row["person_id"],
        row["name"],
        scopes,
        row["created_at"],
        row["expires_at"],
        row["last_used_at"],
        row["revoked_at"],
    )


def new_token(
    work: Work,
    caller: Caller,
    name: str,
    *,
    days: int,
    scopes: Collection[Permission] | None = None,
) -> tuple[ApiToken, Secret]:
    """Make a token for the caller; the secret is in this answer and nowhere else.

    Args:
        work: The unit of work.
        caller: Who it stands for; it can never do more than they can when it is used.
        name: What it is for.
        days: How long it lives, 1 to 366.
        scopes: What it is restricted to; None for whatever its owner may do.

    Raises:
        ApiTokenLifetime: No expiry or one too far away.
        ScopeMissing: The caller uses a restricted token that may not make others.
        ApiTokenScope: It would have a permission that the caller does not have.
    """
    _require_token_scope(caller)
    if caller.scopes is not None and scopes is None:
        raise ApiTokenScope(
            "A restricted API token cannot make an unrestricted one.",
            fix="Name scopes that this token has.",
            place="scopes",
        )
    beyond = sorted(scope.value for scope in scopes or () if not caller.may(scope))
    if beyond:
        raise ApiTokenScope(f"You do not have {', '.join(beyond)} yourself.", fix="Leave it out.", place="scopes")
    return _insert(work, caller.actor, caller.person_id, name, days, scopes)


def _require_token_scope(caller: Caller) -> None:
    # Everybody may make and end tokens of their own; a restricted token only when it was made for that.
    if caller.scopes is not None and Permission.TOKEN_WRITE not in caller.scopes:
        scope = Permission.TOKEN_WRITE.value
        raise ScopeMissing(
            f"This API token may not make or end tokens: it lacks the scope {scope}.",
            fix="Sign in, or use a token with that scope.",
            details={"scope": scope},
        )


def sign_in_token(work: Work, person: Person) -> tuple[ApiToken, Secret]:
    """Make the token that a command line keeps after signing in: 30 days, unrestricted."""
    actor = Actor("person", person.id, person.name)
    return _insert(work, actor, person.id, "command line", SIGN_IN_DAYS, None)


def _insert(
    work: Work, actor: Actor, person_id: str, name: str, days: int, scopes: Collection[Permission] | None
) -> tuple[ApiToken, Secret]:
    if not 1 <= days <= DAYS_MAX:
        raise ApiTokenLifetime(
            f"A token lives 1 to {DAYS_MAX} days.", fix=f"Use a number up to {DAYS_MAX}.", place="days"
        )
    if not 0 < len(name) <= NAME_MAX:
        raise ApiTokenLifetime(f"A token's name has 1 to {NAME_MAX} characters.", place="name")
    token_id, secret_hash, secret = new_api_token()
    chosen = None if scopes is None else frozenset(scopes)
    token = ApiToken(token_id, person_id, name, chosen, work.now, work.now + days * DAY, None, None)
    work.run(
        store_access.INSERT_TOKEN,
        id=token_id,
        person_id=person_id,
        name=name,
        secret_hash=secret_hash,
        scopes=None if chosen is None else json.dumps(sorted(chosen)),
        now=work.now,
        expires_at=token.expires_at,
    )
    facts = {
        "name": name,
        "expires_at": token.expires_at,
        "scopes": None if chosen is None else sorted(scope.value for scope in chosen),
    }
    audit.record(work, actor, "api_token.made", f"api_token:{token_id}", facts)
    return token, secret


def tokens_of(work: Work, caller: Caller) -> list[ApiToken]:
    """Return the caller's tokens that still work."""
    return [_token(row) for row in work.all(store_access.TOKENS, person_id=caller.person_id, now=work.now)]


def revoke_token(work: Work, caller: Caller, token_id: str) -> None:
    """End one of the caller's own tokens; somebody who manages people ends anybody's.

    Raises:
        ScopeMissing: The caller uses a restricted token that may not end others.
        ApiTokenUnknown: The caller has no such token.
    """
    _require_token_scope(caller)
    anybodys = caller.teams(Permission.PEOPLE_WRITE) is None
    owner = work.scalar(
        store_access.REVOKE_TOKEN,
        id=token_id,
        person_id=None if anybodys else caller.person_id,
        now=work.now,
    )
    if owner is None:
        raise ApiTokenUnknown(f"You have no API token {token_id!r}.", fix="See them with: handrail token list.")
    audit.record(work, caller.actor, "api_token.revoked", f"api_token:{token_id}", {"person_id": owner})


def end_token(work: Work, text: str) -> None:
    """Revoke the token itself, as signing out does; nothing happens when it does not work any more."""
    row = _find(work, text)
    if row is not None:
        work.run(store_access.REVOKE_TOKEN, id=row["id"], person_id=row["person_id"], now=work.now)
        actor = caller_of(work, row["person_id"]).actor
        audit.record(work, actor, "api_token.revoked", f"api_token:{row['id']}")


def _find(work: Work, text: str) -> Row | None:
    parsed = parse_api_token(text)
    if parsed is None:
        return None
    row = work.one(store_access.TOKEN, id=parsed.id, now=work.now)
    if row is None or not hmac.compare_digest(row["secret_hash"], hash_of(parsed.secret)):
        return None
    return row


def caller_by_token(work: Work, text: str) -> tuple[Caller, str]:
    """Return whose token it is, with the roles in force now, and the token's id when its use is due to be noted.

    Raises:
        ApiTokenInvalid: It is none, has ended, or its owner was disabled.
    """
    row = _find(work, text)
    if row is None:
        raise ApiTokenInvalid(
            "This API token does not work: it has ended or is misspelt.",
            fix="Sign in with: handrail login. Or make a new one with: handrail token new.",
        )
    token = _token(row)
    due = token.last_used_at is None or work.now - token.last_used_at > _TOUCH_EVERY
    return caller_of(work, token.person_id, token.scopes), token.id if due else ""


def note_use(work: Work, token_id: str) -> None:
    """Note that a token was used just now (to the minute)."""
    work.run(store_access.TOUCH_TOKEN, id=token_id, now=work.now)
