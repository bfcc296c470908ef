"""A roll-up worker that may be told to die: `python -m tests.rigs.rollup_worker DATABASE_URL LOG MODE AFTER`.

MODE is `before` (SIGKILL inside the transaction), `after` (SIGKILL between the commit and the answer) or `never`;
AFTER is the number of batches until then.
"""

import os
import signal
import sys
import time
from pathlib import Path

from tests.rigs.calls import DatabaseSink

from handrail.platform.database import Database
from handrail.runtime.edge.rollup import Worker

FLUSH_S = 0.25


class MortalSink(DatabaseSink):
    def __init__(self, database: Database, mode: str, after: int) -> None:
        super().__init__(database)
        self.mode = mode
        self.left = after

    def _die(self, here: str) -> None:
        if self.mode == here:
            self.left -= 1
            if self.left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def before_commit(self) -> None:
        self._die("before")

    def after_commit(self) -> None:
        self._die("after")


def main() -> None:
    url, log, mode, after = sys.argv[1:]
    sink = MortalSink(Database(url), mode, int(after))
    worker = Worker(Path(log), sink, flush_s=FLUSH_S, chunk_bytes=64 << 10, stretch_bytes=400_000)
    while True:
        worker.step()
        time.sleep(0.02)


if __name__ == "__main__":
    main()
