"""Calls over time, by app, by connection and by hub: exactly once, only of one's own teams, and sure of what is known."""

import json
from typing import Any

import orjson
import pytest
from tests.rigs.calls import DatabaseSink, line
from tests.rigs.governed import World, build_world, connection_manifest, connector_manifest

from handrail.kernel.clock import DAY, HOUR, MINUTE, now_us, rfc3339
from handrail.kernel.secret import Secret
from handrail.language.manifest import parse_connection, parse_connector
from handrail.platform.database import Database, migrate, revisions
from handrail.registry import catalog, connectors, identity
from handrail.registry.identity import Caller
from handrail.runtime import hub as hubs
from handrail.runtime import signals
from handrail.runtime.edge.rollup import Batch, Gap, Tally, encode
from handrail.runtime.signals import facets

REQUEST = "018f0000-0000-7000-8000-00000000aaaa"


@pytest.fixture
def now(database: Database) -> int:
    """Fix the clock to the middle of a minute; return it."""
    at = now_us() // HOUR * HOUR + 34 * MINUTE + 30_000_000
    database.clock = lambda: at
    return at


@pytest.fixture
def world(database: Database, tmp_path, make_person, team) -> World:
    made = build_world(database, tmp_path, make_person, team)
    made.connect()
    made.connect("sandbox")
    return made


@pytest.fixture
def ask(http, token_of, database: Database):
    """Return a function that asks as somebody and checks the status."""
    tokens: dict[tuple[str, int], dict[str, str]] = {}

    def get(who: Caller, path: str, status: int = 200, **query: Any) -> Any:
        # A token lives a day; some stories are longer.
        key = who.name, database.clock()
        if key not in tokens:
            tokens[key] = token_of(who)
        headers = tokens[key]
        answer = http.get(f"/api/v1/{path}", params=query, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    return get


@pytest.fixture
def edge(database: Database, admin: Caller) -> DatabaseSink:
    """Return the sink of an enrolled hub."""
    with database.begin() as work:
        return DatabaseSink(database, hubs.enrol_hub(work, admin, "edge")[0].id)


def batch(now: int, *lines: bytes, start: int = 0, **more: Any) -> Batch:
    block = b"".join(lines)
    tally = Tally(now // MINUTE)
    tally.add(block, start)
    assert not tally.rejects
    rows, tail = tally.rows(), tally.tail()
    return Batch("1:2:aa", "calls.log", start, start + len(block), now, rows, causes=tally.causes, tail=tail, **more)


def at(moment: int, **changes: Any) -> bytes:
    return line(**{"conn": "slack-production", "t": rfc3339(moment), **changes})


def counts(item: dict[str, Any]) -> tuple[int, ...]:
    return tuple(item[name] for name in ("calls", "answered", "refused", "limited", "errors"))


def mixed(now: int, app: str) -> list[bytes]:
    """Return one call of each outcome, two minutes ago."""
    then = now - 2 * MINUTE
    unreachable = "upstream_reset_before_response_started{connection_failure}"
    return [
        at(then, app=app, us=100_000),
        at(then, app=app, status=500),
        at(then, app=app, status=503, details=unreachable),
        at(then, app=app, status=504, details="response_timeout"),
        at(then, app=app, status=0, details="downstream_remote_disconnect"),
        at(then, app=app, status=403, code="grant_missing"),
        at(then, app=app, status=429, details="request_rate_limited"),
        at(
            then, status=401, route="slack-production/!grant_missing", details="jwt_authn_access_denied{Jwt_is_missing}"
        ),
    ]


# One app over time


def test_every_step_is_there_and_says_whether_it_is_known(ask, edge, world: World, now: int) -> None:
    app = world.register("standup")
    edge.apply(batch(now, at(now - 3 * HOUR, app=app.id, us=50_000), *mixed(now, app.id)))
    found = ask(world.ada, "apps/standup/calls/series", since="4h", until=rfc3339(now + 2 * HOUR), step="1h")
    assert (found["app"], found["state"], found["stepS"], found["gaps"]) == ("standup", "ok", 3600, [])
    assert found["asOf"] == rfc3339(now)
    items = found["items"]
    assert [item["at"] for item in items] == [rfc3339((now // HOUR - 4 + step) * HOUR) for step in range(7)]
    assert (found["since"], found["until"]) == (items[0]["at"], rfc3339((now // HOUR + 3) * HOUR))
    assert [item["calls"] for item in items] == [0, 1, 0, 0, 7, 0, 0]
    # The step that is still running is known as far as it goes; the ones after it are not.
    assert [item["known"] for item in items] == [True] * 5 + [False] * 2
    assert counts(items[4]) == (7, 1, 1, 1, 4)
    assert (items[1]["p95Ms"], items[0]["p95Ms"]) == (pytest.approx(50, rel=0.022), None)
    assert (items[1]["cost"], items[0]["cost"]) == ([{"micros": 1500, "currency": "EUR"}], [])
    daily = ask(world.ada, "apps/standup/calls/series")
    assert len(daily["items"]) in {28, 29}
    assert sum(item["calls"] for item in daily["items"]) == 8


def test_before_any_hub_has_reported_nothing_is_known(ask, world: World, now: int) -> None:
    world.register("standup")
    found = ask(world.ada, "apps/standup/calls/series", since="3h", step="1h")
    assert (found["state"], found["asOf"]) == ("no_data", None)
    assert {(item["calls"], item["known"]) for item in found["items"]} == {(0, False)}


def test_a_gap_hides_what_it_covers_and_a_zero_that_it_touches(ask, edge, world: World, now: int) -> None:
    app = world.register("standup")
    hour = now // HOUR * HOUR
    edge.apply(batch(now, at(hour - 2 * HOUR + MINUTE, app=app.id)))
    edge.report(now, [Gap(hour - 3 * HOUR - 1, hour - 2 * HOUR + 1, "restart")])
    found = ask(world.ada, "apps/standup/calls/series", since=rfc3339(hour - 5 * HOUR), until=rfc3339(hour), step="1h")
    assert (found["state"], found["gaps"][0]["reason"]) == ("gap", "restart")
    # Before; touched without a call; covered; touched with a call; after.
    assert [item["calls"] for item in found["items"]] == [0, 0, 0, 1, 0]
    assert [item["known"] for item in found["items"]] == [True, False, False, True, True]


def test_an_environment_can_be_told_apart(ask, edge, world: World, now: int) -> None:
    app = world.register("standup")
    edge.apply(
        batch(now, at(now - MINUTE, app=app.id), at(now - MINUTE, app=app.id, env="sandbox", conn="slack-sandbox"))
    )
    for environment, calls in (("production", 1), ("sandbox", 1), ("", 2)):
        found = ask(world.ada, "apps/standup/calls/series", since="1h", step="5m", environment=environment)
        assert sum(item["calls"] for item in found["items"]) == calls, environment
    assert ask(world.ada, "apps/standup/calls/series", 404, environment="moon")["code"] == "environment_unknown"


def test_old_calls_are_there_by_the_hour_and_finer_steps_are_refused(ask, edge, world: World, now: int) -> None:
    app = world.register("standup")
    then = (now - 8 * DAY) // DAY * DAY + 5 * HOUR
    edge.apply(batch(now, at(then, app=app.id), at(then + 59 * MINUTE, app=app.id), at(now - MINUTE, app=app.id)))

    def series(**window: str) -> list[int]:
        return [item["calls"] for item in ask(world.ada, "apps/standup/calls/series", **window)["items"]]

    day = {"since": rfc3339(then - 5 * HOUR), "until": rfc3339(then + 19 * HOUR)}
    before = series(**day, step="6h"), series(since="9d", step="1d")
    assert (before[0], sum(before[1])) == ([2, 0, 0, 0], 3)
    more = True
    while more:
        with world.database.begin() as work:
            more = signals.downsample(work)
    assert (series(**day, step="6h"), series(since="9d", step="1d")) == before
    refused = ask(world.ada, "apps/standup/calls/series", 422, **day, step="5m")
    assert (refused["code"], refused["place"], refused["fix"]) == (
        "window_invalid", "step", "Ask with step=1h, or for a later time."
    )  # fmt: skip
    listed = ask(world.ada, "calls/by-app", name="standup", since="9d")
    assert (listed["items"][0]["calls"], sum(listed["items"][0]["series"])) == (3, 3)


@pytest.mark.parametrize(
    ("query", "code", "place"),
    [
        ({"since": "28d", "step": "1h"}, "window_invalid", "step"),
        ({"since": "500d", "step": "1d"}, "window_invalid", "step"),
        ({"since": "1h", "until": "2h"}, "window_invalid", "since"),
        ({"since": "yesterday"}, "invalid", "since"),
        ({"since": "9999-12-31T23:59:59-20:00"}, "window_invalid", "since"),
        ({"step": "7m"}, "body_invalid", ""),
    ],
)
def test_an_impossible_window_says_what_would_do(ask, world: World, now: int, query, code: str, place: str) -> None:
    world.register("standup")
    refused = ask(world.ada, "apps/standup/calls/series", 422, **query)
    assert refused["code"] == code
    assert not place or refused["place"] == place
    if query.get("since") == "28d":
        assert refused["fix"] == "Ask with step=6h."


def test_another_teams_app_has_no_series(ask, world: World, now: int) -> None:
    world.register("standup")
    assert ask(world.zoe, "apps/standup/calls/series", 404)["code"] == "app_unknown"


# Several apps


def test_several_apps_at_once_and_never_another_teams(ask, edge, world: World, now: int) -> None:
    apps = [world.register(name) for name in ("standup", "lunch", "quiet")]
    edge.apply(batch(now, *mixed(now, apps[0].id), *[at(now - DAY, app=apps[1].id)] * 3))
    names = ["lunch", "standup", "quiet", "nobody", "lunch"]
    found = ask(world.ada, "calls/by-app", name=names, since="7d")
    assert [item["app"] for item in found["items"]] == ["lunch", "standup", "quiet"]
    assert {len(item["series"]) for item in found["items"]} == {8}
    lunch, standup, quiet = found["items"]
    assert (lunch["calls"], lunch["series"][-2:]) == (3, [3, 0])
    assert (standup["calls"], standup["refused"], standup["errors"], standup["series"][-1]) == (7, 1, 4, 7)
    assert (quiet["calls"], set(quiet["series"])) == (0, {0})
    assert found["asOf"] == rfc3339(now)
    assert ask(world.zoe, "calls/by-app", name=names)["items"] == []
    assert len(ask(world.ada, "calls/by-app", name=names, since="3h", step="1h")["items"][0]["series"]) == 4
    ask(world.ada, "calls/by-app", 422, name=["a"] * 201)
    ask(world.ada, "calls/by-app", 422)
    ask(world.ada, "calls/by-app", 422, name="lunch", step="5m")


# Connections


def foreign(world: World) -> str:
    """Register an app of zoe's team; return its id."""
    with world.database.begin() as work:
        return catalog.register(work, world.zoe, "foreign", team="logistics").id


def test_a_connections_calls_are_those_of_the_teams_that_one_may_see(ask, edge, world: World, now: int) -> None:
    app, other = world.register("standup").id, foreign(world)
    late = [at(now - MINUTE, app=other, us=900_000)] * 2
    edge.apply(batch(now, *mixed(now, app), *late, at(now - 5 * HOUR, app=app, us=100_000)))
    mine, theirs, all_of_them = (
        {item["connection"]: item for item in ask(who, "connections/calls")["items"]}
        for who in (world.ada, world.zoe, world.sam)
    )
    assert mine.keys() == theirs.keys() == all_of_them.keys() == {"slack-production", "slack-sandbox"}
    assert counts(mine["slack-production"]) == (8, 2, 1, 1, 4)
    assert counts(theirs["slack-production"]) == (2, 2, 0, 0, 0)
    # With the call whose caller nobody knows.
    assert counts(all_of_them["slack-production"]) == (11, 4, 2, 1, 4)
    assert theirs["slack-production"]["environment"] == "production"
    assert theirs["slack-production"]["p95Ms"] == pytest.approx(900, rel=0.022)
    assert mine["slack-production"]["p95Ms"] == pytest.approx(100, rel=0.022)
    assert mine["slack-production"]["lastAt"] == rfc3339((now // MINUTE - 2) * MINUTE)
    assert theirs["slack-production"]["lastAt"] == rfc3339((now // MINUTE - 1) * MINUTE)
    series = mine["slack-production"]["series"]
    assert (len(series), sum(series), series[-1], series[-6]) == (25, 8, 7, 1)
    nothing = theirs["slack-sandbox"]
    assert (counts(nothing), nothing["p95Ms"], nothing["lastAt"], sum(nothing["series"])) == ((0,) * 5, None, None, 0)
    whole = ask(world.sam, "connections/calls", since="28d", step="1d")
    assert (len(whole["items"][0]["series"]), whole["stepS"], whole["asOf"]) == (29, 86_400, rfc3339(now))


def test_connections_remember_what_only_hours_still_hold(ask, edge, world: World, now: int) -> None:
    app = world.register("standup").id
    edge.apply(batch(now, at(now - 8 * DAY, app=app, us=70_000), at(now - MINUTE, app=app, us=70_000)))
    before = ask(world.ada, "connections/calls", since="10d", step="1d")
    more = True
    while more:
        with world.database.begin() as work:
            more = signals.downsample(work)
    assert ask(world.ada, "connections/calls", since="10d", step="1d") == before
    assert counts(before["items"][0])[0] == 2


def test_a_credential_was_used_when_a_call_passed_on_and_not_when_the_hub_refused(
    ask, edge, world: World, now: int, http_context
) -> None:
    app = world.register("standup").id
    with world.database.begin() as work:
        token = {"token": Secret("t")}
        root = identity.caller_of(work, identity.find_person(work, "root-admin").id)
        connectors.set_credential(work, http_context.vault, root, "slack", "production", token)
        connector = connector_manifest("1.1.0")
        connector["spec"]["credential"] = {"kind": "bearer"}
        connectors.apply_connector(work, world.sam, parse_connector(json.dumps(connector), "c.yaml"))
        connection = connection_manifest(version="1.1.0")
        connection["spec"]["credential"] = "slack"
        made = parse_connection(json.dumps(connection), "c.yaml")
        connectors.apply_connection(work, http_context.vault, world.sam, made)

    def used() -> Any:
        (found,) = ask(world.ada, "credentials")["items"]
        assert found["usedBy"] == ["slack-production"]
        return found["lastUsedAt"]

    assert used() is None
    end = edge.apply(batch(now, at(now - MINUTE, app=app, status=403, code="grant_missing")))
    assert used() is None
    end = edge.apply(batch(now, at(now - 5 * MINUTE, app=app), at(now, status=401, app=app, code="x"), start=end))
    assert used() == rfc3339((now // MINUTE - 5) * MINUTE)
    # Late lines of an earlier time move nothing back.
    edge.apply(batch(now, at(now - HOUR, app=app), start=end))
    assert used() == rfc3339((now // MINUTE - 5) * MINUTE)


# Hubs


def test_a_hub_says_how_new_it_is_and_how_busy(ask, edge, world: World, now: int, database: Database) -> None:
    found = ask(world.sam, "hubs/edge")
    assert (found["name"], found["epoch"], found["snapshotRevision"], found["behind"]) == ("edge", -1, -1, True)
    assert (found["seenAgeS"], found["callsAsOf"], found["perMinute"]) == (None, None, None)
    with database.begin() as work:
        epoch, revision, quarantine = (revisions.current(work, topic) for topic in ("epoch", "hub", "quarantine"))
        hub = hubs.find_hub(work, "edge")
        hubs.acknowledge(work, hub, epoch=epoch, revision=revision, quarantine=quarantine, problems=[])
    found = ask(world.sam, "hubs/edge")
    assert (found["epoch"], found["snapshotRevision"], found["newestRevision"]) == (epoch, revision, revision)
    assert (found["behind"], found["inForce"], found["seenAgeS"]) == (False, True, 0)
    with database.begin() as work:
        revisions.bump(work, "hub")
    database.clock = lambda: now + 90_000_000
    found = ask(world.sam, "hubs/edge")
    assert (found["behind"], found["newestRevision"], found["seenAgeS"]) == (True, revision + 1, 90)
    database.clock = lambda: now
    edge.apply(batch(now, *[at(now - MINUTE)] * 3, at(now), at(now - 2 * MINUTE)))
    found = ask(world.sam, "hubs/edge")
    assert (found["perMinute"], found["callsAsOf"]) == (3, rfc3339(now))
    # Nothing in the minute before: that is known to be none.
    edge.report(now, [])
    database.clock = lambda: now + 5 * MINUTE
    edge.report(now + 5 * MINUTE, [])
    assert ask(world.sam, "hubs/edge")["perMinute"] == 0


def test_a_hubs_calls_are_its_own_with_refusals_by_code_and_errors_by_cause(
    ask, edge, world: World, now: int, database: Database, admin: Caller
) -> None:
    app = world.register("standup").id
    with database.begin() as work:
        second = DatabaseSink(database, hubs.enrol_hub(work, admin, "second")[0].id)
    edge.apply(batch(now, *mixed(now, app), at(now - HOUR, app=app, status=500)))
    second.apply(batch(now, at(now - 2 * MINUTE, app=app)))
    second.report(now, [Gap(now - 3 * HOUR, now - 3 * HOUR + 1, "restart")])
    found = ask(world.sam, "hubs/edge/calls", since="2h")
    assert (found["hub"], found["state"], found["stepS"], found["asOf"]) == ("edge", "ok", 900, rfc3339(now))
    assert counts(found["items"][-1]) == (8, 1, 2, 1, 4)
    assert [item["calls"] for item in found["items"]] == [0, 0, 0, 0, 1, 0, 0, 0, 8]
    assert found["refusals"] == {"grant_missing": 1, "token_missing": 1}
    assert found["causes"] == {
        "caller_gone": 1, "upstream_5xx": 2, "upstream_timeout": 1, "upstream_unavailable": 1
    }  # fmt: skip
    assert sum(found["causes"].values()) == sum(item["errors"] for item in found["items"])
    other = ask(world.sam, "hubs/second/calls", since="4h", step="1h")
    assert (other["state"], sum(item["calls"] for item in other["items"]), other["causes"]) == ("gap", 1, {})
    assert [item["known"] for item in other["items"]] == [True, False, True, True, True]
    assert found["gaps"] == []


def test_a_hubs_minutes_are_kept_for_thirty_days(ask, edge, world: World, now: int, database: Database) -> None:
    edge.apply(batch(now, at(now - MINUTE, status=500), at(now - MINUTE, status=403, code="grant_missing")))
    window = {"since": rfc3339(now - HOUR), "until": rfc3339(now), "step": "1h"}
    database.clock = lambda: now + 29 * DAY
    more = True
    while more:
        with database.begin() as work:
            more = signals.downsample(work)
    found = ask(world.sam, "hubs/edge/calls", **window)
    assert sum(item["calls"] for item in found["items"]) == 2
    database.clock = lambda: now + 31 * DAY
    assert {item["known"] for item in ask(world.sam, "hubs/edge/calls", **window)["items"]} == {False}
    with database.begin() as work:
        signals.downsample(work)
    found = ask(world.sam, "hubs/edge/calls", **window)
    assert (sum(item["calls"] for item in found["items"]), found["causes"], found["refusals"]) == (0, {}, {})
    assert ask(world.sam, "hubs/edge/calls", 422, **{**window, "step": "15m"})["code"] == "window_invalid"


def test_the_tail_shows_the_newest_calls_by_name_and_goes_on_from_an_id(ask, edge, world: World, now: int) -> None:
    app = world.register("standup").id
    end = edge.apply(batch(now, *mixed(now, app)))
    found = ask(world.sam, "hubs/edge/tail")
    assert (found["asOf"], [item["id"] for item in found["items"]]) == (rfc3339(now), list(range(8, 0, -1)))
    unknown, limited, refused, gone, late, away, broken, answered = found["items"]
    assert answered == {
        "id": 1,
        "at": rfc3339(now - 2 * MINUTE),
        "app": "standup",
        "environment": "production",
        "connection": "slack-production",
        "operation": "chat.postMessage",
        "status": 200,
        "code": "",
        "ms": 100.0,
        "requestId": REQUEST,
    }
    assert (unknown["app"], unknown["status"], unknown["code"]) == ("", 401, "token_missing")
    assert [item["code"] for item in (limited, refused, gone, late, away, broken)] == [
        "quota_exceeded", "grant_missing", "", "upstream_timeout", "upstream_unavailable", "",
    ]  # fmt: skip
    assert (gone["status"], refused["operation"], broken["status"]) == (0, "", 500)
    assert ask(world.sam, "hubs/edge/tail", after=8)["items"] == []
    edge.apply(batch(now, at(now, app=app, us=None, id="GET /secret?token=1"), start=end))
    (newest,) = ask(world.sam, "hubs/edge/tail", after=8)["items"]
    assert (newest["id"], newest["ms"], newest["requestId"]) == (9, None, None)
    ask(world.sam, "hubs/edge/tail", 422, after=-1)


def test_the_tail_is_bounded_and_ends_with_its_hub(
    ask, edge, world: World, now: int, database: Database, admin
) -> None:
    end = 0
    for _ in range(5):
        end = edge.apply(batch(now, *[at(now)] * 70, start=end))
    found = ask(world.sam, "hubs/edge/tail")["items"]
    # At most 50 of each batch are sent.
    assert (len(found), found[0]["id"], found[-1]["id"]) == (100, 250, 151)

    def kept() -> int:
        with database.read() as work:
            return int(work.connection.exec_driver_sql("SELECT COUNT(*) FROM hub_tail").scalar_one())

    assert kept() == facets.TAIL_KEPT
    with database.begin() as work:
        removed = hubs.find_hub(work, "edge").id
        hubs.remove_hub(work, admin, "edge")
        signals.forget_hub(work, removed)
    assert kept() == 0
    assert ask(world.sam, "hubs/edge/tail", 404)["code"] == "hub_unknown"


def test_who_may_not_read_hubs_learns_nothing_of_them(ask, edge, world: World, now: int) -> None:
    for path in ("hubs/edge", "hubs/edge/calls", "hubs/edge/tail", "hubs/none/tail"):
        assert ask(world.ada, path, 403)["code"] == "role_missing"


# What a hub sends


def stored(database: Database) -> dict[str, list[Any]]:
    tables = ("hub_minute", "hub_code", "hub_tail", "rollup_app_hour", "connection_seen")
    with database.read() as work:
        run = work.connection.exec_driver_sql
        return {table: sorted(tuple(row) for row in run(f"SELECT * FROM {table}")) for table in tables}  # noqa: S608 - constants


def test_a_batch_that_is_sent_twice_changes_nothing_more(edge, database: Database, now: int) -> None:
    sent = batch(now, *mixed(now, "018f0000-0000-7000-8000-000000000001"))
    edge.apply(sent)
    once = stored(database)
    assert all(once.values())
    assert [edge.apply(sent) for _ in range(3)] == [sent.end] * 3
    edge.apply(batch(now, at(now), start=sent.end + 1))
    assert stored(database) == once


def test_batches_of_one_minute_add_up(edge, database: Database, now: int) -> None:
    lines = mixed(now, "018f0000-0000-7000-8000-000000000001")
    end = edge.apply(batch(now, *lines))
    once = stored(database)
    edge.apply(batch(now, *lines, start=end))
    twice = stored(database)
    for table, columns in (("hub_minute", slice(2, 6)), ("hub_code", slice(4, 5)), ("rollup_app_hour", slice(2, 6))):
        doubled = [(*row[: columns.start], *(2 * count for count in row[columns])) for row in once[table]]
        assert twice[table] == doubled, table


def test_a_batch_of_an_older_hub_is_taken(ask, edge, world: World, now: int, database: Database) -> None:
    app = world.register("standup").id
    head, *rows = encode(batch(now, *mixed(now, app))).split(b"\n")
    older = {name: value for name, value in orjson.loads(head).items() if name not in {"causes", "tail"}}
    read = signals.read_batch(b"\n".join([orjson.dumps(older), *rows]))
    with database.begin() as work:
        assert signals.apply(work, edge.hub_id, read) == older["end"]
    found = ask(world.sam, "hubs/edge/calls", since="1h")
    assert counts(found["items"][-1]) == (8, 1, 2, 1, 4)
    assert (found["causes"], found["refusals"]) == ({}, {"grant_missing": 1, "token_missing": 1})
    assert ask(world.sam, "hubs/edge/tail")["items"] == []
    assert ask(world.ada, "calls/by-app", name="standup")["items"][0]["calls"] == 7


def test_what_was_stored_before_counts_by_app_and_connection(sqlite_database: Database, tmp_path) -> None:
    """The migration brings along what the roll-ups of before hold."""
    database = Database(f"sqlite:///{tmp_path / 'older.db'}")
    migrate.upgrade(database, "0007")
    with database.begin() as work:
        run = work.connection.exec_driver_sql
        run("INSERT INTO signal_series VALUES (1, 'app-1', 'production', 'slack', 'post', 'd', '')")
        run("INSERT INTO signal_series VALUES (2, 'app-1', 'production', 'crm', '', 'd', '')")
        run("INSERT INTO rollup_minute VALUES (61, 1, 3, 1, 0, 0, 0, 0, 0, 0, 0, x'')")
        run("INSERT INTO rollup_minute VALUES (119, 2, 2, 0, 2, 0, 0, 0, 0, 0, 0, x'')")
        run("INSERT INTO rollup_hour VALUES (1, 1, 5, 0, 0, 1, 0, 0, 0, 0, 0, x'')")
    migrate.upgrade(database)
    found = stored(database)
    database.close()
    assert found["rollup_app_hour"] == [("app-1", 1, 10, 1, 2, 1)]
    assert found["connection_seen"] == [("slack", 61)]
