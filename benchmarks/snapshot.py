"""How much a change of a large registry costs: CPU time of compiling it, and time until Envoy enforces it.

1,000 apps with 5,000 grants on 100 connections with 500 operations, in a real database. First the declared state is
read, compiled and serialised in this process, with the routes that only hubs with a certificate ask for
(`compile_cpu_s`: the most of several turns, the first and coldest one included). Then the whole product runs, and
approvals are ended and given again by the API, while a client calls every five milliseconds: `enforced_s` is the
median time from a sent request to the client's first changed answer; every single one is printed.
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
    ENVIRONMENT,
    Install,
    People,
    Size,
    Watcher,
    app_name,
    call_path,
    client_of,
    fill,
    open_registry,
    quick_upstream,
)

from handrail.platform.database import Database  # noqa: E402
from handrail.registry.vault import Vault  # noqa: E402
from handrail.runtime.edge import places_of  # noqa: E402
from handrail.runtime.hub import SnapshotSource  # noqa: E402

GOAL_CPU_S, GOAL_ENFORCED_S = 1.0, 2.0
PROCESSES = ("serve", "agent", "envoy")


def compile_turns(database: Database, vault: Vault, turns: int) -> tuple[list[float], list[float]]:
    """Read, compile and serialise the state; return CPU seconds of each turn, without and with the routes for TLS."""
    source = SnapshotSource(
        database, vault, public_url="http://127.0.0.1:8700", hub_url="http://127.0.0.1:8780", hours=24
    )
    plain, whole, bodies = [], [], {}
    for _ in range(turns):
        start = time.process_time()
        with database.read() as work:
            state, bodies = source.compiled(work)
        plain.append(time.process_time() - start)
        bodies |= source.compiled_tls(state)
        whole.append(time.process_time() - start)
    largest = ", ".join(f"{name} {len(body) / 1e6:.1f} MB" for name, body in bodies.items() if len(body) > 100_000)
    print(f"parts: {largest}; all {sum(map(len, bodies.values())) / 1e6:.1f} MB")
    return plain, whole


def change_rounds(install: Install, home: Path, people: People, watcher: Watcher, rounds: int) -> list[float]:
    """End and give back one app's approval; return seconds until each change was enforced."""
    builder, reviewer = people.tokens["ada"], people.tokens["rita"]
    name = app_name(0)
    version = install.api(builder, "GET", f"/apps/{name}/versions")["items"][0]
    which = {"environment": ENVIRONMENT, "digest": version["digest"]}
    routes = places_of(home).xds / "routes.json"
    found = []
    for turn in range(2 * rounds):
        ends = turn % 2 == 0
        if not ends:
            install.api(builder, "POST", f"/apps/{name}/submit", which)
        before = {process: install.cpu_s(process) for process in PROCESSES}
        start, start_of_day = time.monotonic(), time.time()
        if ends:
            install.api(reviewer, "POST", f"/apps/{name}/revoke", {**which, "reason": "A benchmark ends it."})
        else:
            install.api(reviewer, "POST", f"/apps/{name}/approve", which)
        answered = time.monotonic()
        changed = watcher.until(403, "version_not_approved") if ends else watcher.until(200)
        found.append(changed.seen_s - start)
        written = routes.stat().st_mtime - start_of_day
        # What follows the change, acknowledgement included, is part of its price.
        time.sleep(1)
        spent = {process: install.cpu_s(process) - before[process] for process in PROCESSES}
        print(
            f"approval {'ended' if ends else 'given'}: answered after {answered - start:.3f} s, written after "
            f"{written:.3f} s, enforced after {found[-1]:.3f} s; CPU: "
            + ", ".join(f"{process} {seconds:.2f} s" for process, seconds in spent.items())
            + f"; load of this machine {os.getloadavg()[0]:.1f}"
        )
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--apps", type=int, default=1000, help="each has 5 grants")
    parser.add_argument("--connections", type=int, default=100, help="each has 5 operations")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    size = Size(
        apps=arguments.apps,
        connections=arguments.connections,
        operations=5,
        grants=5,
        # Few, because Envoy takes one of this system's inotify instances for each.
        credentials=min(10, arguments.connections),
    )
    with tempfile.TemporaryDirectory(prefix="handrail-snapshot-") as name:
        folder = Path(name)
        home = folder / "home"
        home.mkdir()
        with quick_upstream(folder) as upstream:
            database, vault = open_registry(home)
            people = fill(database, vault, size, upstream)
            client, secret = client_of(database, people, 0)
            plain, whole = compile_turns(database, vault, arguments.rounds)
            for turns, hubs in ((plain, "as most hubs take it"), (whole, "with the routes of hubs with a certificate")):
                print(f"compiled, {hubs}, in CPU seconds: " + ", ".join(f"{turn:.3f}" for turn in turns))
            database.close()
            with Install(home) as install:
                token = install.token(client, secret)
                with Watcher(folder, install.hub, call_path(size, 0), token, pause_s=0.005) as watcher:
                    watcher.until(200)
                    enforced = change_rounds(install, home, people, watcher, arguments.rounds)
    compile_cpu_s, enforced_s = max(whole), statistics.median(enforced)
    print(f"enforced, the slowest of {len(enforced)}: {max(enforced):.3f} s")
    print(json.dumps({"compile_cpu_s": round(compile_cpu_s, 3), "enforced_s": round(enforced_s, 3)}))
    return int(compile_cpu_s >= GOAL_CPU_S or enforced_s > GOAL_ENFORCED_S)


if __name__ == "__main__":
    sys.exit(main())
