"""The routes of sources, through the whole application, on both databases."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from handrail.platform.database import Database
from handrail.registry import catalog
from handrail.registry.identity import Team

FLOWS = (Path(__file__).parents[2] / "examples" / "node-red" / "flows.json").read_text()
TOKEN = "canary-read-token"


class _Admin(BaseHTTPRequestHandler):
    """Answers like Node-RED's admin API."""

    def do_GET(self) -> None:
        allowed = self.headers.get("authorization") == f"Bearer {TOKEN}" and self.path == "/flows"
        body = f'{{"flows": {FLOWS}, "rev": "1"}}'.encode() if allowed else b"Unauthorized"
        self.send_response(200 if allowed else 401)
        self.send_header("content-type", "application/json" if allowed else "text/plain")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Admin)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def app(database: Database, make_person, team: Team) -> str:
    builder = make_person("ada", ("builder", team.id))
    with database.begin() as work:
        return catalog.register(work, builder, "standup", team=team.name).name


def body(url: str, **more: object) -> dict:
    return {"name": "shop-floor", "url": url, "app": "standup", "network": "private", "token": TOKEN, **more}


def test_a_source_is_added_polled_shown_and_removed_and_its_token_is_in_no_answer(
    http, token_of, make_person, app: str, url: str
) -> None:
    steward = token_of(make_person("sam", ("steward", "*")))
    added = http.post("/api/v1/sources", json=body(url), headers=steward)
    assert added.status_code == 201, added.text
    assert added.json()["state"] == "waiting"
    assert added.json()["hasCredential"] is True
    polled = http.post("/api/v1/sources/shop-floor/poll", headers=steward)
    assert polled.json()["state"] == "ok", polled.text
    assert polled.json()["bindings"][0]["seenAt"].endswith("Z")
    listed = http.get("/api/v1/sources", headers=steward)
    assert [item["name"] for item in listed.json()["items"]] == ["shop-floor"]
    shown = http.get("/api/v1/sources/shop-floor", headers=steward)
    assert TOKEN not in added.text + polled.text + listed.text + shown.text
    assert http.delete("/api/v1/sources/shop-floor", headers=steward).status_code == 204
    assert http.get("/api/v1/sources/shop-floor", headers=steward).json()["code"] == "source_unknown"


def test_a_dry_run_checks_everything_and_adds_nothing(http, token_of, make_person, app: str, url: str) -> None:
    steward = token_of(make_person("sam", ("steward", "*")))
    tried = http.post("/api/v1/sources?dryRun=true", json=body(url), headers=steward)
    assert (tried.status_code, tried.json()["name"]) == (201, "shop-floor")
    wrong = http.post("/api/v1/sources?dryRun=true", json=body("nonsense"), headers=steward)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "source_url_invalid")
    assert http.get("/api/v1/sources", headers=steward).json() == {"items": []}


def test_another_teams_builder_learns_nothing(
    http, token_of, make_person, database: Database, app: str, url: str
) -> None:
    from handrail.registry import audit
    from handrail.registry.identity import add_team

    http.post("/api/v1/sources", json=body(url), headers=token_of(make_person("sam", ("steward", "*"))))
    with database.begin() as work:
        other = add_team(work, audit.SYSTEM, "sales", "Sales")
    stranger = token_of(make_person("eve", ("builder", other.id)))
    assert http.get("/api/v1/sources", headers=stranger).json() == {"items": []}
    for method, path in (
        ("GET", ""),
        ("DELETE", ""),
        ("POST", "/poll"),
        ("GET", "/found"),
        ("PATCH", ""),
    ):
        given = {"intervalS": 9} if method == "PATCH" else None
        answer = http.request(method, f"/api/v1/sources/shop-floor{path}", headers=stranger, json=given)
        assert (answer.status_code, answer.json()["code"]) == (404, "source_unknown")


def test_a_builder_of_the_team_sees_the_source_and_may_not_change_it(
    http, token_of, make_person, team: Team, app: str, url: str
) -> None:
    http.post("/api/v1/sources", json=body(url), headers=token_of(make_person("sam", ("steward", "*"))))
    builder = token_of(make_person("ada", ("builder", team.id)))
    assert http.get("/api/v1/sources/shop-floor", headers=builder).status_code == 200
    assert http.post("/api/v1/sources/shop-floor/poll", headers=builder).status_code == 403
    assert http.delete("/api/v1/sources/shop-floor", headers=builder).status_code == 403


def test_an_unknown_field_is_refused(http, token_of, make_person, app: str, url: str) -> None:
    steward = token_of(make_person("sam", ("steward", "*")))
    answer = http.post("/api/v1/sources", json=body(url, colour="red"), headers=steward)
    assert answer.status_code == 422
    assert TOKEN not in answer.text
    assert json.loads(answer.text)["code"] == "body_invalid"


def test_what_is_found_is_listed_with_its_registration_and_unknown_while_nothing_answers(
    http, token_of, make_person, team: Team, app: str, url: str
) -> None:
    steward = token_of(make_person("sam", ("steward", "*")))
    given = {key: value for key, value in body(url, team=team.name).items() if key != "app"}
    rules = {"onDrift": "warn", "deadlineHours": 24, "naming": "floor-{name}", "dataClasses": ["internal"]}
    added = http.post("/api/v1/sources", json={**given, "rules": rules}, headers=steward)
    assert (added.status_code, added.json()["rules"]) == (201, rules)
    assert (added.json()["lagS"], added.json()["listedAt"]) == (None, None)
    polled = http.post("/api/v1/sources/shop-floor/poll", headers=steward).json()
    assert (polled["found"], polled["unregistered"], polled["lagS"]) == (1, 1, 0)
    assert polled["nextAt"] > polled["polledAt"]
    found = http.get("/api/v1/sources/shop-floor/found?findings=true", headers=steward).json()
    (item,) = found["items"]
    assert (item["sight"], item["finding"], item["author"], item["active"]) == ("present", "unregistered-app", "", None)
    assert item["registration"]["name"].startswith("floor-")
    bound = http.post(
        "/api/v1/sources/shop-floor/bindings", json={"app": "standup", "part": item["part"]}, headers=steward
    )
    assert bound.json()["bindings"][0]["drift"] is None
    changed = http.patch("/api/v1/sources/shop-floor", json={"rules": {}, "intervalS": 9}, headers=steward).json()
    assert (changed["intervalS"], changed["rules"]["onDrift"]) == (9, "deny")


def test_a_rule_that_nobody_knows_is_refused_with_its_place(
    http, token_of, make_person, team: Team, app: str, url: str
) -> None:
    steward = token_of(make_person("sam", ("steward", "*")))
    wrong = http.post("/api/v1/sources", json=body(url, rules={"onDrift": "ignore"}), headers=steward)
    assert (wrong.status_code, wrong.json()["code"], wrong.json()["place"]) == (422, "source_rules_invalid", "onDrift")
    http.post("/api/v1/sources", json=body(url), headers=steward)
    builder = token_of(make_person("ada", ("builder", team.id)))
    assert http.patch("/api/v1/sources/shop-floor", json={"intervalS": 5}, headers=builder).status_code == 403
    assert http.get("/api/v1/sources/shop-floor/found", headers=builder).status_code == 200
