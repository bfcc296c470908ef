"""Who calls: an API token in the header, or a session in a cookie that no other site can use."""

from typing import Final
from urllib.parse import urlsplit

from fastapi import Request
from pydantic import SecretStr
from starlette.responses import Response

from handrail.kernel.clock import SECOND
from handrail.kernel.errors import Forbidden, Unauthenticated
from handrail.kernel.secret import Secret
from handrail.platform.database import Work
from handrail.registry import identity
from handrail.registry.identity import Caller, Person
from handrail.surfaces.http.agents import agent_of
from handrail.surfaces.http.context import Context

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class NotSignedIn(Unauthenticated):
    code = "not_signed_in"


class CrossSite(Forbidden):
    code = "cross_site"


def authenticate(request: Request, context: Context) -> Caller:
    """Return the caller of a request; their session, if it came with one, is in `request.state.session`.

    Method overrides (`X-HTTP-Method-Override` and the like) are nowhere read: the method of the request decides.

    Raises:
        NotSignedIn: Neither token nor session.
        ApiTokenInvalid: The token has ended or is misspelt.
        SessionInvalid: The session has ended.
        CrossSite: Another site may have made the browser send this.
    """
    header = request.headers.get("authorization")
    request.state.session = None
    if header is not None:
        return _by_token(bearer(header), context)
    session = request.cookies.get(cookie_name(context))
    if not session:
        raise NotSignedIn("You are not signed in.", fix="Sign in with: handrail login. Or send an API token as Bearer.")
    if request.method not in _SAFE:
        refuse_other_sites(request, context, strict=True)
    with context.database.read() as work:
        caller, found, due = identity.caller_by_session(work, session)
    if due:
        with context.database.begin() as work:
            identity.note_session_use(work, session)
            caller, found, _ = identity.caller_by_session(work, session)
    request.state.session = found
    return caller


def bearer(header: str) -> str:
    """Return the token of an `Authorization` header.

    Raises:
        NotSignedIn: It is of another scheme.
    """
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotSignedIn("The Authorization header is not understood.", fix="Send: Authorization: Bearer hr_...")
    return token.strip()


def _by_token(token: str, context: Context) -> Caller:
    with context.database.read() as work:
        caller, due = identity.caller_by_token(work, token)
    if due:
        with context.database.begin() as work:
            identity.note_use(work, due)
    return caller


def refuse_other_sites(request: Request, context: Context, *, strict: bool) -> None:
    """Return if the browser says that the request comes from this site.

    Args:
        request: The request.
        context: Knows this site's address.
        strict: Refuse too when the browser says nothing: a cookie never arrives without a browser.

    Raises:
        CrossSite: It does not.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None:
        allowed = site in {"same-origin", "none"}
    elif origin is not None:
        public = urlsplit(context.public_url)
        own = {f"{public.scheme}://{public.netloc}", f"{public.scheme}://{request.headers.get('host', '')}"}
        allowed = origin in own
    else:
        allowed = not strict
    if not allowed:
        raise CrossSite(
            "This request does not come from Handrail's own pages.",
            fix="Use the portal, or send an API token instead of the cookie.",
        )


def cookie_name(context: Context) -> str:
    """Return the session cookie's name; browsers take the `__Host-` prefix over TLS only."""
    return "__Host-handrail" if _is_tls(context) else "handrail"


def _is_tls(context: Context) -> bool:
    return context.public_url.startswith("https://")


def start_session(request: Request, response: Response, context: Context, work: Work, person: Person) -> None:
    """Start a session in place of whatever the browser's cookie held, and hand it to the browser."""
    session = identity.open_session(
        work,
        person,
        agent=agent_of(request.headers.get("user-agent", "")),
        address=address_of(request),
        instead_of=request.cookies.get(cookie_name(context), ""),
    )
    response.set_cookie(
        cookie_name(context),
        session.reveal(),
        max_age=identity.SESSION_LASTS // SECOND,
        path="/",
        secure=_is_tls(context),
        httponly=True,
        samesite="lax",
    )


def end_session(response: Response, context: Context) -> None:
    """Take the session away from the browser."""
    response.delete_cookie(cookie_name(context), path="/", secure=_is_tls(context), httponly=True, samesite="lax")


def check_password(request: Request, context: Context, name: str, password: SecretStr) -> identity.Checked:
    """Compare a password, slowly and outside of any unit of work.

    Raises:
        TooManySignIns: The account or the address had too many tries.
    """
    with context.database.begin() as work:
        attempt = identity.begin_sign_in(work, name, address_of(request))
    return attempt.check(Secret(password.get_secret_value()))


def address_of(request: Request) -> str:
    """Return the address that tries to sign in are counted for."""
    return request.client.host if request.client else "unknown"
