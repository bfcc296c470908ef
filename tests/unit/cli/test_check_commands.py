"""`handrail scan`, `check`, `fix` and `rules`: local, without a server."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.rigs.flows import ASKING_HOOK, node, workflow

from handrail.surfaces.cli import root

SECRET = "9f3kd02mxl48vq71zp5t"
GOOD = workflow(
    ASKING_HOOK,
    node("Call", "httpRequest", {"url": "https://api.example.org"}, retryOnFail=True),
    wires=[("Hook", "Call")],
)
PLAIN = workflow(node("Call", "httpRequest", {"url": "http://api.example.org"}, retryOnFail=True))
BAD = workflow(node("Call", "httpRequest", {"url": "https://a.example.org", "headerParameters": {"parameters": [{"name": "x-api-key", "value": SECRET}]}}, retryOnFail=True))  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HANDRAIL_BOUNDARY", raising=False)


def run(*arguments: str | Path, code: int = 0) -> Result:
    done = CliRunner().invoke(root, [str(each) for each in arguments])
    assert done.exit_code == code, f"{arguments}: {done.output} {done.exception!r}"
    return done


def rows(done: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def write(folder: Path, **files: bytes) -> None:
    for name, data in files.items():
        path = folder / name.replace("__", "/")
        path = path if path.suffix else path.with_name(f"{path.name}.json")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def test_scan_prints_one_object_per_definition_in_sorted_order(tmp_path: Path) -> None:
    write(tmp_path, b__two=GOOD, a__one=BAD, list=b"[" + GOOD + b"," + BAD + b"]")
    found = rows(run("scan", tmp_path, "--format", "jsonl"))
    assert [(each["file"], each["definition"]) for each in found] == [("a/one.json", 0), ("b/two.json", 0), ("list.json", 0), ("list.json", 1)]  # fmt: skip
    first = found[0]
    assert first["format"] == "n8n"
    assert first["error"] is None
    assert first["steps"] == [
        {"id": "Call", "kind": "action", "type": "n8n-nodes-base.httpRequest", "connector": "http", "operation": "GET", "host": "a.example.org", "disabled": False}
    ]  # fmt: skip
    assert next(each for each in first["findings"] if each["rule"] == "hardcoded-secret")["step"] == "Call"
    assert found[1]["edges"] == [{"from": "Hook", "to": "Call", "kind": "main"}]
    assert SECRET not in json.dumps(found)


def test_scan_passes_over_what_is_no_flow_and_reports_what_is_broken(tmp_path: Path) -> None:
    write(tmp_path, ok=GOOD, other=b"{}", broken=b'{"nodes": [', note=b"x")
    (tmp_path / "MANIFEST.jsonl").write_text("{}")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "x.json").write_bytes(GOOD)
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "x.json").write_bytes(GOOD)
    done = run("scan", tmp_path, "-o", "jsonl", code=1)
    found = {each["file"]: each for each in rows(done)}
    assert found.keys() == {"ok.json", "broken.json", "note.json"}
    assert found["broken.json"]["error"]["code"] == "artefact_invalid"
    assert found["broken.json"]["error"]["place"].startswith("broken.json:1:")
    assert "1 file passed over" in done.stderr


def test_a_file_that_somebody_names_is_answered_for(tmp_path: Path) -> None:
    write(tmp_path, other=b"{}")
    found = rows(run("scan", tmp_path / "other.json", "-o", "jsonl", code=1))
    assert found[0]["error"]["code"] == "artefact_unknown"
    assert "does not exist" in run("scan", tmp_path / "nothing", code=4).stderr


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    write(outside, x=GOOD)
    write(inside, y=GOOD)
    (inside / "link.json").symlink_to(outside / "x.json")
    (inside / "folder").symlink_to(outside)
    (inside / "circle").symlink_to(inside)
    (inside / "same.json").symlink_to(inside / "y.json")
    assert [each["file"] for each in rows(run("scan", inside, "-o", "jsonl"))] == ["same.json", "y.json"]


def test_an_archive_is_opened_in_memory(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "flows.zip", "w") as archive:
        archive.writestr("a/flow.json", GOOD)
    (tmp_path / "evil.zip").write_bytes(b"PK\x03\x04 broken")
    found = rows(run("scan", tmp_path, "-o", "jsonl", code=1))
    assert [(each["file"], bool(each["error"])) for each in found] == [
        ("evil.zip", True),
        ("flows.zip!a/flow.json", False),
    ]


def test_scan_says_the_same_twice(tmp_path: Path) -> None:
    write(tmp_path, a=BAD, b=GOOD)
    assert run("scan", tmp_path, "-o", "jsonl").stdout == run("scan", tmp_path, "-o", "jsonl").stdout
    assert "a.json" in run("scan", tmp_path).stdout
    assert json.loads(run("scan", tmp_path, "-o", "json").stdout)["items"][0]["file"] == "a.json"


def test_check_ends_with_1_when_something_blocks(tmp_path: Path) -> None:
    write(tmp_path, bad=BAD)
    done = run("check", tmp_path, code=1)
    assert "bad.json:" in done.stdout
    assert "hardcoded-secret" in done.stdout
    assert "[secret: api-key]" in done.stdout
    assert SECRET not in done.output
    assert "1 block" in done.stderr
    write(tmp_path, bad=GOOD)
    run("check", tmp_path)


def test_fail_on_warn_and_rules(tmp_path: Path) -> None:
    write(tmp_path, plain=PLAIN)
    run("check", tmp_path)
    run("check", tmp_path, "--fail-on", "warn", code=1)
    run("check", tmp_path, "--fail-on", "warn", "--rule", "leak")
    assert "Did you mean 'leak'" in run("check", tmp_path, "--rule", "leek", code=2).stderr


def test_a_baseline_hides_what_is_known_and_nothing_else(tmp_path: Path) -> None:
    write(tmp_path, flows__bad=BAD)
    flows, known = tmp_path / "flows", tmp_path / "known.json"
    known.write_text(run("check", flows, "-o", "json", code=1).stdout)
    run("check", flows, "--baseline", known)
    write(tmp_path, flows__worse=BAD)
    assert "worse.json" in run("check", flows, "--baseline", known, code=1).stdout
    known.write_text("nonsense")
    assert "no list of findings" in run("check", flows, "--baseline", known, code=2).stderr


def test_a_file_that_cannot_be_read_blocks(tmp_path: Path) -> None:
    write(tmp_path, broken=b"{")
    assert "unreadable" in run("check", tmp_path, code=1).stdout


def test_a_boundary_can_be_given(tmp_path: Path) -> None:
    write(tmp_path, flow=GOOD)
    (tmp_path / "boundary").write_text("[]")
    assert "boundary" in run("check", tmp_path / "flow.json", "--boundary", tmp_path / "boundary", code=1).stderr
    run("scan", tmp_path, "--boundary", tmp_path / "nothing", code=4)


def test_fix_prints_what_it_would_do_and_does_it(tmp_path: Path) -> None:
    write(tmp_path, flow=BAD)
    file = tmp_path / "flow.json"
    file.chmod(0o640)
    run("fix", tmp_path, code=2)
    run("fix", tmp_path, "--write", "--dry-run", code=2)
    done = run("fix", tmp_path, "--dry-run")
    assert '+        "authentication": "genericCredentialType"' in done.stdout
    assert SECRET not in done.output
    assert file.read_bytes() == BAD
    run("fix", tmp_path, "--write", "--rule", "hardcoded-secret")
    assert SECRET not in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [file]
    run("check", tmp_path)
    assert run("fix", tmp_path, "--write").stdout == ""


def test_fix_leaves_a_file_alone_that_changed_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from handrail.surfaces.cli import fixing

    write(tmp_path, flow=BAD)
    file = tmp_path / "flow.json"
    real = fixing._difference

    def meanwhile(*arguments: Any) -> str:
        file.write_bytes(GOOD)
        return real(*arguments)

    monkeypatch.setattr(fixing, "_difference", meanwhile)
    assert "changed meanwhile" in run("fix", file, "--write", code=1).stderr
    assert file.read_bytes() == GOOD
    assert list(tmp_path.iterdir()) == [file]


def test_fix_says_so_when_a_file_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from handrail.surfaces.cli import fixing

    def closed(**_: Any) -> tuple[int, str]:
        raise PermissionError(13, "Permission denied")

    write(tmp_path, flow=BAD)
    monkeypatch.setattr(fixing.tempfile, "mkstemp", closed)
    done = run("fix", tmp_path / "flow.json", "--write", code=1)
    assert "flow.json: it cannot be written (Permission denied), so it was left alone" in done.stderr
    assert "ended 0 findings" in done.stderr
    assert (tmp_path / "flow.json").read_bytes() == BAD


def test_rules_are_listed_and_shown() -> None:
    assert "hardcoded-secret" in run("rules", "list").stdout
    assert json.loads(run("rules", "show", "leak", "-o", "json").stdout)["severity"] == "block"
    assert "leak" in run("rules", "show", "leek", code=4).stderr


def test_packages_of_a_script_are_looked_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDRAIL_HOME", str(tmp_path / "home"))
    script = '# /// script\n# dependencies = ["requests>=2"]\n# ///\nimport requests\n\nrequests.get("https://a.example.org", timeout=5)\n'
    (tmp_path / "work.py").write_text(script)
    found = {each["rule"] for each in rows(run("check", tmp_path / "work.py", "-o", "jsonl"))}
    assert {"unpinned-dependency", "vulnerability-data-missing"} <= found


HOSTILE = "x\x1b[2J\x07\u202e]]><script>&\n'\"\u2028y"


@pytest.mark.parametrize("form", ["table", "sarif", "junit", "json"])
def test_a_hostile_name_breaks_no_output(form: str, tmp_path: Path) -> None:
    import xml.etree.ElementTree as ET

    folder = tmp_path / "f"
    folder.mkdir()
    data = workflow(node(HOSTILE, "httpRequest", {"url": f"http://api.example.org/{HOSTILE}"}), name=HOSTILE)
    (folder / f"{HOSTILE.replace('/', '')}.json").write_bytes(data)
    out = run("check", folder, "-o", form).stdout
    if form == "table":
        assert "\x1b" not in out
        assert "\u202e" not in out
        assert "\x07" not in out
    elif form == "junit":
        suites = ET.fromstring(out)  # noqa: S314 - same
        assert len(suites.findall("testsuite/testcase")) == 1
        assert "\x1b" not in out
    else:
        json.loads(out)
        assert "\x1b" not in out


def test_sarif_is_what_the_standard_says(tmp_path: Path) -> None:
    write(tmp_path, a__bad=BAD, plain=PLAIN, broken=b"{", good=GOOD)
    log = json.loads(run("check", tmp_path, "-o", "sarif", code=1).stdout)
    assert log["version"] == "2.1.0"
    (one,) = log["runs"]
    rules = one["tool"]["driver"]["rules"]
    assert len({each["id"] for each in rules}) == len(rules)
    for each in rules:
        assert each["defaultConfiguration"]["level"] in {"error", "warning", "note"}
        assert each["shortDescription"]["text"]
        assert each["help"]["text"]
    for each in one["results"]:
        assert rules[each["ruleIndex"]]["id"] == each["ruleId"]
        assert each["level"] in {"error", "warning", "note"}
        assert each["message"]["text"]
        place = each["locations"][0]["physicalLocation"]
        assert not place["artifactLocation"]["uri"].startswith("/")
        assert place["artifactLocation"]["uriBaseId"] in one["originalUriBaseIds"]
        region = place["region"]
        assert all(isinstance(value, int) and value >= 1 for value in region.values())
        assert (region["startLine"], region["startColumn"]) <= (region["endLine"], region["endColumn"])
        assert all(len(value) == 32 for value in each["partialFingerprints"].values())
    prints = [each["partialFingerprints"]["handrailFinding/v1"] for each in one["results"]]
    assert len(set(prints)) == len(prints)


def test_the_start_stays_fast_and_loads_no_server(tmp_path: Path) -> None:
    write(tmp_path, flow=GOOD)
    code = (
        "import sys; from handrail.surfaces.cli import root\n"
        f"try: root(['check', {str(tmp_path)!r}])\n"
        "except SystemExit: pass\n"
        "print(sorted(m for m in sys.modules if m.split('.')[0] in {'fastapi', 'sqlalchemy', 'httpx2', 'pydantic'})[:3])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("command", ["check", "fix", "scan", "rules", "adopt", "estate", "review", "approve"])
def test_help_and_what_only_asks_a_server_load_no_reader_of_flows(command: str) -> None:
    code = (
        "import sys; from handrail.surfaces.cli import root\n"
        f"try: root([{command!r}, '--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted(m for m in sys.modules if m.startswith(('handrail.language.', 'handrail.governance.')))[:3])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert done.stdout.splitlines()[-1] == "[]"
