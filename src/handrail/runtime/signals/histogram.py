"""Durations as an exponential histogram (OpenTelemetry, scale 4). Pure.

Bucket `i` holds durations in (2**(i/16), 2**((i+1)/16)] microseconds; bucket -1 also holds everything shorter.
Stored as pairs of unsigned varints, by rising bucket: the distance to the bucket before (from -2), and the count.

Source:
    OpenTelemetry metrics data model, ExponentialHistogram. A quantile is off by at most 2**(1/32) - 1 = 2.2 %.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from handrail.runtime.signals.errors import RollupInvalid

BUCKETS_PER_DOUBLING: Final = 16
# 2**53 microseconds, the longest duration that a hub sends, lies in this bucket.
BUCKET_MAX: Final = 53 * BUCKETS_PER_DOUBLING
_BEFORE_FIRST: Final = -2
_VARINT_BITS: Final = 7
_MORE: Final = 1 << _VARINT_BITS


def _append(written: bytearray, number: int) -> None:
    while number >= _MORE:
        written.append(number & (_MORE - 1) | _MORE)
        number >>= _VARINT_BITS
    written.append(number)


def encode(buckets: Mapping[int, int]) -> bytes:
    """Write {bucket: calls}."""
    return _encode(sorted(buckets.items()))


def encode_flat(flat: Sequence[int]) -> bytes:
    """Write bucket, calls, bucket, calls, ... by rising bucket, as a hub sends them.

    Raises:
        RollupInvalid: When they do not rise, or a count is not positive.
        ValueError, TypeError: When they are no pairs of whole numbers.
    """
    pairs = iter(flat)
    return _encode(zip(pairs, pairs, strict=True))


def _encode(pairs: Iterable[tuple[int, int]]) -> bytes:
    before = _BEFORE_FIRST
    written = bytearray()
    for index, count in pairs:
        if index <= before or count < 1:
            raise RollupInvalid("A histogram's buckets must rise and hold calls.", place="rows")
        _append(written, index - before)
        if count < _MORE:
            written.append(count)
        else:
            _append(written, count)
        before = index
    if before > BUCKET_MAX:
        raise RollupInvalid(f"A histogram has no bucket {before}.", place="rows")
    return bytes(written)


def decode(blob: bytes) -> dict[int, int]:
    """Read what `encode` wrote."""
    buckets: dict[int, int] = {}
    add(buckets, blob)
    return buckets


def add(total: dict[int, int], blob: bytes) -> None:
    """Add a stored histogram to one in memory."""
    index = _BEFORE_FIRST
    number = shift = distance = 0
    for byte in blob:
        if byte >= _MORE:
            number |= (byte & (_MORE - 1)) << shift
            shift += _VARINT_BITS
            continue
        number |= byte << shift
        if distance:
            index += distance
            total[index] = total.get(index, 0) + number
            distance = 0
        else:
            # A distance is never 0, so 0 means that a distance comes next.
            distance = number
        number = shift = 0


def merge(blobs: Iterable[bytes]) -> bytes:
    """Add stored histograms; in any order and grouping the result is the same."""
    total: dict[int, int] = {}
    for blob in blobs:
        add(total, blob)
    return encode(total)


def quantile(buckets: Mapping[int, int], share: float) -> int | None:
    """Return a quantile in microseconds, at most 2.2 % off; None when nothing was measured.

    Args:
        buckets: {bucket: calls}.
        share: Between 0 and 1, for example 0.95.
    """
    calls = sum(buckets.values())
    rank = max(1.0, share * calls)
    seen = 0
    for index, count in sorted(buckets.items()):
        seen += count
        if seen >= rank:
            # The middle, in the geometric sense, is equally far from both ends.
            return round(2.0 ** ((index + 0.5) / BUCKETS_PER_DOUBLING)) if index >= 0 else 1
    return None
