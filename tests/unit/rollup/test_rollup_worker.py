"""The roll-up beside a hub, against a sink in memory."""

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from tests.rigs.calls import line

from handrail.runtime.edge.rollup import (
    REASON_RESTART,
    Batch,
    Gap,
    Position,
    SinkAway,
    SinkRefused,
    Worker,
    leave_gap,
    listing,
    rotate,
)

FLUSH_S = 0.02


class MemorySink:
    """The sink's contract, in a few lines."""

    def __init__(self) -> None:
        self.stored: dict[str, Position] = {}
        self.closed: set[str] = set()
        self.taken: list[Batch] = []
        self.gaps: list[Gap] = []
        self.away = False
        self.refuse_rows = False
        self.lose_answers = 0
        self.as_of = 0

    def positions(self) -> Mapping[str, Position]:
        return {file: position for file, position in self.stored.items() if file not in self.closed}

    def apply(self, batch: Batch) -> int:
        if self.away:
            raise SinkAway("away")
        if self.refuse_rows and batch.rows:
            raise SinkRefused("no")
        known = self.stored.get(batch.file, Position(0, 0))
        if batch.start == known.offset:
            self.stored[batch.file] = Position(batch.end, batch.as_of)
            self.taken.append(batch)
            if batch.gap:
                self.gaps.append(batch.gap)
            (self.closed.add if batch.closed else self.closed.discard)(batch.file)
        if self.lose_answers:
            self.lose_answers -= 1
            raise SinkAway("the answer was lost")
        return self.stored.get(batch.file, Position(0, 0)).offset

    def report(self, as_of: int, gaps: Sequence[Gap]) -> None:
        self.as_of = as_of
        self.gaps += gaps

    @property
    def calls(self) -> int:
        return sum(row[7] for batch in self.taken for row in batch.rows)

    @property
    def rejected(self) -> int:
        return sum(batch.rejected for batch in self.taken)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "calls.log"


@pytest.fixture
def sink() -> MemorySink:
    return MemorySink()


@pytest.fixture
def worker(log: Path, sink: MemorySink) -> Worker:
    return Worker(log, sink, flush_s=FLUSH_S)


def append(path: Path, data: bytes) -> None:
    with path.open("ab") as stream:
        stream.write(data)


def until(worker: Worker, reached: object, attempts: int = 200) -> None:
    """Step until `reached()` is true."""
    assert callable(reached)
    for _ in range(attempts):
        worker.step()
        if reached():
            return
        time.sleep(FLUSH_S)
    raise AssertionError("never reached")


def test_half_a_line_waits_for_its_other_half(log: Path, sink: MemorySink, worker: Worker) -> None:
    append(log, line() + line()[:50])
    worker.step()
    assert sink.calls == 1
    append(log, line()[50:])
    worker.step()
    assert (sink.calls, sink.rejected) == (2, 0)


def test_a_file_has_no_identity_before_its_first_128_bytes(log: Path, sink: MemorySink, worker: Worker) -> None:
    append(log, line()[:100])
    worker.step()
    assert listing(log)[0].file is None
    assert sink.taken == []
    append(log, line()[100:])
    first = listing(log)[0].file
    append(log, line())
    assert listing(log)[0].file == first
    worker.step()
    assert sink.calls == 2


def test_nothing_is_read_beyond_the_limit_at_once(log: Path, sink: MemorySink) -> None:
    append(log, line() * 1000)
    Worker(log, sink, flush_s=FLUSH_S, chunk_bytes=4096, stretch_bytes=8192).step()
    assert sink.calls == 1000
    assert len(sink.taken) > 30
    assert max(batch.end - batch.start for batch in sink.taken) <= 8192 + 4096


def test_a_line_longer_than_the_limit_is_rejected_and_what_follows_is_read(log: Path, sink: MemorySink) -> None:
    append(log, line() + b"x" * 10_000 + b"\n" + line())
    Worker(log, sink, flush_s=FLUSH_S, chunk_bytes=4096).step()
    assert sink.calls == 2
    assert sink.rejected >= 1


def test_a_lost_answer_counts_nothing_twice(log: Path, sink: MemorySink, worker: Worker) -> None:
    append(log, line() * 10)
    sink.lose_answers = 1
    with pytest.raises(SinkAway):
        worker.step()
    worker.step()
    assert sink.calls == 10


def test_a_new_worker_goes_on_where_the_sink_stands(log: Path, sink: MemorySink, worker: Worker) -> None:
    append(log, line() * 10)
    worker.step()
    append(log, line() * 5)
    Worker(log, sink, flush_s=FLUSH_S).step()
    assert sink.calls == 15


def test_what_came_while_the_sink_was_away_is_sent_later(log: Path, sink: MemorySink, worker: Worker) -> None:
    append(log, line())
    sink.away = True
    with pytest.raises(SinkAway):
        worker.step()
    append(log, line())
    sink.away = False
    worker.step()
    assert sink.calls == 2


def test_rotated_files_are_read_oldest_first_and_deleted_when_they_are_done(
    log: Path, sink: MemorySink, worker: Worker
) -> None:
    for _ in range(3):
        append(log, line() * 4)
        rotate(log, lambda: None)
    append(log, line())
    worker.step()
    names = [batch.name for batch in sink.taken]
    assert names == [*sorted(names[:3]), "calls.log"]
    until(worker, lambda: len(listing(log)) == 1)
    assert sink.calls == 13
    assert len(sink.positions()) == 1
    assert sink.gaps == []


def test_a_rotated_file_stays_while_its_successor_is_empty(log: Path, sink: MemorySink, worker: Worker) -> None:
    append(log, line())
    renamed = rotate(log, log.touch)
    assert renamed
    for _ in range(10):
        worker.step()
        time.sleep(FLUSH_S)
    assert renamed.exists()
    append(log, line())
    until(worker, lambda: not renamed.exists())
    assert sink.calls == 2


def test_what_is_written_to_the_old_file_after_the_rename_counts(log: Path, sink: MemorySink, worker: Worker) -> None:
    append(log, line())
    with log.open("ab", buffering=0) as old:
        rotate(log, lambda: None)
        append(log, line())
        worker.step()
        old.write(line() * 3)
    until(worker, lambda: len(listing(log)) == 1)
    assert sink.calls == 5


def test_a_torn_end_of_a_rotated_file_is_rejected_not_waited_for(log: Path, sink: MemorySink, worker: Worker) -> None:
    append(log, line() + line()[:70])
    rotate(log, lambda: None)
    append(log, line())
    until(worker, lambda: len(listing(log)) == 1)
    assert (sink.calls, sink.rejected) == (2, 1)


def test_a_file_that_vanished_is_a_gap(log: Path, sink: MemorySink, worker: Worker) -> None:
    append(log, line())
    worker.step()
    log.unlink()
    worker.step()
    assert sink.gaps == []
    worker.step()
    assert [gap.reason for gap in sink.gaps] == ["vanished"]
    assert sink.gaps[0].since <= sink.gaps[0].until
    for _ in range(3):
        worker.step()
    assert len(sink.gaps) == 1


def test_a_file_that_vanished_while_nobody_looked_is_a_gap(log: Path, sink: MemorySink, worker: Worker) -> None:
    append(log, line())
    worker.step()
    log.unlink()
    append(log, line(id="other"))
    late = Worker(log, sink, flush_s=FLUSH_S)
    late.step()
    late.step()
    assert [gap.reason for gap in sink.gaps] == ["vanished"]
    assert sink.calls == 2


def test_a_truncated_file_is_a_gap_and_what_follows_counts(log: Path, sink: MemorySink, worker: Worker) -> None:
    append(log, line() * 3)
    worker.step()
    os.truncate(log, len(line()))
    worker.step()
    append(log, line() * 2)
    worker.step()
    assert [gap.reason for gap in sink.gaps] == ["truncated"]
    assert sink.calls == 5


def test_a_batch_that_is_refused_for_good_becomes_a_gap_and_holds_nothing_up(
    log: Path, sink: MemorySink, worker: Worker
) -> None:
    append(log, line() * 3)
    sink.refuse_rows = True
    worker.step()
    sink.refuse_rows = False
    append(log, line())
    worker.step()
    assert [gap.reason for gap in sink.gaps] == ["refused"]
    assert sink.calls == 1


def test_a_gap_that_somebody_left_is_sent_once(log: Path, sink: MemorySink, worker: Worker) -> None:
    leave_gap(log.parent, Gap(1, 2, REASON_RESTART))
    worker.step()
    worker.step()
    assert [(gap.since, gap.until, gap.reason) for gap in sink.gaps] == [(1, 2, "restart")]


def test_a_large_log_is_rotated_and_its_writer_told_again_if_it_did_not_hear(log: Path, sink: MemorySink) -> None:
    told = []

    def deaf_once() -> None:
        told.append(1)
        if len(told) == 1:
            raise OSError("nobody listens")
        append(log, line())

    worker = Worker(log, sink, flush_s=FLUSH_S, reopen=deaf_once, rotate_bytes=1000)
    append(log, line() * 4)
    worker.step()
    assert not log.exists()
    worker.step()
    worker.step()
    assert len(told) == 2
    assert sink.calls == 5


def test_two_workers_on_one_log_count_each_line_once(log: Path, sink: MemorySink) -> None:
    a, b = (Worker(log, sink, flush_s=FLUSH_S) for _ in range(2))
    for _ in range(20):
        append(log, line() * 3)
        a.step()
        append(log, line())
        b.step()
    rotate(log, lambda: append(log, line()))
    for _ in range(10):
        a.step()
        b.step()
        time.sleep(FLUSH_S)
    assert len(listing(log)) == 1
    assert (sink.calls, sink.gaps) == (81, [])
