"""What every endpoint may use."""

from dataclasses import dataclass, field
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from fastapi import Depends, Request

from handrail.governance.checks import Lookup, Weaknesses
from handrail.governance.estate import lookup_at
from handrail.language.leaks import Boundary, default_boundary
from handrail.platform.database import Database
from handrail.platform.settings import Settings
from handrail.registry import identity
from handrail.registry.identity import Caller, Session, SignInProvider
from handrail.registry.vault import Vault
from handrail.runtime.hub import SnapshotSource
from handrail.runtime.sources import Inventory, Reader, read_node_red
from handrail.surfaces.http.news import News
from handrail.surfaces.http.views import Problem


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody of the demo whom a visitor may sign in as.

    Attributes:
        as_: What the visitor chooses: `builder`, `reviewer` or `platform`.
        name: The account's name.
        title: Who they are.
        note: What to look at as them.
    """

    as_: str
    name: str
    title: str
    note: str


@dataclass(frozen=True, slots=True)
class Context:
    """The adapters that `main` handed over.

    Attributes:
        public_url: How others reach this process, without a trailing slash.
        hub_url: How others reach the hub, without a trailing slash.
        snapshots: Compiles what hubs must enforce.
        news: Wakes requests that wait for a change.
        boundary: What counts as inside the company.
        weaknesses: What was imported about packages; None looks none up.
        reader: Reads builder instances.
        inventory: Where what they hold is kept, for those who look after the whole estate.
        sign_in_providers: Where people may sign in other than with a password here.
        demo_people: As whom a visitor of the demo may sign in; empty everywhere else.
    """

    settings: Settings
    database: Database
    vault: Vault
    public_url: str
    hub_url: str
    snapshots: SnapshotSource
    news: News
    demo_people: tuple[DemoPerson, ...] = ()
    boundary: Boundary = field(default_factory=default_boundary)
    sign_in_providers: tuple[SignInProvider, ...] = ()
    reader: Reader = read_node_red
    inventory: Inventory | None = None
    weaknesses: Weaknesses | None = None

    @property
    def lookup(self) -> Lookup | None:
        """Where packages of scripts are looked up, as of now."""
        return lookup_at(self.weaknesses, self.database.clock())

    @property
    def demo(self) -> bool:
        """Whether people, apps and calls before the start are made up."""
        return bool(self.demo_people)

    @property
    def hub_hosts(self) -> tuple[str, ...]:
        """Authorities of the hub, as flows write them."""
        return (urlsplit(self.hub_url).netloc,)


def _context(request: Request) -> Context:
    context: Context = request.app.state.context
    return context


ContextDep = Annotated[Context, Depends(_context)]


def _caller(request: Request, context: ContextDep) -> Caller:
    # Authentication needs Context, so the import cannot stand at the top of this file.
    from handrail.surfaces.http.authentication import authenticate  # noqa: PLC0415 - see above

    return authenticate(request, context)


CallerDep = Annotated[Caller, Depends(_caller)]


def _session(request: Request, _caller: CallerDep) -> Session | None:
    session: Session | None = request.state.session
    return session


SessionDep = Annotated[Session | None, Depends(_session)]
"""The session that a request came with; None with an API token."""


def _confirmed(context: ContextDep, caller: CallerDep, session: SessionDep) -> Caller:
    # A token was made for what it does; a browser may stand open on somebody's desk.
    if session is not None:
        identity.require_confirmed(session, context.database.clock())
    return caller


ConfirmedCallerDep = Annotated[Caller, Depends(_confirmed)]
"""The caller of an act that gives somebody lasting power; by session only with a password given lately."""

PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    "4XX": {"model": Problem, "description": "Refused, with the reason and what would pass."},
    "5XX": {"model": Problem, "description": "Handrail failed or is not ready."},
}
