"""When Envoy ended without writing down its last calls: that time becomes a gap in what is known about calls."""

import contextlib
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from handrail.kernel.clock import SECOND, now_us
from handrail.runtime.edge.envoy import FLUSH_MS
from handrail.runtime.edge.places import Places, places_of
from handrail.runtime.edge.rollup import REASON_RESTART, Gap, leave_gap

log: Final = logging.getLogger("handrail.hub")
# How late whoever supervises Envoy may notice its end.
_NOTICED_US: Final = SECOND


def envoy_starts(home: Path) -> None:
    """Note that Envoy is about to run; call it right before each start.

    If it ran before and nobody saw its end (the supervisor was killed, the machine lost power), this leaves a gap from
    when it was last known to run until now.
    """
    places = places_of(home)
    with _best_effort():
        if places.envoy_runs.exists():
            seen = max(_modified_us(places.envoy_runs), _modified_us(places.call_log))
            _leave(places, min(seen, now_us()))
        places.envoy_runs.touch(mode=0o600)


def envoy_ended(home: Path, status: int) -> None:
    """Note that Envoy has ended; call it as soon as it is known, and before it is started again.

    Envoy writes what it holds when it is asked to end. Everything else leaves a gap of one flush.

    Args:
        home: The install's folder.
        status: Its exit status; negative for the signal that killed it.
    """
    places = places_of(home)
    with _best_effort():
        if status != 0:
            _leave(places, now_us() - _NOTICED_US)
        places.envoy_runs.unlink(missing_ok=True)


def note_alive(places: Places) -> None:
    """Note that Envoy has not been seen to end until now; call it about every second."""
    with contextlib.suppress(FileNotFoundError):
        os.utime(places.envoy_runs)


def _leave(places: Places, alive: int) -> None:
    """Leave a gap from one flush before Envoy was last known to run until now."""
    _end_line(places.call_log)
    leave_gap(places.call_log.parent, Gap(alive - FLUSH_MS * 1000, now_us(), REASON_RESTART))


def _end_line(path: Path) -> None:
    """End a line that was cut off, or the next Envoy's first call would be lost with it."""
    with contextlib.suppress(FileNotFoundError), path.open("r+b") as stream:
        if stream.seek(0, os.SEEK_END) and os.pread(stream.fileno(), 1, stream.tell() - 1) != b"\n":
            stream.write(b"\n")


def _modified_us(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns // 1000
    except FileNotFoundError:
        return 0


@contextlib.contextmanager
def _best_effort() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        # A full disk must not keep Envoy from being started again.
        log.warning("a gap in the call log may not have been noted: %s", error)
