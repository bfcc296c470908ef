"""How much CPU a line of the call log costs, from Envoy's file to the database.

Starts a real `handrail serve` on SQLite and a real roll-up process, gives them a log of the hard kind (1,000 apps
by Zipf x 5 connections x 4 operations x 2 environments, about 5 lines in a row of a minute), and compares the
roll-ups with what was written. CPU time is that of both processes with their children, from /proc, from when they
are ready until the last line is stored. Memory is the sum of both peaks. The last line is one JSON object:
`lines_per_cpu_s`, `peak_rss_mib`, `difference`; exits 1 when the difference is not 0.

Usage: python benchmarks/ingest.py [--lines 1000000]
"""

import argparse
import hashlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Final

import orjson
import psutil
from sqlalchemy import text

from handrail.platform.database import Database, migrate
from handrail.runtime.hub import local_hub

APPS: Final = 1000
CONNECTIONS: Final = ("salesforce", "slack", "github", "stripe", "billing")
PRICES: Final = {"records.list": 0, "records.create": 1200, "messages.post": 350, "files.get": 40}
OPERATIONS: Final = tuple(PRICES)
ENVIRONMENTS: Final = ("production", "sandbox")
LINES_PER_MINUTE: Final = 100_000
OUTCOMES: Final = ((200, None), (404, None), (500, None), (403, "grant_missing"), (429, None))
WEIGHTS: Final = (94, 2, 2, 1, 1)
BLOCK: Final = 5_000
STARTED: Final = datetime(2026, 1, 1, tzinfo=UTC)
ROLLUP: Final = """
import sys, threading, signal
from pathlib import Path
from handrail.kernel.secret import Secret
from handrail.runtime.edge.rollup import RollUp, run
stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
print("ready", flush=True)
sys.stdin.readline()
run(RollUp(Path(sys.argv[1]), sys.argv[2], Secret(sys.argv[3])), stop)
"""


def write_log(path: Path, lines: int) -> Counter[str]:
    """Write a log as Envoy does; return what it adds up to."""
    chance = random.Random(20260101)
    apps = [
        (str(uuid.UUID(int=chance.getrandbits(128))), "c1:sha256:" + hashlib.sha256(b"%d" % number).hexdigest())
        for number in range(APPS)
    ]
    zipf = list(accumulate(1 / (rank + 1) for rank in range(APPS)))
    outcomes = list(accumulate(WEIGHTS))
    truth: Counter[str] = Counter()
    with path.open("wb") as log:
        for first in range(0, lines, BLOCK):
            block = []
            count = min(BLOCK, lines - first)
            for offset, (app, digest), (status, code) in zip(
                range(count),
                chance.choices(apps, cum_weights=zipf, k=count),
                chance.choices(OUTCOMES, cum_weights=outcomes, k=count),
                strict=True,
            ):
                at = STARTED + timedelta(minutes=(first + offset) / LINES_PER_MINUTE)
                duration = int(chance.lognormvariate(11, 1))
                environment = chance.choice(ENVIRONMENTS)
                connection, operation = chance.choice(CONNECTIONS), chance.choice(OPERATIONS)
                caller = f"{app}:{environment}:{digest}"
                price = PRICES[operation]
                call = {
                    "details": "via_upstream" if code is None else "direct_response",
                    "flags": None,
                    "id": str(uuid.UUID(int=chance.getrandbits(128))),
                    "key": None if code is None else caller,
                    "route": f"{connection}/!{code}" if code else f"{connection}/{operation}/{price}/EUR/{caller}",
                    "rx": chance.randrange(5000),
                    "status": status,
                    "t": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                    "try": 1,
                    "tx": chance.randrange(20_000),
                    "up_us": duration - 1 if code is None else None,
                    "us": duration,
                }
                block.append(orjson.dumps(call) + b"\n")
                truth["calls"] += 1
                truth["errors"] += status >= 500
                truth["refused"] += status == 403
                truth["limited"] += status == 429
                truth["received_bytes"] += call["rx"]
                truth["sent_bytes"] += call["tx"]
                truth["cost_micros"] += price if code is None else 0
                truth["duration_us"] += duration if code is None else 0
            log.write(b"".join(block))
    return truth


def stored(database: Database) -> Counter[str]:
    names = ["calls", "errors", "refused", "limited", "received_bytes", "sent_bytes", "cost_micros", "duration_us"]
    columns = ", ".join(f"COALESCE(SUM({name}), 0) AS {name}" for name in names)
    with database.read() as work:
        (row,) = work.all(text(f"SELECT {columns} FROM rollup_minute"))
        return Counter({name: int(row[name]) for name in names})


@dataclass
class Spent:
    """What a process and its children have used."""

    cpu_s: float
    peak_mib: float


def spent(process: psutil.Process) -> Spent:
    cpu = peak = 0.0
    for member in (process, *process.children(recursive=True)):
        fields = Path(f"/proc/{member.pid}/stat").read_text().rpartition(")")[2].split()
        # utime, stime and those of children that have ended already.
        cpu += sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")
        status = Path(f"/proc/{member.pid}/status").read_text()
        peak += int(status.partition("VmHWM:")[2].split()[0]) / 1024
    return Spent(cpu, peak)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_ready(url: str, serve: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if serve.poll() is not None:
            sys.exit(f"serve ended with {serve.returncode}")
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    sys.exit("serve did not get ready")


def measure(home: Path, lines: int) -> dict[str, float]:
    log = home / "log" / "calls.log"
    log.parent.mkdir()
    truth = write_log(log, lines)
    size = log.stat().st_size
    database = Database(f"sqlite:///{home / 'handrail.db'}")
    migrate.upgrade(database)
    with database.begin() as work:
        token = local_hub(work)
    url = f"http://127.0.0.1:{free_port()}"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("HANDRAIL_")},
        "HANDRAIL_HOME": str(home),
        "HANDRAIL_HTTP": url.removeprefix("http://"),
    }
    command = [str(Path(sys.executable).with_name("handrail")), "serve"]
    serve = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    rollup = None
    try:
        wait_ready(url, serve)
        rollup = subprocess.Popen(
            [sys.executable, "-c", ROLLUP, str(log), url, token.reveal()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert rollup.stdin
        assert rollup.stdout
        rollup.stdout.readline()
        watched = [psutil.Process(serve.pid), psutil.Process(rollup.pid)]
        before = [spent(process) for process in watched]
        began = time.monotonic()
        rollup.stdin.write(b"go\n")
        rollup.stdin.flush()
        with database.read() as work:
            pass
        while True:
            time.sleep(0.05)
            with database.read() as work:
                offset = work.scalar(text("SELECT SUM(next_offset) FROM signal_cursor"))
            if offset == size:
                break
            if rollup.poll() is not None or time.monotonic() - began > 600:
                sys.exit("the roll-up did not finish")
        wall_s = time.monotonic() - began
        after = [spent(process) for process in watched]
    finally:
        for process in (rollup, serve):
            if process:
                process.send_signal(signal.SIGTERM)
                process.wait(30)
    found = stored(database)
    difference = sum(abs(found[name] - truth[name]) for name in truth.keys() | found.keys())
    with database.read() as work:
        kept = work.scalar(text("SELECT COUNT(*) FROM rollup_minute"))
    database.close()
    cpu = [now.cpu_s - then.cpu_s for now, then in zip(after, before, strict=True)]
    print(
        f"{lines} lines of {size / lines:.0f} bytes into {kept} rows in {wall_s:.1f} s; CPU: serve {cpu[0]:.2f} s, "
        f"roll-up {cpu[1]:.2f} s; peak: serve {after[0].peak_mib:.0f} MiB, roll-up {after[1].peak_mib:.0f} MiB",
        file=sys.stderr,
    )
    return {
        "lines_per_cpu_s": round(lines / sum(cpu)),
        "peak_rss_mib": round(sum(one.peak_mib for one in after), 1),
        "difference": difference,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--lines", type=int, default=1_000_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="handrail-ingest-") as folder:
        result = measure(Path(folder), arguments.lines)
    print(json.dumps(result))
    sys.exit(result["difference"] != 0)


if __name__ == "__main__":
    main()
