"""Signing in to the demo as one of its made-up people, without a password, on this machine alone.

Unless every condition holds, the route does not exist: it answers as an address that nobody knows, before it reads
what was sent.
"""

from collections.abc import Callable, Coroutine
from typing import Any, Literal
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from pydantic import ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import Scope

from handrail.platform.settings import is_loopback
from handrail.registry import identity
from handrail.surfaces.http import authentication
from handrail.surfaces.http.context import PROBLEMS, Context, ContextDep
from handrail.surfaces.http.routes.session import SignedInView, signed_in
from handrail.surfaces.http.views import Body

# A proxy in front would make everybody's address this machine's.
_PROXIED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")


class DemoSignIn(Body):
    """`as` is one of the seats that the sign-in page offers."""

    model_config = ConfigDict(populate_by_name=False)

    seat: Literal["builder", "reviewer", "platform"] = Field(alias="as")


class _Hidden(APIRoute):
    """A route that is there only for a browser on this machine, in front of a demo."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        found, child = super().matches(scope)
        # Another method would be told that the address exists.
        return (Match.NONE, {}) if found is Match.PARTIAL else (found, child)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            if not await run_in_threadpool(_may_enter, request, request.app.state.context):
                raise HTTPException(404)
            return await handle(request)

        return guarded


router = APIRouter(tags=["session"], route_class=_Hidden)


def _may_enter(request: Request, context: Context) -> bool:
    settings = context.settings
    host = request.headers.getlist("host")
    if not (settings.demo and context.demo and settings.http.is_loopback):
        return False
    if not is_loopback(urlsplit(context.public_url).hostname or ""):
        return False
    if request.client is None or not is_loopback(request.client.host):
        return False
    if len(host) != 1 or not _is_loopback_authority(host[0]) or any(name in request.headers for name in _PROXIED):
        return False
    try:
        authentication.refuse_other_sites(request, context, strict=True)
    except authentication.CrossSite:
        return False
    with context.database.read() as work:
        return identity.is_made_up(work)


def _is_loopback_authority(authority: str) -> bool:
    try:
        parts = urlsplit(f"//{authority}")
        return parts.netloc == authority and "@" not in authority and is_loopback(parts.hostname or "")
    except ValueError:
        return False


@router.post("/api/v1/demo/sign-in", responses=PROBLEMS)
def sign_in_to_demo(request: Request, context: ContextDep, response: Response, body: DemoSignIn) -> SignedInView:
    """Sign in as one of the demo's made-up people; outside of a demo on this machine there is no such route."""
    name = next((person.name for person in context.demo_people if person.as_ == body.seat), None)
    if name is None:
        raise HTTPException(404)
    with context.database.begin() as work:
        person = identity.find_person(work, name)
        if person.status != "active":
            raise HTTPException(404)
        identity.enter_as(work, person)
        return signed_in(request, work, context, response, person, "session")
