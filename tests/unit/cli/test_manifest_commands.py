"""`handrail manifest`, `connector`, `connection`, `credential` and `environment`, against the real API."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.rigs.manifests import CONNECTION, CONNECTOR, changed

from handrail.language.manifest import schema_text
from handrail.registry.identity import Caller
from handrail.surfaces.cli import root

CANARY = "canary-19ab"
Run = Callable[..., Result]


def run_locally(*arguments: str, **more) -> Result:
    return CliRunner().invoke(root, list(arguments), **more)


@pytest.fixture
def run(http, token_of, admin: Caller, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Run]:
    """Run the command line as an admin; the application listens on a real port."""

    class Bridge(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            answer = http.request(self.command, self.path, content=body, headers=dict(self.headers))
            self.send_response(answer.status_code)
            self.send_header("content-type", answer.headers.get("content-type", "text/plain"))
            self.send_header("content-length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815 - the names that http.server calls

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Bridge)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("HANDRAIL_TOKEN", token_of(admin)["authorization"].removeprefix("Bearer "))
    monkeypatch.setenv("HANDRAIL_URL", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.chdir(tmp_path)
    for name, document in (("slack", CONNECTOR), ("slack-production", CONNECTION)):
        (tmp_path / f"{name}.json").write_text(json.dumps(document, indent=1))
    yield run_locally
    server.shutdown()
    thread.join()
    server.server_close()


def test_check_says_what_is_wrong_and_ends_with_1(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(json.dumps(CONNECTOR))
    bad.write_text("apiVersion: handrail.dev/v1\nkind: App\nmetadata: {name: a}\nspec: {team: t, ownr: o}\n")
    done = run_locally("manifest", "check", str(good), str(bad), "-o", "json")
    assert done.exit_code == 1
    found = json.loads(done.stdout)["items"]
    assert [(entry["place"], entry["code"]) for entry in found] == [
        (f"{bad}:4:7", "field_missing"),
        (f"{bad}:4:7", "field_missing"),
        (f"{bad}:4:17", "field_unknown"),
    ]
    assert found[2]["fix"] == "Did you mean 'owner'?"
    table = run_locally("manifest", "check", str(bad))
    assert "There is no field 'ownr'." in table.stdout
    assert "3 problems in 1 file" in table.stderr


def test_check_of_sound_manifests_prints_no_data(tmp_path: Path) -> None:
    good = tmp_path / "good.yaml"
    good.write_text(json.dumps(CONNECTION))
    done = run_locally("manifest", "check", str(good))
    assert (done.exit_code, done.stdout) == (0, "")
    from_stdin = run_locally("manifest", "check", "-", input=json.dumps(CONNECTOR))
    assert from_stdin.exit_code == 0


def test_check_of_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    assert run_locally("manifest", "check", str(tmp_path / "none.yaml")).exit_code == 4
    (tmp_path / "latin.yaml").write_bytes(b"a: 1\nb: \xe9\n")
    done = run_locally("manifest", "check", str(tmp_path / "latin.yaml"))
    assert done.exit_code == 1
    assert "latin.yaml:2:1" in done.stderr


def test_schema_prints_the_json_schema() -> None:
    assert run_locally("manifest", "schema", "connection").stdout == schema_text("Connection")


def test_from_a_file_to_a_connection(run: Run, tmp_path: Path) -> None:
    dry = run("connector", "apply", "slack.json", "--dry-run")
    assert (dry.exit_code, dry.stdout) == (0, "slack is new, with 2 operations\n")
    assert "connector slack 1.0.0: would create" in dry.stderr
    assert "No connector yet" in run("connector", "list").stderr
    assert "connector slack 1.0.0: created" in run("connector", "apply", "slack.json").stderr
    assert "unchanged" in run("connector", "apply", "slack.json").stderr

    refused = run("connection", "apply", "slack-production.json")
    assert refused.exit_code == 1
    assert "fix: Set it first: handrail credential set slack-bot" in refused.stderr
    arguments = ("credential", "set", "slack-bot", "--environment", "production", "--field", "token=-")
    assert "would set token" in run(*arguments, "--dry-run").stderr
    done = run(*arguments, input=f"{CANARY}\n")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "is now version 1" in done.stderr
    assert run("connection", "apply", "slack-production.json").exit_code == 0

    changes = changed(CONNECTION, "/spec/limits", {"callsPerMinute": 5})
    (tmp_path / "slack-production.json").write_text(json.dumps(changes))
    done = run("connection", "apply", "slack-production.json", "--dry-run", "-o", "json")
    assert json.loads(done.stdout)["changes"] == ["limits.callsPerMinute changes from 20 to 5"]
    listed = json.loads(run("connection", "list", "-o", "json").stdout)["items"]
    assert [(entry["name"], entry["callsPerMinute"]) for entry in listed] == [("slack-production", 20)]
    shown = run("connection", "show", "slack-production").stdout
    assert "/chat.postMessage" in shown
    credentials = run("credential", "list").stdout
    assert "slack-production" in credentials
    assert CANARY not in credentials

    assert "would remove" in run("connection", "remove", "slack-production", "--dry-run").stderr
    assert run("connection", "remove", "slack-production").exit_code == 0
    assert run("connection", "show", "slack-production").exit_code == 4


def test_every_mistake_reaches_the_person(run: Run, tmp_path: Path) -> None:
    (tmp_path / "slack.json").write_text(json.dumps(changed(CONNECTOR, "/spec/timeoutMs", 0), indent=1))
    done = run("connector", "apply", "slack.json")
    assert done.exit_code == 1
    assert "slack.json:" in done.stderr
    assert "timeoutMs is 0" in done.stderr


def test_environments_are_listed(run: Run) -> None:
    assert run("environment", "list", "-o", "csv").stdout.splitlines() == [
        "name,kind,region",
        "sandbox,sandbox,local",
        "production,production,local",
    ]


def test_a_secret_on_the_command_line_is_refused_and_not_repeated() -> None:
    for value in (CANARY, "", "@file"):
        done = run_locally("credential", "set", "x", "--environment", "sandbox", "--field", f"token={value}")
        assert done.exit_code == 2
        assert "reads the value from stdin" in done.stderr
        assert CANARY not in done.output


def test_each_field_takes_a_line_of_stdin(run: Run) -> None:
    arguments = ("credential", "set", "x", "--environment", "sandbox", "--field", "username=-", "--field", "password=-")
    assert run(*arguments, input="ada\n").exit_code == 2
    assert run(*arguments, input="ada\r\ns p\r\n").exit_code == 0
    assert run(*arguments, "--field", "username=-", input="a\nb\nc\n").exit_code == 2


@pytest.mark.parametrize("group", ["connector", "connection", "credential", "environment", "manifest"])
def test_every_command_has_help_with_an_example(group: str) -> None:
    assert "Example: handrail" in run_locally(group, "--help").stdout
    command = root.get_command(None, group)
    for name in command.commands:
        assert "Example: handrail" in run_locally(group, name, "--help").stdout
