"""A signal ends a process wherever it finds it."""

import subprocess
import sys

# Each round asks the event without a pause, so that the signal comes while its lock is held.
_ROUNDS = """
import os, signal, threading
from handrail.platform.supervisor import stop_on_signals
for number in (signal.SIGTERM, signal.SIGINT) * 20:
    stop = stop_on_signals()
    threading.Timer(0.01, os.kill, (os.getpid(), number)).start()
    while not stop.wait(0):
        pass
print("ended")
"""


def test_a_signal_never_finds_a_lock_that_its_own_thread_holds() -> None:
    done = subprocess.run([sys.executable, "-c", _ROUNDS], capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout) == (0, "ended\n"), done.stderr
