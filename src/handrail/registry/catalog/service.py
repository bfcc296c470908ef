"""Register apps, find them, change who answers for them, retire them."""

import difflib
from collections.abc import Collection
from typing import Any, Final, NoReturn

from handrail.kernel.ids import is_name, new_id, require_name
from handrail.platform.database import Row, Work, revisions
from handrail.registry import audit
from handrail.registry.audit import Actor
from handrail.registry.catalog import store
from handrail.registry.catalog.errors import (
    AppFieldInvalid,
    AppRetired,
    AppUnknown,
    DeputyInvalid,
    NameTaken,
    OwnerInvalid,
)
from handrail.registry.catalog.model import App, Assurance, Stage
from handrail.registry.catalog.search import touch
from handrail.registry.catalog.tags import facts_of, require_unchanged
from handrail.registry.identity import (
    Caller,
    Permission,
    Person,
    find_person,
    find_team,
    person_by_id,
    require,
)

_TITLE_MAX: Final = 200
_PURPOSE_MAX: Final = 2000


def _scope(caller: Caller) -> dict[str, Any]:
    teams = caller.teams(Permission.APP_READ)
    return {"all_teams": int(teams is None), "teams": sorted(teams or ())}


def _app(row: Row) -> App:
    values = dict(row)
    values["owner_active"] = bool(values["owner_active"])
    return App(**{**values, "stage": Stage(values["stage"]), "assurance": Assurance(values["assurance"])})


def app_by_id(work: Work, app_id: str) -> App:
    """Return an app, whoever asks: for callers that have already decided who may see it.

    Raises:
        AppUnknown: If there is none.
    """
    row = work.one(store.BY_ID, id=app_id)
    if row is None:
        raise AppUnknown("There is no such app.", place="app")
    return _app(row)


def find_app(work: Work, caller: Caller, name: str) -> App:
    """Return an app that the caller may see.

    Raises:
        AppUnknown: If there is none, or if it belongs to a team whose apps the caller may not see.
    """
    row = work.one(store.BY_NAME, name=name, **_scope(caller)) if is_name(name) else None
    if row is None:
        _unknown(work, caller, name)
    return _app(row)


def _unknown(work: Work, caller: Caller, name: str) -> NoReturn:
    renamed = work.one(store.BY_OLD_NAME, name=name, **_scope(caller)) if is_name(name) else None
    if renamed is not None:
        raise AppUnknown(
            f"There is no app {name!r} any more.", fix=f"It is called {renamed['name']!r} now.", place="app"
        )
    visible = [str(row["name"]) for row in work.all(store.NAMES, **_scope(caller))]
    near = difflib.get_close_matches(name, visible, 1)
    raise AppUnknown(
        f"There is no app {name!r} that you may see.",
        fix=f"Did you mean {near[0]!r}?" if near else "List yours with: handrail app list",
        place="app",
    )


def find_writable(work: Work, caller: Caller, name: str, permission: Permission) -> App:
    """Return an app on which the caller has a permission, and which isn't retired.

    Raises:
        AppUnknown: As `find_app`.
        Forbidden: If the caller may see it but not do this.
        AppRetired: If it is retired.
    """
    app = find_app(work, caller, name)
    require(caller, permission, app.team_id)
    if app.stage is Stage.RETIRED:
        raise AppRetired(f"{name!r} is retired.", fix="Register a new app; the name stays reserved.")
    return app


def _find_locked(work: Work, caller: Caller, name: str) -> App:
    # Every field is written back, so two edits at once must see each other: read again behind the lock.
    app = find_writable(work, caller, name, Permission.APP_WRITE)
    work.lock(f"app:{app.id}")
    return find_writable(work, caller, app_by_id(work, app.id).name, Permission.APP_WRITE)


def listing(work: Work, caller: Caller, *, team: str = "", stage: str = "", with_retired: bool = False) -> list[App]:
    """Return the apps that the caller may see, by name."""
    rows = work.all(
        store.LISTING, team=team, stage=stage, with_retired=int(with_retired or stage == "retired"), **_scope(caller)
    )
    return [_app(row) for row in rows]


def register(
    work: Work,
    caller: Caller,
    name: str,
    *,
    team: str,
    title: str = "",
    owner: str = "",
    deputy: str = "",
    purpose: str = "",
) -> App:
    """Register an app; an idea needs no artefact yet.

    Args:
        work: The unit of work.
        caller: Needs `app:write` in the team.
        name: Readable id, never used before by any app.
        team: The team's name.
        title: What people read; the name by default.
        owner: Name of an active person; the caller by default.
        deputy: Name of another active person; may be named later, but before the first review.
        purpose: Why it exists; as the deputy.

    Raises:
        NameTaken: If any app has, or ever had, this name.
        OwnerInvalid: If the owner isn't an active person.
        DeputyInvalid: If the deputy is the owner or isn't an active person.
    """
    home = find_team(work, team)
    require(caller, Permission.APP_WRITE, home.id)
    require_name(name)
    owning = _owner(work, owner) if owner else person_by_id(work, caller.person_id)
    standing_in = _deputy(work, deputy, owning) if deputy else None
    app_id = new_id()
    # Without it, two that register the same name at once would meet in the index.
    work.lock(f"app-name:{name}")
    if work.scalar(store.RESERVED_BY, name=name) is not None:
        _taken(name)
    work.run(
        store.INSERT,
        id=app_id,
        name=name,
        title=_text(title or name, "title", _TITLE_MAX),
        team_id=home.id,
        owner_id=owning.id,
        deputy_id=standing_in.id if standing_in else None,
        purpose=_text(purpose, "purpose", _PURPOSE_MAX),
        stage=Stage.IDEA.value,
        platform="",
        assurance=Assurance.DECLARED.value,
        created_at=work.now,
        created_by=caller.person_id,
    )
    work.run(store.RESERVE, name=name, app_id=app_id, reserved_at=work.now)
    touch(work, app_id)
    app = app_by_id(work, app_id)
    audit.record(work, caller.actor, "app.registered", app.subject, facts_of(app))
    return app


def edit(
    work: Work,
    caller: Caller,
    name: str,
    *,
    new_name: str | None = None,
    title: str | None = None,
    team: str | None = None,
    owner: str | None = None,
    deputy: str | None = None,
    purpose: str | None = None,
    expected: Collection[str] | None = None,
) -> App:
    """Change what was registered; what is None stays.

    A rename keeps the app's id and reserves the old name. Moving to a team needs `app:write` there too.

    Raises:
        AppChanged: If it is in none of the `expected` states (see `tag_of`); None means any.
        NameTaken: As `register`, except that an app may take back a name of its own.
        OwnerInvalid: As `register`.
        DeputyInvalid: As `register`.
    """
    app = _find_locked(work, caller, name)
    require_unchanged(work, app, expected)
    home = app.team_id
    if team is not None and team != app.team:
        found = find_team(work, team)
        require(caller, Permission.APP_WRITE, found.id)
        home = found.id
    # Unchanged people are not checked again: an app whose owner left must stay editable.
    owning = app.owner_id if owner in {None, app.owner} else _owner(work, str(owner)).id
    standing_in = app.deputy_id if deputy in {None, app.deputy} else _deputy(work, str(deputy), None).id
    if owning == standing_in:
        _same_person(app.deputy if deputy is None else deputy)
    called = app.name if new_name is None else require_name(new_name, "newName")
    if called != app.name:
        _take_name(work, app, called)
    work.run(
        store.UPDATE,
        id=app.id,
        name=called,
        title=app.title if title is None else _text(title, "title", _TITLE_MAX),
        team_id=home,
        owner_id=owning,
        deputy_id=standing_in or None,
        purpose=app.purpose if purpose is None else _text(purpose, "purpose", _PURPOSE_MAX),
    )
    touch(work, app.id)
    changed = app_by_id(work, app.id)
    before, after = facts_of(app), facts_of(changed)
    difference = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    if difference:
        audit.record(work, caller.actor, "app.edited", app.subject, difference)
    return changed


def retire(work: Work, caller: Caller, name: str, *, reason: str = "", expected: Collection[str] | None = None) -> App:
    """Retire an app for good: its tokens and calls end, its name stays reserved.

    Raises:
        AppChanged: If it is in none of the `expected` states; None means any.
    """
    app = _find_locked(work, caller, name)
    require_unchanged(work, app, expected)
    work.run(store.SET_STAGE, id=app.id, stage=Stage.RETIRED.value)
    touch(work, app.id)
    audit.record(work, caller.actor, "app.retired", app.subject, {"name": app.name, "reason": reason})
    revisions.bump(work, "hub")
    return app_by_id(work, app.id)


def set_stage(work: Work, actor: Actor, app: App, stage: Stage) -> App:
    """Move an app to a stage; the lifecycle decides when."""
    if app.stage is not stage:
        work.run(store.SET_STAGE, id=app.id, stage=stage.value)
        touch(work, app.id)
        audit.record(work, actor, "app.stage_moved", app.subject, {"from": app.stage.value, "to": stage.value})
    return app_by_id(work, app.id)


def set_assurance(work: Work, actor: Actor, app: App, assurance: Assurance) -> App:
    """Say how the running digest is known from here on: a source was attached or removed."""
    if app.assurance is not assurance:
        work.run(store.SET_ASSURANCE, id=app.id, assurance=assurance.value)
        audit.record(
            work,
            actor,
            "app.assurance_changed",
            app.subject,
            {"from": app.assurance.value, "to": assurance.value},
        )
    return app_by_id(work, app.id)


def set_platform(work: Work, app: App, platform: str) -> None:
    """Note where the newest artefact of an app was built."""
    if app.platform != platform:
        work.run(store.SET_PLATFORM, id=app.id, platform=platform)
        touch(work, app.id)


def _take_name(work: Work, app: App, name: str) -> None:
    work.lock(f"app-name:{name}")
    holder = work.scalar(store.RESERVED_BY, name=name)
    if holder is None:
        work.run(store.RESERVE, name=name, app_id=app.id, reserved_at=work.now)
    elif holder != app.id:
        _taken(name)


def _taken(name: str) -> NoReturn:
    # Says nothing about whose it is: it may be another team's.
    raise NameTaken(
        f"The name {name!r} is or was an app's; names are never given again.",
        fix=f"Choose another one, for example '{name[:60]}-2'.",
        place="name",
    )


def _owner(work: Work, name: str) -> Person:
    person = find_person(work, name)
    if person.status != "active":
        raise OwnerInvalid(f"{name!r} is no longer active.", fix="Name an active person as owner.", place="owner")
    return person


def _deputy(work: Work, name: str, owner: Person | None) -> Person:
    person = find_person(work, name)
    if owner is not None and person.id == owner.id:
        _same_person(name)
    if person.status != "active":
        raise DeputyInvalid(f"{name!r} is no longer active.", fix="Name an active person as deputy.", place="deputy")
    return person


def _same_person(name: str) -> NoReturn:
    raise DeputyInvalid(
        f"{name!r} cannot be owner and deputy of the same app.",
        fix="Name somebody else as deputy: an app must not hang on one person.",
        place="deputy",
    )


def _text(value: str, place: str, longest: int) -> str:
    cleaned = value.strip()
    if len(cleaned) > longest:
        raise AppFieldInvalid(f"The {place} has {len(cleaned)} characters.", fix=f"Use at most {longest}.", place=place)
    if not cleaned.replace("\n", " ").isprintable():
        raise AppFieldInvalid(f"The {place} holds characters that nobody can read.", fix="Remove them.", place=place)
    return cleaned
