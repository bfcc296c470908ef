"""A git repository: what definitions its branch holds."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, cast
from urllib.parse import urlsplit

from handrail.kernel.secret import Secret
from handrail.platform.git import GitFailed, GitTooLarge, GitUnauthorised, Remote, Repository
from handrail.platform.http import HostUnresolved, Network, refusal, resolve
from handrail.runtime.sources.errors import Unauthorised, Unreachable, Unreadable
from handrail.runtime.sources.folder import FILE_BYTES, READ_BYTES, SUFFIXES, permitted
from handrail.runtime.sources.model import FILES_MAX, File, Instance, Reading

_PORTS: Final = {"https": 443, "http": 80}


class GitReader:
    """Reads repositories into copies of its own; only what changed is fetched and opened."""

    def __init__(self, folder: Path, roots: Sequence[Path] = ()) -> None:
        """Take a folder for copies, and the folders of this machine whose repositories may be read."""
        self._folder = folder
        self._roots = tuple(roots)

    def __call__(self, instance: Instance, credential: Secret | None, known: Mapping[str, str]) -> Reading:
        """Return the files of a branch that may hold definitions; a file's version is its blob's id.

        Raises:
            Unreachable: If it cannot be fetched, or its address may not be called.
            Unauthorised: If it refuses the credential.
            Unreadable: If there is too much in it.
        """
        copy = Repository(self._folder / f"{instance.id}.git")
        try:
            remote = self._remote(instance, credential)
            commit = copy.head(remote)
            copy.fetch(remote, commit)
            return _reading(copy, commit, known)
        except GitUnauthorised as error:
            raise Unauthorised(str(error)) from None
        except GitTooLarge as error:
            raise Unreadable(str(error)) from None
        except GitFailed as error:
            raise Unreachable(str(error)) from None

    def _remote(self, instance: Instance, credential: Secret | None) -> Remote:
        address, _hash, branch = instance.url.partition("#")
        if address.startswith("/"):
            return Remote(str(permitted(address, self._roots)), branch)
        private = instance.network == "private"
        user, colon, secret = credential.reveal().partition(":") if credential else ("", "", "")
        token = Secret(secret if colon else user) if credential else None
        bare = Remote(address, branch, user if colon else "", token, clear=private)
        usual = _PORTS[bare.protocol]
        parts = urlsplit(address)
        try:
            port = parts.port or usual
        except ValueError:
            raise Unreachable("The address of the repository has no port that can be.") from None
        # git asks for names by itself: it is told the one address that was checked.
        pinned = f"{parts.hostname}:{port}:{_checked(parts.hostname or '', instance)}"
        return Remote(address, branch, bare.user, token, pinned, clear=private)


def _checked(host: str, instance: Instance) -> str:
    network = cast("Network", instance.network)
    try:
        found = resolve(host)
    except HostUnresolved as error:
        raise Unreachable(error.message) from None
    reasons = {address: refusal(address, network) for address in found}
    for address, reason in reasons.items():
        if not reason:
            return address
    hint = " Register it with --network private if that is meant." if network == "public" else ""
    told = ", ".join(f"{address} is {reason}" for address, reason in reasons.items())
    raise Unreachable(f"{host} may not be called: {told}.{hint}")


def _reading(copy: Repository, commit: str, known: Mapping[str, str]) -> Reading:
    entries = [
        entry
        for entry in copy.tree(commit)
        if entry.path.lower().endswith(SUFFIXES) and 0 < entry.size <= FILE_BYTES and not _hidden(entry.path)
    ]
    if len(entries) > FILES_MAX:
        raise Unreadable(f"The repository holds more than {FILES_MAX} files that may be definitions.")
    wanted: dict[str, None] = {}
    left = READ_BYTES
    for entry in entries:
        if known.get(entry.path) != entry.blob and entry.blob not in wanted and entry.size <= left:
            wanted[entry.blob] = None
            left -= entry.size
    contents = dict(copy.blobs(list(wanted))) if wanted else {}
    files = tuple(
        File(entry.path, entry.blob, None if known.get(entry.path) == entry.blob else contents.get(entry.blob))
        for entry in sorted(entries, key=lambda entry: entry.path)
    )
    return Reading(files)


def _hidden(path: str) -> bool:
    return any(part.startswith(".") for part in path.split("/"))
