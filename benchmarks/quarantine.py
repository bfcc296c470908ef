"""How fast a hold is enforced: from the accepted call to the first 403 that a client in a tight loop sees.

The whole product runs (`handrail up`: serve, worker, agent, Envoy, roll-up), with a small registry and with a large
one. Each round places a quarantine by the API, waits for the client's first `quarantined`, lifts it and waits for
its first 200. The figures of the last line count from the moment at which the API's 201 arrived, and are those of the
slower registry; printed beside them is the same from the moment at which the request was sent.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.rigs.install import (  # noqa: E402
    Install,
    Size,
    Watcher,
    app_name,
    call_path,
    client_of,
    fill,
    open_registry,
    quick_upstream,
)

GOAL_MS = 100
SMALL = Size()
LARGE = Size(apps=1000, connections=100, operations=5, grants=5, credentials=10)
PROCESSES = ("serve", "agent", "envoy")


def measure(folder: Path, size: Size, rounds: int) -> dict[str, list[float]]:
    """Return milliseconds of each round, from and to different moments."""
    home = folder / "home"
    home.mkdir(parents=True)
    found: dict[str, list[float]] = {"accepted": [], "sent": [], "answer": [], "lifted": []}
    with quick_upstream(folder) as upstream:
        database, vault = open_registry(home)
        people = fill(database, vault, size, upstream)
        client, secret = client_of(database, people, 0)
        database.close()
        hold, steward = f"/apps/{app_name(0)}/quarantine", people.tokens["sam"]
        with Install(home) as install:
            token = install.token(client, secret)
            with Watcher(folder, install.hub, call_path(size, 0), token) as watcher:
                watcher.until(200)
                before = {name: install.cpu_s(name) for name in PROCESSES}
                print(f"load of this machine before the first hold: {os.getloadavg()[0]:.1f}")
                for _ in range(rounds):
                    sent = time.monotonic()
                    install.api(steward, "POST", hold, {"reason": "A benchmark holds it."})
                    accepted = time.monotonic()
                    refused = watcher.until(403, "quarantined")
                    found["accepted"].append(max(0.0, refused.seen_s - accepted) * 1000)
                    found["sent"].append((refused.seen_s - sent) * 1000)
                    found["answer"].append((accepted - sent) * 1000)
                    lifting = time.monotonic()
                    install.api(steward, "DELETE", hold)
                    found["lifted"].append((watcher.until(200).seen_s - lifting) * 1000)
                spent = {name: (install.cpu_s(name) - before[name]) / rounds * 1000 for name in PROCESSES}
    print("CPU of a round (hold and lift): " + ", ".join(f"{name} {ms:.0f} ms" for name, ms in spent.items()))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--small-only", action="store_true", help="leave the large registry out")
    arguments = parser.parse_args()
    medians, most = [], []
    for name, size in (("small", SMALL), ("large", LARGE))[: 1 if arguments.small_only else 2]:
        with tempfile.TemporaryDirectory(prefix="handrail-quarantine-") as folder:
            found = measure(Path(folder), size, arguments.rounds)
        for what, label in (
            ("accepted", "answer received -> first 403"),
            ("sent", "request sent    -> first 403"),
            ("answer", "request sent    -> answer received"),
            ("lifted", "lift sent       -> first 200"),
        ):
            values = found[what]
            print(f"{name} ({size.apps} apps): {label}: median {statistics.median(values):.1f} ms, ", end="")
            print(f"most {max(values):.1f} ms of {len(values)}")
        medians.append(statistics.median(found["accepted"]))
        most.append(max(found["accepted"]))
    print(json.dumps({"median_ms": round(max(medians), 1), "max_ms": round(max(most), 1)}))
    return int(max(medians) > GOAL_MS)


if __name__ == "__main__":
    sys.exit(main())
