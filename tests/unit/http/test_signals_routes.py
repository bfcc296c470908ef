"""Calls over HTTP: what hubs send, and who may ask."""

import pytest
from tests.rigs.calls import line

from handrail.kernel.clock import MINUTE, now_us, rfc3339
from handrail.registry import catalog
from handrail.registry.audit import SYSTEM
from handrail.registry.catalog import App
from handrail.registry.identity import add_team
from handrail.runtime.edge.rollup import Batch, Gap, Tally, encode
from handrail.runtime.hub import local_hub


@pytest.fixture
def hub(database):
    """Return the headers of an enrolled hub."""
    with database.begin() as work:
        return {"authorization": f"Bearer {local_hub(work).reveal()}"}


@pytest.fixture
def app(database, make_person, team) -> App:
    builder = make_person("ada", ("builder", team.id))
    with database.begin() as work:
        return catalog.register(work, builder, "invoice-approver", team=team.name)


@pytest.fixture
def builder(make_person, team, app):
    return make_person("ada", ("builder", team.id))


def batch(app: App, start: int = 0) -> Batch:
    now = now_us()
    block = line(app=app.id, t=rfc3339(now - MINUTE)) + line(
        app=app.id, t=rfc3339(now - MINUTE), status=403, code="grant_missing", us=500
    )
    tally = Tally(now // MINUTE)
    tally.add(block, start)
    return Batch("1:2:aa", "calls.log", start, start + len(block), now, tally.rows())


def test_a_hub_sends_calls_and_their_app_shows_them(http, hub, app, builder, token_of) -> None:
    sent = batch(app)
    for _ in range(2):
        answer = http.post("/hub/v1/rollups", content=encode(sent), headers=hub)
        assert (answer.status_code, answer.json()) == (200, {"offset": sent.end})
    (position,) = http.get("/hub/v1/rollups", headers=hub).json()["items"]
    assert (position["file"], position["offset"]) == ("1:2:aa", sent.end)
    found = http.get("/api/v1/apps/invoice-approver/calls?since=30m", headers=token_of(builder)).json()
    assert (found["app"], found["state"], found["gaps"]) == ("invoice-approver", "ok", [])
    assert found["asOf"] is not None
    refused, operation = found["items"]
    assert operation["operation"] == "chat.postMessage"
    assert (operation["calls"], operation["refused"], operation["refusals"]) == (1, 0, {})
    assert (refused["operation"], refused["refusals"], refused["p95Ms"]) == ("", {"grant_missing": 1}, None)
    assert operation["p95Ms"] == pytest.approx(100, rel=0.022)
    assert operation["cost"] == [{"micros": 1500, "currency": "EUR"}]


def test_no_data_is_a_state_of_its_own(http, app, builder, token_of) -> None:
    found = http.get("/api/v1/apps/invoice-approver/calls", headers=token_of(builder)).json()
    assert (found["state"], found["asOf"], found["items"]) == ("no_data", None, [])


def test_a_gap_shows_in_the_window_that_it_touches(http, hub, app, builder, token_of) -> None:
    now = now_us()
    gap = Gap(now - 2 * MINUTE, now - MINUTE, "restart")
    body = {"asOf": now, "gaps": [{"id": gap.id, "since": gap.since, "until": gap.until, "reason": gap.reason}]}
    assert http.post("/hub/v1/gaps", json=body, headers=hub).status_code == 204
    url = "/api/v1/apps/invoice-approver/calls"
    found = http.get(url, headers=token_of(builder)).json()
    assert (found["state"], found["gaps"][0]["reason"]) == ("gap", "restart")
    earlier = {"since": "2026-01-01T00:00:00Z", "until": "2026-01-01T01:00:00Z"}
    assert http.get(url, params=earlier, headers=token_of(builder)).json()["state"] == "no_data"


@pytest.mark.parametrize("token", ["", "Bearer nobody"])
def test_nobody_but_a_hub_may_send(http, app, token: str) -> None:
    headers = {"authorization": token} if token else {}
    for method, path in (("GET", "/hub/v1/rollups"), ("POST", "/hub/v1/rollups"), ("POST", "/hub/v1/gaps")):
        assert http.request(method, path, content=b"{}", headers=headers).status_code == 401


def test_a_persons_token_is_no_hubs(http, builder, token_of) -> None:
    assert http.get("/hub/v1/rollups", headers=token_of(builder)).status_code == 401


def test_nonsense_is_refused_with_a_code(http, hub) -> None:
    answer = http.post("/hub/v1/rollups", content=b"[]", headers=hub)
    assert (answer.status_code, answer.json()["code"]) == (422, "rollup_invalid")


def test_another_teams_app_does_not_exist(http, app, database, make_person, token_of) -> None:
    with database.begin() as work:
        other = add_team(work, SYSTEM, "another-team", "Another team")
    stranger = make_person("mallory", ("builder", other.id))
    answer = http.get("/api/v1/apps/invoice-approver/calls", headers=token_of(stranger))
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"since": "yesterday"}, "invalid"),
        ({"since": "1h", "until": "2h"}, "window_invalid"),
        ({"since": "999d"}, "window_invalid"),
        ({"by": "colour"}, "body_invalid"),
    ],
)
def test_an_impossible_question_is_refused(http, app, builder, token_of, query: dict[str, str], code: str) -> None:
    answer = http.get("/api/v1/apps/invoice-approver/calls", params=query, headers=token_of(builder))
    assert (answer.status_code, answer.json()["code"]) == (422, code)
