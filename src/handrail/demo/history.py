"""The calls of the last four weeks: written as Envoy writes its log, then rolled up by the code that does it always.

Nothing of it happened. It is the same on every machine that starts on the same day, and it ends where the demo begins.
"""

import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Final

from handrail.demo.calls import HABITS, Call, Habit, Shape
from handrail.demo.content import CONNECTORS, connector
from handrail.demo.story import Past, Ran
from handrail.kernel.clock import DAY, HOUR, MINUTE, SECOND
from handrail.platform.database import Work
from handrail.runtime import signals
from handrail.runtime.edge.rollup import Batch, Tally, encode

DAYS: Final = 28
_FILE: Final = "demo-history"
_SEED: Final = 8700
# The story tells runs of one office; the company has several.
_OFFICES: Final = 3
_WEIGHTS: Final = {
    Shape.OFFICE: (0, 0, 0, 0, 0, 0, 1, 4, 8, 9, 9, 7, 4, 7, 8, 8, 6, 3, 1, 0, 0, 0, 0, 0),
    Shape.STEADY: (2, 2, 1, 1, 2, 3, 4, 6, 8, 9, 9, 8, 7, 8, 8, 8, 7, 6, 5, 4, 4, 3, 3, 2),
    Shape.MORNING: (0, 0, 0, 0, 0, 0, 4, 9, 9, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    Shape.NIGHT: (0, 0, 9, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
}
# How busy a day is, Monday first.
_WEEK: Final = {
    Shape.OFFICE: (1.1, 1.0, 1.0, 1.05, 0.85, 0.03, 0.02),
    Shape.STEADY: (1.15, 1.05, 1.0, 1.0, 0.95, 0.45, 0.4),
    Shape.MORNING: (1.2, 1.0, 1.0, 1.0, 0.9, 0.0, 0.0),
    Shape.NIGHT: (1.0,) * 7,
}
# Runs of an app start on the minute: flows wait for a clock, people do not.
_STEP_MINUTES: Final = 5


def _prices() -> Mapping[tuple[str, str], str]:
    found = {}
    for name in CONNECTORS:
        for operation in connector(name).operations:
            price = operation.price
            found[name, operation.name] = f"{price.micros}/{price.currency}" if price else "/"
    return found


class History:
    """Writes the lines of one day after the other.

    Args:
        past: Which digest of which app ran when.
        now: Where the history ends.
    """

    def __init__(self, past: Past, now: int) -> None:
        self._past = past
        self._now = now
        self._prices = _prices()
        self._chance = random.Random(_SEED)  # noqa: S311 - made-up calls, not secrets

    def days(self) -> Iterator[bytes]:
        """Yield the log of each day, oldest first."""
        first = (self._now // DAY - DAYS + 1) * DAY
        for start in range(first, self._now, DAY):
            lines: list[str] = []
            for habit in HABITS:
                lines.extend(self._day(habit, start))
            yield "".join(lines).encode()

    def _day(self, habit: Habit, start: int) -> Iterator[str]:
        chance = self._chance
        weekday = datetime.fromtimestamp(start / SECOND, UTC).weekday()
        runs = round(_OFFICES * habit.runs * _WEEK[habit.shape][weekday] * chance.uniform(0.85, 1.15))
        hours = chance.choices(range(24), _WEIGHTS[habit.shape], k=runs)
        for hour in sorted(hours):
            minute = chance.randrange(0, 60, _STEP_MINUTES)
            at = start + hour * HOUR + minute * MINUTE + chance.randrange(20 * SECOND)
            ran = self._running(habit.app, at)
            if ran is None or at >= self._now:
                continue
            yield from self._run(habit, ran, at)

    def _running(self, app: str, at: int) -> Ran | None:
        if app not in self._past.held and at >= self._past.ended.get(app, self._now):
            return None
        ran = [each for each in self._past.ran.get(app, ()) if each.since <= at]
        return ran[-1] if ran else None

    def _run(self, habit: Habit, ran: Ran, at: int) -> Iterator[str]:
        held = habit.app in self._past.held and at >= self._past.ended[habit.app]
        for call in habit.calls:
            if self._chance.random() <= call.share:
                yield self._line(call, ran, at, held=held)
                at += 2 * call.ms * 1000
            if held:
                # A flow stops at the first refusal.
                return

    def _line(self, call: Call, ran: Ran, at: int, *, held: bool) -> str:
        key = f"{ran.app_id}:production:{ran.digest}"
        chance = self._chance
        status, details, us = 200, "via_upstream", int(call.ms * 1000 * chance.lognormvariate(0, 0.35))
        route, header = (
            f"{call.connection}/{call.operation}/{self._prices[call.connection, call.operation]}/{key}",
            "null",
        )
        if held:
            status, details, us = 403, "rbac_access_denied_matched_policy[quarantine]", 180
        elif not call.granted:
            status, details, us = 403, "direct_response", 210
            route, header = f"{call.connection}/!grant_missing", f'"{key}"'
        elif self._is_down(call.connection, at):
            status, details = (503, "via_upstream") if chance.random() < 0.7 else (504, "response_timeout")
            us = 5_000_000 if status == 504 else us
        elif chance.random() < 0.004:
            status = chance.choice((429, 500, 502))
        moment = datetime.fromtimestamp(at / SECOND, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        received, sent = len(call.body), chance.randrange(180, 4200)
        return (
            f'{{"t":"{moment}","key":{header},"route":"{route}","status":{status},"details":"{details}",'
            f'"us":{us},"rx":{received},"tx":{sent}}}\n'
        )

    def _is_down(self, connection: str, at: int) -> bool:
        """Tell whether a system had its bad hour: the CRM 9 days ago, the ledger 17 days ago."""
        bad = {"crm": 9, "ledger": 17}.get(connection)
        if bad is None:
            return False
        start = (self._now // DAY - bad) * DAY + 13 * HOUR
        return start <= at < start + 80 * MINUTE


def write_history(work: Work, hub_id: str, past: Past, now: int) -> int:
    """Put the calls in as if a hub had sent them; return how many."""
    offset = calls = 0
    for number, log in zip(count(), History(past, now).days()):
        tally = Tally(now // MINUTE)
        tally.add(log, 0)
        end = offset + len(log)
        as_of = min(now, (now // DAY - DAYS + 2 + number) * DAY)
        batch = Batch(_FILE, "made up for the demo", offset, end, as_of, rows=tally.rows(), closed=True)
        signals.apply(work, hub_id, signals.read_batch(encode(batch)))
        offset, calls = end, calls + tally.lines
    while signals.downsample(work):
        pass
    return calls
