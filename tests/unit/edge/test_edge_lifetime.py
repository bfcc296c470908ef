"""What becomes a gap when Envoy ends, and what does not."""

import os
import time
from pathlib import Path

from handrail.kernel.clock import SECOND, now_us
from handrail.runtime.edge import envoy_ended, envoy_starts, places_of
from handrail.runtime.edge.lifetime import note_alive
from handrail.runtime.edge.rollup import Gap
from handrail.runtime.edge.rollup.gaps import waiting


def _home(folder: Path) -> Path:
    places_of(folder).call_log.parent.mkdir(parents=True)
    return folder


def _gaps(home: Path) -> list[Gap]:
    return [gap for _, gap in waiting(places_of(home).call_log.parent)]


def test_an_envoy_that_ended_by_itself_leaves_no_gap(tmp_path: Path) -> None:
    home = _home(tmp_path)
    for _ in range(2):
        envoy_starts(home)
        envoy_ended(home, 0)
    assert _gaps(home) == []


def test_a_killed_envoy_leaves_a_gap_of_at_least_one_flush_before_its_end(tmp_path: Path) -> None:
    home = _home(tmp_path)
    envoy_starts(home)
    killed = now_us()
    envoy_ended(home, -9)
    (gap,) = _gaps(home)
    assert gap.reason == "restart"
    assert killed - 5 * SECOND < gap.since <= killed - SECOND
    assert killed <= gap.until <= now_us()
    envoy_starts(home)
    assert len(_gaps(home)) == 1, "the next start adds nothing"


def test_an_end_that_nobody_saw_leaves_a_gap_from_when_it_was_last_alive(tmp_path: Path) -> None:
    home = _home(tmp_path)
    places = places_of(home)
    envoy_starts(home)
    alive = time.time() - 600
    os.utime(places.envoy_runs, (alive, alive))
    envoy_starts(home)
    (gap,) = _gaps(home)
    assert abs(gap.since - (alive - 1) * SECOND) < SECOND
    assert now_us() - SECOND < gap.until <= now_us()


def test_its_agent_and_its_log_say_when_it_was_last_alive(tmp_path: Path) -> None:
    home = _home(tmp_path)
    places = places_of(home)
    old = time.time() - 600
    for says in (lambda: note_alive(places), lambda: places.call_log.write_bytes(b"{}\n")):
        envoy_starts(home)
        os.utime(places.envoy_runs, (old, old))
        says()
        before = {gap.id for gap in _gaps(home)}
        envoy_starts(home)
        (gap,) = [gap for gap in _gaps(home) if gap.id not in before]
        assert gap.since > now_us() - 10 * SECOND
        envoy_ended(home, 0)


def test_an_agent_without_an_envoy_notes_nothing(tmp_path: Path) -> None:
    places = places_of(_home(tmp_path))
    note_alive(places)
    assert not places.envoy_runs.exists()


def test_a_line_that_was_cut_off_is_ended_so_that_the_next_call_counts(tmp_path: Path) -> None:
    home = _home(tmp_path)
    log = places_of(home).call_log
    log.write_bytes(b'{"a":1}\n{"b":')
    envoy_starts(home)
    envoy_ended(home, -9)
    assert log.read_bytes() == b'{"a":1}\n{"b":\n'
    envoy_starts(home)
    envoy_ended(home, -9)
    assert log.read_bytes() == b'{"a":1}\n{"b":\n'
