"""Which reader a platform has."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from handrail.kernel.secret import Secret
from handrail.runtime.sources.folder import FolderReader
from handrail.runtime.sources.model import Instance, Reading
from handrail.runtime.sources.n8n import read_n8n
from handrail.runtime.sources.node_red import read_node_red
from handrail.runtime.sources.repository import GitReader


class Readers:
    """Reads any instance."""

    def __init__(self, copies: Path, folders: Sequence[Path] = ()) -> None:
        """Take where copies of repositories are kept, and which folders of this machine may be read."""
        self._folder = FolderReader(folders)
        self._git = GitReader(copies, folders)

    def __call__(self, instance: Instance, credential: Secret | None, known: Mapping[str, str]) -> Reading:
        """Return what an instance holds now, as `Reader` says."""
        match instance.platform:
            case "n8n":
                return read_n8n(instance, credential, known)
            case "git":
                return self._git(instance, credential, known)
            case "folder":
                return self._folder(instance, credential, known)
            case _:
                return read_node_red(instance, credential, known)
