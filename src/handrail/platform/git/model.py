"""What is read from a repository."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from handrail.kernel.secret import Secret
from handrail.platform.git.errors import GitRefused

_ADDRESS_MAX: Final = 500
_BRANCH: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/+-]{0,199}")


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one call: seconds for asking and for fetching, and the bytes of any file that git writes."""

    ask_s: float = 20
    fetch_s: float = 240
    file_bytes: int = 256 * 1024 * 1024
    entries: int = 100_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A regular file in a tree: its path, the id of its content, and how long that is."""

    path: str
    blob: str
    size: int


@dataclass(frozen=True, slots=True)
class Remote:
    """Where a repository is.

    Attributes:
        address: `https://host/path`, or an absolute path on this machine; nothing else is ever given to git.
        branch: Name of a branch; empty for the one that the repository names itself.
        user: With the secret: how it signs in over HTTP.
        resolve: `host:port:address`, when the address of the host was checked before; empty otherwise.
        clear: Whether `http://` is permitted too.
    """

    address: str
    branch: str = ""
    user: str = ""
    secret: Secret | None = None
    resolve: str = ""
    clear: bool = False

    @property
    def protocol(self) -> str:
        """The one protocol that git may speak for it.

        Raises:
            GitRefused: If git may not be given this address or branch.
        """
        if not self.address.isprintable() or len(self.address) > _ADDRESS_MAX or "\\" in self.address:
            raise GitRefused("This is not the address of a repository.")
        if self.branch and (not _BRANCH.fullmatch(self.branch) or ".." in self.branch):
            raise GitRefused("This is not the name of a branch.")
        if self.address.startswith("/"):
            return "file"
        try:
            parts = urlsplit(self.address)
            host, scheme = parts.hostname or "", parts.scheme
            bare = not (parts.username or parts.password or parts.query or parts.fragment)
        except ValueError:
            host, scheme, bare = "", "", False
        permitted = {"https", "http"} if self.clear else {"https"}
        # `ext::` runs a program, `--upload-pack` is an option, `ssh://-o...` another: only what is listed here passes.
        if not self.address.startswith(f"{scheme}://") or scheme not in permitted or not bare:
            raise GitRefused("Repositories are read over https, or from a folder of this machine.")
        if not host or host.startswith("-"):
            raise GitRefused("The address of the repository names no host.")
        return scheme
