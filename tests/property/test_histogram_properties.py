"""Histograms add up in any order, and their quantiles stay within the stated bound."""

from hypothesis import given
from hypothesis import strategies as st

from handrail.runtime.edge.rollup import bucket
from handrail.runtime.signals import histogram

DURATIONS = st.integers(min_value=1, max_value=(1 << 53) - 1)
BUCKETS = st.dictionaries(st.integers(-1, histogram.BUCKET_MAX), st.integers(1, 1 << 40), max_size=40)
BOUND = 2 ** (1 / 32)


@given(BUCKETS)
def test_what_is_written_is_read_back(buckets: dict[int, int]) -> None:
    assert histogram.decode(histogram.encode(buckets)) == buckets


@given(BUCKETS, BUCKETS, BUCKETS)
def test_adding_is_associative_and_commutative(a: dict[int, int], b: dict[int, int], c: dict[int, int]) -> None:
    x, y, z = (histogram.encode(buckets) for buckets in (a, b, c))
    left = histogram.merge([histogram.merge([x, y]), z])
    assert left == histogram.merge([x, histogram.merge([y, z])]) == histogram.merge([z, y, x])


@given(DURATIONS)
def test_the_hubs_bucket_holds_the_duration(duration: int) -> None:
    index = bucket(duration)
    assert -1 <= index <= histogram.BUCKET_MAX
    upper = 2 ** ((index + 1) / histogram.BUCKETS_PER_DOUBLING)
    # Floats are exact to 2**-52: a duration on an edge may fall to either side of it.
    assert duration <= upper * (1 + 1e-12)
    assert index == -1 or duration >= upper / 2 ** (1 / histogram.BUCKETS_PER_DOUBLING) * (1 - 1e-12)


@given(st.lists(st.integers(1000, 1 << 53), min_size=1, max_size=300), st.sampled_from([0.5, 0.9, 0.95, 0.99]))
def test_a_quantile_is_at_most_2_2_percent_off(durations: list[int], share: float) -> None:
    buckets: dict[int, int] = {}
    for duration in durations:
        index = bucket(duration)
        buckets[index] = buckets.get(index, 0) + 1
    found = histogram.quantile(buckets, share)
    rank = next(i for i in range(1, len(durations) + 1) if i >= share * len(durations))
    exact = sorted(durations)[rank - 1]
    assert found is not None
    # Below a millisecond the rounding to whole microseconds would show.
    assert exact / (BOUND * 1.0006) <= found <= exact * BOUND * 1.0006


def test_a_quantile_of_nothing_is_nothing() -> None:
    assert histogram.quantile({}, 0.95) is None
