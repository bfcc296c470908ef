"""Register builder instances, say what they run, and take them away again."""

import difflib
import json
from dataclasses import replace
from typing import Any, Final, NoReturn
from urllib.parse import urlsplit

from handrail.kernel.clock import HOUR, SECOND
from handrail.kernel.ids import new_id, require_name
from handrail.kernel.secret import Secret
from handrail.platform.database import Row, Work
from handrail.platform.git import GitRefused, Remote
from handrail.registry import access, audit, catalog
from handrail.registry.catalog import App, Assurance
from handrail.registry.connectors import Environment, find_environment
from handrail.registry.identity import Caller, Permission, find_person, find_team, person_by_id, require
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
    INTERVALS_S,
    NETWORKS,
    PLATFORMS,
    SILENT_INTERVALS,
    Binding,
    Drift,
    Found,
    Instance,
    NewSource,
    Rules,
    Sight,
    Silence,
    Source,
    State,
)
from handrail.runtime.sources.rules import read_rules, rules_document, stored

_TEXT_MAX: Final = 200
# Where a new vault key must reach.
SEALED: Final = SealedColumn("builder_instance", "id", "credential", "source:{key}")


def add(work: Work, caller: Caller, vault: Vault, new: NewSource, credential: Secret | None) -> Source:
    """Register a builder instance, and watch one app in it from now on, if one is named.

    Args:
        work: The unit of work.
        caller: Needs `source:write` in the app's team, or in the one that is named.
        vault: Seals the credential.
        new: What to watch.
        credential: A bearer token (Node-RED), an API key (n8n), a token or `user:token` (git); None for none.

    Raises:
        SourceNameTaken: If another instance has the name.
        SourcePlatformUnknown: If the platform has no source.
        SourceUrlInvalid: If the address is none.
        SourceFieldInvalid: For any other field.
        SourceBindingTaken: If the app is watched in that environment already.
    """
    app = catalog.find_writable(work, caller, new.app, Permission.SOURCE_WRITE) if new.app else None
    environment = find_environment(work, new.environment)
    _check(new)
    team_id = _team(work, caller, new, app)
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
        url=_require_place(new),
        network=new.network,
        region=new.region or environment.region,
        team_id=team_id,
        owner_id=owner.id,
        credential=sealed,
        interval_s=new.interval_s or INTERVALS_S[new.platform],
        rules=stored(new.rules),
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
    if app is not None:
        _bind(work, caller, instance_id, app, environment, new.part)
    source = by_id(work, instance_id)
    facts = {
        "name": new.name,
        "platform": new.platform,
        "url": source.instance.url,
        "network": new.network,
        "owner": source.owner,
        "credential": bool(sealed),
        "rules": rules_document(new.rules),
    }
    audit.record(work, caller.actor, "source.added", source.subject, facts)
    return source


def _team(work: Work, caller: Caller, new: NewSource, app: App | None) -> str:
    if not new.team:
        if app is None:
            raise SourceFieldInvalid(
                "Nobody said whose instance it is.", fix="Name its team, or an app to watch in it.", place="team"
            )
        return app.team_id
    team = find_team(work, new.team)
    require(caller, Permission.SOURCE_WRITE, team.id)
    if app is not None and app.team_id != team.id:
        raise SourceFieldInvalid(
            f"{app.name!r} belongs to {app.team!r}.", fix="Leave the team out, or name that one.", place="team"
        )
    return team.id


def set_rules(
    work: Work, caller: Caller, name: str, rules: Rules | None = None, interval_s: int | None = None
) -> Source:
    """Give an instance other standing rules, or another interval; what is left out stays.

    Raises:
        SourceUnknown: If there is no such source that the caller may see.
        SourceFieldInvalid: If the interval is none.
    """
    source = find(work, caller, name)
    instance = source.instance
    require(caller, Permission.SOURCE_WRITE, instance.team_id)
    _check_interval(interval_s)
    wanted = rules or instance.rules
    every = interval_s or instance.interval_s
    work.run(store.SET_RULES, id=instance.id, rules=stored(wanted), interval_s=every)
    if instance.rules.on_drift is Drift.WARN:
        for binding in source.bindings:
            app = catalog.app_by_id(work, binding.app_id)
            if wanted.on_drift is Drift.DENY:
                access.end_graces(work, caller.actor, app, binding.environment_id, "Drift is denied there now.")
            elif wanted.deadline_hours < instance.rules.deadline_hours:
                length = wanted.deadline_hours * HOUR
                access.shorten_graces(work, caller.actor, app, binding.environment_id, length)
    facts = {"rules": rules_document(wanted), "was": rules_document(instance.rules), "intervalS": every}
    audit.record(work, caller.actor, "source.rules_set", source.subject, facts)
    return by_id(work, instance.id)


def found(work: Work, caller: Caller, name: str) -> tuple[Source, list[Found]]:
    """Return a source and every definition that its instance holds, or held until lately.

    Raises:
        SourceUnknown: If there is no such source that the caller may see.
    """
    source = find(work, caller, name)
    return source, found_in(work, source)


def found_in(work: Work, source: Source) -> list[Found]:
    """Return every definition of an instance, by what it is called, whoever asks."""
    apps: dict[str, set[str]] = {}
    for binding in source.bindings:
        apps.setdefault(binding.part, set()).add(binding.app)
    everything = apps.pop("", set())
    rows = work.all(store.FOUND, instance_id=source.instance.id)
    return [
        replace(each, apps=tuple(sorted(everything | apps.get(each.part, set()) | apps.get(each.name, set()))))
        for each in map(_found, rows)
    ]


def sight_of(source: Source, each: Found) -> tuple[Sight, int]:
    """Return whether a definition is still there, and since when that is known (microseconds since 1970)."""
    if not source.readable:
        # Nothing is wrong with it as far as anybody knows: it cannot be seen.
        return Sight.UNKNOWN, source.since
    if each.gone_at is not None:
        return Sight.GONE, each.gone_at
    return (Sight.MISSED, each.last_seen) if each.missed else (Sight.PRESENT, each.first_seen)


def finding_of(source: Source, each: Found) -> str:
    """Return the finding that a definition is: `unregistered-app`, `vanished-app`, or empty.

    Nothing is concluded while the instance cannot be read, and nothing is ever retired by itself.
    """
    if each.gone_at is not None:
        return "vanished-app" if each.apps and source.readable else ""
    return "" if each.apps or each.problem else "unregistered-app"


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
    _check_part(source.instance.platform, part)
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
        found_app = catalog.app_by_id(work, binding.app_id)
        access.end_graces(work, caller.actor, found_app, binding.environment_id, "Its source was removed.")
    work.run(store.DELETE_FOUND, id=instance_id)
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
    _check_interval(new.interval_s)
    _check_text(new.part, "part")
    _check_text(new.region, "region")
    if new.app:
        _check_part(new.platform, new.part)


def _check_interval(interval_s: int | None) -> None:
    if interval_s is not None and not INTERVAL_MIN_S <= interval_s <= INTERVAL_MAX_S:
        raise SourceFieldInvalid(
            f"It cannot be watched every {interval_s} s.",
            fix=f"Choose {INTERVAL_MIN_S} to {INTERVAL_MAX_S} seconds.",
            place="interval_s",
        )


def _check_part(platform: str, part: str) -> None:
    if not part and platform != "node-red":
        raise SourceFieldInvalid(
            "Nobody said which definition in it is the app.",
            fix="Name the part: a workflow's id or name, or the path of a file. handrail source found NAME lists them.",
            place="part",
        )


def _check_text(text: str, place: str) -> None:
    if len(text) > _TEXT_MAX:
        raise SourceFieldInvalid(
            f"The {place} has {len(text)} characters.", fix=f"Use at most {_TEXT_MAX}.", place=place
        )


def _require_place(new: NewSource) -> str:
    if new.platform == "git":
        address, _hash, branch = new.url.partition("#")
        try:
            _ = Remote(address, branch, clear=new.network == "private").protocol
        except GitRefused as error:
            fix = "Write https://host/repository.git, or the path of one on this machine, with #branch if need be."
            raise SourceUrlInvalid(str(error), fix=fix, place="url") from None
        return new.url
    if new.platform == "folder":
        if not new.url.startswith("/") or not new.url.isprintable() or len(new.url) > _TEXT_MAX:
            raise SourceUrlInvalid(
                "This is not the path of a folder.", fix="Write it from the root, as /srv/flows.", place="url"
            )
        return new.url
    return _require_url(new.url)


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
    instance = Instance(**{name: row[name] for name in own}, rules=read_rules(json.loads(row["rules"])))
    bindings = tuple(_binding(each) for each in work.all(store.BINDINGS, instance_id=instance.id))
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
        row["next_at"],
        row["listed_at"],
        row["found"],
        row["unregistered"],
        row["vanished"],
    )


def _binding(row: Row) -> Binding:
    changes = tuple(json.loads(row["changes"]))
    return Binding(**{**row, "state": State(row["state"]), "changes": changes})


def _found(row: Row) -> Found:
    active = None if row["active"] is None else bool(row["active"])
    return Found(**{**row, "active": active, "registration": json.loads(row["registration"])})
