"""A bare copy of somebody's repository in a folder of ours; nothing in it is ever checked out or run."""

import base64
import contextlib
import os
import resource
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Final

from handrail.platform.git.errors import GitFailed, GitRefused, GitTooLarge, GitUnauthorised
from handrail.platform.git.model import Entry, Limits, Remote

_ID: Final = frozenset("0123456789abcdef")
_KEPT: Final = "refs/handrail/seen"
_ERRORS_TOLD: Final = 64 * 1024
# A hook, a helper, a pager, an editor, a monitor: whatever git would run is switched off by name.
_CONFIG: Final[Mapping[str, str]] = {
    "core.hooksPath": "/dev/null",
    "core.fsmonitor": "false",
    "core.askPass": "",
    "core.sshCommand": "/bin/false",
    "core.alternateRefsCommand": "/bin/true",
    "credential.helper": "",
    "fetch.recurseSubmodules": "false",
    "submodule.recurse": "false",
    "fetch.unpackLimit": "1",  # always one pack, so that the limit of a file's size is the limit of a fetch
    "gc.auto": "0",
    "maintenance.auto": "false",
    "transfer.bundleURI": "false",
    "http.followRedirects": "false",
    "http.proxy": "",
    "http.lowSpeedLimit": "100",
    "http.lowSpeedTime": "20",
    "pack.threads": "1",
    "protocol.version": "2",
}
_DENIED: Final = (
    "authentication failed",
    "could not read username",
    "could not read password",
    "error: 403",
    "error: 401",
)


class Repository:
    """What was fetched of one remote."""

    def __init__(self, folder: Path, limits: Limits | None = None) -> None:
        """Take a folder of ours; it is made when it is needed, and made anew when it grows too large."""
        self._folder = folder
        self._limits = limits or Limits()

    def head(self, remote: Remote) -> str:
        """Return the id of the commit that a remote's branch points to.

        Raises:
            GitFailed: Or one of its kinds.
        """
        wanted = f"refs/heads/{remote.branch}" if remote.branch else "HEAD"
        with self._run(["ls-remote", "--quiet", "--", remote.address, wanted], self._limits.ask_s, remote) as out:
            for line in out.read(1 << 20).decode("utf-8", "replace").splitlines():
                commit, _tab, name = line.partition("\t")
                if name == wanted and _is_id(commit):
                    return commit
        raise GitFailed(
            f"The repository has no branch {remote.branch!r}." if remote.branch else "It has no commit yet."
        )

    def fetch(self, remote: Remote, commit: str) -> None:
        """Fetch one commit with its files, without its history, unless it is here.

        Raises:
            GitFailed: Or one of its kinds.
        """
        _require_id(commit)
        self._prepare()
        if self._has(commit):
            return
        # By its branch: not every server gives a commit by its id.
        wanted = f"refs/heads/{remote.branch}" if remote.branch else "HEAD"
        command = ["fetch", "--quiet", "--depth=1", "--no-tags", "--force", "--no-write-fetch-head"]
        command += ["--no-recurse-submodules", "--", remote.address, f"+{wanted}:{_KEPT}"]
        try:
            with self._run(command, self._limits.fetch_s, remote):
                pass
        except GitFailed:
            if self._sweep():
                raise GitTooLarge("The repository is larger than is permitted.") from None
            raise
        if not self._has(commit):
            raise GitFailed("The branch moved while it was read.")

    def tree(self, commit: str) -> tuple[Entry, ...]:
        """Return the regular files of a commit, by path; no links, no submodules.

        Raises:
            GitTooLarge: If there are more than may be.
            GitFailed: If the commit is not here.
        """
        _require_id(commit)
        found = []
        with self._run(["ls-tree", "-r", "-z", "--long", "--full-tree", commit], self._limits.ask_s) as out:
            for number, line in enumerate(_records(out)):
                if number >= self._limits.entries:
                    raise GitTooLarge(f"The repository has more than {self._limits.entries} files.")
                facts, _tab, path = line.partition(b"\t")
                mode, kind, blob, size = facts.split()
                if kind == b"blob" and mode != b"120000" and size.isdigit():
                    found.append(Entry(path.decode("utf-8", "replace"), blob.decode(), int(size)))
        return tuple(found)

    def blobs(self, ids: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """Yield the content of each id, in order; one that is not here is left out.

        Raises:
            GitFailed: Or one of its kinds.
        """
        for each in ids:
            _require_id(each)
        with tempfile.TemporaryFile() as asked:
            asked.write("".join(f"{each}\n" for each in ids).encode())
            asked.seek(0)
            with self._run(["cat-file", "--batch"], self._limits.ask_s, given=asked) as out:
                while head := out.readline():
                    parts = head.split()
                    if len(parts) == 3 and parts[1] == b"blob":
                        yield parts[0].decode(), out.read(int(parts[2]))
                        out.read(1)

    def _sweep(self) -> bool:
        """Remove what a fetch left unfinished; tell whether it had reached the limit."""
        full = False
        for path in (self._folder / "objects" / "pack").glob("tmp_*"):
            full = full or path.lstat().st_size >= self._limits.file_bytes
            path.unlink()
        return full

    def _prepare(self) -> None:
        if self._folder.exists() and _size(self._folder) > 2 * self._limits.file_bytes:
            shutil.rmtree(self._folder)
        if not (self._folder / "HEAD").exists():
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            # An empty template: the machine's own may hold hooks.
            with self._run(["init", "--quiet", "--bare", "--template=", str(self._folder)], self._limits.ask_s):
                pass

    def _has(self, commit: str) -> bool:
        try:
            with self._run(["cat-file", "-e", f"{commit}^{{tree}}"], self._limits.ask_s):
                return True
        except GitFailed:
            return False

    @contextlib.contextmanager
    def _run(
        self, command: Sequence[str], timeout_s: float, remote: Remote | None = None, given: IO[bytes] | None = None
    ) -> Iterator[IO[bytes]]:
        environment = _environment(self._folder, remote)
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
            try:
                process = subprocess.Popen(
                    ["git", *command],
                    stdin=given or subprocess.DEVNULL,
                    stdout=out,
                    stderr=errors,
                    env=environment,
                    cwd="/",
                    start_new_session=True,
                )
            except OSError:
                raise GitFailed("The program git is not on this machine.") from None
            try:
                self._bound(process.pid)
                status = process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                raise GitFailed(f"It did not answer within {timeout_s:.0f} s.") from None
            finally:
                _end(process)
            if status:
                errors.seek(0)
                raise _failure(errors.read(_ERRORS_TOLD).decode("utf-8", "replace").lower(), status)
            out.seek(0)
            yield out

    def _bound(self, process: int) -> None:
        # Children inherit it; it is set before the first byte of a network's answer can be there.
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(process, resource.RLIMIT_FSIZE, (self._limits.file_bytes, self._limits.file_bytes))
            resource.prlimit(process, resource.RLIMIT_CORE, (0, 0))


def _environment(folder: Path, remote: Remote | None) -> dict[str, str]:
    config = dict(_CONFIG) | {"safe.directory": str(folder)}
    protocol = "none"
    if remote is not None:
        protocol = remote.protocol
        if protocol == "file" and not Path(remote.address).is_dir():
            raise GitRefused("There is no repository in this folder.")
        if remote.resolve:
            config["http.curloptResolve"] = remote.resolve
        if remote.secret is not None and protocol != "file":
            pair = f"{remote.user or 'git'}:{remote.secret.reveal()}"
            config["http.extraHeader"] = f"Authorization: Basic {base64.b64encode(pair.encode()).decode()}"
    given = {"GIT_CONFIG_COUNT": str(len(config))}
    for number, (name, value) in enumerate(config.items()):
        given[f"GIT_CONFIG_KEY_{number}"] = name
        given[f"GIT_CONFIG_VALUE_{number}"] = value
    return given | {
        "PATH": os.defpath,
        "HOME": "/nonexistent",
        "LC_ALL": "C",
        "GIT_DIR": str(folder),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "/bin/false",
        "GIT_SSH_COMMAND": "/bin/false",
        "GIT_ALLOW_PROTOCOL": protocol,
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_LFS_SKIP_SMUDGE": "1",
    }


def _end(process: "subprocess.Popen[bytes]") -> None:
    # Its helpers too: they stand in a session of their own.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _failure(said: str, status: int) -> GitFailed:
    if "file too large" in said or status == -signal.SIGXFSZ:
        return GitTooLarge("The repository is larger than is permitted.")
    if any(words in said for words in _DENIED):
        return GitUnauthorised("The repository refused the credential, or wants one.")
    if "dubious ownership" in said:
        return GitRefused("The repository belongs to another user of this machine.")
    if "couldn't find remote ref" in said:
        return GitFailed("The repository has no such branch.")
    return GitFailed("The repository could not be read.")


def _records(stream: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while piece := stream.read(1 << 16):
        *whole, rest = (rest + piece).split(b"\0")
        yield from whole


def _is_id(text: str) -> bool:
    return len(text) in {40, 64} and set(text) <= _ID


def _require_id(text: str) -> None:
    if not _is_id(text):
        raise GitRefused("This is not the id of a commit or a file.")


def _size(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*"))
