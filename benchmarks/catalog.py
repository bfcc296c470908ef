"""How fast the catalog is searched: 100,000 made-up apps in 60 teams, on SQLite and on PostgreSQL.

Every request goes through the whole HTTP application, in this process (Starlette's test client): authentication, the
permission check, the search with its counts, and the answer as JSON. Half of them are asked by a steward, who sees
every team, and half by a builder of three teams. `search_p95_ms` is over whole pages of 50, `facets_p95_ms` over
requests that filter and take one app, so that nearly all of their time is that of the counts.
"""

import argparse
import contextlib
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import psutil  # noqa: E402
from starlette.testclient import TestClient  # noqa: E402
from tests.conftest import POSTGRES_PROGRAMS, Cluster  # noqa: E402
from tests.rigs.made_up_catalog import make_up  # noqa: E402

from handrail.main import build_context  # noqa: E402
from handrail.platform.database import Database, migrate  # noqa: E402
from handrail.platform.settings import read_settings  # noqa: E402
from handrail.surfaces.http import create_app  # noqa: E402

GOAL_MS = 50.0
# (what it is, the query); `next` takes the second page.
SEARCHES: list[tuple[str, dict[str, Any]]] = [
    ("no text", {}),
    ("no text, second page", {"next": True}),
    ("no text, by name", {"sort": "name"}),
    ("no text, newest", {"sort": "created", "next": True}),
    ("one word, common", {"q": "invoices "}),
    ("one word, very common", {"q": "team "}),
    ("one word, common, second page", {"q": "slack ", "next": True}),
    ("one word, rare", {"q": "approve-invoices-77 "}),
    ("prefix, common", {"q": "inv"}),
    ("prefix, short", {"q": "re"}),
    ("prefix, rare", {"q": "case 97"}),
    ("two words", {"q": "approve invoices "}),
    ("three words", {"q": "approve invoices salesforce"}),
    ("phrase", {"q": '"approve every invoice"'}),
    ("excluded", {"q": "invoices -slack"}),
    ("typo", {"q": "invioce"}),
    ("typo and a word", {"q": "aprove refunds"}),
    ("substring", {"q": "voice"}),
    ("nothing", {"q": "qqqzzzq"}),
    ("a person", {"q": "mara"}),
    ("owner typed", {"q": "owner:mara is:drifted"}),
    ("filters", {"stage": ["operating"], "platform": ["n8n"], "dataClass": ["confidential"]}),
    ("one filter", {"stage": ["prototype"]}),
    ("one team", {"team": ["team-02"]}),
    ("word and filters", {"q": "invoices", "stage": ["operating"], "runs": ["observed"]}),
    ("flag", {"flag": ["drifted"]}),
    ("flag and platform", {"flag": ["no_owner"], "platform": ["script", "n8n"]}),
    ("rare combination", {"stage": ["idea"], "flag": ["quarantined"]}),
    ("mine", {"owner": "me"}),
]
FACETS: list[tuple[str, dict[str, Any]]] = [
    ("everything", {}),
    ("two stages", {"stage": ["operating", "prototype"]}),
    ("stage and platform", {"stage": ["operating"], "platform": ["n8n", "script"]}),
    ("runs and level", {"runs": ["observed"], "dataClass": ["restricted"]}),
    ("team", {"team": ["team-01", "team-05"]}),
    ("flag", {"flag": ["in_review"]}),
    ("common word", {"q": "invoices "}),
    ("common word and stage", {"q": "slack ", "stage": ["operating"]}),
]


@contextlib.contextmanager
def databases(names: list[str], folder: Path) -> Iterator[tuple[dict[str, str], dict[str, psutil.Process]]]:
    """Yield the URL of an empty database for each name that this machine can offer, and the servers by name."""
    urls: dict[str, str] = {}
    servers: dict[str, psutil.Process] = {}
    if "sqlite" in names:
        urls["sqlite"] = f"sqlite:///{folder / 'bench.db'}"
    cluster = None
    if "postgresql" in names:
        if (POSTGRES_PROGRAMS / "initdb").exists():
            home = Path(tempfile.mkdtemp(prefix="hr-pg-", dir="/tmp"))
            if os.geteuid() == 0:
                shutil.chown(home, "postgres", "postgres")
            cluster = Cluster(POSTGRES_PROGRAMS, home)
            cluster.start()
            urls["postgresql"] = cluster.create()
            servers["postgresql"] = psutil.Process(int((cluster.data / "postmaster.pid").read_text().split()[0]))
        else:
            print(f"no PostgreSQL 15 server programs in {POSTGRES_PROGRAMS}: its figures are left out")
    try:
        yield urls, servers
    finally:
        if cluster is not None:
            cluster.stop()
            shutil.rmtree(cluster.folder, ignore_errors=True)


class Cpu:
    """CPU time of this process and of the database's server, if it has one; in ticks of 10 ms there."""

    def __init__(self, server: psutil.Process | None) -> None:
        self.server = server

    def ms(self) -> float:
        spent = time.process_time()
        if self.server is not None:
            for process in self.server.children(recursive=True):
                with contextlib.suppress(psutil.NoSuchProcess):
                    used = process.cpu_times()
                    spent += used.user + used.system
        return spent * 1000


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]


def ask(client: TestClient, headers: dict[str, str], query: dict[str, Any]) -> tuple[float, dict[str, Any]]:
    """Ask once; return milliseconds and the answer."""
    start = time.perf_counter()
    answer = client.get("/api/v1/catalog", params=query, headers=headers)
    spent = (time.perf_counter() - start) * 1000
    assert answer.status_code == 200, answer.text
    return spent, answer.json()


def measure(
    client: TestClient,
    people: list[dict[str, str]],
    queries: list[tuple[str, dict[str, Any]]],
    rounds: int,
    limit: int,
    cpu: Cpu,
) -> tuple[list[float], list[float]]:
    """Return the milliseconds of every request and the CPU milliseconds of each query, and print them by query."""
    times: list[float] = []
    costs: list[float] = []
    print(f"  {'':32} {'apps':>7} {'median ms':>10} {'slowest ms':>11} {'CPU ms':>7}")
    for name, query in queries:
        own: list[float] = []
        total, spent_cpu = 0, 0.0
        for turn in range(rounds):
            for headers in people:
                asked = {key: value for key, value in query.items() if key != "next"} | {"limit": limit}
                if query.get("next"):
                    _, first = ask(client, headers, asked)
                    asked |= {"cursor": first["next"]} if first["next"] else {}
                before = cpu.ms()
                spent, answer = ask(client, headers, asked)
                total = max(total, answer["total"])
                # The first turn warms caches, as any serve that runs for a minute has them.
                if turn:
                    own.append(spent)
                    spent_cpu += cpu.ms() - before
        times += own
        costs.append(spent_cpu / len(own))
        print(f"  {name:32} {total:>7} {statistics.median(own):>10.1f} {max(own):>11.1f} {costs[-1]:>7.1f}")
    return times, costs


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--apps", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=6, help="of each query; the first is not counted")
    parser.add_argument("--database", action="append", choices=["sqlite", "postgresql"], help="both by default")
    arguments = parser.parse_args()
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="handrail-catalog-") as name:
        folder = Path(name)
        with databases(arguments.database or ["sqlite", "postgresql"], folder) as (urls, servers):
            for dialect, url in urls.items():
                database = Database(url)
                migrate.upgrade(database)
                start = time.monotonic()
                made = make_up(database, arguments.apps)
                print(f"{dialect}: {arguments.apps} apps made and indexed in {time.monotonic() - start:.0f} s")
                database.close()
                settings = read_settings({"HANDRAIL_DATABASE_URL": url}, home=str(folder / dialect))
                context = build_context(settings)
                cpu = Cpu(servers.get(dialect))
                with TestClient(create_app(context), base_url="http://127.0.0.1:8700") as client:
                    people = [made.steward, made.builder]
                    for key, queries, limit in (("search", SEARCHES, 50), ("facets", FACETS, 1)):
                        times, costs = measure(client, people, queries, arguments.rounds, limit, cpu)
                        figures[f"{key}_p95_ms_{dialect}"] = round(p95(times), 1)
                        print(
                            f"  {key}: p95 {p95(times):.1f} ms, median {statistics.median(times):.1f} ms; CPU of a "
                            f"request: p95 {p95(costs):.1f} ms, median {statistics.median(costs):.1f} ms; load of this "
                            f"machine {os.getloadavg()[0]:.1f}"
                        )
                context.database.close()
    for key in ("search", "facets"):
        own = [value for name, value in figures.items() if name.startswith(key)]
        figures[f"{key}_p95_ms"] = max(own)
    print(json.dumps(dict(sorted(figures.items()))))
    return int(max(figures.values()) > GOAL_MS)


if __name__ == "__main__":
    sys.exit(main())
