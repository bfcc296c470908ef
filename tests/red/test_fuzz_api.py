"""Whatever the reference allows and a little more, as whoever may ask: no 5xx, and no answer that it does not describe.

Seeded and small; `TEST_FUZZ_EXAMPLES` takes more time and finds more.
"""

import os
from pathlib import Path

import pytest

pytest.importorskip("schemathesis", reason="schemathesis is not installed: add it to the dev group")

from tests.red.test_api_surface import OPEN
from tests.rigs.fuzzing import Asker, Fuzzed, Route, reference
from tests.rigs.surface import HOSTED, Asked, build_surface, every_route

from handrail.platform.database import Database
from handrail.registry import identity
from handrail.surfaces.http import create_app

EXAMPLES = int(os.environ.get("TEST_FUZZ_EXAMPLES", "6"))
EVERYTHING = (("admin", "*"), ("steward", "*"))
ASKERS = (
    Asker("nobody", 6, 1 / 6, reads_only=True),
    Asker("viewer", 40, 1 / 6, (("viewer", "own"),), reads_only=True),
    Asker("finance", 40, 1 / 6, (("finance", "own"),), reads_only=True),
    Asker("auditor", 40, 1 / 6, (("auditor", "own"),), reads_only=True),
    Asker("auditor everywhere", 50, 1 / 3, (("auditor", "*"),), reads_only=True),
    Asker("reviewer", 40, 1 / 3, (("reviewer", "own"),)),
    Asker("builder", 50, 1 / 2, (("builder", "own"),)),
    Asker("steward", 70, 1 / 2, (("steward", "*"),)),
    Asker("admin", 70, 1 / 2, (("admin", "*"),)),
    Asker("a browser", 90, 1 / 2, EVERYTHING, by_cookie=True),
    Asker("hub", 4, 1, hub=True),
    Asker("admin and steward", 90, 1, EVERYTHING),
)
# Of each operation, to be dealt out; who comes later begins where the one before ended.
POOL = 3 * EXAMPLES
# What may change although nobody with a permission to write asks. Tries are counted, and a denied one is recorded:
COUNTED: dict[Route, set[str]] = {
    ("POST", "/api/v1/join/look"): {"sign_in_attempt"},
    ("POST", "/api/v1/setup"): {"sign_in_attempt"},
    ("POST", "/api/v1/invitations/redeem"): {"sign_in_attempt"},
    ("POST", "/api/v1/sign-in"): {"sign_in_attempt", "audit_event"},
    # Here apps prove themselves, whoever sends it.
    ("POST", "/oauth/token"): {"client", "audit_event"},
}
# Everybody has an account of their own, a password, tokens, sessions and views, and what they do to those is recorded.
OWN: dict[Route, set[str]] = {
    ("PATCH", "/api/v1/me"): {"person", "audit_event"},
    ("POST", "/api/v1/me/confirm"): {"sign_in_attempt", "audit_event"},
    ("PUT", "/api/v1/me/password"): {"person_password", "api_token", "sign_in_attempt", "audit_event"},
    ("POST", "/api/v1/sign-out"): {"api_token", "audit_event"},
    ("POST", "/api/v1/tokens"): {"api_token", "audit_event"},
    ("PUT", "/api/v1/views/{name}"): {"saved_view", "audit_event"},
    ("DELETE", "/api/v1/views/{name}"): {"saved_view", "audit_event"},
}


@pytest.fixture
def fuzzed(
    request: pytest.FixtureRequest, http_context, sqlite_database: Database, tmp_path: Path, make_person, team
) -> Fuzzed:
    asker: Asker = request.param
    surface = build_surface(http_context, sqlite_database, tmp_path, make_person, team)
    made = surface.world.secret_client("standup")
    known = {"client_id": made.client.id, "client_secret": made.secret.reveal()}
    surface.samples["POST", "/oauth/token"] = Asked(form={"grant_type": "client_credentials", **known})
    headers, cookies = {}, {}
    if asker.hub:
        headers = {"authorization": f"Bearer {surface.hub_token}"}
    elif asker.bindings:
        bindings = [(role, team.id if where == "own" else where) for role, where in asker.bindings]
        headers = surface.person(make_person, "boss", *bindings)
    if asker.by_cookie:
        with sqlite_database.begin() as work:
            session = identity.open_session(work, identity.find_person(work, "boss"))
        headers, cookies = {"sec-fetch-site": "same-origin"}, {"handrail": session.reveal()}
    return Fuzzed(create_app(http_context), surface, asker, headers, cookies)


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("fuzzed", ASKERS, indirect=True, ids=lambda asker: asker.name)
def test_every_answer_is_one_that_the_reference_describes(fuzzed: Fuzzed) -> None:
    asker = fuzzed.asker
    offset = sum(before.examples(EXAMPLES) for before in ASKERS[: ASKERS.index(asker)])
    fuzzed.run(offset, asker.examples(EXAMPLES), POOL)
    print(f"fuzzed as {asker.name}: {len(fuzzed.passed)} routes passed,", dict(sorted(fuzzed.statuses.items())))
    assert not fuzzed.broken, f"{len(fuzzed.broken)} answers:\n" + "\n".join(fuzzed.broken)
    # A fuzzer that is refused everywhere proves little.
    assert len(fuzzed.passed) >= asker.passes
    if not fuzzed.headers:
        assert fuzzed.passed <= OPEN.keys()
    if asker.reads_only:
        assert_nothing_of_others_changed(fuzzed)


def assert_nothing_of_others_changed(fuzzed: Fuzzed) -> None:
    """Whoever may write nothing changes what is their own, and is counted."""
    signed_in = bool(fuzzed.headers)
    me = next((row[0] for row in fuzzed.before["person"] if row[1] == "boss"), None)
    allowed = COUNTED | OWN if signed_in else COUNTED
    for route, tables in fuzzed.changed.items():
        assert tables.keys() <= allowed.get(route, set()), (route, tables)
        for table, rows in tables.items():
            if route not in COUNTED and table != "sign_in_attempt":
                # A wrong password is recorded too; whose it was, nobody knows.
                assert all(me in row or "sign_in.failed" in row for row in rows), (route, table, rows)


def test_every_route_is_fuzzed() -> None:
    fuzzed = {(found.ok().method.upper(), found.ok().path) for found in reference().get_all_operations()}
    assert {route for route in every_route() if route[1] != HOSTED} == fuzzed
