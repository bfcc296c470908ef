"""What somebody may know before they sign in: how to, and what a link gives."""

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import Field, SecretStr

from handrail import __version__
from handrail.kernel.clock import rfc3339
from handrail.kernel.secret import Secret
from handrail.registry import identity
from handrail.surfaces.http.authentication import address_of
from handrail.surfaces.http.context import PROBLEMS, ContextDep
from handrail.surfaces.http.routes.session import RoleView
from handrail.surfaces.http.views import Body, View

router = APIRouter(tags=["session"])


class LinkLook(Body):
    """`token` is what stands behind `#` in the link."""

    token: SecretStr = Field(max_length=200)


class LinkView(View):
    """`kind` says which route takes the link: `/api/v1/setup` or `/api/v1/invitations/redeem`."""

    kind: Literal["setup", "invitation"]
    roles: list[RoleView]
    expires_at: str


class ProviderView(View):
    id: str
    title: str
    url: str


class DemoPersonView(View):
    """`as` is what `POST /api/v1/demo/sign-in` takes."""

    as_: str = Field(alias="as")
    title: str
    note: str


class SignInOptionsView(View):
    """`setUp` is true while nobody is an admin: then only the set-up link leads in. `name` is the organisation's."""

    set_up: bool
    password: bool
    providers: list[ProviderView]
    demo: list[DemoPersonView]
    name: str
    version: str


@router.get("/api/v1/sign-in/options", responses=PROBLEMS)
def entrance(context: ContextDep) -> SignInOptionsView:
    """Tell how one may sign in here."""
    with context.database.read() as work:
        set_up = not identity.has_admin(work)
    return SignInOptionsView(
        set_up=set_up,
        password=True,
        providers=[
            ProviderView(id=each.id, title=each.title, url=f"{context.public_url}/api/v1/sign-in/{each.id}")
            for each in context.sign_in_providers
        ],
        demo=[
            DemoPersonView.model_validate({"as": each.as_, "title": each.title, "note": each.note})
            for each in context.demo_people
        ],
        name=context.settings.organisation,
        version=__version__,
    )


@router.post("/api/v1/join/look", responses=PROBLEMS)
def look_at_link(request: Request, context: ContextDep, body: LinkLook) -> LinkView:
    """Tell what a set-up link or an invitation gives, without using it."""
    with context.database.begin() as work:
        found = identity.look(work, Secret(body.token.get_secret_value()), address_of(request))
        names = {team.id: team.name for team in identity.teams(work)}
    if found is None:
        raise identity.link_refused()
    roles = [
        RoleView(role=binding.role.value, team=names.get(binding.team, binding.team), expires_at=None)
        for binding in found.bindings
    ]
    return LinkView.model_validate({"kind": found.kind, "roles": roles, "expires_at": rfc3339(found.expires_at)})
