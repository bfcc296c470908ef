"""Home, history, impact, audit search, export and doctor over HTTP, on both databases."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.rigs.governed import World, build_world

from handrail.kernel.clock import MINUTE
from handrail.platform.database import Database
from handrail.registry import access, audit, catalog
from handrail.registry.audit import Actor
from handrail.runtime import hub, signals

APP = "/api/v1/apps/standup"
AUDIT = "/api/v1/audit"


@pytest.fixture
def world(database: Database, http_context, tmp_path: Path, make_person, team) -> World:
    made = build_world(database, tmp_path, make_person, team)
    made.vault = http_context.vault
    made.connect()
    made.register()
    return made


@pytest.fixture
def get(http, world: World, token_of, admin):
    people = {name: getattr(world, name) for name in ("ada", "grace", "rita", "sam", "zoe")} | {"admin": admin}
    tokens = {name: token_of(caller) for name, caller in people.items()}

    def run(who: str, path: str, status: int = 200, **query):
        answer = http.get(path, params=query, headers=tokens[who])
        assert answer.status_code == status, f"{path}: {answer.status_code} {answer.text}"
        return answer if "ndjson" in answer.headers["content-type"] else answer.json()

    return run


def test_home_has_its_agreed_shape(get, world: World) -> None:
    world.upload()
    review = world.submit()
    found = get("rita", "/api/v1/home")
    assert found.keys() == {"needs", "waiting", "changes", "cut"}
    need = next(need for need in found["needs"] if need["kind"] == "review_waiting")
    assert need.keys() == {
        *("kind", "app", "title", "team", "number", "environment", "reviewId"),
        *("at", "dueAt", "person", "reason", "details"),
    }
    assert (need["app"], need["team"], need["reviewId"]) == ("standup", "finance-ops", review.id)
    assert found["changes"][0].keys() == {"id", "at", "actor", "actorKind", "action", "app", "facts", "number"}
    assert get("zoe", "/api/v1/home") == {"needs": [], "waiting": [], "changes": [], "cut": []}


def test_the_history_of_an_app_is_for_whoever_may_see_it(get, world: World) -> None:
    world.approved()
    secret = world.secret_client().secret
    with world.database.begin() as work:
        access.quarantine(work, world.sam, "standup", "floods")
        catalog.edit(work, world.ada, "standup", new_name="greeting")
    world.register("lunch")
    found = get("grace", "/api/v1/apps/greeting/history")
    actions = [event["action"] for event in found["items"]]
    assert actions[:3] == ["app.edited", "quarantine.placed", "client.added"]
    assert {"app.registered", "version.taken_in", "version.submitted", "approval.granted"} <= set(actions)
    assert {event["subjectName"] for event in found["items"]} == {"greeting"}
    assert found["items"][0]["facts"] == {"name": ["standup", "greeting"]}
    assert secret is not None
    assert secret.reveal() not in json.dumps(found)
    page = get("grace", "/api/v1/apps/greeting/history", limit=2)
    rest = get("grace", "/api/v1/apps/greeting/history", before=page["next"])
    assert page["items"] + rest["items"] == found["items"]
    problem = get("zoe", "/api/v1/apps/greeting/history", 404)
    assert problem["code"] == get("zoe", "/api/v1/apps/none/history", 404)["code"] == "app_unknown"


def test_a_fact_that_sounds_like_a_secret_is_not_told(get, world: World) -> None:
    with world.database.begin() as work:
        app = catalog.find_app(work, world.ada, "standup")
        facts = {"environment": "production", "clientSecret": "s3cret", "deep": {"token": "s3cret", "number": 1}}
        audit.record(work, world.ada.actor, "client.odd", app.subject, facts)
    event = get("grace", f"{APP}/history")["items"][0]
    assert event["facts"] == {"environment": "production", "deep": {"number": 1}}
    assert get("grace", "/api/v1/home")["changes"][0]["facts"] == {"environment": "production"}


def found_by(get, **query) -> list[str]:
    return [event["action"] for event in get("sam", AUDIT, limit=1000, **query)["items"]]


def test_the_log_is_searched_by_words(get, world: World) -> None:
    with world.database.begin() as work:
        mara = Actor("person", "p-1", "Mara")
        audit.record(work, mara, "thing.changed", "thing:1", {"reason": 'Says "100%_sure" to Müller\\Co'})
        audit.record(work, mara, "thing.changed", "thing:2", {"reason": "Says 100 times"})
    every = {"thing.changed": 2}
    for words, count in (
        ("mara", 2),
        ("MARA changed", 2),
        ("100%", 1),
        ("100%_sure", 1),
        ("1__", 0),
        ("%", 1),
        ('"100%', 1),
        ("müller", 1),
        ("Müller\\Co", 1),
        ("thing:2", 1),
        ("mara nowhere", 0),
        ("says 100 mara thing", 2),
        ("actor kind", 0),
    ):
        found = found_by(get, q=words, action="thing")
        assert len(found) == count, (words, found)
        assert set(found) <= set(every)
    assert get("sam", AUDIT, 422, q="a b c d e f g")["code"] == "audit_search_invalid"


def test_the_log_is_narrowed_by_app_family_and_time(get, world: World) -> None:
    world.register("lunch")
    world.upload()
    found = get("sam", AUDIT, app="standup")["items"]
    assert {event["subjectName"] for event in found} == {"standup"}
    assert len(found) == 3
    assert get("sam", AUDIT, 404, app="none")["code"] == "app_unknown"
    assert get("sam", AUDIT, app="standup", subject="app:other")["items"] == []
    assert found_by(get, action="app.*") == found_by(get, action="app")
    assert set(found_by(get, action="app.*")) == {"app.registered", "app.stage_moved"}
    # An underscore is itself, not any letter.
    with world.database.begin() as work:
        audit.record(work, world.ada.actor, "api_token.odd", "thing:1")
        audit.record(work, world.ada.actor, "apiXtoken.odd", "thing:1")
    assert "apiXtoken.odd" not in found_by(get, action="api_token")
    middle = get("sam", AUDIT, app="standup")["items"][0]["at"]
    older, newer = found_by(get, until=middle), found_by(get, after=middle)
    assert older
    assert newer
    assert len(older) + len(newer) == len(found_by(get))
    assert get("sam", AUDIT, 422, until="yesterday")["code"] == "invalid"


def test_subjects_are_called_what_people_call_them(get, world: World) -> None:
    names = {event["subject"].partition(":")[0]: event["subjectName"] for event in get("sam", AUDIT)["items"]}
    assert (names["app"], names["connection"], names["connector"]) == ("standup", "slack-production", "slack")
    assert names["team"] in {"finance-ops", "logistics"}
    assert names["person"]


def test_the_actions_that_were_recorded_are_listed(get, world: World) -> None:
    found = get("sam", f"{AUDIT}/actions")["items"]
    assert found == sorted(set(found))
    assert {"app.registered", "connection.applied", "person.added"} <= set(found)
    get("ada", f"{AUDIT}/actions", 403)


def test_the_whole_log_is_exported_line_by_line(get, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from handrail.surfaces.http.routes import audit as route

    monkeypatch.setattr(route, "_PAGE", 3)
    answer = get("sam", f"{AUDIT}/export")
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert "audit.jsonl" in answer.headers["content-disposition"]
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert lines == get("sam", AUDIT, limit=1000)["items"]
    assert len(lines) > 3
    only = get("sam", f"{AUDIT}/export", app="standup", action="app").text.splitlines()
    assert [json.loads(line)["action"] for line in only] == ["app.registered"]
    assert get("sam", f"{AUDIT}/export", q="nowhere").text == ""
    assert get("sam", f"{AUDIT}/export", 404, app="none")["code"] == "app_unknown"
    get("sam", f"{AUDIT}/export", 422, format="csv")
    get("ada", f"{AUDIT}/export", 403)


def test_impact_says_what_stops_and_never_zero_for_unknown(get, world: World, http_context) -> None:
    version = world.approved()
    world.secret_client()
    found = get("grace", f"{APP}/impact")
    assert found == {
        "calls24h": None,
        "connections": [
            {
                "connection": "slack-production",
                "environment": "production",
                "operations": ["chat.postMessage"],
                "calls24h": None,
            }
        ],
        "clients": 1,
        "lastCallAt": None,
        "asOf": None,
    }
    with world.database.begin() as work:
        minute = work.now // MINUTE - 60
        work.run(text("INSERT INTO signal_hub (hub_id, as_of, updated_at) VALUES ('h', :now, :now)"), now=work.now)
        work.run(
            text("""
                INSERT INTO signal_series (id, app_id, environment, connection, operation, digest, currency)
                VALUES (1, :app, 'production', 'slack-production', 'chat.postMessage', '', '')
            """),
            app=version.app_id,
        )
        for at, calls in ((minute, 3), (minute - 1, 4), (minute - 60 * 24 * 3, 50)):
            work.run(
                text("""
                    INSERT INTO rollup_minute (minute, series_id, calls, errors, refused, limited, received_bytes,
                        sent_bytes, cost_micros, duration_us, duration_max_us, histogram)
                    VALUES (:minute, 1, :calls, 0, 0, 0, 0, 0, 0, 0, 0, :histogram)
                """),
                minute=at,
                calls=calls,
                histogram=b"",
            )
    found = get("grace", f"{APP}/impact")
    assert (found["calls24h"], found["connections"][0]["calls24h"]) == (7, 7)
    with world.database.read() as work:
        assert signals.last_call(work, version.app_id) == minute * MINUTE
    with world.database.begin() as work:
        work.run(text("DELETE FROM rollup_minute WHERE minute > :old"), old=minute - 60 * 24)
    with world.database.read() as work:
        assert signals.last_call(work, version.app_id) == (minute - 60 * 24 * 3) * MINUTE
        assert signals.last_call(work, "nobody") is None
    assert get("grace", f"{APP}/impact")["calls24h"] == 0
    get("zoe", f"{APP}/impact", 404)


def test_the_doctor_says_what_is_wrong(get, world: World, database: Database, admin, http_context) -> None:
    def checks() -> dict[str, dict]:
        return {check["check"]: check for check in get("admin", "/api/v1/doctor")["checks"]}

    http_context.settings.home.mkdir(exist_ok=True)
    found = checks()
    assert set(found) == {"disk", "database", "vault", "audit", "search", "hubs", "sources", "signals"}
    assert (found["database"]["state"], found["vault"]["state"], found["audit"]["state"]) == ("ok", "ok", "ok")
    assert found["hubs"]["state"] == "failed"
    assert found["hubs"]["fix"]
    with database.begin() as work:
        audit.seal(work)
        made, _ = hub.enrol_hub(work, admin, "edge-1")
        hub.acknowledge(work, made, epoch=0, revision=0, quarantine=0, problems=["no room"])
    assert checks()["hub edge-1"] == {"check": "hub edge-1", "state": "warning", "detail": "no room", "fix": ""}
    with database.begin() as work:
        work.run(text("UPDATE audit_event SET body = body || ' ' WHERE seq = 2"))
    assert "is not what was written" in checks()["audit"]["detail"]
    get("ada", "/api/v1/doctor", 403)


def test_a_check_that_cannot_run_is_a_finding(get, world: World, database: Database, http_context) -> None:
    http_context.settings.key_file.write_text("no key")
    http_context.settings.key_file.chmod(0o600)
    with database.begin() as work:
        work.run(text("ALTER TABLE signal_hub RENAME TO elsewhere"))
    found = {check["check"]: check for check in get("admin", "/api/v1/doctor")["checks"]}
    assert (found["vault"]["state"], found["signals"]["state"]) == ("failed", "failed")
    assert found["signals"]["detail"].startswith("the check itself failed")
    assert found["audit"]["state"] == "ok"


def test_the_end_of_the_log_is_checked_like_the_whole(database: Database, world: World) -> None:
    with database.begin() as work:
        audit.seal(work)
    with database.read() as work:
        whole, tail = audit.verify(work), audit.verify_tail(work, 5)
        assert (tail.rows, tail.head, tail.fault) == (5, whole.head, None)
        assert audit.verify_tail(work).rows == whole.rows
    with database.begin() as work:
        work.run(text("DELETE FROM audit_event WHERE seq = :seq"), seq=whole.rows - 1)
    with database.read() as work:
        tail = audit.verify_tail(work, 5)
        assert tail.fault is not None
        assert (tail.fault.kind, tail.fault.seq) == ("deleted", whole.rows - 1)
        # What lies before the end is for the whole check.
        assert audit.verify_tail(work, 1).fault is None
