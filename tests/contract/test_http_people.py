"""Profiles, the directory, teams, the entrance and an install's first steps over HTTP, on both databases."""

import dataclasses
from collections.abc import Callable

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient
from tests.rigs.cookies import PASSWORD
from tests.rigs.governed import build_world

from handrail import __version__
from handrail.kernel.clock import HOUR, MINUTE
from handrail.platform.database import Database
from handrail.registry import audit, identity
from handrail.registry.identity import Binding, Caller, Role, Team
from handrail.runtime import signals
from handrail.surfaces.http import create_app
from handrail.surfaces.http.context import DemoPerson


def test_a_person_edits_their_profile(http, database: Database, team: Team, make_person, token_of) -> None:
    bob = token_of(make_person("bob", Binding(Role.BUILDER, team.id), Binding(Role.REVIEWER, team.id), ("viewer", "*")))
    me = http.get("/api/v1/me", headers=bob).json()
    assert (me["displayName"], me["timeZone"]) == ("Bob", "")
    assert me["teams"] == [{"name": "finance-ops", "title": "Finance operations"}]
    edited = http.patch("/api/v1/me", json={"displayName": " Bob B. ", "timeZone": "Europe/Berlin"}, headers=bob)
    assert (edited.json()["displayName"], edited.json()["timeZone"]) == ("Bob B.", "Europe/Berlin")
    kept = http.patch("/api/v1/me", json={"timeZone": ""}, headers=bob).json()
    assert (kept["displayName"], kept["timeZone"]) == ("Bob B.", "")
    assert http.get("/api/v1/me", headers=bob).json() == kept
    assert http.patch("/api/v1/me", json={}, headers=bob).status_code == 200
    with database.read() as work:
        events = audit.listing(work, action="profile.changed")
    assert [event.facts for event in events] == [
        {"time_zone": ""},
        {"display_name": "Bob B.", "time_zone": "Europe/Berlin"},
    ]


@pytest.mark.parametrize(
    ("body", "code", "place"),
    [
        ({"timeZone": "Europe/Berlin2"}, "time_zone_unknown", "timeZone"),
        ({"timeZone": "../../../etc/passwd"}, "time_zone_unknown", "timeZone"),
        ({"timeZone": "/etc/localtime"}, "time_zone_unknown", "timeZone"),
        ({"timeZone": "posixrules"}, "time_zone_unknown", "timeZone"),
        ({"timeZone": "europe/berlin"}, "time_zone_unknown", "timeZone"),
        ({"displayName": "  "}, "profile_invalid", "displayName"),
        ({"displayName": "x" * 201}, "profile_invalid", "displayName"),
        ({"displayName": "two\nlines"}, "body_invalid", "displayName"),
        ({"name": "root"}, "body_invalid", "name"),
    ],
)
def test_a_profile_that_makes_no_sense_is_refused(http, make_person, token_of, body, code: str, place: str) -> None:
    answer = http.patch("/api/v1/me", json=body, headers=token_of(make_person("bob")))
    assert (answer.status_code, answer.json()["code"], answer.json()["place"]) == (422, code, place)


def test_everybody_signed_in_reads_the_directory_and_nothing_more(http, admin: Caller, make_person, token_of) -> None:
    bob = token_of(make_person("bob"))
    make_person("gone")
    with_admin = token_of(admin)
    http.post("/api/v1/people/gone/disable", headers=with_admin)
    assert http.get("/api/v1/directory", headers=bob).json()["items"] == [
        {"name": "bob", "displayName": "Bob", "active": True},
        {"name": "gone", "displayName": "Gone", "active": False},
        {"name": "root-admin", "displayName": "Root-Admin", "active": True},
    ]


def test_a_team_counts_its_active_people(http, admin: Caller, team: Team, make_person, token_of, database) -> None:
    headers = token_of(admin)
    make_person("bob", Binding(Role.BUILDER, team.id), Binding(Role.REVIEWER, team.id))
    make_person("eve", Binding(Role.BUILDER, team.id))
    late = make_person("late")
    with database.begin() as work:
        person = identity.person_by_id(work, late.person_id)
        identity.grant_role(work, admin.actor, person, Binding(Role.VIEWER, team.id), expires_at=work.now + HOUR)
    assert http.get("/api/v1/teams", headers=headers).json()["items"][0]["people"] == 3
    http.post("/api/v1/people/eve/disable", headers=headers)
    before = database.clock
    database.clock = lambda: before() + 2 * HOUR
    assert http.get("/api/v1/teams", headers=headers).json()["items"][0]["people"] == 1


def test_a_teams_title_changes_and_its_name_stays(
    http, database, admin: Caller, team: Team, make_person, token_of
) -> None:
    headers = token_of(admin)
    edited = http.patch("/api/v1/teams/finance-ops", json={"title": "Money"}, headers=headers).json()
    assert (edited["name"], edited["title"]) == ("finance-ops", "Money")
    empty = http.patch("/api/v1/teams/finance-ops", json={"title": " "}, headers=headers)
    assert (empty.status_code, empty.json()["code"]) == (422, "team_title_invalid")
    assert http.patch("/api/v1/teams/nope", json={"title": "x"}, headers=headers).json()["code"] == "team_unknown"
    bob = token_of(make_person("bob", ("steward", "*")))
    assert http.patch("/api/v1/teams/finance-ops", json={"title": "x"}, headers=bob).json()["code"] == "role_missing"
    with database.read() as work:
        (event,) = audit.listing(work, action="team.changed")
    assert event.facts == {"name": "finance-ops", "from": "Finance operations", "to": "Money"}


def test_the_entrance_tells_how_to_sign_in(http, http_context, make_person) -> None:
    first = http.get("/api/v1/sign-in/options").json()
    assert first == {
        "setUp": True,
        "password": True,
        "providers": [],
        "demo": [],
        "name": "",
        "version": __version__,
    }
    make_person("root", ("admin", "*"))
    context = dataclasses.replace(
        http_context,
        settings=dataclasses.replace(http_context.settings, organisation="Example & Co"),
        demo_people=(DemoPerson(as_="builder", name="ada", title="Ada, builder", note="Her app waits for a review."),),
    )
    with TestClient(create_app(context), base_url="http://127.0.0.1:8700") as client:
        found = client.get("/api/v1/sign-in/options").json()
    assert (found["setUp"], found["name"]) == (False, "Example & Co")
    assert found["demo"] == [{"as": "builder", "title": "Ada, builder", "note": "Her app waits for a review."}]


def look(http, token: str):
    return http.post("/api/v1/join/look", json={"token": token})


def test_a_link_tells_what_it_gives_and_stays_good(http, database: Database, team: Team) -> None:
    with database.begin() as work:
        _, token = identity.create_setup_link(work)
    found = look(http, token.reveal()).json()
    assert found["kind"] == "setup"
    assert [role["role"] for role in found["roles"]] == ["admin", "steward"]
    body = {"token": token.reveal(), "name": "ada", "password": PASSWORD, "kind": "token"}
    ada = {"authorization": f"Bearer {http.post('/api/v1/setup', json=body).json()['token']}"}
    used = look(http, token.reveal())
    assert (used.status_code, used.json()["code"]) == (404, "link_unknown")
    wanted = {"roles": [{"role": "builder", "team": team.name}, {"role": "viewer"}]}
    invitation = http.post("/api/v1/invitations", json=wanted, headers=ada).json()
    token = invitation["link"].partition("#")[2]
    found = look(http, token).json()
    assert found["kind"] == "invitation"
    assert [(role["role"], role["team"]) for role in found["roles"]] == [("builder", team.name), ("viewer", "*")]
    assert found["expiresAt"] == invitation["expiresAt"]
    http.delete(f"/api/v1/invitations/{invitation['id']}", headers=ada)
    assert look(http, token).status_code == look(http, token[:-1]).status_code == 404


def test_a_set_up_link_of_an_install_with_an_admin_leads_nowhere(http, database: Database, make_person) -> None:
    with database.begin() as work:
        _, token = identity.create_setup_link(work)
    make_person("other", ("admin", "*"))
    assert look(http, token.reveal()).json()["code"] == "link_unknown"


def test_looking_at_links_that_lead_nowhere_stops(http, database: Database) -> None:
    with database.begin() as work:
        _, token = identity.create_setup_link(work)
    for number in range(30):
        assert look(http, token.reveal()).status_code == 200, "a good link counts for nothing"
        assert look(http, f"hi_{number}").status_code == 404
    refused = look(http, token.reveal())
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_sign_ins")
    assert 0 < int(refused.headers["retry-after"]) <= 15 * 60
    before = database.clock
    database.clock = lambda: before() + 16 * MINUTE
    assert look(http, token.reveal()).status_code == 200


@pytest.fixture
def steps(http, admin: Caller, token_of) -> Callable[[], dict[str, str | None]]:
    headers = token_of(admin)

    def read() -> dict[str, str | None]:
        found = http.get("/api/v1/setup/progress", headers=headers).json()["steps"]
        assert all(step["done"] == (step["doneAt"] is not None) for step in found)
        return {step["id"]: step["doneAt"] for step in found}

    return read


def test_the_first_steps_follow_from_what_there_is(
    http, database: Database, tmp_path, steps, team: Team, make_person, admin: Caller, token_of
) -> None:
    first = steps()
    assert list(first) == ["runs", "admin", "second_person", "connection", "app", "approved_call"]
    assert [step for step, at in first.items() if at] == ["runs", "admin"]
    # Somebody without a role is no second pair of eyes, and somebody disabled is gone.
    make_person("bob")
    assert steps()["second_person"] is None
    make_person("bob", Binding(Role.REVIEWER, team.id))
    assert steps()["second_person"] > first["admin"]
    http.post("/api/v1/people/bob/disable", headers=token_of(admin))
    assert steps()["second_person"] is None
    world = build_world(database, tmp_path, make_person, team)
    assert steps()["connection"] is None
    world.connect()
    assert steps()["connection"]
    assert steps()["app"] is None
    world.register("standup")
    found = steps()
    assert [step for step, at in found.items() if at is None] == ["approved_call"]


def test_the_first_approved_call_is_one_that_got_through_in_production(database: Database, steps) -> None:
    from tests.contract.test_signals import STARTED, batch
    from tests.rigs.calls import DatabaseSink, line

    sink = DatabaseSink(database)
    end = sink.apply(batch(line(status=403, code="grant_missing"), line(env="sandbox")))
    assert steps()["approved_call"] is None
    sink.apply(batch(line(us=1000), start=end))
    assert steps()["approved_call"] == "2026-01-01T00:00:00.000Z"
    with database.begin() as work:
        work.now = STARTED + 8 * 24 * HOUR
        assert signals.downsample(work)
        assert work.scalar(text("SELECT COUNT(*) FROM rollup_minute")) == 0
        assert signals.first_call_at(work, ["production"]) == STARTED // HOUR * HOUR
        assert signals.first_call_at(work, ["sandbox"]) is not None
        assert signals.first_call_at(work, []) is None


def test_only_who_manages_people_reads_the_first_steps(http, make_person, token_of) -> None:
    answer = http.get("/api/v1/setup/progress", headers=token_of(make_person("sam", ("steward", "*"))))
    assert (answer.status_code, answer.json()["code"]) == (403, "role_missing")
