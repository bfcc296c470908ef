"""Whatever the reference allows and a little more: no request makes the API answer 5xx.

Seeded and small; `TEST_FUZZ_EXAMPLES` takes more time and finds more.
"""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from tests.rigs.governed import build_world
from tests.rigs.surface import Surface, every_route

from handrail.platform.database import Database
from handrail.surfaces.http import create_app

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed: add it to the dev group")
EXAMPLES = int(os.environ.get("TEST_FUZZ_EXAMPLES", "6"))


@schemathesis.serializer("application/x-ndjson")
def as_lines(_context: Any, value: Any) -> bytes:
    return json.dumps(value).encode() if not isinstance(value, bytes) else value


class Fuzzed:
    """The application with a world in it; whoever asks is admin and steward, or the hub."""

    def __init__(self, http_context: Any, surface: Surface, person: dict[str, str]) -> None:
        self.app = create_app(http_context)
        self.schema = schemathesis.openapi.from_asgi("/api/openapi.json", self.app)
        self.surface = surface
        self.person = person

    def headers(self, path: str) -> dict[str, str]:
        if path.startswith("/oauth"):
            return {}
        return {"authorization": f"Bearer {self.surface.hub_token}"} if path.startswith("/hub/") else self.person


@pytest.fixture
def fuzzed(http_context, sqlite_database: Database, tmp_path: Path, make_person, team) -> Fuzzed:
    world = build_world(sqlite_database, tmp_path, make_person, team)
    world.vault = http_context.vault
    world.connect()
    surface = Surface(sqlite_database, tmp_path / "handrail.db", world)
    person = surface.person(make_person, "boss", ("admin", "*"), ("steward", "*"))
    surface.keep()
    return Fuzzed(http_context, surface, person)


def known(path_parameters: dict[str, Any], sample: dict[str, str], salt: str) -> dict[str, Any]:
    """Replace half of the invented names by ones that exist, or nearly every answer would be 404."""
    half = hashlib.sha256(repr((path_parameters, salt)).encode()).digest()[0] % 2
    return {**path_parameters, **sample} if half else path_parameters


def probe(fuzzed: Fuzzed, operation: Any, mode: Any) -> Iterator[tuple[int, str]]:
    """Yield the status of each request, and the request itself when it broke something."""
    route = (operation.method.upper(), operation.path)
    sample = fuzzed.surface.samples[route]
    told: list[tuple[int, str]] = []

    def once(case: Any) -> None:
        case.path_parameters = known(case.path_parameters or {}, sample.path, str(case.body))
        if "wait" in (case.query or {}):
            case.query["wait"] = 0
        if route[1] == "/api/v1/live":
            # It would never end.
            case.query = {**(case.query or {}), "seconds": 0.01}
        headers = {**(case.headers or {}), **fuzzed.headers(route[1])}
        try:
            answer = case.call(headers=headers)
        except Exception as error:  # noqa: BLE001 - the test client raises what the server would answer 500 to
            told.append((500, f"{error!r}: {case.as_curl_command(headers=headers)[:2000]}"))
            return
        told.append((answer.status_code, answer.text[:500] if answer.status_code >= 500 else ""))
        if answer.status_code == 401:
            fuzzed.surface.restore()

    limits = settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    # Where there is nothing to send, nothing can be sent wrongly.
    possible = suppress(Unsatisfiable) if mode is schemathesis.GenerationMode.NEGATIVE else nullcontext()
    with possible:
        seed(1)(limits(given(operation.as_strategy(generation_mode=mode))(once)))()
    yield from told


@pytest.mark.timeout(600)
def test_no_request_is_answered_5xx(fuzzed: Fuzzed) -> None:
    statuses: Counter[int] = Counter()
    broken: list[str] = []
    seen: set[tuple[str, str]] = set()
    for found in fuzzed.schema.get_all_operations():
        operation = found.ok()
        seen.add((operation.method.upper(), operation.path))
        # Both what the reference allows and what it does not.
        for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
            for status, text in probe(fuzzed, operation, mode):
                statuses[status] += 1
                if status >= 500:
                    broken.append(f"{operation.label}: {status} {text}")
        fuzzed.surface.restore()
    print("fuzzed:", dict(sorted(statuses.items())))
    assert not broken, "\n".join(broken)
    assert {route for route in every_route() if route[1] != "/api/openapi.json"} == seen
    assert statuses[200] > 50, "hardly any request passed: this proves little"
