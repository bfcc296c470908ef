"""Files into the estate: what is known, what is sent, what is gone, and what could not be read."""

import base64
import binascii
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field

from handrail.governance import estate
from handrail.governance.estate import EstateFilesInvalid, FileIn, FileRead, Taken
from handrail.kernel.clock import rfc3339
from handrail.language.leaks import Boundary
from handrail.registry.identity import Permission, require
from handrail.surfaces.http.context import PROBLEMS, CallerDep, ContextDep
from handrail.surfaces.http.texts import Line, Words
from handrail.surfaces.http.views import Body, View

router = APIRouter(tags=["estate"])
# A batch is read before it is kept: what its files hold lies in memory meanwhile.
_BATCH: int = 500
_Digest = Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]


class FileKnown(Body):
    path: Line
    digest: _Digest


class KnownAsked(Body):
    """`team` is needed only where several teams have adopted something under the same name.

    With `dryRun` nothing is noted as seen.
    """

    origin: Line
    team: Line = ""
    files: Annotated[list[FileKnown], Field(max_length=estate.FILES_MAX)]
    dry_run: bool = False


class KnownView(View):
    needed: list[str]


class FileSent(Body):
    """`content` is the file's bytes in base64; of a file that cannot be sent `unread` says why, with its digest."""

    path: Line
    content: str = ""
    unread: Literal["too_large", "cannot_open"] | None = None
    digest: _Digest | None = None
    size_bytes: Annotated[int, Field(ge=0, lt=2**53)] = 0


class FilesSent(Body):
    """`kind` says how the origin came about: files that somebody dropped, or a folder that is adopted at times."""

    origin: Line
    team: Line
    kind: Literal["upload", "folder"] = "upload"
    files: Annotated[list[FileSent], Field(max_length=_BATCH)]


class ReadFaultView(View):
    code: str
    text: str
    fix: str
    place: str


class KeptView(View):
    id: str
    name: str
    platform: str
    steps: int
    leaks: int
    blocks: int
    warns: int


class TakenView(View):
    """`state` is `read`, `unreadable`, or `other` for a file that holds no flow, which is nobody's fault."""

    path: str
    state: Literal["read", "unreadable", "other"]
    definitions: list[KeptView]
    error: ReadFaultView | None

    @classmethod
    def of(cls, taken: Taken) -> "TakenView":
        fault = ReadFaultView.model_validate(taken.fault) if taken.fault else None
        kept = [KeptView.model_validate(each) for each in taken.definitions]
        return cls(path=taken.path, state=taken.state, definitions=kept, error=fault)


class TakenListView(View):
    items: list[TakenView]


class FinishAsked(Body):
    """Either every path that there is, or `complete`: every path that was asked for or sent in this pass."""

    origin: Line
    team: Line = ""
    paths: list[Line] | None = None
    complete: bool = False


class FinishedView(View):
    gone: list[str]


class EstateFileView(View):
    origin: str
    team: str
    path: str
    state: str
    platform: str
    size_bytes: int
    definitions: int
    seen_at: str
    error: ReadFaultView | None


class EstateFilesView(View):
    items: list[EstateFileView]
    next: str | None


def _decoded(files: list[FileSent], boundary: Boundary) -> tuple[list[FileIn], list[FileRead]]:
    """Return the files to read, and those that nobody can read."""
    found: dict[str, FileIn] = {}
    unread: dict[str, FileRead] = {}
    for each in files:
        path = estate.check_path(each.path)
        if path in found or path in unread:
            raise EstateFilesInvalid(f"{path} was sent twice.", fix="Send each path once.", place="files")
        if each.unread is not None:
            unread[path] = estate.unread(path, each.unread, each.digest or "", each.size_bytes, boundary)
            continue
        try:
            content = base64.b64decode(each.content, validate=True)
        except (binascii.Error, ValueError) as error:
            raise EstateFilesInvalid(f"The content of {path} is no base64.", place="files") from error
        found[path] = FileIn(path, content)
    return list(found.values()), list(unread.values())


@router.post("/api/v1/estate/known", responses=PROBLEMS)
def ask_known(context: ContextDep, caller: CallerDep, body: KnownAsked) -> KnownView:
    """Say which of some files have to be sent: only digests travel, and what is the same is noted as seen."""
    files = {each.path: each.digest for each in body.files}
    packages = context.lookup.revision if context.lookup else ""
    with context.database.read() if body.dry_run else context.database.begin() as work:
        needed = estate.known(
            work,
            caller,
            body.origin,
            files,
            context.boundary,
            team=body.team,
            note=not body.dry_run,
            packages=packages,
        )
    return KnownView(needed=list(needed))


@router.post("/api/v1/estate/files", responses=PROBLEMS)
def send_files(context: ContextDep, caller: CallerDep, body: FilesSent) -> TakenListView:
    """Read some files and keep what they hold, all or nothing; the same again changes nothing.

    A file that cannot be read is kept as one that could not, with the place and the fix, and stops no other.
    """
    require(caller, Permission.APP_WRITE)
    # Read before the unit of work: reading takes a while, and the database has one writer.
    files, unread = _decoded(body.files, context.boundary)
    reads = [*estate.read_files(files, context.boundary, context.lookup), *unread]
    with context.database.begin() as work:
        origin = estate.ensure_origin(work, caller, body.origin, team=body.team, kind=body.kind)
        taken = estate.take_in(work, caller.actor, origin, reads)
    return TakenListView(items=[TakenView.of(each) for each in taken])


@router.post(
    "/api/v1/estate/archives",
    responses=PROBLEMS,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def send_archive(
    context: ContextDep, caller: CallerDep, request: Request, origin: Line, team: Line
) -> TakenListView:
    """Read the files of a zip as if each had been sent; nothing is written to a disk."""
    from starlette.concurrency import run_in_threadpool  # noqa: PLC0415 - only here

    data = await request.body()

    def read() -> list[Taken]:
        require(caller, Permission.APP_WRITE)
        reads = estate.read_files(estate.open_dropped(data), context.boundary, context.lookup)
        with context.database.begin() as work:
            into = estate.ensure_origin(work, caller, origin, team=team)
            return estate.take_in(work, caller.actor, into, reads)

    return TakenListView(items=[TakenView.of(each) for each in await run_in_threadpool(read)])


@router.post("/api/v1/estate/finish", responses=PROBLEMS)
def finish_pass(context: ContextDep, caller: CallerDep, body: FinishAsked) -> FinishedView:
    """End a complete pass: what is no longer there is marked as gone, never deleted."""
    if (body.paths is None) != body.complete:
        raise EstateFilesInvalid(
            "Nobody said what there is.", fix="Send either every path, or complete: true.", place="paths"
        )
    with context.database.begin() as work:
        origin = estate.find_origin(work, caller, body.origin, body.team)
        require(caller, Permission.APP_WRITE, origin.team_id)
        estate.require_by_hand(origin)
        gone = estate.finish(work, caller.actor, origin, paths=body.paths or (), complete=body.complete)
    return FinishedView(gone=list(gone))


@router.get("/api/v1/estate/files", responses=PROBLEMS)
def list_estate_files(
    context: ContextDep,
    caller: CallerDep,
    origin: Line = "",
    state: Literal["", "read", "unreadable", "other"] = "",
    cursor: Words = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    *,
    unreadable: bool = False,
) -> EstateFilesView:
    """List the files that were read, or could not be; `unreadable` keeps to those, `state` to any one."""
    with context.database.read() as work:
        page = estate.files(
            work, caller, state="unreadable" if unreadable else state, origin=origin, cursor=cursor, limit=limit
        )
    return EstateFilesView(items=[_file(each) for each in page.items], next=page.next or None)


def _file(row: dict[str, Any]) -> EstateFileView:
    fault = {name: row[f"error_{name}"] for name in ("code", "text", "fix", "place")}
    plain = {name: held for name, held in row.items() if not name.startswith("error_")}
    return EstateFileView(
        **plain | {"seen_at": rfc3339(row["seen_at"])}, error=ReadFaultView(**fault) if fault["code"] else None
    )
