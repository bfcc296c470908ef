"""A found definition becomes an app, with its first version."""

from collections.abc import Iterable

from handrail.governance.estate import store
from handrail.governance.estate.details import held_of
from handrail.governance.estate.errors import AlreadyRegistered, DefinitionGone
from handrail.governance.estate.listing import row_of
from handrail.governance.estate.mending import laid_out
from handrail.governance.estate.model import Row
from handrail.governance.estate.service import TOPIC
from handrail.language.importers import Artefact, parts, read_artefact
from handrail.platform.database import Work, revisions
from handrail.registry import audit, catalog
from handrail.registry.catalog import App, Version
from handrail.registry.identity import Caller, Permission, find_team, require


def artefact_of(work: Work, caller: Caller, definition_id: str) -> tuple[Row, Artefact]:
    """Return a definition's line and its canonical form, read again from the document that was kept.

    Raises:
        DefinitionUnknown: If there is none that the caller may see.
        AlreadyRegistered: If it is an app already.
        DefinitionGone: If it is no longer where it was found.
        Invalid: If its platform has no canonical form.
    """
    row = row_of(work, caller, definition_id)
    _require_free(row)
    held, document = held_of(work, definition_id)
    data, name, number = laid_out(document), held["file"].rpartition("!")[2], held["number"]
    listed = parts(data, name) if number else ()
    part = listed[number].id if number < len(listed) else None
    return row, read_artefact(data, name, part=part)


def register(
    work: Work,
    caller: Caller,
    definition_id: str,
    artefact: Artefact,
    *,
    name: str,
    team: str,
    owner: str,
    deputy: str = "",
    purpose: str = "",
    environment: str = "production",
    hub_hosts: Iterable[str] = (),
) -> tuple[App, Version]:
    """Register a definition as an app and take in its first version, both or neither.

    Args:
        work: The unit of work.
        caller: Needs `app:write` in the team.
        definition_id: What was found.
        artefact: As `artefact_of` gave it.
        name: Of the app.
        team: The team that it belongs to; the origin's by default.
        owner: Who answers for it; the caller by default.
        deputy: Who answers when the owner is away.
        purpose: What it is for.
        environment: Where it runs.
        hub_hosts: Authorities of the hub, as flows write them.

    Raises:
        AlreadyRegistered: If it is an app already.
        DefinitionGone: If it is no longer where it was found.
    """
    work.lock(f"estate-definition:{definition_id}")
    row = row_of(work, caller, definition_id)
    require(caller, Permission.APP_WRITE, find_team(work, row.team).id)
    _require_free(row)
    catalog.register(
        work, caller, name, team=team or row.team, title=row.name, owner=owner, deputy=deputy, purpose=purpose
    )
    version, _ = catalog.upload(work, caller, name, environment, artefact, hub_hosts=hub_hosts)
    app = catalog.find_app(work, caller, name)
    if not work.run(store.LINK_ONE, id=row.id, app_id=app.id, linked_by="person"):
        # What was uploaded at this moment does the same, and took it.
        raise AlreadyRegistered(f"{row.name!r} was registered meanwhile.", fix="Open that app.", place="id")
    revisions.bump(work, TOPIC)
    audit.record(work, caller.actor, "estate.linked", app.subject, {"definition": row.id, "by": "person"})
    return app, version


def _require_free(row: Row) -> None:
    if row.app:
        raise AlreadyRegistered(f"{row.name!r} is registered as {row.app!r} already.", fix="Open that app.", place="id")
    if row.gone_at is not None:
        raise DefinitionGone(
            f"{row.name!r} is no longer where it was found.", fix="Adopt its folder again first.", place="id"
        )
