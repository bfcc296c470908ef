"""The catalog and saved views over HTTP and from the command line, on both databases."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.rigs.governed import World, build_world

from handrail.platform.database import Database
from handrail.surfaces.cli import root

CATALOG = "/api/v1/catalog"
VIEWS = "/api/v1/views"


@pytest.fixture
def world(database: Database, tmp_path: Path, make_person, team) -> World:
    made = build_world(database, tmp_path, make_person, team)
    made.connect()
    made.register("standup")
    made.register("lunch", owner="grace", deputy="ada")
    made.approved("standup")
    return made


@pytest.fixture
def handrail(url: str, world: World, token_of, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Return a function that runs one command as ada; it returns what was printed as data, and what was said."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HANDRAIL_URL", url)
    monkeypatch.setenv("HANDRAIL_TOKEN", token_of(world.ada)["authorization"].removeprefix("Bearer "))
    monkeypatch.setenv("HANDRAIL_DATABASE_URL", world.database.url)

    def run(*arguments: str, code: int = 0) -> tuple[str, str]:
        found = CliRunner().invoke(root, arguments)
        assert found.exit_code == code, f"{arguments}: {found.output} {found.exception!r}"
        return found.stdout, found.stderr

    return run


def test_a_page_as_the_portal_reads_it(http, world: World, token_of) -> None:
    answer = http.get(CATALOG, params={"q": "standup"}, headers=token_of(world.ada)).json()
    assert answer.keys() == {"items", "total", "next", "matched", "facets", "views"}
    assert (answer["total"], answer["next"], answer["matched"]) == (1, None, "words")
    (item,) = answer["items"]
    assert {key: item[key] for key in ("name", "ownerName", "ownerActive", "runs", "dataClass", "runningNumber")} == {
        "name": "standup",
        "ownerName": "Ada",
        "ownerActive": True,
        "runs": "declared",
        "dataClass": "internal",
        "runningNumber": 1,
    }
    assert item["seenAt"].endswith("Z")
    assert item["connectors"] == ["slack"]
    assert answer["facets"]["dataClass"] == [{"value": "internal", "count": 1}]
    assert answer["views"] == {
        "all": 2,
        "mine": 1,
        "inReview": 0,
        "drifted": 0,
        "quarantined": 0,
        "noOwner": 0,
        "noDeputy": 0,
    }
    several = http.get(
        CATALOG, params={"stage": ["idea", "operating"], "dataClass": [""]}, headers=token_of(world.ada)
    ).json()
    assert [each["name"] for each in several["items"]] == ["lunch"]


def test_pages_follow_each_other(http, world: World, token_of) -> None:
    first = http.get(CATALOG, params={"limit": 1, "sort": "name"}, headers=token_of(world.ada)).json()
    second = http.get(
        CATALOG, params={"limit": 1, "sort": "name", "cursor": first["next"]}, headers=token_of(world.ada)
    ).json()
    assert [each["items"][0]["name"] for each in (first, second)] == ["lunch", "standup"]
    assert second["next"] is None


def test_an_app_tells_its_people(http, world: World, token_of, admin) -> None:
    http.post("/api/v1/people/grace/disable", headers=token_of(admin))
    shown = http.get("/api/v1/apps/lunch", headers=token_of(world.ada)).json()
    assert (shown["ownerName"], shown["ownerActive"], shown["deputyName"]) == ("Grace", False, "Ada")


def test_apps_of_somebody_who_left_are_listed_at_once(http, world: World, token_of, admin) -> None:
    assert http.post("/api/v1/people/grace/disable", headers=token_of(admin)).status_code == 200
    found = http.get(CATALOG, params={"flag": "no_owner"}, headers=token_of(world.ada)).json()
    assert ([item["name"] for item in found["items"]], found["views"]["noOwner"]) == (["lunch"], 1)
    assert http.post("/api/v1/people/grace/enable", headers=token_of(admin)).status_code == 200
    found = http.get(CATALOG, params={"flag": "no_owner"}, headers=token_of(world.ada)).json()
    assert (found["items"], found["views"]["noOwner"]) == ([], 0)


def test_views_are_kept_for_each_person(http, world: World, token_of) -> None:
    ada, grace = token_of(world.ada), token_of(world.grace)
    query = "q=invoice&stage=operating&stage=idea&owner=me&flag=drifted&sort=name"
    saved = http.put(f"{VIEWS}/my drifted ones", json={"query": query}, headers=ada)
    assert saved.status_code == 200
    assert (saved.json()["name"], saved.json()["query"]) == ("my drifted ones", query)
    http.put(f"{VIEWS}/my drifted ones", json={"query": "?owner=me"}, headers=ada)
    assert [each["query"] for each in http.get(VIEWS, headers=ada).json()["items"]] == ["owner=me"]
    assert http.get(VIEWS, headers=grace).json() == {"items": []}
    assert http.delete(f"{VIEWS}/my drifted ones", headers=grace).status_code == 404
    assert http.delete(f"{VIEWS}/my drifted ones", headers=ada).status_code == 204
    assert http.get(VIEWS, headers=ada).json() == {"items": []}


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("x", "cursor=abc"),
        ("x", "stage=nowhere"),
        ("x", "sort=size"),
        ("x", "q=a%00b"),
        ("x", "q=%ff"),
        ("x", "=&;"),
        ("x", "q=" + "a" * 1999),
        ("x" * 61, "q=a"),
        (" x", "q=a"),
        ("x", "&".join(["team=t"] * 101)),
    ],
)
def test_a_view_that_no_page_could_show_is_refused(http, world: World, token_of, name: str, query: str) -> None:
    answer = http.put(f"{VIEWS}/{name}", json={"query": query}, headers=token_of(world.ada))
    assert answer.status_code == 422, answer.text


def test_nobody_keeps_more_than_fifty_views(http, world: World, token_of) -> None:
    headers = token_of(world.ada)
    for number in range(50):
        assert http.put(f"{VIEWS}/v{number}", json={"query": ""}, headers=headers).status_code == 200
    assert http.put(f"{VIEWS}/one-more", json={"query": ""}, headers=headers).json()["code"] == "view_limit"
    assert http.put(f"{VIEWS}/v7", json={"query": "q=a"}, headers=headers).status_code == 200


def test_the_catalog_from_the_command_line(handrail) -> None:
    data, said = handrail("catalog", "search", "owner:ada", "--stage", "operating")
    assert data.splitlines()[1].split()[:3] == ["standup", "operating", "declared"]
    assert "1 of 1 apps" in said
    data, said = handrail("catalog", "search", "--limit", "1", "--sort", "name", "-o", "json")
    first = json.loads(data)
    assert first["items"][0]["name"] == "lunch"
    assert f"--cursor {first['next']}" in said
    data, _ = handrail("catalog", "search", "--limit", "1", "--sort", "name", "--cursor", first["next"], "-o", "jsonl")
    assert json.loads(data)["name"] == "standup"
    data, _ = handrail("catalog", "search", "--limit", "1", "--all", "-o", "jsonl")
    assert {json.loads(line)["name"] for line in data.splitlines()} == {"lunch", "standup"}
    _, said = handrail("catalog", "search", "stnadup")
    assert "spelled alike" in said
    data, _ = handrail("catalog", "counts", "-o", "jsonl")
    assert {"by": "stage", "value": "operating", "count": 1} in map(json.loads, data.splitlines())
    _, said = handrail("catalog", "reindex", "--dry-run")
    assert "0 apps" in said
    _, said = handrail("catalog", "reindex")
    assert "2 apps" in said


def test_views_from_the_command_line(handrail) -> None:
    handrail("view", "save", "lunches", "lunch", "--owner", "grace", "--dry-run")
    assert "No view yet" in handrail("view", "list")[1]
    data, _ = handrail("view", "save", "lunches", "lunch", "--owner", "grace", "-o", "json")
    assert json.loads(data)["query"] == "q=lunch&owner=grace"
    data, _ = handrail("catalog", "search", "--view", "lunches", "-o", "jsonl")
    assert json.loads(data)["name"] == "lunch"
    handrail("catalog", "search", "--view", "others", code=4)
    handrail("view", "save", "empty", code=2)
    handrail("view", "remove", "lunches")
    handrail("view", "remove", "lunches", code=4)
