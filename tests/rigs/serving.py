"""One `handrail serve` on a free port, a builder's token, and the command line against it."""

import json
import subprocess
from pathlib import Path
from typing import Any, Self

import httpx2 as httpx
from tests.rigs.processes import Api, handrail, settings
from tests.rigs.programs import Program, free_port

from handrail.main import open_home
from handrail.platform.settings import read_settings
from handrail.registry import identity
from handrail.registry.audit import SYSTEM
from handrail.registry.identity import Binding, Role

TEAM = "finance-ops"


class Serving:
    """A home folder with one builder, Ada; a context manager that runs serve on it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.home = folder / "home"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._starts = 0
        self.program: Program | None = None
        database, _ = open_home(read_settings({}, home=str(self.home)))
        with database.begin() as work:
            team = identity.add_team(work, SYSTEM, TEAM, "Finance operations")
            ada = identity.add_person(work, SYSTEM, "ada", "Ada")
            identity.grant_role(work, SYSTEM, ada, Binding(Role.BUILDER, team.id))
            _, token = identity.new_token(work, identity.caller_of(work, ada.id), "adopt", days=1)
        database.close()
        self.token = token.reveal()
        self.api = Api(self.url, self.token)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.program is not None:
            self.program.stop()

    def start(self) -> None:
        """Start serve and wait until it answers."""
        self._starts += 1
        environment = settings(self.folder, home=str(self.home), http=f"127.0.0.1:{self.port}")
        self.program = Program(handrail("serve"), self.folder / f"serve-{self._starts}.log", environment)
        self.program.wait_ready("serve", self._answers, 30)

    def _answers(self) -> bool:
        try:
            return bool(httpx.get(f"{self.url}/readyz", trust_env=False).is_success)
        except httpx.HTTPError:
            return False

    def environment(self) -> dict[str, str]:
        return settings(self.folder, home=str(self.home), url=self.url, token=self.token)

    def run(self, *arguments: str, code: int = 0) -> Any:
        """Run a command to its end; return its JSON."""
        done = subprocess.run(
            handrail(*arguments, "-o", "json"), env=self.environment(), capture_output=True, text=True, check=False
        )
        assert done.returncode == code, f"{arguments}: {done.stdout} {done.stderr}"
        return json.loads(done.stdout) if done.stdout.strip() else done.stderr

    def begin(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start a command; whoever starts it ends it."""
        return subprocess.Popen(
            handrail(*arguments), env=self.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
