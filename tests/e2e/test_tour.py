"""The tour by command line works as printed: its blocks run as one script, in a copy of the tree, on the default ports."""

import os
import re
import shutil
import signal
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.rigs import nodered

ROOT = Path(__file__).parents[2]
PORTS = (8700, 8780, 1880, 8791, 8792, 8793)
# bash says which commands failed; waiting loops do not count.
_TRAP = """trap 'printf "failed: %s\\n" "$BASH_COMMAND" >&2' ERR\n"""

pytestmark = [pytest.mark.xdist_group("tour"), pytest.mark.nodered]


@dataclass(frozen=True)
class Told:
    """What the script printed, and how it ended."""

    status: int
    output: str
    failed: list[str]
    steps: dict[str, str]


def blocks() -> dict[str, str]:
    """Return the tour's blocks by the bold words before them."""
    section = (ROOT / "docs" / "tour.md").read_text()
    return dict(re.findall(r"^\*\*([^*]+?)\.?\*\*(?:(?!```).)*```bash\n(.*?)```", section, re.DOTALL | re.MULTILINE))


def _taken() -> list[int]:
    taken = []
    for port in PORTS:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                taken.append(port)
    return taken


def _copy_of_the_tree(folder: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("this is no git checkout")
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    # Node-RED's packages are large, and the other tests have installed them.
    packages = Path(os.environ.get("NODE_RED_CACHE") or ROOT / ".cache" / "node-red").absolute()
    packages.mkdir(parents=True, exist_ok=True)
    (folder / ".cache").mkdir()
    (folder / ".cache" / "node-red").symlink_to(packages)


@pytest.fixture(scope="module")
def tour(tmp_path_factory: pytest.TempPathFactory) -> Told:
    if not (ROOT / ".venv" / "bin" / "activate").exists():
        pytest.skip("the tour needs .venv: make setup")
    if taken := _taken():
        pytest.skip(f"the tour uses the default ports, and something listens on {taken}")
    nodered.installed()
    folder = tmp_path_factory.mktemp("tour")
    _copy_of_the_tree(folder)
    script = _TRAP + "".join(f"echo '=== {name}'\n{block}" for name, block in blocks().items())
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HANDRAIL_")}
    with (folder / "told").open("w+") as output:
        process = subprocess.Popen(
            ["bash", "-c", script],
            cwd=folder,
            env={**environment, "HOME": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            status = process.wait(200)
        except subprocess.TimeoutExpired:
            status = -1
        finally:
            _end_group(process.pid)
            process.wait()
        output.seek(0)
        text = output.read()
    parts = re.split(r"^=== (.*)$", text, flags=re.MULTILINE)[1:]
    return Told(
        status, text, re.findall(r"^failed: (.*)", text, re.MULTILINE), dict(zip(parts[::2], parts[1::2], strict=True))
    )


def _end_group(leader: int) -> None:
    # Everything that the script started is in its group, but for the processes that `handrail up` ends by itself.
    try:
        os.killpg(leader, signal.SIGTERM)
    except ProcessLookupError:
        return


def test_it_runs_to_its_end_and_leaves_nothing_running(tour: Told) -> None:
    assert tour.status == 0, tour.output[-4000:]
    assert list(tour.steps) == list(blocks())
    assert len(tour.steps) == 14
    assert _taken() == []


def test_the_only_command_that_fails_is_the_own_approval(tour: Told) -> None:
    assert tour.failed == ["handrail --as alice approve stand-up-reminder"], tour.output[-4000:]
    assert "[own_change]" in tour.steps["Approve it"]
    assert "in force at every live hub" in tour.steps["Approve it"]


def test_adopting_finds_what_the_flow_calls(tour: Told) -> None:
    assert "slack: chat.postMessage" in tour.steps["Adopt the flow"]


def test_the_first_call_works_with_the_injected_credential(tour: Told) -> None:
    assert '"ok":true' in tour.steps["Call"]
    assert '"authorization": "Bearer demo-slack-credential"' in tour.steps["Call"]


def test_what_runs_is_observed(tour: Told) -> None:
    assert "observed" in tour.steps["Watch it"]


def test_the_edited_flow_is_refused_with_the_difference(tour: Told) -> None:
    refused = tour.steps["Somebody edits the flow"]
    assert '"code":"version_not_approved"' in refused
    assert '"status":403' in refused
    assert "new step 'Tell the lead'" in refused


def test_the_approved_change_works(tour: Told) -> None:
    assert "it may now use connection slack: chat.postEphemeral" in tour.steps["Review the change"]
    assert "The reminder went out." in tour.steps["Review the change"]


def test_the_roll_back_works(tour: Told) -> None:
    assert "Stand-up in five minutes." in tour.steps["Roll back"]


def test_the_hold_refuses_and_its_end_lets_pass(tour: Told) -> None:
    held, _, lifted = tour.steps["Hold it"].partition("no longer held")
    assert '"code":"quarantined"' in held
    assert '"ok":true' not in held
    assert '"ok":true' in lifted


def test_looking_back_shows_the_calls_and_an_intact_log(tour: Told) -> None:
    seen = tour.steps["Look back"]
    assert re.search(r"version_not_approved [1-9]", seen)
    assert re.search(r"quarantined [1-9]", seen)
    assert re.search(r"intact +yes", seen)
    assert "nothing is wrong" in seen


def test_no_secret_of_the_tour_is_printed(tour: Told) -> None:
    everything = "".join(text for name, text in tour.steps.items() if name != "Call")
    assert "demo-slack-credential" not in everything
    assert "hrcs_" not in tour.output
