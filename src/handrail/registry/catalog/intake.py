"""Take versions in: what people upload and what sources see."""

import json
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from handrail.kernel.canonical import canonical
from handrail.kernel.ids import new_id
from handrail.language.closure import Closure, ClosureInput, take_closure
from handrail.language.graph import to_json
from handrail.language.importers import AppDraft, Artefact, KnownConnection, KnownOperation, draft_app
from handrail.language.manifest import AppManifest, document_of
from handrail.language.manifest import manifest_of as read_manifest
from handrail.platform.database import Work
from handrail.registry import audit
from handrail.registry.audit import Actor
from handrail.registry.catalog import version_store as store
from handrail.registry.catalog.errors import AppFieldInvalid, ManifestMismatch
from handrail.registry.catalog.layouts import lay_out
from handrail.registry.catalog.lookup import manifest_of, newest_version, version_by_id
from handrail.registry.catalog.model import App, Assurance, Observation, Stage, Status, Version
from handrail.registry.catalog.search import touch
from handrail.registry.catalog.service import find_writable, set_platform, set_stage
from handrail.registry.catalog.usage import Wanted, resolve, resolve_what_is_left
from handrail.registry.catalog.what_runs import running_of, set_running_digest
from handrail.registry.connectors import Environment, connections, find_environment
from handrail.registry.identity import Caller, Permission

_AUTHOR_MAX: Final = 200


def upload(
    work: Work,
    caller: Caller,
    app: str,
    environment: str,
    artefact: Artefact,
    *,
    manifest: AppManifest | None = None,
    manifest_file: str = "manifest",
    author: str = "",
    hub_hosts: Iterable[str] = (),
) -> tuple[Version, bool]:
    """Take in a version of an app for an environment; nothing that runs changes.

    Args:
        work: The unit of work.
        caller: Needs `app:write` in the app's team.
        app: The app's name.
        environment: Where it is to run.
        artefact: The definition, as `read_artefact` gives it.
        manifest: What it needs; by default what the version before it declared, or what the artefact shows.
        manifest_file: For messages.
        author: Who built it, if not the uploader.
        hub_hosts: Authorities of the hub, as flows write them.

    Returns:
        The version, and whether it is new: the same content again is the same version.

    Raises:
        ManifestMismatch: If the manifest is of another app.
        ConnectionNotHere: For a connection that isn't in the environment.
        OperationUnknown: For an operation that its connection doesn't offer.
    """
    owned = find_writable(work, caller, app, Permission.APP_WRITE)
    there = find_environment(work, environment)
    if manifest is not None and manifest.name != owned.name:
        raise ManifestMismatch(
            f"The manifest is of {manifest.name!r}, not of {owned.name!r}.",
            fix=f"Write name: {owned.name}, or upload it to {manifest.name!r}.",
            place=f"{manifest_file}:/metadata/name",
        )
    if len(author) > _AUTHOR_MAX or not author.isprintable():
        raise AppFieldInvalid("The author cannot be read.", fix="Give a person's name.", place="author")
    if manifest is None:
        before = newest_version(work, owned.id, there.id)
        drafted = _drafted_manifest(work, owned, there, artefact, hub_hosts)
        manifest = _widened(manifest_of(before), drafted) if before else drafted
    wanted = resolve(work, manifest, there, manifest_file)
    return _take_in(work, caller.actor, owned, there, artefact, manifest, wanted, author or caller.name)


def observe(
    work: Work,
    actor: Actor,
    app: App,
    environment: Environment,
    artefact: Artefact,
    *,
    author: str = "",
    hub_hosts: Iterable[str] = (),
) -> Observation:
    """Note what a source sees running; an unknown state becomes a draft version.

    A definition does not say which manifest it runs under, so the approved one with the same source counts, else the
    one that ran until now: an upload alone changes nothing here. To the latter come the operations that the definition
    calls through the hub, so that a review shows what it would take to let it run.

    Args:
        work: The unit of work.
        actor: The source.
        app: The app.
        environment: Where the live definition runs.
        artefact: The live definition.
        author: Who changed it last, where the builder's platform says.
        hub_hosts: Authorities of the hub, as flows write them.
    """
    manifest = _manifest_in_use(work, app, environment, artefact, hub_hosts)
    wanted = resolve_what_is_left(work, manifest, environment)
    version, fresh = _take_in(work, actor, app, environment, artefact, manifest, wanted, author)
    before = running_of(work, app.id, environment.id)
    running = set_running_digest(work, actor, app, version, Assurance.OBSERVED)
    changed = not before or before[0].digest != running.digest
    return Observation(version, running, fresh, changed)


def draft(
    work: Work,
    environment: Environment,
    artefact: Artefact,
    *,
    hub_hosts: Iterable[str] = (),
    **given: str | None,
) -> AppDraft:
    """Return the manifest of an artefact as far as it tells, with the connections there are.

    Args:
        work: Any unit of work.
        environment: Whose connections may be meant.
        artefact: What was read.
        hub_hosts: Authorities of the hub, as flows write them.
        given: `team`, `owner`, `deputy` and `purpose`, where known.
    """
    known = [
        KnownConnection(
            name=connection.name,
            connector=connection.connector_version.connector,
            upstream_host=urlsplit(connection.upstream).hostname or "",
            operations=tuple(
                KnownOperation(operation.name, operation.method, operation.path)
                for operation in connection.connector_version.operations
            ),
        )
        for connection in connections(work, environment.name)
    ]
    return draft_app(artefact, known, hub_hosts=hub_hosts, **given)


def _drafted_manifest(
    work: Work, app: App, environment: Environment, artefact: Artefact, hub_hosts: Iterable[str]
) -> AppManifest:
    drafted = draft(
        work,
        environment,
        artefact,
        hub_hosts=hub_hosts,
        team=app.team,
        owner=app.owner,
        deputy=app.deputy or None,
        purpose=app.purpose or app.title,
    )
    return read_manifest(AppManifest, {**drafted.document, "metadata": {"name": app.name}})


def closure_of(artefact: Artefact, manifest: AppManifest, wanted: list[Wanted]) -> Closure:
    """Return the closure of an artefact under a manifest, with the connections as they are."""
    operations = {
        (each.connection.name, operation.name, operation.interface_digest)
        for each in wanted
        for operation in each.operations
    }
    return take_closure(
        ClosureInput(
            root_source_digest=artefact.source_digest,
            reachable=frozenset(artefact.reachable),
            operations=frozenset(operations),
            connections=frozenset((each.connection.name, each.connection.id) for each in wanted),
            egress=frozenset(manifest.egress),
            data_classes=frozenset(manifest.data_classes),
            constants=manifest.constants,
            unknown=frozenset(artefact.unresolved),
        )
    )


def _manifest_in_use(
    work: Work, app: App, environment: Environment, artefact: Artefact, hub_hosts: Iterable[str]
) -> AppManifest:
    place = {"app_id": app.id, "environment_id": environment.id}
    row = work.one(store.OF_SOURCE, source_digest=artefact.source_digest, **place)
    if row is not None:
        return manifest_of(version_by_id(work, row["id"]))
    drafted = _drafted_manifest(work, app, environment, artefact, hub_hosts)
    running = running_of(work, app.id, environment.id)
    row = work.one(store.BY_DIGEST, digest=running[0].digest, **place) if running else None
    if row is not None:
        return _widened(manifest_of(version_by_id(work, row["id"])), drafted)
    newest = newest_version(work, app.id, environment.id)
    return _widened(manifest_of(newest), drafted) if newest else drafted


def _widened(manifest: AppManifest, drafted: AppManifest) -> AppManifest:
    """Return a manifest that also asks for what a definition calls."""
    document = document_of(manifest)
    asked: dict[str, list[str]] = {
        each["connection"]: list(each["operations"]) for each in document["spec"]["connections"]
    }
    for each in document_of(drafted)["spec"]["connections"]:
        present = asked.setdefault(each["connection"], [])
        present.extend(operation for operation in each["operations"] if operation not in present)
    document["spec"]["connections"] = [
        {"connection": name, "operations": operations} for name, operations in asked.items()
    ]
    return read_manifest(AppManifest, document)


def _take_in(
    work: Work,
    actor: Actor,
    app: App,
    environment: Environment,
    artefact: Artefact,
    manifest: AppManifest,
    wanted: list[Wanted],
    author: str,
) -> tuple[Version, bool]:
    closure = closure_of(artefact, manifest, wanted)
    # Two that take in at once must not get the same number.
    work.lock(f"version:{app.id}:{environment.id}")
    place = {"app_id": app.id, "environment_id": environment.id}
    known = work.one(store.BY_DIGEST, digest=closure.digest, **place)
    if known is not None:
        return version_by_id(work, known["id"]), False
    source = canonical(artefact.source).decode()
    work.run(
        store.KEEP_BLOB,
        digest=artefact.source_digest,
        content=source,
        size_bytes=len(source.encode()),
        created_at=work.now,
    )
    version_id = new_id()
    work.run(
        store.INSERT,
        id=version_id,
        number=work.scalar(store.NEXT_NUMBER, **place),
        digest=closure.digest,
        status=Status.DRAFT.value,
        platform=artefact.platform,
        closure=json.dumps(closure.document),
        graph=json.dumps(to_json(artefact.graph)),
        manifest=json.dumps(document_of(manifest)),
        source_digest=artefact.source_digest,
        author=author,
        uploaded_by=actor.id,
        created_at=work.now,
        **place,
    )
    touch(work, app.id)
    version = version_by_id(work, version_id)
    lay_out(work, actor, version)
    facts = {
        "environment": environment.name,
        "number": version.number,
        "digest": version.digest,
        "source": version.source_digest,
        "author": author,
    }
    audit.record(work, actor, "version.taken_in", app.subject, facts)
    set_platform(work, app, artefact.platform)
    if app.stage is Stage.IDEA:
        set_stage(work, actor, app, Stage.PROTOTYPE)
    return version, True
