"""Accounts, signing in and out, and API tokens."""

from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field, SecretStr

from handrail.kernel.clock import rfc3339
from handrail.kernel.secret import Secret
from handrail.platform.database import Work
from handrail.registry import identity
from handrail.registry.identity import ApiToken, HeldRole, Permission, Person
from handrail.surfaces.http import authentication
from handrail.surfaces.http.context import PROBLEMS, CallerDep, ConfirmedCallerDep, Context, ContextDep
from handrail.surfaces.http.views import Body, View

router = APIRouter(tags=["session"])
Kind = Literal["session", "token"]


class SignIn(Body):
    """`kind` says what to get: a cookie for a browser, or an API token (30 days) for a command line."""

    name: str = Field(max_length=63)
    password: SecretStr = Field(max_length=256)
    kind: Kind = "session"


class Join(Body):
    """`token` is what stands behind `#` in the link."""

    token: SecretStr = Field(max_length=200)
    name: str = Field(max_length=63)
    display_name: str = Field(default="", max_length=200)
    password: SecretStr = Field(max_length=1000)
    kind: Kind = "session"


class TokenNew(Body):
    """`scopes` absent means whatever the owner may do."""

    name: str = Field(min_length=1, max_length=100)
    days: int
    scopes: list[Permission] | None = None


class RoleView(View):
    """`team` is a team's name, or `*` for all teams."""

    role: str
    team: str
    expires_at: str | None

    @classmethod
    def of(cls, held: HeldRole) -> "RoleView":
        return cls(
            role=held.role.value,
            team=held.team_name,
            expires_at=None if held.expires_at is None else rfc3339(held.expires_at),
        )


class SignedInView(View):
    """`token` is there for kind `token` only, and only now."""

    name: str
    display_name: str
    kind: Kind
    token: str | None = None
    expires_at: str


class TokenView(View):
    id: str
    name: str
    scopes: list[str] | None
    created_at: str
    expires_at: str
    last_used_at: str | None

    @classmethod
    def of(cls, token: ApiToken) -> "TokenView":
        return cls(
            id=token.id,
            name=token.name,
            scopes=None if token.scopes is None else sorted(scope.value for scope in token.scopes),
            created_at=rfc3339(token.created_at),
            expires_at=rfc3339(token.expires_at),
            last_used_at=None if token.last_used_at is None else rfc3339(token.last_used_at),
        )


class NewTokenView(TokenView):
    """`token` is shown now and never again."""

    token: str


class TokensView(View):
    items: list[TokenView]


def signed_in(
    request: Request, work: Work, context: Context, response: Response, person: Person, kind: Kind
) -> SignedInView:
    """Hand somebody who proved who they are a session or an API token, and say so."""
    response.headers["cache-control"] = "no-store"
    if kind == "token":
        made, secret = identity.sign_in_token(work, person)
        return SignedInView(
            name=person.name,
            display_name=person.display_name,
            kind=kind,
            token=secret.reveal(),
            expires_at=rfc3339(made.expires_at),
        )
    authentication.start_session(request, response, context, work, person)
    ends = work.now + identity.SESSION_LASTS
    return SignedInView(name=person.name, display_name=person.display_name, kind=kind, expires_at=rfc3339(ends))


def _join(request: Request, context: Context, response: Response, body: Join, link: str) -> SignedInView:
    if body.kind == "session":
        authentication.refuse_other_sites(request, context, strict=False)
    token = Secret(body.token.get_secret_value())
    with context.database.read() as work:
        # A stranger must not make this process hash passwords.
        identity.open_invitation(work, token, link)
    hashed = identity.prepare_password(Secret(body.password.get_secret_value()), body.name)
    with context.database.begin() as work:
        person = identity.redeem(work, token, link, body.name, body.display_name, hashed)
        return signed_in(request, work, context, response, person, body.kind)


@router.post("/api/v1/setup", status_code=201, responses=PROBLEMS)
def redeem_setup(request: Request, context: ContextDep, response: Response, body: Join) -> SignedInView:
    """Use the one-time set-up link: make the first administrator, and sign in."""
    return _join(request, context, response, body, "setup")


@router.post("/api/v1/invitations/redeem", status_code=201, responses=PROBLEMS)
def redeem_invitation(request: Request, context: ContextDep, response: Response, body: Join) -> SignedInView:
    """Use an invitation: make an account with the roles it carries, and sign in."""
    return _join(request, context, response, body, "invitation")


@router.post("/api/v1/sign-in", responses=PROBLEMS)
def sign_in(request: Request, context: ContextDep, response: Response, body: SignIn) -> SignedInView:
    """Sign in with name and password."""
    if body.kind == "session":
        authentication.refuse_other_sites(request, context, strict=False)
    checked = authentication.check_password(request, context, body.name, body.password)
    with context.database.begin() as work:
        person = identity.finish_sign_in(work, checked)
        answer = None if person is None else signed_in(request, work, context, response, person, body.kind)
    if answer is None:
        raise identity.sign_in_refused()
    return answer


@router.post("/api/v1/sign-out", status_code=204, responses=PROBLEMS)
def sign_out(request: Request, context: ContextDep, _caller: CallerDep, response: Response) -> None:
    """End the session or the API token that this request came with."""
    header = request.headers.get("authorization")
    with context.database.begin() as work:
        if header is not None:
            identity.end_token(work, authentication.bearer(header))
        else:
            identity.close_session(work, request.cookies.get(authentication.cookie_name(context), ""))
            authentication.end_session(response, context)


@router.get("/api/v1/tokens", responses=PROBLEMS)
def list_tokens(context: ContextDep, caller: CallerDep) -> TokensView:
    """List the caller's own API tokens that still work."""
    with context.database.read() as work:
        return TokensView(items=[TokenView.of(token) for token in identity.tokens_of(work, caller)])


@router.post("/api/v1/tokens", status_code=201, responses=PROBLEMS)
def make_token(context: ContextDep, caller: ConfirmedCallerDep, response: Response, body: TokenNew) -> NewTokenView:
    """Make an API token for the caller; its text is in this answer and nowhere else."""
    response.headers["cache-control"] = "no-store"
    with context.database.begin() as work:
        made, secret = identity.new_token(work, caller, body.name, days=body.days, scopes=body.scopes)
        return NewTokenView(**TokenView.of(made).model_dump(), token=secret.reveal())


@router.delete("/api/v1/tokens/{token_id}", status_code=204, responses=PROBLEMS)
def revoke_token(context: ContextDep, caller: CallerDep, token_id: str) -> None:
    """End an API token: one's own, or anybody's for who manages people."""
    with context.database.begin() as work:
        identity.revoke_token(work, caller, token_id)
