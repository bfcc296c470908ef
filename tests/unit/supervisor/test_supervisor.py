import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import psutil
import pytest

from handrail.platform.supervisor import Child, ChildFailed, ChildrenCircular, State, Supervisor

ENDLESS = (sys.executable, "-S", "-c", "import time\nwhile True: time.sleep(60)")
STUBBORN = (
    sys.executable,
    "-S",
    "-c",
    "import signal, sys, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('up', flush=True)\ntime.sleep(600)",
)


def _says(text: str, status: int = 1) -> tuple[str, ...]:
    return (sys.executable, "-S", "-c", f"import sys; print({text!r}); sys.exit({status})")


def _until(true: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.02)


class _Watched:
    """Runs a supervisor's `watch` in the test's own thread for as long as something else goes on."""

    def __init__(self, supervisor: Supervisor) -> None:
        self.supervisor = supervisor

    def until(self, true: Callable[[], bool]) -> None:
        _until(lambda: (self.supervisor._step(), true())[1])


def test_children_start_in_order_and_stop_in_reverse(tmp_path: Path) -> None:
    seen: list[tuple[str, State]] = []
    supervisor = Supervisor(
        [Child("second", ENDLESS, after=("first",)), Child("first", ENDLESS)],
        tmp_path,
        lambda name, state: seen.append((name, state)),
    )
    assert supervisor.start()
    pids = supervisor.pids()
    assert set(pids) == {"first", "second"}
    supervisor.stop()
    assert seen == [
        ("first", State.STARTING),
        ("first", State.READY),
        ("second", State.STARTING),
        ("second", State.READY),
        ("second", State.STOPPING),
        ("second", State.STOPPED),
        ("first", State.STOPPING),
        ("first", State.STOPPED),
    ]
    assert not any(psutil.pid_exists(pid) for pid in pids.values())
    assert supervisor.pids() == {}


def test_a_child_waits_until_the_one_before_it_says_that_it_is_ready(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    argv = (
        sys.executable,
        "-S",
        "-c",
        f"import time; time.sleep(.4); open({str(mark)!r}, 'w'); time.sleep(60)",
    )
    started: dict[str, bool] = {}
    supervisor = Supervisor(
        [Child("first", argv, ready=mark.exists), Child("second", ENDLESS, after=("first",))],
        tmp_path,
        lambda name, state: started.setdefault(f"{name}-{state}", mark.exists()),
    )
    try:
        assert supervisor.start()
    finally:
        supervisor.stop()
    assert started["first-starting"] is False
    assert started["second-starting"] is True


def test_a_killed_child_is_restarted_and_the_others_stay(tmp_path: Path) -> None:
    supervisor = Supervisor([Child("a", ENDLESS), Child("b", ENDLESS, after=("a",))], tmp_path)
    try:
        assert supervisor.start()
        before = supervisor.pids()
        os.kill(before["a"], signal.SIGKILL)
        _Watched(supervisor).until(lambda: supervisor.pids().get("a", before["a"]) != before["a"])
        assert supervisor.pids()["b"] == before["b"]
        _Watched(supervisor).until(lambda: supervisor.states()["a"] is State.READY)
    finally:
        supervisor.stop()


def test_a_restarted_child_waits_longer_each_time(tmp_path: Path) -> None:
    times: list[float] = []

    def note(_name: str, state: State) -> None:
        if state is State.STARTING:
            times.append(time.monotonic())

    ran = tmp_path / "ran"
    argv = (
        sys.executable,
        "-S",
        "-c",
        f"import os, time\np={str(ran)!r}\nfirst=not os.path.exists(p)\nopen(p,'w')\nif first: time.sleep(.5)",
    )
    supervisor = Supervisor([Child("a", argv)], tmp_path, note)
    try:
        assert supervisor.start()
        _Watched(supervisor).until(lambda: len(times) == 5)
    finally:
        supervisor.stop()
    waits = [later - earlier for earlier, later in pairwise(times[1:])]
    assert waits[-1] > waits[0]
    assert waits[-1] >= 0.9


def test_a_child_that_never_starts_is_named_with_its_last_words_and_a_fix(tmp_path: Path) -> None:
    supervisor = Supervisor([Child("hub", _says("bind: Address already in use"))], tmp_path)
    with pytest.raises(ChildFailed) as caught:
        supervisor.start()
    assert caught.value.message.startswith("hub ended with status 1. It last said:\nbind: Address already in use")
    assert "Another process listens" in caught.value.fix
    assert caught.value.details["log"] == str(tmp_path / "hub.log")


def test_a_childs_own_hint_comes_first(tmp_path: Path) -> None:
    child = Child("hub", _says("cannot bind port"), hints={"Cannot bind port": "Set HANDRAIL_HUB."})
    with pytest.raises(ChildFailed) as caught:
        Supervisor([child], tmp_path).start()
    assert caught.value.fix == "Set HANDRAIL_HUB."


def test_a_child_that_takes_too_long_is_named(tmp_path: Path) -> None:
    supervisor = Supervisor([Child("slow", ENDLESS, ready=lambda: False, ready_s=0.3)], tmp_path)
    try:
        with pytest.raises(ChildFailed, match=r"slow was not ready after 0 s\. It said nothing"):
            supervisor.start()
    finally:
        supervisor.stop()


def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ChildFailed, match="hub cannot be started"):
        Supervisor([Child("hub", (str(tmp_path / "nothing"),))], tmp_path).start()


def test_a_step_must_end_well_before_the_next_child_starts(tmp_path: Path) -> None:
    step = Child("migrate", _says("done", 0), restart=False)
    supervisor = Supervisor([step, Child("serve", ENDLESS, after=("migrate",))], tmp_path)
    try:
        assert supervisor.start()
        assert supervisor.states() == {"migrate": State.DONE, "serve": State.READY}
    finally:
        supervisor.stop()
    with pytest.raises(ChildFailed, match="migrate ended with status 3"):
        Supervisor([Child("migrate", _says("no", 3), restart=False)], tmp_path).start()


def test_children_that_wait_for_each_other_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ChildrenCircular):
        Supervisor([Child("a", ENDLESS, after=("b",)), Child("b", ENDLESS, after=("a",))], tmp_path)
    with pytest.raises(ChildrenCircular):
        Supervisor([Child("a", ENDLESS, after=("nobody",))], tmp_path)


def test_a_child_that_does_not_listen_is_killed_after_its_time(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    supervisor = Supervisor([Child("a", STUBBORN, stop_s=0.3, ready=lambda: log.read_bytes() == b"up\n")], tmp_path)
    assert supervisor.start()
    pid = supervisor.pids()["a"]
    began = time.monotonic()
    supervisor.stop()
    assert 0.2 < time.monotonic() - began < 3
    assert not psutil.pid_exists(pid)


def test_what_a_child_started_ends_with_it(tmp_path: Path) -> None:
    argv = (
        sys.executable,
        "-S",
        "-c",
        "import os, subprocess, time\np=subprocess.Popen(['sleep','600'])\nprint(p.pid, flush=True)\ntime.sleep(600)",
    )
    log = tmp_path / "a.log"
    supervisor = Supervisor([Child("a", argv, ready=lambda: log.read_bytes().endswith(b"\n"))], tmp_path)
    try:
        assert supervisor.start()
        grandchild = int(log.read_text())
        assert psutil.pid_exists(grandchild)
        os.kill(supervisor.pids()["a"], signal.SIGKILL)
        _Watched(supervisor).until(lambda: _gone(grandchild))
    finally:
        supervisor.stop()


def _gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


_SCRIPT = """
import sys
from pathlib import Path
from handrail.platform.supervisor import Child, Supervisor
folder = Path(sys.argv[1])
stubborn = sys.argv[2] == "stubborn"
argv = (sys.executable, "-S", "-c", "import signal,time\\n"
        + ("signal.signal(signal.SIGTERM, signal.SIG_IGN)\\n" if stubborn else "") + "print('up',flush=True)\\ntime.sleep(600)")
child = Child("a", argv, ready=lambda: (folder / "a.log").read_bytes() == b"up\\n", stop_s=60)
supervisor = Supervisor([child], folder, lambda name, state: print(name, state, flush=True))
supervisor.run(lambda: print("pid", supervisor.pids()["a"], flush=True))
print("ended", flush=True)
"""


def _supervised(folder: Path, kind: str) -> tuple[subprocess.Popen[str], int]:
    process = subprocess.Popen([sys.executable, "-c", _SCRIPT, str(folder), kind], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("pid "):
            return process, int(line.split()[1])
    raise AssertionError("it did not start")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_everything_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    process, child = _supervised(tmp_path, "good")
    process.send_signal(number)
    assert process.wait(10) == 0
    assert process.stdout is not None
    assert process.stdout.read().splitlines()[-1] == "ended"
    assert _gone(child)


def test_a_second_signal_hurries(tmp_path: Path) -> None:
    process, child = _supervised(tmp_path, "stubborn")
    process.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    assert not _gone(child)
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    assert _gone(child)


def test_children_end_with_a_killed_supervisor(tmp_path: Path) -> None:
    process, child = _supervised(tmp_path, "stubborn")
    process.kill()
    process.wait(10)
    _until(lambda: _gone(child))


def test_a_stop_during_the_start_ends_what_runs(tmp_path: Path) -> None:
    supervisor = Supervisor([Child("a", ENDLESS, ready=lambda: False)], tmp_path)
    threading.Timer(0.3, supervisor.request_stop).start()
    assert supervisor.start() is False
    pid = supervisor.pids()["a"]
    supervisor.stop()
    assert _gone(pid)
