"""`handrail adopt DIR`: every flow of a folder into the inventory, as often as one likes, and only what changed."""

import base64
import hashlib
import itertools
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from handrail.language.importers.dependencies import names_dependencies
from handrail.surfaces.cli.client import MISSING, REFUSED, USAGE, Client, fail
from handrail.surfaces.cli.definition_files import found_files, printable
from handrail.surfaces.cli.output import emit, say

ASKED_AT_ONCE: Final = 500
SENT_AT_ONCE: Final = 100
SENT_BYTES: Final = 4 * 1024 * 1024
# The server's own bound on one file; what is larger is named there, not sent.
FILE_MAX: Final = 8 * 1024 * 1024
PATH_MAX: Final = 500
_BLOCK: Final = 1024 * 1024
_SCRIPTS: Final = (".py", ".pyw")
# Files of one folder that list packages; nobody has so many.
_LISTS_MAX: Final = 20
_LISTED: Final = 50
_STOPPED: Final = 130


@dataclass(slots=True)
class _Entry:
    """One file; `held` is its content where it comes out of an archive."""

    name: str
    path: Path | None = None
    held: bytes | None = None

    def digest(self) -> tuple[str, int]:
        """Return the file's digest and size, without keeping it in memory.

        Raises:
            OSError: If it cannot be read.
        """
        if self.held is not None:
            return f"sha256:{hashlib.sha256(self.held).hexdigest()}", len(self.held)
        running, size = hashlib.sha256(), 0
        with Path(self.path or "").open("rb") as file:
            while block := file.read(_BLOCK):
                running.update(block)
                size += len(block)
        return f"sha256:{running.hexdigest()}", size

    def content(self) -> bytes:
        """Return the file's bytes, and never more than can be sent.

        Raises:
            OSError: If it cannot be read.
        """
        if self.held is not None:
            return self.held
        with Path(self.path or "").open("rb") as file:
            return file.read(FILE_MAX + 1)


@dataclass(slots=True)
class _Tally:
    files: int = 0
    unchanged: int = 0
    sent: int = 0
    paths: list[str] = field(default_factory=list)


def adopt_folder(client: Client, place: Path, *, origin: str, team: str, dry_run: bool, output: str) -> None:
    """Read every flow below a folder, or in a zip of one, into the inventory of the estate."""
    name = origin or place.resolve().name
    files = _Files(place)
    if files.total == 0:
        fail(f"{place} holds no file that could be a flow.", USAGE, fix="Name a folder with exported flows.")
    adoption = _Adoption(client, name, team, dry_run=dry_run)
    try:
        with _progress(files.total) as step:
            adoption.packages(files.packages, step)
            for entries in _chunks(files.others(), ASKED_AT_ONCE):
                adoption.chunk(entries, step)
    except KeyboardInterrupt:
        say("Stopped. The same command again goes on from here.")
        sys.exit(_STOPPED)
    if dry_run:
        emit({"origin": name, "team": team, **adoption.counts, "wouldSend": adoption.tally.sent}, output)
        say("Nothing was sent.")
        return
    gone: list[str] = []
    if files.closed:
        say("Nothing is taken for gone, because a folder could not be read.")
    else:
        body = {"origin": name, "team": team, "paths": adoption.tally.paths}
        gone = client.post("/api/v1/estate/finish", body)["gone"]
    _tell(client, name, team, adoption, gone, output)
    if files.closed:
        sys.exit(REFUSED)


class _Adoption:
    def __init__(self, client: Client, origin: str, team: str, *, dry_run: bool) -> None:
        self.tally = _Tally()
        self._client = client
        self._place = {"origin": origin, "team": team}
        self._dry_run = dry_run
        self._lists: dict[str, list[_Entry]] = {}
        self._changed: set[str] = set()

    @property
    def counts(self) -> dict[str, int]:
        """Return what was done so far."""
        return {"files": self.tally.files, "unchanged": self.tally.unchanged}

    def packages(self, entries: list[_Entry], step: Any) -> None:
        """Ask for the files that list packages first: when one changed, the scripts beside it are read again."""
        for entry in entries:
            self._lists.setdefault(_folder(entry.name), []).append(entry)
        for some in _chunks(iter(entries), ASKED_AT_ONCE):
            self._changed |= {_folder(each) for each in self.chunk(some, step)}

    def chunk(self, entries: list[_Entry], step: Any) -> set[str]:
        """Ask for some files by digest, and send those that are needed; return which those are."""
        digests: dict[str, tuple[str, int]] = {}
        closed: list[_Entry] = []
        for entry in entries:
            try:
                digests[entry.name] = entry.digest()
            except OSError:
                closed.append(entry)
        asked = [{"path": name, "digest": digest} for name, (digest, _) in digests.items()]
        body = {**self._place, "files": asked, "dryRun": self._dry_run}
        needed = set(self._client.post("/api/v1/estate/known", body)["needed"]) if asked else set()
        needed |= {name for name in digests if name.endswith(_SCRIPTS) and _folder(name) in self._changed}
        self.tally.files += len(entries)
        self.tally.unchanged += len(asked) - len(needed)
        self.tally.sent += len(needed) + len(closed)
        self.tally.paths += [entry.name for entry in entries]
        step(len(entries) - len(needed) - len(closed))
        if self._dry_run:
            step(len(needed) + len(closed))
            return needed
        self._send([entry for entry in entries if entry.name in needed], digests, step)
        for entry in closed:
            self._post([{"path": entry.name, "unread": "cannot_open"}])
            step(1)
        return needed

    def _send(self, entries: list[_Entry], digests: dict[str, tuple[str, int]], step: Any) -> None:
        waiting: list[dict[str, Any]] = []
        size = 0
        for entry in entries:
            document, weight = _as_sent(entry, *digests[entry.name])
            if waiting and (len(waiting) >= SENT_AT_ONCE or size + weight > SENT_BYTES):
                self._post(waiting)
                step(len(waiting))
                waiting, size = [], 0
            waiting.append(document)
            size += weight
        if waiting:
            self._post(waiting)
            step(len(waiting))

    def _post(self, files: list[dict[str, Any]]) -> None:
        there = {each["path"] for each in files}
        for folder in sorted({_folder(each["path"]) for each in files if each["path"].endswith(_SCRIPTS)}):
            # What a script's folder asks for goes with it.
            files = files + [
                _again(each) for each in self._lists.get(folder, [])[:_LISTS_MAX] if each.name not in there
            ]
        self._client.post("/api/v1/estate/files", {**self._place, "kind": "folder", "files": files})


def _again(entry: _Entry) -> dict[str, Any]:
    try:
        return _as_sent(entry, *entry.digest())[0]
    except OSError:
        return {"path": entry.name, "unread": "cannot_open"}


def _folder(name: str) -> str:
    return name.rpartition("/")[0]


def _as_sent(entry: _Entry, digest: str, size: int) -> tuple[dict[str, Any], int]:
    too_large = {"path": entry.name, "unread": "too_large", "digest": digest, "sizeBytes": size}
    if size > FILE_MAX:
        return too_large, 0
    try:
        content = entry.content()
    except OSError:
        return {"path": entry.name, "unread": "cannot_open"}, 0
    if len(content) > FILE_MAX:
        # It grew since it was looked at.
        return {**too_large, "sizeBytes": len(content)}, 0
    return {"path": entry.name, "content": base64.b64encode(content).decode()}, len(content)


class _Files:
    """The files of a folder, listed once, or of an archive, whose contents are never all held.

    Attributes:
        packages: Those that list packages.
        total: How many there are, these among them.
        closed: Folders that could not be listed.
    """

    def __init__(self, place: Path) -> None:
        self.closed: list[str] = []
        self._archive = place
        self._listed = list(_in_folder(place, self.closed)) if place.is_dir() else None
        self.total = 0
        self.packages: list[_Entry] = []
        for each in self._all():
            self.total += 1
            if names_dependencies(each.name):
                self.packages.append(each)

    def others(self) -> Iterator[_Entry]:
        """Yield the files that list no packages."""
        return (each for each in self._all() if not names_dependencies(each.name))

    def _all(self) -> Iterable[_Entry]:
        return _out_of(self._archive) if self._listed is None else self._listed


def _in_folder(folder: Path, closed: list[str]) -> Iterator[_Entry]:
    for found in found_files((str(folder),), closed):
        if _can_be_named(found.name):
            yield _Entry(found.name, found.path)
        else:
            say(f"{printable(found.name)}: no inventory can hold such a name; rename it; skipped")


def _out_of(archive: Path) -> Iterator[_Entry]:
    from handrail.kernel.errors import HandrailError
    from handrail.language.importers.archives import open_archive

    try:
        for name, content in open_archive(archive.read_bytes(), archive.name):
            yield _Entry(name.partition("!")[2], held=content)
    except OSError as error:
        fail(f"{archive} cannot be read ({error.strerror}).", MISSING)
    except HandrailError as error:
        fail(error.message, REFUSED, fix=error.fix, place=error.place)


def _can_be_named(name: str) -> bool:
    return len(name) <= PATH_MAX and name.isprintable() and "\\" not in name


def _chunks(entries: Iterator[_Entry], size: int) -> Iterator[list[_Entry]]:
    while chunk := list(itertools.islice(entries, size)):
        yield chunk


@contextmanager
def _progress(total: int) -> Iterator[Any]:
    """Yield what to call with each number of files done; a bar on a terminal, nothing anywhere else."""
    if not sys.stderr.isatty():
        yield lambda _count: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Reading", total=total)
        yield lambda count: progress.advance(task, count)


def _tell(client: Client, name: str, team: str, adoption: _Adoption, gone: list[str], output: str) -> None:
    listed = client.get("/api/v1/estate/definitions", origin=name, team=team, limit=1)
    risks = {each["value"]: each["count"] for each in listed["facets"]["risk"]}
    unreadable = client.get("/api/v1/estate/files", origin=name, unreadable="true", limit=500)
    summary = {
        "origin": name,
        "team": team,
        **adoption.counts,
        "sent": adoption.tally.sent,
        "gone": len(gone),
        "definitions": listed["total"],
        "withLeaks": risks.get("leak", 0),
        "withBlocks": risks.get("block", 0),
        "unreadable": [
            {"path": each["path"], **(each["error"] or {})} for each in unreadable["items"] if each["team"] == team
        ],
    }
    failed = summary["unreadable"]
    if output == "table":
        emit({**summary, "unreadable": f"{len(failed)}{'+' if unreadable['next'] else ''}"}, output)
        for each in failed[:_LISTED]:
            say(f"{printable(each['path'])}: {each['text']} ({each['place']})")
            say(f"  fix: {each['fix']}")
        if len(failed) > _LISTED:
            say("and more: handrail estate files --unreadable")
    else:
        emit(summary, output)
    say("next: handrail estate list")
    if failed and not listed["total"]:
        sys.exit(REFUSED)
