"""Reads whole lines of one file from a byte offset, never too many at once."""

from dataclasses import dataclass
from typing import Final

from handrail.runtime.edge.rollup.aggregate import Tally
from handrail.runtime.edge.rollup.files import LogFile, identify

CHUNK_BYTES: Final = 256 << 10
STRETCH_BYTES: Final = 32 << 20
# Keeps the body of a batch, and the memory of both ends, small whatever the lines are.
STRETCH_GROUPS: Final = 6_000


@dataclass(frozen=True, slots=True)
class Stretch:
    """What was read.

    Attributes:
        end: The byte after the last whole line.
        exhausted: There was no further whole line when it was read.
    """

    start: int
    end: int
    tally: Tally
    exhausted: bool


def read(
    found: LogFile,
    start: int,
    now_minute: int,
    *,
    settled: bool,
    chunk_bytes: int = CHUNK_BYTES,
    stretch_bytes: int = STRETCH_BYTES,
) -> Stretch | None:
    """Add up the whole lines after an offset, up to a limit of bytes and of groups.

    Args:
        found: The file, as it was listed.
        start: First byte.
        now_minute: The reader's clock, minutes since 1970.
        settled: Nobody will write to the file any more, so a last line without an end is a torn one.
        chunk_bytes: How much is held in memory at once.
        stretch_bytes: Where to stop, at the latest one chunk later.

    Returns:
        None when the name now stands for another file.
    """
    tally = Tally(now_minute)
    position = start
    try:
        stream = found.path.open("rb")
    except FileNotFoundError:
        return None
    with stream:
        if identify(stream) != found.file:
            return None
        stream.seek(start)
        while position - start < stretch_bytes and len(tally.groups) < STRETCH_GROUPS:
            chunk = stream.read(chunk_bytes)
            cut = chunk.rfind(b"\n") + 1
            if cut:
                tally.add(chunk[:cut], position)
                position += cut
                stream.seek(position)
            elif len(chunk) == chunk_bytes:
                # No call has a line this long; what follows it up to its end is rejected next.
                tally.reject(position, "length")
                position += len(chunk)
            else:
                if chunk and settled:
                    tally.reject(position, "torn")
                    position += len(chunk)
                return Stretch(start, position, tally, exhausted=True)
    return Stretch(start, position, tally, exhausted=False)
