"""The demo upstreams of the examples, and the third-party `httpbin`, on free loopback ports; plain or TLS."""

import json
import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2 as httpx
import trustme

from .programs import ROOT, Program, free_port


@dataclass(frozen=True, slots=True)
class Certificates:
    """PEM files of one throw-away authority and one server certificate of it."""

    ca_file: Path
    cert_file: Path
    key_file: Path


def certificates(folder: Path, *names: str) -> Certificates:
    """Issue a certificate for names, for example `127.0.0.1`, `*.hub.test`."""
    folder.mkdir(parents=True, exist_ok=True)
    authority = trustme.CA()
    server = authority.issue_cert(*names)
    made = Certificates(folder / "ca.pem", folder / "cert.pem", folder / "key.pem")
    authority.cert_pem.write_to_path(made.ca_file)
    made.cert_file.write_bytes(b"".join(pem.bytes() for pem in server.cert_chain_pems))
    server.private_key_pem.write_to_path(made.key_file)
    return made


class Upstreams(Program):
    """The Slack-, Stripe- and GitHub-like services, with credentials that exist nowhere else.

    Attributes:
        slack, stripe, github: Their addresses.
        credentials: Name to the only credential that it accepts.
    """

    def __init__(self, folder: Path, tls: Certificates | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.credentials = {name: secrets.token_urlsafe(24) for name in ("slack", "stripe", "github")}
        ready = folder / "ready.json"
        ready.unlink(missing_ok=True)
        command = [sys.executable, str(ROOT / "examples" / "upstreams" / "serve.py"), "--port", "0"]
        command += ["--ready-file", str(ready)]
        if tls is not None:
            command += ["--tls-cert", str(tls.cert_file), "--tls-key", str(tls.key_file)]
        held = {f"DEMO_{name.upper()}_CREDENTIAL": value for name, value in self.credentials.items()}
        super().__init__(command, folder / "upstreams.log", {**os.environ, **held})
        self.wait_ready("the demo upstreams", ready.exists)
        told = json.loads(ready.read_text(encoding="utf-8"))
        self.slack, self.stripe, self.github = (str(told[name]) for name in ("slack", "stripe", "github"))
        verify: Any = True if tls is None else str(tls.ca_file)
        self._http = httpx.Client(timeout=10, trust_env=False, verify=verify)

    def url(self, name: str) -> str:
        """Return the address of one of them."""
        return {"slack": self.slack, "stripe": self.stripe, "github": self.github}[name]

    def seen(self, name: str) -> list[dict[str, Any]]:
        """Return the calls that one of them received, oldest first (the last 500)."""
        found: list[dict[str, Any]] = self._http.get(f"{self.url(name)}/_seen").json()["requests"]
        return found

    def counts(self, name: str) -> dict[str, int]:
        """Return its own counters: `all`, `accepted`, `refused` and one for each `METHOD path`."""
        found: dict[str, int] = self._http.get(f"{self.url(name)}/_seen").json()["counts"]
        return found

    def reset(self, name: str) -> None:
        """Make one of them forget what it received and which faults were planned."""
        self._http.post(f"{self.url(name)}/_reset").raise_for_status()

    def fault(self, name: str, *, path: str = "", status: int = 0, delay_ms: int = 0, times: int = 1) -> None:
        """Make the next calls of a path answer late or with another status."""
        plan = {"path": path, "status": status, "delay_ms": delay_ms, "times": times}
        self._http.post(f"{self.url(name)}/_fault", json=plan).raise_for_status()

    def stop(self, timeout_s: float = 10) -> None:
        self._http.close()
        super().stop(timeout_s)


class Httpbin(Program):
    """The unmodified `httpbin` package on granian."""

    def __init__(self, folder: Path, tls: Certificates | None = None) -> None:
        port = free_port()
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
        command += ["--port", str(port), "--workers", "1", "--no-ws"]
        if tls is not None:
            command += ["--ssl-certificate", str(tls.cert_file), "--ssl-keyfile", str(tls.key_file)]
        super().__init__([*command, "httpbin:app"], folder / "httpbin.log", dict(os.environ))
        self._verify: Any = True if tls is None else str(tls.ca_file)
        self.wait_ready("httpbin", self._answers)

    def _answers(self) -> bool:
        try:
            found = httpx.get(f"{self.url}/status/204", trust_env=False, verify=self._verify, timeout=5)
        except httpx.HTTPError:
            return False
        return found.status_code == 204
