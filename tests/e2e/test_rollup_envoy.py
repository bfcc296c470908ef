"""What a real Envoy logs is what its callers saw, through rotations."""

import http.client
import http.server
import json
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.rigs.calls import DIGEST, DatabaseSink
from tests.rigs.gateway import Gateway, Signer

from handrail.kernel.clock import HOUR, now_us
from handrail.platform.database import Database
from handrail.runtime import signals
from handrail.runtime.edge.rollup import Worker, listing, reopen_logs
from handrail.runtime.hub.model import DeclaredConnection, DeclaredOperation, DeclaredState

APP, HELD = str(uuid.uuid4()), str(uuid.uuid4())
KEY = f"{APP}:production:{DIGEST}"
FLUSH_S = 0.2


class Upstream(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(int(self.path.rpartition("/")[2]))
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


class Hub:
    """An Envoy with two connections, and callers that remember what they were told."""

    def __init__(self, folder: Path) -> None:
        self.upstream = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
        threading.Thread(target=self.upstream.serve_forever, daemon=True).start()
        self.signer = Signer()
        answer = DeclaredOperation("answers.get", "GET", "/{status}", (KEY,), price_micros=1500, currency="EUR")
        ask = DeclaredOperation("answers.list", "GET", "/", ())
        roomy = DeclaredConnection(
            name="crm",
            environment="production",
            upstream=f"http://127.0.0.1:{self.upstream.server_port}",
            network="private",
            credential="",
            calls_per_minute=60_000,
            burst=1000,
            operations=(answer, ask),
        )
        tight = replace(roomy, name="tight", calls_per_minute=1, burst=1)
        self.state = DeclaredState(1, "http://hub.test", ("production",), (self.signer.issuer(),), (roomy, tight))
        self.gateway = Gateway(folder)
        self.gateway.apply(self.state)
        self.gateway.quarantine(HELD)
        self.gateway.start()
        self.told: Counter[str] = Counter()
        self.request_id: str | None = None

    def call(self, path: str, key: str | None = KEY) -> None:
        headers = {} if key is None else {"authorization": f"Bearer {self.signer.token(key)}"}
        connection = http.client.HTTPConnection("127.0.0.1", self.gateway.port, timeout=10)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        self.request_id = answer.getheader("x-request-id")
        self.told["calls"] += 1
        self.told[str(answer.status)] += 1
        self.told["errors"] += answer.status >= 500
        if body.startswith(b"{"):
            self.told[json.loads(body)["code"]] += 1

    def stop(self) -> None:
        self.gateway.stop()
        self.upstream.shutdown()


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    made = Hub(tmp_path / "hub")
    yield made
    made.stop()


def test_roll_ups_of_a_real_envoy_equal_what_its_callers_were_told(hub: Hub, sqlite_database: Database) -> None:
    log = hub.gateway.log
    worker = Worker(
        log,
        DatabaseSink(sqlite_database),
        flush_s=FLUSH_S,
        reopen=lambda: reopen_logs(hub.gateway.admin),
        rotate_bytes=4000,
    )
    rotated = set()
    for _ in range(8):
        for status in (200, 200, 404, 500, 429):
            hub.call(f"/crm/{status}")
        hub.call("/crm/")
        hub.call("/nobody/200")
        hub.call("/crm/200", None)
        hub.call("/crm/200", f"{HELD}:production:{DIGEST}")
        hub.call("/tight/200")
        worker.step()
        rotated |= {found.file for found in listing(log) if found.rotated}
        time.sleep(FLUSH_S)
    # From here on nothing rotates, so that everything can come to its end.
    worker.reopen = None
    time.sleep(2 * FLUSH_S)
    hub.call("/crm/200")
    deadline = time.monotonic() + 20
    while len(listing(log)) > 1 or totals(sqlite_database)["calls"] < hub.told["calls"]:
        assert time.monotonic() < deadline, (hub.told, totals(sqlite_database))
        worker.step()
        time.sleep(FLUSH_S)
    assert len(rotated) > 2
    found = totals(sqlite_database)
    assert found == {name: calls for name, calls in hub.told.items() if name in found}
    assert found["token_missing"] == found["quarantined"] == found["connection_unknown"] == 8
    assert found["grant_missing"] == 8
    with sqlite_database.read() as work:
        report = signals.calls(work, APP, now_us() - HOUR, now_us() + HOUR)
        rejected = work.connection.exec_driver_sql("SELECT SUM(rejected) FROM signal_cursor").scalar()
    assert (rejected, report.gaps) == (0, ())
    used = {(one.connection, one.operation): one for one in report.operations}
    answers = used["crm", "answers.get"]
    assert answers.errors == 8
    assert answers.limited == 8
    assert answers.cost[0].micros == answers.calls * 1500
    assert answers.p95_us is not None
    assert used["tight", "answers.get"].limited == hub.told["quota_exceeded"]
    with sqlite_database.read() as work:
        at_hub = signals.hub_calls(work, "hub-1", now_us() - HOUR, now_us() + HOUR, "1h")
        tail = signals.tail(work, "hub-1")
    assert sum(point.calls for point in at_hub.points) == hub.told["calls"]
    assert at_hub.causes == {"upstream_5xx": hub.told["errors"]}
    assert at_hub.refusals == {code: found[code] for code in at_hub.refusals}
    assert at_hub.refusals.keys() == {"connection_unknown", "grant_missing", "quarantined", "token_missing"}
    # The newest call is the last one that was made, with what its caller can quote.
    newest = tail[0]
    assert (newest.app_id, newest.connection, newest.operation, newest.status) == (APP, "crm", "answers.get", 200)
    assert newest.request_id == hub.request_id
    assert len(tail) == min(100, hub.told["calls"])
    assert not any("/" in text for call in tail for text in (call.operation, call.code, call.connection))


def totals(database: Database) -> Counter[str]:
    """Return the calls, errors and refusals of everybody, also of callers without a name."""
    found: Counter[str] = Counter()
    with database.read() as work:
        for app in (APP, HELD, ""):
            for one in signals.calls(work, app, now_us() - HOUR, now_us() + HOUR).operations:
                found["calls"] += one.calls
                found["errors"] += one.errors
                found["429"] += one.limited
                found.update(one.refusals)
    return found
