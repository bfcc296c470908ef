"""Who may use which route of the API: every route, every role, in the own and in another team.

The agreed answers are in `tests/golden/routes_roles.json`. Read the difference before you write them anew with
`TEST_GOLDEN=write`: each cell that turns from a refusal to `yes` is a door that opened.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.rigs.surface import Surface, ask, build_surface, every_route

from handrail.platform.database import Database
from handrail.registry.identity import Permission

GOLDEN = Path(__file__).parents[1] / "golden" / "routes_roles.json"
TEAM_ROLES = ("viewer", "builder", "reviewer", "finance", "auditor")
EVERYWHERE = ("auditor", "steward", "admin")
# Nobody needs to be signed in here: each has another proof of its own, or nothing to hide.
OPEN = {
    ("GET", "/api/openapi.json"): "the reference is public",
    ("GET", "/healthz"): "alive or not",
    ("GET", "/readyz"): "ready or not",
    ("POST", "/api/v1/sign-in"): "a password",
    ("GET", "/api/v1/sign-in/options"): "how to sign in",
    ("POST", "/api/v1/join/look"): "a one-time link",
    ("POST", "/api/v1/demo/sign-in"): "a demo on this machine; here it does not exist",
    ("POST", "/api/v1/setup"): "a one-time link",
    ("POST", "/api/v1/invitations/redeem"): "a one-time link",
    ("POST", "/oauth/token"): "a client's secret or key",
    ("GET", "/{kind}/.well-known/jwks.json"): "public keys",
    ("GET", "/{kind}/.well-known/oauth-authorization-server"): "public addresses",
}
HUB = "/hub/v1/"


@pytest.fixture
def surface(http_context, sqlite_database: Database, tmp_path: Path, make_person, team) -> Surface:
    return build_surface(http_context, sqlite_database, tmp_path, make_person, team)


@pytest.fixture
def callers(surface: Surface, make_person, team) -> dict[str, dict[str, str]]:
    """Return the headers of somebody for each column of the matrix."""
    other = next(binding.team for binding in surface.world.zoe.bindings)
    found = {"anonymous": {}, "no role": surface.person(make_person, "p-none")}
    for role in TEAM_ROLES:
        found[f"{role} own"] = surface.person(make_person, f"p-{role}-own", (role, team.id))
        found[f"{role} other"] = surface.person(make_person, f"p-{role}-other", (role, other))
    for role in EVERYWHERE:
        found[f"{role} all"] = surface.person(make_person, f"p-{role}-all", (role, "*"))
    # Tokens that were restricted to reading apps, of people who may do much more.
    for role in ("steward", "admin"):
        found[f"{role} app:read"] = surface.person(
            make_person, f"p-{role}-scoped", (role, "*"), scopes=(Permission.APP_READ,)
        )
    found["hub"] = {"authorization": f"Bearer {surface.hub_token}"}
    surface.keep()
    return found


def word(status: int) -> str:
    return "yes" if 200 <= status < 300 else str(status)


def matrix(http: Any, surface: Surface, callers: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for route in every_route():
        row = found[" ".join(route)] = {}
        for column, headers in callers.items():
            answer = ask(http, route, surface.samples[route], headers)
            assert answer.status_code < 500, (route, column, answer.text)
            assert answer.headers["cache-control"] == "no-store", (route, column)
            row[column] = word(answer.status_code)
            if route[0] != "GET":
                surface.restore()
    return found


@pytest.fixture
def found(http, surface: Surface, callers: dict[str, dict[str, str]]) -> Iterator[dict[str, dict[str, str]]]:
    yield matrix(http, surface, callers)


def test_every_route_has_a_sample_and_every_sample_a_route(surface: Surface) -> None:
    assert set(every_route()) == set(surface.samples)


def test_every_route_is_documented(http) -> None:
    paths = http.get("/api/openapi.json").json()["paths"]
    documented = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    assert set(every_route()) - documented == {("GET", "/api/openapi.json")}


def test_who_may_do_what_is_what_was_agreed(found: dict[str, dict[str, str]]) -> None:
    for route in every_route():
        row = found[" ".join(route)]
        # Without somebody signed in: nothing, but for the routes that have another proof.
        if route not in OPEN:
            assert row["anonymous"] == "401", route
        # A hub's token opens what hubs need and nothing else; a person's token opens none of that.
        people = {column: answer for column, answer in row.items() if column not in {"hub", "anonymous"}}
        if route[1].startswith(HUB):
            assert set(people.values()) == {"401"}, route
            assert row["hub"] != "401", route
        elif route not in OPEN:
            assert row["hub"] == "401", route
            # A sample that nobody may use proves nothing.
            assert "yes" in people.values(), (route, people)
        # Another team's app, by any role: it does not exist.
        if route[1].startswith("/api/v1/apps/{name}"):
            assert {row[f"{role} other"] for role in TEAM_ROLES} == {"404"}, (route, row)
            assert row["no role"] == "404", (route, row)
    written = json.dumps(found, indent=1) + "\n"
    if os.environ.get("TEST_GOLDEN") == "write":
        GOLDEN.write_text(written)
    agreed = json.loads(GOLDEN.read_text())
    different = {
        route: {column: (agreed.get(route, {}).get(column), answer) for column, answer in row.items()}
        for route, row in found.items()
        if row != agreed.get(route)
    }
    assert not different, "agreed and found differ"
    assert found.keys() == agreed.keys()
