"""A folder with one good flow among files made to stop the reading of it: each says where it fails, the rest is read."""

import io
import json
import os
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.rigs.flows import ASKING_HOOK, node, workflow

MIB = 1024 * 1024
SECONDS = 20.0  # of CPU for the whole folder, on a slow and shared machine
MEMORY = 400 * MIB
"""Of the whole process; the folder alone holds a file of 100 MB and a bomb of 200 MB."""

GOOD = workflow(
    ASKING_HOOK,
    node("Call", "httpRequest", {"url": "http://api.example.org"}, retryOnFail=True),
    wires=[("Hook", "Call")],
)
TWINS = workflow(
    ASKING_HOOK,
    node("Call", "httpRequest", {"url": "http://a.example.org"}),
    node("Call", "httpRequest", {"url": "http://b.example.org"}),
    wires=[("Hook", "Call"), ("Call", "Call")],
)
CIRCLE = workflow(
    ASKING_HOOK,
    node("One", "code", {"jsCode": "return $('Two').first().json"}),
    node("Two", "code", {"jsCode": "return $('One').first().json"}),
    node("Three", "httpRequest", {"url": "={{ $('Three').first().json.url }}"}),
    wires=[("Hook", "One"), ("One", "Two"), ("Two", "One"), ("Two", "Three"), ("Three", "Three")],
)
UNKNOWN = json.dumps(
    {"nodes": [{"name": "Odd", "type": "n8n-nodes-base.neverHeardOf", "parameters": {}}], "connections": {}}
).encode()
HALF = workflow(node("Cut \ud83d", "httpRequest", {"url": "http://a.example.org", "text": "\udc00"}))


def _zip(*entries: tuple[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return held.getvalue()


def _nested(levels: int) -> bytes:
    return b'{"nodes": ' + b"[" * levels + b"]" * levels + b', "connections": {}}'


REFUSED: dict[str, tuple[bytes, str, str]] = {
    # File: content, code, place.
    "truncated.json": (GOOD[: len(GOOD) // 2], "artefact_invalid", "truncated.json:"),
    "deep.json": (_nested(10_000), "artefact_too_large", "deep.json:1:"),
    "bomb.zip": (_zip(("x.json", b"0" * (200 * MIB))), "artefact_too_large", "bomb.zip!x.json"),
    "traversal.zip": (_zip(("../../x.json", GOOD)), "artefact_invalid", "traversal.zip"),
    "doubled_key.json": (GOOD.replace(b'"name":', b'"name": "x", "name":', 1), "artefact_invalid", "doubled_key.json:"),
    "latin1.json": (GOOD.replace(b"Call", b"C\xe4ll", 1), "artefact_invalid", "latin1.json:"),
    "utf16.json": (GOOD.decode().encode("utf-16"), "artefact_invalid", "utf16.json:1:1"),
    "not_a_number.json": (GOOD.replace(b'"parameters": {', b'"parameters": {"a": NaN, ', 1), "artefact_invalid", "not_a_number.json:"),
    "deep.py": (b"x = " + b"(" * 10_000 + b")" * 10_000, "artefact_invalid", "deep.py:1"),
    "deep.yaml": (b"a: " + b"[" * 10_000 + b"]" * 10_000, "artefact_invalid", "deep.yaml:1:"),
    "cut.zip": (_zip(("x.json", GOOD))[:-30], "artefact_invalid", "cut.zip"),
}  # fmt: skip
READ: dict[str, tuple[bytes, str, str]] = {
    # File: content, a rule that finds something, at which step.
    "good.json": (GOOD, "plain-http", "Call"),
    "twins.json": (TWINS, "plain-http", "Call#2"),
    "circle.json": (CIRCLE, "code-step", "One"),
    "unknown.json": (UNKNOWN, "unknown-step-type", "Odd"),
    "half.json": (HALF, "plain-http", "Cut \ufffd"),
    "marked.json": (b"\xef\xbb\xbf" + GOOD, "plain-http", "Call"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("bad")
    for name, (data, _, _) in (*REFUSED.items(), *READ.items()):
        (made / name).write_bytes(data)
    with (made / "huge.json").open("wb") as huge:
        # A file of 100 MB that takes no room on the disk.
        huge.write(b'{"nodes": [')
        huge.truncate(100 * MIB)
    (made / os.fsdecode(b"n\xe4me.json")).write_bytes(GOOD)
    (made / "line\nbreak.json").write_bytes(GOOD)
    (made / "gone.json").symlink_to(made / "nowhere.json")
    (made / "out.json").symlink_to("/etc/hostname")
    (made / "round").symlink_to(made)
    return made


def _run(folder: Path, *arguments: str) -> tuple[Any, float, int]:
    """Run the command; return (what it printed, seconds of CPU, bytes of memory at its peak)."""
    program = (
        "import resource, sys; from pathlib import Path; from handrail.surfaces.cli import root\n"
        "try: root(sys.argv[1:])\n"
        "finally:\n used = resource.getrusage(resource.RUSAGE_SELF)\n"
        # What getrusage calls the peak counts the process that started this one.
        " peak = Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0]\n"
        " print(int(peak) * 1024, used.ru_utime + used.ru_stime, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments[:1], str(folder), *arguments[1:]],
        capture_output=True, text=True, check=False, timeout=120,
        env={key: value for key, value in os.environ.items() if key != "HANDRAIL_BOUNDARY"},
    )  # fmt: skip
    assert done.returncode == 1, done.stderr[-2_000:]
    assert "Traceback" not in done.stderr
    memory, seconds = done.stderr.splitlines()[-1].split()
    return done.stdout, float(seconds), int(memory)


@pytest.fixture(scope="module")
def scanned(folder: Path) -> Iterator[dict[str, Any]]:
    printed, seconds, memory = _run(folder, "scan", "--format", "jsonl")
    assert seconds < SECONDS
    assert memory < MEMORY
    yield {row["file"]: row for row in map(json.loads, printed.splitlines())}


@pytest.mark.parametrize("name", list(REFUSED))
def test_what_cannot_be_read_says_why_and_where(scanned: dict[str, Any], name: str) -> None:
    error = scanned[name]["error"]
    assert error["code"] == REFUSED[name][1]
    assert error["place"].startswith(REFUSED[name][2])
    assert name.endswith(".zip") or re.search(r":[1-9]\d*:[1-9]\d*$", error["place"])
    assert error["text"]
    assert error["fix"]


def test_a_file_of_100_mb_is_refused_and_never_in_memory(scanned: dict[str, Any]) -> None:
    assert "too large" in scanned["huge.json"]["error"]["text"].lower()
    assert scanned["huge.json"]["error"]["place"] == "huge.json"


@pytest.mark.parametrize("name", list(READ))
def test_everything_else_in_the_folder_is_read(scanned: dict[str, Any], name: str) -> None:
    row = scanned[name]
    assert row["error"] is None
    found = {(each["rule"], each["step"]) for each in row["findings"]}
    assert READ[name][1:] in found
    assert "check-failed" not in {rule for rule, _ in found}


def test_names_of_files_are_text_and_links_out_are_passed_over(scanned: dict[str, Any]) -> None:
    assert scanned["n\ufffdme.json"]["error"] is None
    assert scanned["line\nbreak.json"]["error"] is None
    assert not {"out.json", "round", "gone.json"} & set(scanned)


def test_the_check_of_the_folder_names_every_file_once(folder: Path) -> None:
    printed, seconds, memory = _run(folder, "check", "-o", "json")
    assert seconds < SECONDS
    assert memory < MEMORY
    rows = json.loads(printed)["items"]
    unreadable = [row for row in rows if row["rule"] == "unreadable"]
    assert sorted(row["file"] for row in unreadable) == sorted([*REFUSED, "huge.json"])
    assert all(row["evidence"]["place"] and row["severity"] == "block" and row["fix"]["text"] for row in unreadable)
    assert READ.keys() <= {row["file"] for row in rows if row["rule"] != "unreadable"}


@pytest.mark.parametrize("form", ["table", "sarif", "junit", "yaml", "jsonl"])
def test_every_way_of_printing_can_print_it(folder: Path, form: str) -> None:
    printed, _, _ = _run(folder, "check", "-o", form)
    assert "truncated.json" in printed
    assert "good.json" in printed
    assert "\x1b" not in printed


def test_a_folder_of_links_to_itself_ends(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (inner / "up").symlink_to(tmp_path)
    (inner / "good.json").write_bytes(GOOD)
    (inner / "bad.json").write_bytes(GOOD[:-3])
    begin = time.monotonic()
    printed, _, _ = _run(tmp_path, "scan", "--format", "jsonl")
    assert time.monotonic() - begin < 60
    assert [json.loads(line)["file"] for line in printed.splitlines()] == ["a/b/bad.json", "a/b/good.json"]
