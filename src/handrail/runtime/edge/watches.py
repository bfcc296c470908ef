"""Whether Envoy can watch as many files as it is about to be given."""

import ctypes
import os
import sys
from typing import Final

from handrail.runtime.edge.errors import WatchesExhausted

_CLOEXEC: Final = 0o2000000
_SPARE: Final = 2


def require_watches(more: int) -> None:
    """Refuse to give Envoy more files than it can watch: it would abort, and every app with it.

    Envoy takes one inotify instance for each file. Whether that many are left is tried out, because the system
    tells only the limit (`fs.inotify.max_user_instances`) and not how many other programs of this user hold.

    Args:
        more: How many files Envoy would watch on top of those that it watches now.

    Raises:
        WatchesExhausted: If that many are not left.
    """
    if more <= 0 or sys.platform != "linux":
        return
    create = ctypes.CDLL(None, use_errno=True).inotify_init1
    handles: list[int] = []
    try:
        for _ in range(more + _SPARE):
            handle = create(_CLOEXEC)
            if handle < 0:
                raise WatchesExhausted(
                    f"Envoy would have to watch {more} more files, and this system lets it watch {len(handles)}.",
                    fix="Run as root: sysctl -w fs.inotify.max_user_instances=8192 (and keep it in /etc/sysctl.d).",
                    place="fs.inotify.max_user_instances",
                    internal=os.strerror(ctypes.get_errno()),
                )
            handles.append(handle)
    finally:
        for handle in handles:
            os.close(handle)
