"""Whatever somebody types, a search answers, or says what is wrong; it never fails, and never finds another team's."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.rigs.governed import World, build_world

from handrail.platform.database import Database
from handrail.registry import catalog
from handrail.registry.catalog import Asked, Sort

HOSTILE = [
    '"',
    '"""',
    '"unbalanced',
    "'",
    "''''",
    "invoice AND",
    "AND OR NOT",
    "NEAR(a b, 5)",
    "words : x",
    "words:standup",
    "rowid:1",
    "*",
    "**",
    "-",
    "--",
    "-*",
    '-"',
    "^standup",
    "{words} : standup",
    "(((((",
    ")",
    "a & b | !c",
    "a <-> b",
    "':*",
    "\\",
    "\\'",
    "%",
    "_",
    "'; DROP TABLE app; --",
    ":match",
    "{0}",
    "{match}",
    "owner:",
    "owner:'",
    'owner:"a b"',
    "owner:%",
    "stage:",
    "stage:;",
    "is:is:is:",
    ":::::",
    "0z0",
    "standup 0z0",
    "é" * 400,
    "\u202e\u200b",
    "💥",
    "ß" * 300,
    "漢字かな交じり文",
    "\ud7ff\ufffd",
    "a-" * 200,
    "\t\n",
]
ALPHABET = st.sampled_from([*"abst0 \"-*:()&|!<>'\\%_;{}^~é漢💥", "is:", "owner:", "AND ", "standup"])


@pytest.fixture
def world(database: Database, tmp_path: Path, make_person, team) -> World:
    made = build_world(database, tmp_path, make_person, team)
    made.connect()
    made.register()
    made.upload()
    return made


@pytest.mark.parametrize("q", HOSTILE)
def test_a_hostile_search_is_answered(http, world: World, token_of, q: str) -> None:
    for caller in (world.ada, world.zoe):
        answer = http.get("/api/v1/catalog", params={"q": q}, headers=token_of(caller))
        assert answer.status_code in {200, 422}, answer.text
        if caller is world.zoe and answer.status_code == 200:
            assert (answer.json()["items"], answer.json()["total"]) == ([], 0)


@pytest.mark.parametrize(
    "query",
    [
        {"q": "a" * 10_000},
        {"q": "a " * 100},
        {"team": ["x"] * 101},
        {"stage": "nowhere"},
        {"sort": "name; DROP TABLE app"},
        {"limit": "0"},
        {"limit": "201"},
        {"limit": "1e9"},
        {"cursor": "' OR 1=1 --"},
        {"cursor": "a" * 10_000},
        {"retired": "perhaps"},
        {"flag": "everything"},
    ],
    ids=lambda query: str(query)[:40],
)
def test_what_makes_no_sense_is_refused_with_its_place(http, world: World, token_of, query) -> None:
    answer = http.get("/api/v1/catalog", params=query, headers=token_of(world.ada))
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["place"].split(".")[0] == next(iter(query))
    assert problem["fix"]


@pytest.mark.parametrize("name", ["q", "owner", "platform", "team", "cursor"])
def test_a_nul_is_refused_before_anything_reads_it(http, world: World, token_of, name: str) -> None:
    assert http.get("/api/v1/catalog", params={name: "a\x00b"}, headers=token_of(world.ada)).status_code == 400


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(q=st.lists(ALPHABET, max_size=25).map("".join), sort=st.sampled_from(list(Sort)))
def test_any_search_is_answered(world: World, q: str, sort: Sort) -> None:
    with world.database.read() as work:
        found = catalog.search(work, world.ada, Asked(q=q, sort=sort))
        assert found.total == len(found.items)
        assert catalog.search(work, world.zoe, Asked(q=q, sort=sort)).total == 0
