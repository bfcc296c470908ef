"""What another team has does not exist: 404 on every route, and never a difference to a name that is free."""

from pathlib import Path

import pytest
from tests.rigs.estates import adopt, payout_export
from tests.rigs.governed import World, build_world, flow

from handrail.platform.database import Database

APP = "/api/v1/apps/{app}"
DIGEST = "c1:sha256:" + "0" * 64
FILE = {"filename": "flows.json", "content": flow().decode()}
ROUTES = [
    ("GET", APP, None),
    ("PATCH", APP, {"title": "mine"}),
    ("POST", f"{APP}/retire", {}),
    ("GET", f"{APP}/versions", None),
    ("POST", f"{APP}/versions", FILE),
    ("GET", f"{APP}/versions/1", None),
    ("GET", f"{APP}/versions/1/diff", None),
    ("GET", f"{APP}/running", None),
    ("PUT", f"{APP}/running", {"digest": "1"}),
    ("POST", f"{APP}/rollback", {"digest": "1"}),
    ("POST", f"{APP}/submit", {}),
    ("POST", f"{APP}/withdraw", {}),
    ("POST", f"{APP}/approve", {"digest": DIGEST}),
    ("POST", f"{APP}/refuse", {"reason": "no"}),
    ("POST", f"{APP}/revoke", {"digest": "1", "reason": "no"}),
    ("GET", f"{APP}/approvals/{{approval}}", None),
    ("GET", f"{APP}/clients", None),
    ("POST", f"{APP}/clients", {}),
    ("DELETE", f"{APP}/clients/{{client}}", None),
    ("POST", f"{APP}/quarantine", {"reason": "no"}),
    ("DELETE", f"{APP}/quarantine", None),
    ("GET", f"{APP}/history", None),
    ("GET", f"{APP}/impact", None),
    ("GET", "/api/v1/reviews?app={app}", None),
]


@pytest.fixture
def world(database: Database, tmp_path: Path, make_person, team) -> World:
    made = build_world(database, tmp_path, make_person, team)
    other = made.zoe.bindings[0].team
    # Every role there is, in the other team only.
    for role in ("builder", "reviewer", "viewer", "finance", "auditor"):
        made.zoe = make_person("zoe", (role, other))
    made.connect()
    made.register()
    return made


def test_every_route_answers_404_as_for_a_name_that_is_free(http, world: World, token_of) -> None:
    version = world.approved()
    client = world.secret_client().client.id
    world.upload(text="Good evening")
    review = world.submit()
    with world.database.read() as work:
        from handrail.registry import access

        approval = access.approvals(work, version.app_id)[0].id
    headers = token_of(world.zoe)
    for method, path, body in ROUTES:
        answers = []
        for app in ("standup", "sundown"):
            url = path.format(app=app, approval=approval, client=client)
            answer = http.request(method, url, json=body, headers=headers)
            problem = answer.json()
            problem.pop("requestId")
            answers.append((answer.status_code, str(problem).replace(app, "APP")))
        assert answers[0][0] == 404, (method, path, answers)
        assert answers[0] == answers[1], (method, path)
    assert http.get(f"/api/v1/reviews/{review.id}", headers=headers).status_code == 404
    assert http.get("/api/v1/reviews", headers=headers).json()["items"] == []
    home = {"needs": [], "waiting": [], "changes": [], "cut": []}
    assert http.get("/api/v1/home", headers=headers).json() == home
    assert http.get("/api/v1/apps?retired=true", headers=headers).json() == {"items": []}
    assert http.get("/api/v1/apps?team=finance-ops", headers=headers).json() == {"items": []}


def test_every_route_wants_somebody_signed_in(http, world: World) -> None:
    for method, path, body in ROUTES:
        url = path.format(app="standup", approval="x", client="x")
        assert http.request(method, url, json=body).status_code == 401, (method, path)


def test_a_reviewer_of_another_team_cannot_approve_by_digest(http, world: World, token_of) -> None:
    version = world.upload()
    world.submit()
    answer = http.post("/api/v1/apps/standup/approve", json={"digest": version.digest}, headers=token_of(world.zoe))
    assert answer.status_code == 404


def test_an_app_cannot_be_moved_into_a_team_one_has_nothing_to_do_with(http, world: World, token_of) -> None:
    headers = token_of(world.ada)
    answer = http.patch("/api/v1/apps/standup", json={"team": "logistics"}, headers=headers)
    assert answer.status_code == 404
    assert http.get("/api/v1/apps/standup", headers=headers).json()["team"] == "finance-ops"


def test_a_definition_of_another_team_is_as_one_that_does_not_exist(http, world: World, token_of) -> None:
    taken = adopt(world.database, world.ada, "finance-ops", [("a.json", payout_export())])
    headers = token_of(world.zoe)
    base = "/api/v1/estate/definitions"
    routes = (("GET", "", None), ("POST", "/fixes", {"keys": []}), ("POST", "/registration", {"name": "x"}))
    for method, path, body in routes:
        answers = []
        for definition in (taken[0].definitions[0].id, "0198c1de-0000-7000-8000-000000000000"):
            answer = http.request(method, f"{base}/{definition}{path}", json=body, headers=headers)
            problem = answer.json()
            problem.pop("requestId")
            answers.append((answer.status_code, problem))
        assert answers[0] == answers[1], (method, path)
        assert answers[0][0] == 404
    assert http.get(base, headers=headers).json()["total"] == 0
    assert http.get("/api/v1/estate", headers=headers).json()["found"] == 0
    for path in ("leaks", "duplicates", "files"):
        assert http.get(f"/api/v1/estate/{path}", headers=headers).json()["items"] == []
    asked = {"origin": "exports", "team": "finance-ops", "files": [{"path": "b.json", "content": ""}]}
    assert http.post("/api/v1/estate/files", json=asked, headers=headers).status_code == 404
    assert (
        http.post("/api/v1/estate/finish", json={"origin": "exports", "complete": True}, headers=headers).status_code
        == 404
    )
