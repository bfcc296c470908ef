"""A whole estate by one command: resumed after a kill, incremental, and without anything twice."""

import json
import random
import subprocess
import time
from pathlib import Path

import pytest
from tests.rigs.estates import plain, write_folder
from tests.rigs.programs import wait_for
from tests.rigs.serving import TEAM, Serving

pytestmark = pytest.mark.xdist_group("adopt")
FILES = 400
SEED = 20261126


@pytest.fixture
def serving(tmp_path: Path):
    with Serving(tmp_path / "install") as running:
        yield running


def all_paths(serving: Serving) -> list[tuple[str, str]]:
    """Return path and name of every definition that is kept."""
    found, cursor = [], ""
    while True:
        page = serving.api("GET", "/api/v1/estate/definitions", limit="200", **({"cursor": cursor} if cursor else {}))
        found += [(each["path"], each["name"]) for each in page["items"]]
        cursor = page["next"]
        if not cursor:
            return sorted(found)


def kept_files(serving: Serving) -> int:
    found, cursor = 0, ""
    while True:
        page = serving.api("GET", "/api/v1/estate/files", limit="500", cursor=cursor)
        found += len(page["items"])
        cursor = page["next"] or ""
        if not cursor:
            return found


def _wait_for_more(serving: Serving, command: "subprocess.Popen[bytes]") -> None:
    before = kept_files(serving)
    wait_for("files to be kept", lambda: kept_files(serving) > before or command.poll() is not None, 60)


@pytest.mark.shared
def test_the_real_flows_are_adopted_by_one_command_and_the_same_again_is_incremental(
    serving: Serving, shared_data: Path
) -> None:
    flows = shared_data / "flows"
    there = [path for path in flows.rglob("*") if path.suffix in {".json", ".zip"}]
    first = serving.run("adopt", str(flows), "--team", TEAM)
    assert first["files"] == first["sent"] == len(there)
    assert first["unreadable"] == []
    assert first["definitions"] >= len(there)
    again = serving.run("adopt", str(flows), "--team", TEAM)
    assert (again["unchanged"], again["sent"], again["gone"]) == (len(there), 0, 0)
    assert again["definitions"] == first["definitions"]
    seen = serving.api("GET", "/api/v1/estate")
    assert {each["platform"] for each in seen["byPlatform"]} >= {"n8n", "power-automate", "logic-apps", "node-red"}
    assert seen["leaks"] > 0
    assert len(all_paths(serving)) == first["definitions"]


def test_a_killed_adoption_goes_on_without_loss_or_double_entry(serving: Serving, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    folder = tmp_path / "flows"
    write_folder(folder, [(f"{number % 7}/{number:05}.json", plain(number)) for number in range(FILES)])
    expected = [(f"{number % 7}/{number:05}.json", f"flow-{number:05}") for number in range(FILES)]
    interrupted = 0
    for _ in range(3):
        command = serving.begin("adopt", str(folder), "--team", TEAM)
        _wait_for_more(serving, command)
        time.sleep(chance.uniform(0, 0.2))
        if command.poll() is None:
            command.kill()
            interrupted += 1
        command.wait(60)
    assert interrupted, "nothing was interrupted: make the estate larger"
    last = serving.run("adopt", str(folder), "--team", TEAM)
    assert last["files"] == FILES
    assert all_paths(serving) == sorted(expected)
    assert kept_files(serving) == FILES
    assert serving.run("adopt", str(folder), "--team", TEAM)["sent"] == 0


def test_a_killed_server_loses_nothing_that_it_had_answered(serving: Serving, tmp_path: Path) -> None:
    folder = tmp_path / "flows"
    write_folder(folder, [(f"{number:05}.json", plain(number)) for number in range(FILES)])
    command = serving.begin("adopt", str(folder), "--team", TEAM)
    _wait_for_more(serving, command)
    assert serving.program is not None
    serving.program.process.kill()
    serving.program.process.wait()
    assert command.wait(120) in {0, 5}
    serving.start()
    kept = kept_files(serving)
    last = serving.run("adopt", str(folder), "--team", TEAM)
    assert last["unchanged"] == kept
    assert [path for path, _ in all_paths(serving)] == [f"{number:05}.json" for number in range(FILES)]


def test_one_bad_file_stops_nothing_and_is_listed_with_place_and_fix(serving: Serving, tmp_path: Path) -> None:
    folder = tmp_path / "flows"
    write_folder(
        folder,
        [
            ("good.json", plain(1)),
            ("cut.json", plain(2)[:-30]),
            ("deep.json", b"[" * 10_000 + b"]" * 10_000),
            ("large.json", b'{"nodes": [' + b" " * (9 * 1024 * 1024) + b"]}"),
            ("latin.json", '{"name": "Grüße"}'.encode("latin-1")),
            ("no.zip", b"PK\x03\x04 and nothing more"),
            ("other.json", b'{"dependencies": {}}'),
        ],
    )
    found = serving.run("adopt", str(folder), "--team", TEAM)
    assert found["definitions"] == 1
    listed = {each["path"]: each for each in found["unreadable"]}
    assert set(listed) == {"cut.json", "deep.json", "large.json", "latin.json", "no.zip"}
    assert all(each["place"] and each["fix"] and each["text"] for each in listed.values())
    # What did not change is not sent again, and still listed.
    again = serving.run("adopt", str(folder), "--team", TEAM)
    assert (again["sent"], again["unreadable"]) == (0, found["unreadable"])
    (folder / "good.json").unlink()
    gone = serving.run("adopt", str(folder), "--team", TEAM, code=1)
    assert (gone["gone"], gone["definitions"]) == (1, 0)


def test_nothing_is_kept_by_a_dry_run(serving: Serving, tmp_path: Path) -> None:
    folder = tmp_path / "flows"
    write_folder(folder, [("a.json", plain(1)), ("b.json", plain(2))])
    assert serving.run("adopt", str(folder), "--team", TEAM, "--dry-run")["wouldSend"] == 2
    assert kept_files(serving) == 0
    assert serving.run("adopt", str(folder), "--team", TEAM)["sent"] == 2
    assert serving.run("adopt", str(folder), "--team", TEAM, "--dry-run")["wouldSend"] == 0


def test_a_zip_of_a_folder_is_the_folder(serving: Serving, tmp_path: Path) -> None:
    import zipfile

    packed = tmp_path / "exports.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(3):
            archive.writestr(f"flows/{number}.json", plain(number))
    assert serving.run("adopt", str(packed), "--team", TEAM)["definitions"] == 3
    assert [path for path, _ in all_paths(serving)] == ["flows/0.json", "flows/1.json", "flows/2.json"]


def test_a_changed_list_of_packages_brings_its_scripts_again(serving: Serving, tmp_path: Path) -> None:
    record = {
        "id": "PYSEC-1",
        "modified": "2026-03-01T12:00:00Z",
        "affected": [
            {
                "package": {"ecosystem": "PyPI", "name": "gadget-kit"},
                "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.2"}]}],
            }
        ],
    }
    (tmp_path / "record.json").write_text(json.dumps(record))
    folder = tmp_path / "scripts"
    write_folder(folder, [("a/one.py", b"print()\n"), ("a/requirements.txt", b"gadget-kit==1.0\n"), ("b/two.py", b"print()\n")])  # fmt: skip

    def rules() -> dict[str, list[str]]:
        items = serving.api("GET", "/api/v1/estate/definitions")["items"]
        details = {each["path"]: serving.api("GET", f"/api/v1/estate/definitions/{each['id']}") for each in items}
        return {path: [one["rule"] for one in held["findings"]] for path, held in details.items()}

    assert serving.run("adopt", str(folder), "--team", TEAM)["sent"] == 3
    assert "vulnerability-data-missing" in rules()["a/one.py"]
    # What is known now is another thing: scripts are read again.
    serving.run("vulnerabilities", "import", str(tmp_path / "record.json"))
    assert serving.run("adopt", str(folder), "--team", TEAM)["sent"] == 3
    assert "vulnerable-dependency" in rules()["a/one.py"]
    write_folder(folder, [("a/requirements.txt", b"gadget-kit==1.2\n")])
    again = serving.run("adopt", str(folder), "--team", TEAM)
    assert (again["sent"], again["unchanged"]) == (2, 1)
    assert "vulnerable-dependency" not in rules()["a/one.py"]
    assert serving.run("adopt", str(folder), "--team", TEAM)["sent"] == 0
