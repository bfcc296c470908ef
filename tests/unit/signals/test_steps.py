"""Steps of a window: whole, bounded, and honest about what is known."""

import pytest

from handrail.kernel.clock import DAY, HOUR, MINUTE
from handrail.runtime.signals import Gap, WindowInvalid
from handrail.runtime.signals.steps import STEPS, steps_of

NOW = 20_000 * DAY + 10 * HOUR


def gap(since: int, until: int) -> Gap:
    return Gap("g", since, until, "restart")


def test_steps_are_whole_and_touch_the_window() -> None:
    steps = steps_of(NOW - HOUR - 1, NOW + 1, "1h", minutes_since=0)
    assert (steps.first, steps.last, steps.number) == (NOW - 2 * HOUR, NOW + HOUR, 3)
    assert [steps.place(at) for at in (NOW - 2 * HOUR, NOW - 1, NOW, NOW - DAY, NOW + DAY)] == [0, 1, 2, 0, 2]
    assert steps_of(NOW - 1, NOW, "1d", minutes_since=0).starts() == [20_000 * DAY]


@pytest.mark.parametrize("name", STEPS)
def test_five_hundred_steps_pass_and_one_more_says_which_step_would(name: str) -> None:
    step = STEPS[name]
    end = 20_000 * DAY
    assert steps_of(end - 500 * step, end, name, minutes_since=0).number == 500
    with pytest.raises(WindowInvalid) as refused:
        steps_of(end - 501 * step, end, name, minutes_since=0)
    assert "501 steps" in refused.value.message
    suggested = refused.value.fix.removeprefix("Ask with step=").rstrip(".")
    if name == "1d":
        assert refused.value.fix == "Ask for a shorter window."
    else:
        assert steps_of(end - 501 * step, end, suggested, minutes_since=0).number <= 500


def test_finer_steps_than_what_is_kept_are_refused() -> None:
    kept = NOW - 7 * DAY
    assert steps_of(kept, kept + HOUR, "1m", minutes_since=kept).number == 60
    steps_of(kept - DAY, kept, "1h", minutes_since=kept)
    with pytest.raises(WindowInvalid):
        steps_of(kept - 1, kept + HOUR, "1m", minutes_since=kept)


@pytest.mark.parametrize(
    ("found", "calls", "known"),
    [
        (gap(NOW, NOW + HOUR), 5, False),
        (gap(NOW - 1, NOW + DAY), 5, False),
        (gap(NOW, NOW + HOUR - 1), 5, True),
        (gap(NOW, NOW + HOUR - 1), 0, False),
        (gap(NOW + MINUTE, NOW + MINUTE), 0, False),
        (gap(NOW - HOUR, NOW - 1), 0, True),
        (gap(NOW + HOUR, NOW + DAY), 0, True),
    ],
)
def test_a_step_is_known_unless_a_gap_covers_it_or_may_hide_the_only_calls(found: Gap, calls: int, known: bool) -> None:
    steps = steps_of(NOW, NOW + HOUR, "1h", minutes_since=0)
    assert steps.known([calls], NOW + DAY, [found], 0) == [known]


def test_nothing_is_known_after_the_freshness_and_before_what_is_kept() -> None:
    steps = steps_of(NOW, NOW + 4 * HOUR, "1h", minutes_since=0)
    assert steps.known([0] * 4, NOW + 2 * HOUR + 1, [], NOW + HOUR) == [False, True, True, False]
    assert steps.known([0] * 4, NOW + 2 * HOUR, [], 0) == [True, True, False, False]
    assert steps.known([9] * 4, None, [], 0) == [False] * 4
