"""`handrail connect` as a process: started with a secret in a file, used by an unmodified client, ended by a signal."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
import slack_sdk
from tests.rigs.programs import ROOT, Program
from tests.rigs.upstreams import Upstreams

sys.path.insert(0, str(ROOT / "examples" / "upstreams"))
from service import Listener, Reply, Request, Upstream

HANDRAIL = [sys.executable, "-c", "from handrail.surfaces.cli import root; root()"]


class TokenService(Upstream):
    """Hands out the demo upstream's credential as a token, so that no hub is needed behind the sidecar."""

    name = "token-service"

    def __init__(self, token: str) -> None:
        super().__init__("")
        self.token = token
        self.forms: list[dict[str, str]] = []

    def accepts(self, request: Request) -> bool:
        return request.path == "/oauth/token"

    def unauthorised(self) -> Reply:
        return Reply(404)

    def handle(self, request: Request) -> Reply:
        form = request.parameters()
        self.forms.append(form)
        if form.get("client_secret") != "s3cret":
            return Reply(401, {"code": "client_invalid", "detail": "The client is unknown.", "status": 401})
        return Reply(200, {"access_token": self.token, "expires_in": 300, "token_type": "Bearer"})


@pytest.fixture
def upstreams(tmp_path: Path) -> Iterator[Upstreams]:
    with Upstreams(tmp_path / "upstreams") as running:
        yield running


@pytest.fixture
def token_service(upstreams: Upstreams) -> Iterator[TokenService]:
    service = TokenService(upstreams.credentials["slack"])
    stop = Listener(service, "127.0.0.1", 0).start()
    yield service
    stop()


@contextmanager
def connected(folder: Path, service: TokenService, hub: str, held: str = "s3cret") -> Iterator[dict]:
    folder.mkdir(exist_ok=True)
    secret_file, ready = folder / "secret", folder / "ready.json"
    secret_file.write_text(f"{held}\n")
    secret_file.chmod(0o600)
    command = [*HANDRAIL, "--home", str(folder / "home"), "--url", service.origin, "connect"]
    command += ["--client-id", "client-1", "--secret-file", str(secret_file), "--hub-url", hub]
    command += ["--ready-file", str(ready)]
    with Program(command, folder / "connect.log", dict(os.environ)) as program:
        program.wait_ready("handrail connect", ready.exists)
        told = json.loads(ready.read_text())
        yield {**told, "program": program, "key": Path(told["localKeyFile"]).read_text().strip()}


def test_an_unmodified_client_with_a_static_key_calls_through_it(
    tmp_path: Path, upstreams: Upstreams, token_service: TokenService
) -> None:
    with connected(tmp_path / "connect", token_service, upstreams.slack) as sidecar:
        client = slack_sdk.WebClient(token=sidecar["key"], base_url=f"{sidecar['url']}/api/", timeout=15)
        assert client.chat_postMessage(channel="#general", text="hello")["ok"]
        assert sidecar["key"] not in str(upstreams.seen("slack"))
        assert stat.S_IMODE(Path(sidecar["localKeyFile"]).stat().st_mode) == 0o600
        printed = sidecar["program"].output()
        assert sidecar["url"] in printed
        for secret in (sidecar["key"], "s3cret", token_service.token):
            assert secret not in printed
        assert httpx2.get(f"{sidecar['url']}/api/auth.test", trust_env=False).status_code == 401
    assert sidecar["program"].process.returncode == 0
    assert len(token_service.forms) == 1


def test_a_refused_client_is_told_so_and_so_is_every_call(
    tmp_path: Path, upstreams: Upstreams, token_service: TokenService
) -> None:
    with connected(tmp_path / "connect", token_service, upstreams.slack, held="wrong") as sidecar:
        assert "The client is unknown." in sidecar["program"].output()
        headers = {"authorization": f"Bearer {sidecar['key']}"}
        answer = httpx2.get(f"{sidecar['url']}/api/auth.test", headers=headers, trust_env=False)
        assert (answer.status_code, answer.json()["code"]) == (401, "client_invalid")
    assert upstreams.counts("slack") == {}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--client-id", "c"], 2, "exactly one"),
        (["--client-id", "c", "--secret-env", "NOT_SET_ANYWHERE"], 2, "NOT_SET_ANYWHERE"),
        (["--client-id", "c", "--secret-env", "PATH", "--listen", "0.0.0.0:0"], 2, "loopback"),
        (["--client-id", "c", "--secret-env", "PATH", "--url-of-nothing"], 2, "No such option"),
        (["--client-id", "c", "--secret-env", "PATH"], 5, "does not answer"),
    ],
)
def test_what_cannot_work_ends_with_the_reason(tmp_path: Path, arguments: list[str], code: int, words: str) -> None:
    command = [*HANDRAIL, "--home", str(tmp_path), "--url", "http://127.0.0.1:9", "connect", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (code, "")
    assert words in done.stderr


def test_a_secret_that_others_may_read_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret")
    secret.chmod(0o644)
    command = [*HANDRAIL, "--home", str(tmp_path), "connect", "--client-id", "c", "--secret-file", str(secret)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "chmod 600" in done.stderr
