"""Roll-ups are additive, exactly once, and say what they do not know."""

import threading
from dataclasses import replace
from typing import Any

import pytest
from tests.rigs.calls import APP, DatabaseSink, line

from handrail.kernel.clock import DAY, HOUR, MINUTE
from handrail.kernel.money import Money
from handrail.platform.database import Database
from handrail.runtime import signals
from handrail.runtime.edge.rollup import Batch, Gap, Reject, Tally

STARTED = 1_767_225_630_000_000  # 2026-01-01T00:00:30Z, as in `line`
WINDOW = (STARTED - HOUR, STARTED + HOUR)


def batch(*lines: bytes, file: str = "1:2:aa", start: int = 0, **more: Any) -> Batch:
    block = b"".join(lines)
    tally = Tally(STARTED // MINUTE + 60 * 24)
    tally.add(block, start)
    return Batch(
        file,
        "calls.log",
        start,
        start + len(block),
        STARTED,
        tally.rows(),
        tuple(tally.rejects),
        tally.rejected,
        **more,
    )


def report(database: Database, window: tuple[int, int] = WINDOW, app_id: str = APP) -> signals.CallReport:
    with database.read() as work:
        return signals.calls(work, app_id, *window)


def test_calls_add_up_by_operation_over_batches_and_versions(database: Database) -> None:
    sink = DatabaseSink(database)
    first = batch(
        line(us=1000), line(us=3000, status=500), line(op="users.list", status=429, details="request_rate_limited")
    )
    end = sink.apply(first)
    assert end == first.end
    second = batch(
        line(us=2000, digest="c1:sha256:" + "1" * 64, cur="USD", price=7),
        line(status=403, code="grant_missing"),
        line(us=1000),
        start=end,
    )
    assert sink.apply(second) == second.end
    found = report(database)
    assert (found.state, found.gaps, found.as_of) == ("ok", (), STARTED)
    refused, post, users = found.operations
    # A call that no route allows matches no operation.
    assert (refused.operation, refused.calls, refused.refused) == ("", 1, 1)
    assert refused.refusals == {"grant_missing": 1}
    assert (refused.p95_us, refused.cost) == (None, ())
    assert (post.environment, post.connection, post.operation) == ("production", "slack", "chat.postMessage")
    assert (post.calls, post.errors, post.refused, post.limited) == (4, 1, 0, 0)
    assert post.refusals == {}
    assert post.cost == (Money(4500, "EUR"), Money(7, "USD"))
    assert (post.received_bytes, post.sent_bytes) == (400, 8000)
    assert post.max_us == 3000
    assert post.last_at == STARTED // MINUTE * MINUTE
    assert post.p50_us == pytest.approx(1000, rel=0.022)
    assert post.p95_us == pytest.approx(3000, rel=0.022)
    assert (users.calls, users.limited, users.p95_us, users.max_us) == (1, 1, None, None)


def test_a_batch_counts_once_however_often_it_is_sent(database: Database) -> None:
    sink = DatabaseSink(database)
    sent = batch(line(), line(), b"broken\n")
    assert [sink.apply(sent) for _ in range(3)] == [sent.end] * 3
    assert report(database).operations[0].calls == 2


def test_a_batch_that_starts_elsewhere_changes_nothing_and_learns_the_offset(database: Database) -> None:
    sink = DatabaseSink(database)
    assert sink.apply(batch(line(), start=100)) == 0
    end = sink.apply(batch(line()))
    assert sink.apply(batch(line(), start=end + 1)) == end
    assert report(database).operations[0].calls == 1


def test_files_and_hubs_have_offsets_of_their_own(database: Database) -> None:
    sinks = [DatabaseSink(database, hub) for hub in ("hub-1", "hub-2")]
    for sink in sinks:
        for file in ("1:2:aa", "1:3:bb"):
            sink.apply(batch(line(), file=file))
    assert report(database).operations[0].calls == 4
    assert sinks[0].positions().keys() == {"1:2:aa", "1:3:bb"}
    assert report(database).as_of == STARTED


def test_the_same_names_twice_in_one_batch_add_up(database: Database) -> None:
    sink = DatabaseSink(database)
    sink.apply(batch(line(price="", cur="", us=1000), line(price=0, cur="", us=500_000)))
    (found,) = report(database).operations
    assert (found.calls, found.max_us, found.cost) == (2, 500_000, ())
    assert found.p95_us == pytest.approx(500_000, rel=0.022)


def test_workers_that_race_with_the_same_stretch_count_it_once(database: Database) -> None:
    sink = DatabaseSink(database)
    block = [line(us=us) for us in range(1000, 1400)]
    sent = batch(*block)
    barrier = threading.Barrier(4)

    def race() -> None:
        barrier.wait()
        sink.apply(sent)

    threads = [threading.Thread(target=race) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert report(database).operations[0].calls == 400


def test_hubs_that_race_on_the_same_minute_lose_nothing(database: Database) -> None:
    def send(hub: str) -> None:
        sink = DatabaseSink(database, hub)
        at = 0
        for number in range(10):
            at = sink.apply(batch(line(us=1000 + 200 * number), start=at))

    threads = [threading.Thread(target=send, args=(f"hub-{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (found,) = report(database).operations
    assert found.calls == 40
    assert found.p95_us == pytest.approx(2800, rel=0.022)


def test_no_calls_and_no_data_are_not_the_same_as_zero_milliseconds(database: Database) -> None:
    found = report(database)
    assert (found.state, found.as_of, found.operations) == ("no_data", None, ())


def test_another_apps_calls_do_not_show(database: Database) -> None:
    DatabaseSink(database).apply(batch(line()))
    assert report(database, app_id="018f0000-0000-7000-8000-000000000002").operations == ()


def test_a_gap_in_the_window_is_shown_and_moves_the_offset(database: Database) -> None:
    sink = DatabaseSink(database)
    end = sink.apply(batch(line()))
    lost = Gap(STARTED, STARTED + 1000, "truncated")
    assert sink.apply(Batch("1:2:aa", "calls.log", end, 10, STARTED, gap=lost)) == 10
    assert sink.apply(batch(line(), start=10)) == 10 + len(line())
    found = report(database)
    assert (found.state, [gap.reason for gap in found.gaps]) == ("gap", ["truncated"])
    assert found.operations[0].calls == 2
    assert report(database, (STARTED + HOUR, STARTED + 2 * HOUR)).state == "no_data"


def test_a_gap_of_no_file_is_kept_once(database: Database) -> None:
    sink = DatabaseSink(database)
    gap = Gap(STARTED, STARTED + 1, "restart")
    sink.report(STARTED + 5, [gap])
    sink.report(STARTED + 4, [gap])
    found = report(database)
    assert len(found.gaps) == 1
    assert found.as_of == STARTED + 5


def test_freshness_is_that_of_the_hub_that_is_furthest_behind_until_it_is_forgotten(database: Database) -> None:
    for hub, as_of in (("hub-1", STARTED), ("hub-2", STARTED - HOUR)):
        DatabaseSink(database, hub).report(as_of, [])
    assert report(database).as_of == STARTED - HOUR
    with database.begin() as work:
        signals.forget_hub(work, "hub-2")
    assert report(database).as_of == STARTED


def test_a_hubs_clock_cannot_make_calls_known_that_have_not_happened(database: Database) -> None:
    DatabaseSink(database).report(1 << 59, [])
    assert (report(database).as_of or 0) <= database.clock()


def test_a_closed_file_is_not_expected_any_more_but_late_lines_count(database: Database) -> None:
    sink = DatabaseSink(database)
    end = sink.apply(batch(line()))
    sink.apply(Batch("1:2:aa", "calls.log.1", end, end, STARTED, closed=True))
    assert sink.positions() == {}
    sink.apply(batch(line(), start=end))
    assert report(database).operations[0].calls == 2
    assert sink.positions().keys() == {"1:2:aa"}


def test_rejects_are_kept_with_their_position(database: Database) -> None:
    sink = DatabaseSink(database)
    sent = batch(line(), b"x\n", line())
    assert sent.rejects == (Reject(len(line()), "json"),)
    sink.apply(sent)
    assert report(database).operations[0].calls == 2
    with database.read() as work:
        rejected = work.connection.exec_driver_sql("SELECT position, reason FROM signal_reject").all()
        counted = work.connection.exec_driver_sql("SELECT rejected FROM signal_cursor").scalar()
    assert (rejected, counted) == ([(len(line()), "json")], 1)


def test_old_minutes_become_hours_and_nothing_is_lost(database: Database) -> None:
    sink = DatabaseSink(database)
    lines = [
        line(t=f"2026-01-01T{hour:02}:{minute:02}:30.000Z", us=1000 * (minute + 1), status=status, code=code)
        for hour in (0, 1)
        for minute in (0, 7, 59)
        for status, code in ((200, None), (403, "grant_missing"))
    ]
    end = sink.apply(batch(*lines))
    window = (STARTED - DAY, STARTED + DAY)
    before = report(database, window)
    database.clock = lambda: STARTED + 8 * DAY
    rounds = 0
    while True:
        with database.begin() as work:
            if not signals.downsample(work):
                break
            rounds += 1
    assert rounds == 2
    # All of it but the minute of the last call, of which the hour is left.
    hourly = [replace(each, last_at=each.last_at // HOUR * HOUR) for each in before.operations]
    assert report(database, window) == replace(before, operations=tuple(hourly))
    # A late line still counts, beside the hour and then in it.
    sink.apply(batch(lines[0], start=end))
    late = report(database, window).operations
    with database.begin() as work:
        assert signals.downsample(work)
    assert report(database, window).operations == late
    assert late[1].calls == before.operations[1].calls + 1
    database.clock = lambda: STARTED + 400 * DAY
    with database.begin() as work:
        assert not signals.downsample(work)
    assert report(database, window).operations == ()


@pytest.mark.parametrize("window", [(5, 5), (6, 5), (0, 401 * DAY)])
def test_an_impossible_window_is_refused(database: Database, window: tuple[int, int]) -> None:
    with pytest.raises(signals.WindowInvalid):
        report(database, window)
