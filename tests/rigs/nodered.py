"""A real Node-RED, started by the same script as the tour by command line."""

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2 as httpx

from .programs import ROOT, Program, free_port, wait_for

FOLDER = ROOT / "examples" / "node-red"
DEFAULT_HTTP = "http://127.0.0.1:8700"
DEFAULT_HUB = "http://127.0.0.1:8780"
Flows = list[dict[str, Any]]


def example(name: str = "flows.json", *, public: str = DEFAULT_HTTP, hub: str = DEFAULT_HUB) -> Flows:
    """Return one of the example's flow files, pointed at another Handrail."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    flows: Flows = json.loads(text.replace(DEFAULT_HTTP, public).replace(DEFAULT_HUB, hub))
    return flows


def installed() -> None:
    """Install Node-RED into the cache if it is not there; raises CalledProcessError."""
    subprocess.run([sys.executable, str(FOLDER / "run.py"), "--install-only"], check=True, timeout=280)


class NodeRed(Program):
    """One running Node-RED with its own folder.

    Attributes:
        url: Its address, for the admin API and for `http in` steps.
        admin_token: May deploy.
        read_token: May only read the flows: what a source gets.
    """

    def __init__(self, folder: Path, flows: Flows | None = None, environment: dict[str, str] | None = None) -> None:
        installed()
        self.admin_token = secrets.token_urlsafe(24)
        self.read_token = secrets.token_urlsafe(24)
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        user_dir = folder / "user"
        user_dir.mkdir(parents=True, exist_ok=True)
        if flows is not None:
            (user_dir / "flows.json").write_text(json.dumps(flows), encoding="utf-8")
        command = [sys.executable, str(FOLDER / "run.py"), "--port", str(port), "--user-dir", str(user_dir)]
        own = {
            "NODE_RED_ADMIN_TOKEN": self.admin_token,
            "NODE_RED_READ_TOKEN": self.read_token,
            "NODE_RED_CREDENTIAL_SECRET": "only-for-tests",
        }
        super().__init__(command, folder / "node-red.log", {**os.environ, **own, **(environment or {})})
        self._http = httpx.Client(base_url=self.url, timeout=30, trust_env=False)
        self.wait_ready("Node-RED", self._answers, 120)

    def _answers(self) -> bool:
        try:
            return self._starts() > 0 and self._flows().status_code == 200
        except httpx.HTTPError:
            return False

    def _flows(self) -> httpx.Response:
        return self._http.get("/flows", headers=self._headers(self.admin_token))

    def _headers(self, token: str) -> dict[str, str]:
        return {"authorization": f"Bearer {token}", "node-red-api-version": "v2"}

    def flows(self) -> tuple[str, Flows]:
        """Return the revision and the flows that run now."""
        body = self._flows().raise_for_status().json()
        return body["rev"], body["flows"]

    def deploy(self, flows: Flows) -> str:
        """Replace all flows through the admin API, as its editor does; return the new revision."""
        headers = {**self._headers(self.admin_token), "node-red-deployment-type": "full"}
        started = self._starts()
        answer = self._http.post("/flows", json={"flows": flows}, headers=headers)
        revision = str(answer.raise_for_status().json()["rev"])
        # It answers before the new flows run; for a moment their `http in` steps are not there.
        wait_for("the deployed flows to start", lambda: self._starts() > started)
        return revision

    def _starts(self) -> int:
        return self.output().count("Started flows")

    def inject(self, step: str) -> None:
        """Press the button of an inject step."""
        headers = self._headers(self.admin_token)
        self._http.post(f"/inject/{step}", headers=headers).raise_for_status()

    def trigger(self, path: str, json: Any = None, method: str = "POST") -> httpx.Response:
        """Call an `http in` step and return what the flow answered."""
        return self._http.request(method, path, json=json)

    def stop(self, timeout_s: float = 10) -> None:
        self._http.close()
        super().stop(timeout_s)
