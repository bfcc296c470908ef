"""Requests that nobody wrote, sent as somebody; says what of each answer the reference does not."""

import json
import re
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.python.asgi import get_client
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.rigs.surface import Asked, Surface

ROOT = Path(__file__).parents[2]
BASE = "http://127.0.0.1:8700"
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
CODES = frozenset(
    code
    for page in sorted((ROOT / "docs" / "reference" / "errors").glob("*.md"))
    for code in re.findall(r"^\| `(\w+)` \|", page.read_text(), re.MULTILINE)
)
# When somebody last used what is theirs is noted wherever they ask.
STAMPS = {"api_token": "last_used_at", "session": "last_used_at"}
Route = tuple[str, str]
Rows = dict[str, set[tuple[Any, ...]]]


@schemathesis.serializer("application/x-ndjson", "application/zip")
def as_lines(_context: Any, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


@dataclass(frozen=True)
class Asker:
    """Somebody who asks.

    Attributes:
        passes: At how many routes they succeed at least.
        share: How much of `TEST_FUZZ_EXAMPLES` is theirs; whoever may do more gets deeper.
        bindings: Their roles; `own` stands for the team of the world.
        hub: A hub, which asks only what hubs ask.
        by_cookie: Signed in as browsers are.
        reads_only: Without any permission to write.
    """

    name: str
    passes: int
    share: float
    bindings: tuple[tuple[str, str], ...] = ()
    hub: bool = False
    by_cookie: bool = False
    reads_only: bool = False

    def examples(self, most: int) -> int:
        return ceil(most * self.share)


@cache
def reference() -> Any:
    """Return the schema as it was published."""
    return schemathesis.openapi.from_dict(json.loads((ROOT / "schemas" / "openapi.json").read_text()))


@cache
def pool(label: str, mode: GenerationMode, count: int) -> list[Any]:
    """Return cases of an operation: the same in every run, and fewer where there are no more."""
    operation = next(found.ok() for found in reference().get_all_operations() if found.ok().label == label)
    made: list[Any] = []

    def keep(case: Any) -> None:
        made.append(case)

    limits = settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    # Where there is nothing to send, nothing can be sent wrongly.
    possible = suppress(Unsatisfiable) if mode is GenerationMode.NEGATIVE else nullcontext()
    with possible:
        seed(1)(limits(given(operation.as_strategy(generation_mode=mode))(keep)))()
    return made


def read_rows(file: Path) -> Rows:
    """Return everything that a database holds, but for the stamps."""
    found: Rows = {}
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as live:
        for (table,) in live.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            rows = live.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names from the database itself
            kept = [at for at, column in enumerate(rows.description) if column[0] != STAMPS.get(table)]
            found[table] = {tuple(row[at] for at in kept) for row in rows}
    live.close()
    return found


@dataclass
class Fuzzed:
    """One asker at the application, with a world in it.

    Attributes:
        changed: Each table that a route changed, with the rows that differ.
    """

    app: Any
    surface: Surface
    asker: Asker
    headers: dict[str, str]
    cookies: dict[str, str] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    changed: dict[Route, Rows] = field(default_factory=dict)
    passed: set[Route] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.surface.keep()
        self.before = read_rows(self.surface.file)
        self.client = get_client(self.app)

    def run(self, offset: int, share: int, total: int) -> None:
        """Ask everything: the sample first, then `share` of the `total` cases from `offset` on."""
        for found in reference().get_all_operations():
            operation = found.ok()
            route = (operation.method.upper(), operation.path)
            if self.asker.hub and not route[1].startswith("/hub/"):
                continue
            sample = self.surface.samples[route]
            self._send(route, whole(operation, sample))
            self._settle(route)
            for mode in MODES:
                for case in dealt(pool(operation.label, mode, total), offset, share):
                    self._send(route, blended(operation, case, sample, mode))
            self._settle(route)

    def _send(self, route: Route, case: Any) -> None:
        end(case, route)
        # What a sign-in would leave in the jar belongs to no other request.
        self.client.cookies.clear()
        with_ = {"headers": {**(case.headers or {}), **self.headers}, "cookies": self.cookies}
        try:
            answer = case.call(base_url=BASE, session=self.client, **with_)
        except Exception as error:  # noqa: BLE001 - the client raises what the server would answer 500 to
            self.statuses[500] += 1
            self._complain(case, f"{error!r}")
            return
        self.statuses[answer.status_code] += 1
        if answer.status_code < 300:
            self.passed.add(route)
        for fault in faults(case, answer):
            self._complain(case, f"{answer.status_code} {fault}")
        if answer.status_code == 401:
            # They may have signed themselves out, or ended their own token.
            self._settle(route)

    def _complain(self, case: Any, text: str) -> None:
        sent = case.as_curl_command(headers=self.headers)[:1500]
        self.broken.append(f"{self.asker.name}, {case.operation.label}: {text}\n    {sent}")

    def _settle(self, route: Route) -> None:
        """Note what has changed, and bring back what was."""
        after = read_rows(self.surface.file)
        if after == self.before:
            return
        noted = self.changed.setdefault(route, {})
        for table, rows in after.items():
            if rows != self.before[table]:
                noted.setdefault(table, set()).update(rows ^ self.before[table])
        self.surface.restore()


def faults(case: Any, answer: Any) -> Iterator[str]:
    """Say what the reference does not say of an answer."""
    if answer.status_code >= 500:
        yield answer.text[:500]
    try:
        case.validate_response(answer, checks=CHECKS)
    except FailureGroup as group:
        for failure in group.exceptions:
            yield f"{failure.title}: {failure.message} {answer.text[:300]}"
    kind = answer.headers.get("content-type", [""])[0]
    if answer.status_code in {204, 304} and answer.content:
        yield "an answer without a body has one"
    if answer.status_code >= 400 and kind.partition(";")[0] in {"application/problem+json", "application/json"}:
        code = answer.json().get("code")
        if code not in CODES:
            yield f"docs/reference/errors says nothing of {code}"


def dealt(cases: list[Any], offset: int, share: int) -> Iterator[Any]:
    """Yield somebody's share; where there are too few, others get the same."""
    for at in range(min(share, len(cases))):
        yield cases[(offset + at) % len(cases)]


def whole(operation: Any, sample: Asked) -> Any:
    """Return the request that succeeds for who may do it."""
    body = sample.form if sample.form is not None else sample.body
    kinds = [alternative.media_type for alternative in operation.body]
    sent = {} if body is None or not kinds else {"body": body, "media_type": kinds[0]}
    return operation.Case(path_parameters=dict(sample.path), query=dict(sample.query), **sent)


def blended(operation: Any, case: Any, sample: Asked, mode: GenerationMode) -> Any:
    """Return a case with some of what exists in place of what was invented, or nearly every answer would be 404."""
    path, query, body = dict(case.path_parameters or {}), dict(case.query or {}), case.body
    known = sample.form if sample.form is not None else sample.body
    dice = zlib.crc32(repr((path, query, body)).encode()) % 4
    if dice:
        path |= sample.path
    if dice > 1 and mode is GenerationMode.POSITIVE:
        query |= sample.query
    if dice > 1 and isinstance(body, dict) and isinstance(known, dict):
        if dice == 2 and mode is GenerationMode.POSITIVE:
            body = {**body, **known}
        else:
            # One thing at a time is other than it should be.
            names = sorted(body, key=str)
            body = {**known, **{name: body[name] for name in names[dice - 2 :][:1]}}
    return operation.Case(
        path_parameters=path,
        query=query,
        headers=dict(case.headers or {}),
        cookies=dict(case.cookies or {}),
        body=body,
        media_type=case.media_type,
    )


def end(case: Any, route: Route) -> None:
    """Let nothing wait: a stream would never end, and a hub would be kept for a minute."""
    if "wait" in (case.query or {}):
        case.query["wait"] = 0
    if route[1] == "/api/v1/live":
        asked = (case.query or {}).get("seconds", 0)
        with suppress(TypeError, ValueError):
            float(asked)
            case.query = {**(case.query or {}), "seconds": 0.01}


__all__ = ["Asker", "Fuzzed", "Route", "Rows", "reference"]
