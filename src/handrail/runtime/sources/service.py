"""Register builder instances, say what they run, and take them away again."""

import difflib
from typing import Any, Final, NoReturn
from urllib.parse import urlsplit

from handrail.kernel.clock import SECOND
from handrail.kernel.ids import new_id, require_name
from handrail.kernel.secret import Secret
from handrail.platform.database import Row, Work
from handrail.registry import audit, catalog
from handrail.registry.catalog import App, Assurance
from handrail.registry.connectors import Environment, find_environment
from handrail.registry.identity import Caller, Permission, find_person, person_by_id, require
from handrail.registry.vault import SealedColumn, Vault
from handrail.runtime.sources import store
from handrail.runtime.sources.errors import (
    SourceBindingTaken,
    SourceFieldInvalid,
    SourceNameTaken,
    SourcePlatformUnknown,
    SourceUnknown,
    SourceUrlInvalid,
)
from handrail.runtime.sources.model import (
    INTERVAL_MAX_S,
    INTERVAL_MIN_S,
    NETWORKS,
    PLATFORMS,
    SILENT_INTERVALS,
    Binding,
    Instance,
    NewSource,
    Silence,
    Source,
    State,
)

_TEXT_MAX: Final = 200
# Where a new vault key must reach.
SEALED: Final = SealedColumn("builder_instance", "id", "credential", "source:{key}")


def add(work: Work, caller: Caller, vault: Vault, new: NewSource, credential: Secret | None) -> Source:
    """Register a builder instance and watch one app in it from now on.

    Args:
        work: The unit of work.
        caller: Needs `source:write` in the app's team.
        vault: Seals the credential.
        new: What to watch.
        credential: What its admin API wants as a bearer token; None if it wants none.

    Raises:
        SourceNameTaken: If another instance has the name.
        SourcePlatformUnknown: If the platform has no source.
        SourceUrlInvalid: If the address is none.
        SourceFieldInvalid: For any other field.
        SourceBindingTaken: If the app is watched in that environment already.
    """
    app = catalog.find_writable(work, caller, new.app, Permission.SOURCE_WRITE)
    environment = find_environment(work, new.environment)
    _check(new)
    owner = find_person(work, new.owner) if new.owner else person_by_id(work, caller.person_id)
    work.lock(f"source-name:{new.name}")
    if work.one(store.NAME_EXISTS, name=new.name) is not None:
        raise SourceNameTaken(f"There is a source {new.name!r} already.", fix="Choose another name.", place="name")
    instance_id = new_id()
    sealed = vault.seal(credential.reveal().encode(), _context(instance_id)) if credential else ""
    work.run(
        store.INSERT_INSTANCE,
        id=instance_id,
        name=new.name,
        platform=new.platform,
        url=_require_url(new.url),
        network=new.network,
        region=new.region or environment.region,
        team_id=app.team_id,
        owner_id=owner.id,
        credential=sealed,
        interval_s=new.interval_s,
        created_at=work.now,
        created_by=caller.person_id,
    )
    work.run(
        store.INSERT_SOURCE,
        instance_id=instance_id,
        state=State.WAITING.value,
        since=work.now,
        next_at=work.now,
    )
    _bind(work, caller, instance_id, app, environment, new.part)
    source = by_id(work, instance_id)
    facts = {
        "name": new.name,
        "platform": new.platform,
        "url": source.instance.url,
        "network": new.network,
        "owner": source.owner,
        "credential": bool(sealed),
    }
    audit.record(work, caller.actor, "source.added", source.subject, facts)
    return source


def bind(work: Work, caller: Caller, name: str, *, app: str, environment: str = "production", part: str = "") -> Source:
    """Watch one more app in an instance that is registered.

    Raises:
        SourceUnknown: If there is no such source that the caller may see.
        SourceBindingTaken: If the app is watched in that environment already.
    """
    source = find(work, caller, name)
    require(caller, Permission.SOURCE_WRITE, source.instance.team_id)
    found = catalog.find_writable(work, caller, app, Permission.SOURCE_WRITE)
    _check_text(part, "part")
    _bind(work, caller, source.instance.id, found, find_environment(work, environment), part)
    return by_id(work, source.instance.id)


def remove(work: Work, caller: Caller, name: str) -> Source:
    """Stop watching an instance and forget its credential; what was seen last stays, and grows old.

    Apps that no other source watches are declared from here on.

    Returns:
        The source as it was.
    """
    source = find(work, caller, name)
    require(caller, Permission.SOURCE_WRITE, source.instance.team_id)
    instance_id = source.instance.id
    for binding in source.bindings:
        if not work.scalar(store.OTHER_SOURCES, app_id=binding.app_id, instance_id=instance_id):
            app = catalog.app_by_id(work, binding.app_id)
            catalog.set_assurance(work, caller.actor, app, Assurance.DECLARED)
    work.run(store.DELETE_BINDINGS, id=instance_id)
    work.run(store.DELETE_SOURCE, id=instance_id)
    work.run(store.DELETE_INSTANCE, id=instance_id)
    audit.record(work, caller.actor, "source.removed", source.subject, {"name": name})
    return source


def listing(work: Work, caller: Caller) -> list[Source]:
    """Return the sources of teams whose apps the caller may see, by name."""
    return [_source(work, row) for row in work.all(store.LISTING, **_scope(caller))]


def silent(work: Work) -> list[Silence]:
    """Return the apps that no source has read well for more than five of its intervals, whoever asks."""
    rows = work.all(store.SILENT, now=work.now, intervals_us=SILENT_INTERVALS * SECOND)
    return [Silence(**{**row, "state": State(row["state"]), "read_once": bool(row["read_once"])}) for row in rows]


def find(work: Work, caller: Caller, name: str) -> Source:
    """Return a source that the caller may see.

    Raises:
        SourceUnknown: If there is none, or if it belongs to a team whose apps the caller may not see.
    """
    row = work.one(store.BY_NAME, name=name, **_scope(caller))
    if row is None:
        _unknown(name, [str(row["name"]) for row in work.all(store.LISTING, **_scope(caller))])
    return _source(work, row)


def by_id(work: Work, instance_id: str) -> Source:
    """Return a source, whoever asks.

    Raises:
        SourceUnknown: If there is none.
    """
    row = work.one(store.BY_ID, id=instance_id)
    if row is None:
        raise SourceUnknown("There is no such source any more.")
    return _source(work, row)


def credential_of(vault: Vault, instance: Instance) -> Secret | None:
    """Unseal an instance's credential; None if it has none."""
    if not instance.credential:
        return None
    return Secret(vault.unseal(instance.credential, _context(instance.id)).decode())


def _bind(work: Work, caller: Caller, instance_id: str, app: App, environment: Environment, part: str) -> None:
    work.lock(f"source-binding:{app.id}")
    watching = work.scalar(store.BOUND, app_id=app.id, environment_id=environment.id)
    if watching is not None:
        raise SourceBindingTaken(
            f"{app.name!r} is watched in {environment.name} already, by {watching!r}.",
            fix=f"Remove that source first: handrail source remove {watching}",
            place="app",
        )
    work.run(
        store.INSERT_BINDING,
        id=new_id(),
        instance_id=instance_id,
        app_id=app.id,
        environment_id=environment.id,
        part=part,
        state=State.WAITING.value,
        now=work.now,
    )
    catalog.set_assurance(work, caller.actor, app, Assurance.OBSERVED)
    facts = {"app": app.name, "environment": environment.name, "part": part}
    audit.record(work, caller.actor, "source.bound", f"source:{instance_id}", facts)


def _check(new: NewSource) -> None:
    require_name(new.name)
    if new.platform not in PLATFORMS:
        near = difflib.get_close_matches(new.platform, PLATFORMS, 1, 0.4)
        raise SourcePlatformUnknown(
            f"No source can watch {new.platform!r}.",
            fix=f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(PLATFORMS)}.",
            place="platform",
        )
    if new.network not in NETWORKS:
        raise SourceFieldInvalid(f"{new.network!r} is no network.", fix="Write public or private.", place="network")
    if not INTERVAL_MIN_S <= new.interval_s <= INTERVAL_MAX_S:
        raise SourceFieldInvalid(
            f"It cannot be watched every {new.interval_s} s.",
            fix=f"Choose {INTERVAL_MIN_S} to {INTERVAL_MAX_S} seconds.",
            place="interval_s",
        )
    _check_text(new.part, "part")
    _check_text(new.region, "region")


def _check_text(text: str, place: str) -> None:
    if len(text) > _TEXT_MAX:
        raise SourceFieldInvalid(
            f"The {place} has {len(text)} characters.", fix=f"Use at most {_TEXT_MAX}.", place=place
        )


def _require_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        bare = not (parts.username or parts.password or parts.query or parts.fragment)
    except ValueError:
        sound = bare = False
    if not (sound and bare) or len(url) > _TEXT_MAX:
        # Not repeated: people paste addresses that hold a password.
        raise SourceUrlInvalid(
            "This is not the address of a builder.",
            fix="Write it as https://node-red.example.com; give the token separately.",
            place="url",
        )
    return url.rstrip("/")


def _context(instance_id: str) -> str:
    return f"source:{instance_id}"


def _scope(caller: Caller) -> dict[str, Any]:
    teams = caller.teams(Permission.APP_READ)
    return {"all_teams": int(teams is None), "teams": sorted(teams or ())}


def _unknown(name: str, visible: list[str]) -> NoReturn:
    near = difflib.get_close_matches(name, visible, 1)
    raise SourceUnknown(
        f"There is no source {name!r} that you may see.",
        fix=f"Did you mean {near[0]!r}?" if near else "List yours with: handrail source list",
        place="source",
    )


def _source(work: Work, row: Row) -> Source:
    own = ("id", "name", "platform", "url", "network", "region", "team_id", "owner_id", "credential", "interval_s")
    instance = Instance(**{name: row[name] for name in own})
    bindings = tuple(
        Binding(**{**found, "state": State(found["state"])})
        for found in work.all(store.BINDINGS, instance_id=instance.id)
    )
    return Source(
        instance,
        row["team"],
        row["owner"],
        State(row["state"]),
        row["since"],
        row["message"],
        row["failures"],
        row["polled_at"],
        row["read_at"],
        bindings,
    )
