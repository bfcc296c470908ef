"""Keep what was found in an origin: know what is the same, take in the rest, note what is gone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from handrail.governance.estate import store
from handrail.governance.estate.errors import EstateFilesInvalid, OriginAmbiguous, OriginInvalid, OriginUnknown
from handrail.governance.estate.model import FileRead, Found, Kept, Kind, Origin, Taken
from handrail.governance.estate.paths import check_paths
from handrail.governance.estate.reading import engine_for
from handrail.kernel.clock import MINUTE
from handrail.kernel.ids import new_id
from handrail.language.leaks import Boundary
from handrail.platform.database import Work, revisions
from handrail.registry import audit
from handrail.registry.audit import Actor
from handrail.registry.identity import Caller, Permission, find_team, require

TOPIC: Final = "estate"
_NAME_MAX: Final = 200
_AT_ONCE: Final = 400
_STALE: Final = 10 * MINUTE


def known(
    work: Work,
    caller: Caller,
    origin: str,
    files: Mapping[str, str],
    boundary: Boundary,
    *,
    team: str = "",
    note: bool = True,
    packages: str = "",
) -> tuple[str, ...]:
    """Return the paths whose content has to be sent: new, changed, or read by an older engine.

    Args:
        work: The unit of work; what is the same is noted as seen.
        caller: Needs `app:write` in the origin's team.
        origin: Its name; one that does not exist yet needs everything.
        files: Path to `sha256:` digest of each file.
        boundary: What counts as inside; what was read under another one is needed again.
        team: The origin's team, where several have one of this name.
        note: Whether what is the same is noted as seen.
        packages: `Lookup.revision`: scripts read before the last import are read again.

    Raises:
        OriginAmbiguous: If teams have one of this name and none is named.
        OriginInvalid: If a source reads it.
        EstateFilesInvalid: For a path that is none, or too many files.
    """
    check_paths(files)
    found = _maybe_origin(work, caller, origin, team)
    if found is None:
        require(caller, Permission.APP_WRITE)
        return tuple(sorted(files))
    require(caller, Permission.APP_WRITE, found.team_id)
    require_by_hand(found)
    same: list[str] = []
    for paths in _some(sorted(files)):
        rows = work.all(store.FILES_OF, origin_id=found.id, paths=paths)
        same += [
            str(row["path"])
            for row in rows
            if (row["digest"], row["engine"]) == (files[row["path"]], engine_for(row["path"], boundary, packages))
        ]
    if note:
        _touch(work, found.id)
        for paths in _some(same):
            work.run(store.SEEN, origin_id=found.id, paths=paths, now=work.now)
    return tuple(sorted(set(files) - set(same)))


def ensure_origin(work: Work, caller: Caller, name: str, *, team: str, kind: Kind = "upload") -> Origin:
    """Return an origin of a team; make it if there is none of that name.

    Raises:
        OriginInvalid: For a name that nobody can read, or if a source reads it.
    """
    home = find_team(work, team)
    require(caller, Permission.APP_WRITE, home.id)
    origin = origin_of_team(work, caller.actor, name, home.id, kind=kind)
    require_by_hand(origin)
    return origin


def require_by_hand(origin: Origin) -> None:
    """Let nobody change by hand what a source reads: it is known as what really runs.

    Raises:
        OriginInvalid: If a source reads it.
    """
    if origin.kind == "instance":
        raise OriginInvalid(
            f"{origin.name!r} is what a source reads from an instance.",
            fix="Choose another name for these files.",
            place="origin",
        )


def origin_of_team(
    work: Work, actor: Actor, name: str, team_id: str, *, kind: Kind = "upload", instance_id: str = ""
) -> Origin:
    """Return an origin of a team, whoever asks; make it if there is none of that name.

    Raises:
        OriginInvalid: For a name that nobody can read.
    """
    name = name.strip()
    if not name or len(name) > _NAME_MAX or not name.isprintable():
        raise OriginInvalid(
            "That is no name for where flows come from.",
            fix=f"Use 1 to {_NAME_MAX} printable characters, for example the folder's name.",
            place="origin",
        )
    origin_id = new_id()
    made = work.run(
        store.INSERT_ORIGIN,
        id=origin_id,
        name=name,
        kind=kind,
        team_id=team_id,
        instance_id=instance_id or None,
        created_by=actor.id,
        now=work.now,
    )
    rows = work.all(store.ORIGINS_NAMED, name=name, team="", all_teams=0, teams=[team_id])
    origin = _origin(rows[0])
    if made:
        audit.record(work, actor, "estate.origin_added", f"origin:{origin.id}", {"name": name, "kind": kind})
    return origin


def take_in(work: Work, actor: Actor, origin: Origin, reads: Sequence[FileRead]) -> list[Taken]:
    """Keep what reading some files gave; the same again changes nothing.

    A definition keeps its id as long as it stands in the same place of the same path. Of a file that can no longer be
    read the definitions that were known stay.

    Raises:
        EstateFilesInvalid: If a path stands twice among them.
    """
    if len({each.path for each in reads}) < len(reads):
        raise EstateFilesInvalid("A path was sent twice.", fix="Send each path once.", place="files")
    # Two that take in the same path at once must give its definitions the same ids.
    work.lock(f"estate-origin:{origin.id}")
    _touch(work, origin.id)
    paths = [each.path for each in reads]
    before = {
        (row["path"], row["idx"]): row
        for some in _some(paths)
        for row in work.all(store.DEFINITIONS_AT, origin_id=origin.id, paths=some)
    }
    files_before = {
        row["path"]: row for some in _some(paths) for row in work.all(store.FILES_OF, origin_id=origin.id, paths=some)
    }
    work.run_many(store.KEEP_FILE, [_file_row(work, origin, each) for each in reads])
    _unlink_moved(work, actor, reads, before)
    _keep_definitions(work, origin, reads, before)
    gone = [
        str(row["id"])
        for read in reads
        if read.state != "unreadable"
        for (path, index), row in before.items()
        if path == read.path and index >= len(read.found) and row["gone_at"] is None
    ]
    for some in _some(gone):
        work.run(store.GONE_DEFINITIONS, ids=some, now=work.now)
    changed = [
        each
        for each in reads
        if (held := files_before.get(each.path)) is None
        or (held["digest"], held["engine"]) != (each.digest, each.engine)
    ]
    if changed:
        revisions.bump(work, TOPIC)
        facts = {
            "origin": origin.name,
            "files": len(changed),
            "definitions": sum(len(each.found) for each in changed),
            "unreadable": sum(1 for each in changed if each.state == "unreadable"),
        }
        audit.record(work, actor, "estate.files_read", f"origin:{origin.id}", facts)
    ids = {
        (row["path"], row["idx"]): str(row["id"])
        for some in _some(paths)
        for row in work.all(store.DEFINITIONS_AT, origin_id=origin.id, paths=some)
    }
    if changed:
        link(work, ids=sorted(ids.values()))
    return [_taken(each, ids) for each in reads]


def finish(
    work: Work, actor: Actor, origin: Origin, *, paths: Iterable[str] = (), complete: bool = False
) -> tuple[str, ...]:
    """End a complete pass: what it did not meet is gone from now on, never deleted.

    Args:
        work: The unit of work.
        actor: Who passed through.
        origin: Of what.
        paths: Every path there is.
        complete: Instead of `paths`: every path that was asked for or sent since the pass began.

    Returns:
        The paths that are gone.
    """
    work.lock(f"estate-origin:{origin.id}")
    origin = _origin(work.all(store.ORIGIN_BY_ID, id=origin.id)[0])
    there = set(paths)
    rows = work.all(store.PATHS, origin_id=origin.id)
    since = origin.pass_at if origin.pass_at is not None else work.now + 1
    gone = [str(row["path"]) for row in rows if (row["seen_at"] < since if complete else row["path"] not in there)]
    for some in _some(gone):
        work.run(store.GONE_FILES, origin_id=origin.id, paths=some, now=work.now)
        work.run(store.GONE_AT_PATHS, origin_id=origin.id, paths=some, now=work.now)
    work.run(store.STILL_THERE, origin_id=origin.id, now=work.now)
    work.run(store.FINISH_ORIGIN, id=origin.id, now=work.now)
    revisions.bump(work, TOPIC)
    facts = {"origin": origin.name, "files": len(rows) - len(gone), "gone": len(gone)}
    audit.record(work, actor, "estate.finished", f"origin:{origin.id}", facts)
    return tuple(gone)


def link(work: Work, *, ids: Sequence[str] = (), exact: Sequence[str] = ()) -> int:
    """Link definitions that do exactly what a version of one registered app of their team does; return how many.

    Args:
        work: The unit of work.
        ids: Which definitions.
        exact: And those that do exactly this (`Part.exact`).
    """
    linked = [row for some in _some(ids) for row in work.all(store.LINK_THESE, ids=some)]
    linked += [row for some in _some(sorted({*exact} - {""})) for row in work.all(store.LINK_SAME, exact=some)]
    if linked:
        revisions.bump(work, TOPIC)
    for row in linked:
        facts = {"definition": row["id"], "by": "content"}
        audit.record(work, audit.SYSTEM, "estate.linked", f"app:{row['app_id']}", facts)
    return len(linked)


def link_to_app(work: Work, actor: Actor, definition_id: str, app_id: str) -> bool:
    """Note that a source knows which app a definition is; return False if it is linked already."""
    linked = work.run(store.LINK_ONE, id=definition_id, app_id=app_id, linked_by="source")
    if linked:
        revisions.bump(work, TOPIC)
        facts = {"definition": definition_id, "by": "source"}
        audit.record(work, actor, "estate.linked", f"app:{app_id}", facts)
    return bool(linked)


def find_origin(work: Work, caller: Caller, name: str, team: str = "") -> Origin:
    """Return an origin that the caller may see.

    Raises:
        OriginUnknown: If there is none.
        OriginAmbiguous: If several teams have one of this name and none is named.
    """
    found = _maybe_origin(work, caller, name, team)
    if found is None:
        raise OriginUnknown(
            f"Nothing was adopted under the name {name!r} that you may see.",
            fix="List what there is with: handrail estate show",
            place="origin",
        )
    return found


def origins(work: Work, caller: Caller) -> list[Origin]:
    """Return the origins that the caller may see, by name."""
    return [_origin(row) for row in work.all(store.ORIGINS, **scope_of(caller))]


def scope_of(caller: Caller) -> dict[str, Any]:
    """Return the parameters that keep a query to what a caller may see."""
    teams = caller.teams(Permission.APP_READ)
    return {"all_teams": int(teams is None), "teams": sorted(teams or ())}


def _maybe_origin(work: Work, caller: Caller, name: str, team: str) -> Origin | None:
    rows = work.all(store.ORIGINS_NAMED, name=name.strip(), team=team, **scope_of(caller))
    if len(rows) > 1:
        raise OriginAmbiguous(
            f"{len(rows)} teams have adopted something under the name {name!r}.",
            fix=f"Name one: {', '.join(str(row['team']) for row in rows)}.",
            place="team",
        )
    return _origin(rows[0]) if rows else None


def _origin(row: Any) -> Origin:
    return Origin(**row)


def _touch(work: Work, origin_id: str) -> None:
    work.run(store.TOUCH_ORIGIN, id=origin_id, now=work.now, stale=work.now - _STALE)


def _some(things: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(things), _AT_ONCE):
        yield list(things[start : start + _AT_ONCE])


def _file_row(work: Work, origin: Origin, read: FileRead) -> dict[str, Any]:
    fault = read.fault
    return {
        "origin_id": origin.id,
        "path": read.path,
        "digest": read.digest,
        "engine": read.engine,
        "state": read.state,
        "platform": read.platform,
        "size_bytes": read.size_bytes,
        "definitions": len(read.found),
        "error_code": fault.code if fault else "",
        "error_text": fault.text if fault else "",
        "error_fix": fault.fix if fault else "",
        "error_place": fault.place if fault else "",
        "now": work.now,
    }


def _keep_definitions(
    work: Work, origin: Origin, reads: Sequence[FileRead], before: Mapping[tuple[str, int], Any]
) -> None:
    documents = {digest: held for read in reads for digest, held in read.documents.items()}
    work.run_many(
        store.KEEP_DOCUMENT,
        [
            {"digest": digest, "content": content, "size_bytes": size, "now": work.now}
            for digest, (content, size) in sorted(documents.items())
        ],
    )
    kept = [
        (str(row["id"]) if (row := before.get((read.path, each.index))) else new_id(), read, each)
        for read in reads
        for each in read.found
    ]
    work.run_many(store.KEEP_DEFINITION, [_definition_row(work, origin, *each) for each in kept])
    work.run_many(store.KEEP_DETAIL, [{"id": key, "part": each.part, "detail": each.detail} for key, _, each in kept])
    for some in _some([key for key, _, _ in kept]):
        work.run(store.FORGET_CONNECTORS, ids=some)
        work.run(store.FORGET_LEAKS, ids=some)
    work.run_many(
        store.KEEP_CONNECTOR, [{"id": key, "connector": name} for key, _, each in kept for name in each.connectors]
    )
    work.run_many(
        store.KEEP_LEAK,
        [
            {"id": key, "number": number, "rank": rank, "shown": shown}
            for key, _, each in kept
            for number, (rank, shown) in enumerate(each.leaks)
        ],
    )


def _unlink_moved(work: Work, actor: Actor, reads: Sequence[FileRead], before: Mapping[tuple[str, int], Any]) -> None:
    """Forget which app a definition is where another one of its file has taken its place.

    One that has another name and does something else is another one; alone in its file it may as well be an edit.
    """
    several = {path for path, index in before if index} | {read.path for read in reads if len(read.found) > 1}
    for read in reads:
        for each in read.found if read.path in several else ():
            row = before.get((read.path, each.index))
            if row is not None and row["app_id"] and row["name"] != each.name and row["exact"] != each.exact:
                work.run(store.UNLINK, id=row["id"])
                audit.record(work, actor, "estate.unlinked", f"app:{row['app_id']}", {"definition": row["id"]})


def _definition_row(work: Work, origin: Origin, key: str, read: FileRead, found: Found) -> dict[str, Any]:
    return {
        "id": key,
        "origin_id": origin.id,
        "path": read.path,
        "idx": found.index,
        "platform": found.platform,
        "name": found.name,
        "pointer": found.pointer,
        "file_digest": read.digest,
        "document_digest": found.document,
        "engine": read.engine,
        "exact": found.exact,
        "data_class": found.data_class,
        "now": work.now,
        **found.counts,
    }


def _taken(read: FileRead, ids: Mapping[tuple[str, int], str]) -> Taken:
    kept = tuple(
        Kept(
            ids[read.path, each.index],
            each.name,
            each.platform,
            each.counts["steps"],
            each.counts["leaks"],
            each.counts["blocks"],
            each.counts["warns"],
        )
        for each in read.found
    )
    return Taken(read.path, read.state, kept, read.fault)
