"""Two who edit the same thing lose nothing: ETag and If-Match, on both databases."""

import json
import threading
from pathlib import Path

import pytest
from tests.rigs.governed import World, build_world, connection_manifest

from handrail.platform.database import Database

APP = "/api/v1/apps/standup"
CONNECTION = "/api/v1/connections/slack-production"


@pytest.fixture
def world(database: Database, tmp_path: Path, make_person, team) -> World:
    made = build_world(database, tmp_path, make_person, team)
    made.connect()
    made.register()
    return made


@pytest.fixture
def call(http, world: World, token_of):
    """Return a function that calls as somebody and returns the whole answer."""
    tokens = {name: token_of(getattr(world, name)) for name in ("ada", "grace", "rita", "sam")}

    def run(who: str, method: str, path: str, body=None, *, match: str | None = None, status: int = 200):
        headers = tokens[who] if match is None else {**tokens[who], "if-match": match}
        answer = http.request(method, path, json=body, headers=headers)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer

    return run


def manifest(rate: int) -> dict:
    made = connection_manifest()
    made["spec"]["limits"] = {"callsPerMinute": rate}
    return {"manifest": json.dumps(made)}


def test_an_edit_of_what_was_seen_passes_and_of_an_older_state_does_not(call) -> None:
    shown = call("ada", "GET", APP)
    etag = shown.headers["etag"]
    assert etag == f'"{shown.json()["etag"]}"'
    edited = call("ada", "PATCH", APP, {"title": "Stand-up"}, match=etag)
    assert edited.headers["etag"] == call("ada", "GET", APP).headers["etag"] != etag
    problem = call("grace", "PATCH", APP, {"purpose": "To greet."}, match=etag, status=412).json()
    assert (problem["code"], problem["title"]) == ("changed_meanwhile", "Somebody else changed it meanwhile")
    details = problem["details"]
    assert (details["changedBy"], details["current"]["title"]) == ("ada", "Stand-up")
    assert details["current"].keys() == {"name", "title", "team", "owner", "deputy", "purpose"}
    assert details["changedAt"].startswith("20")
    assert "new ETag" in problem["fix"]
    call("grace", "PATCH", APP, {"purpose": "To greet."}, match=f'"{details["etag"]}"')


def test_what_an_edit_cannot_change_is_no_reason_to_refuse(call, world: World) -> None:
    etag = call("ada", "GET", APP).headers["etag"]
    world.approved()
    call("ada", "PATCH", APP, {"title": "Stand-up"}, match=etag)


def test_without_the_header_or_with_a_star_any_state_will_do(call) -> None:
    call("ada", "PATCH", APP, {"title": "One"})
    call("ada", "PATCH", APP, {"title": "Two"}, match="*")
    etag = call("ada", "GET", APP).headers["etag"]
    call("ada", "PATCH", APP, {"title": "Three"}, match=f'"other", {etag}')
    # A weak tag does not promise the exact state.
    call("ada", "PATCH", APP, {"title": "Four"}, match=f"W/{call('ada', 'GET', APP).headers['etag']}", status=412)


@pytest.mark.parametrize("header", ["", "abc", '"abc', "abc, *", '"a" "b"'])
def test_a_header_that_names_no_state_is_refused(call, header: str) -> None:
    assert call("ada", "PATCH", APP, {"title": "x"}, match=header, status=422).json()["code"] == "if_match_invalid"


def test_retiring_is_for_what_was_seen(call) -> None:
    etag = call("ada", "GET", APP).headers["etag"]
    call("grace", "PATCH", APP, {"owner": "grace", "deputy": "ada"})
    problem = call("ada", "POST", f"{APP}/retire", {}, match=etag, status=412).json()
    assert (problem["details"]["current"]["owner"], problem["details"]["changedBy"]) == ("grace", "grace")
    call("ada", "POST", f"{APP}/retire", {}, match=call("ada", "GET", APP).headers["etag"])


def test_of_two_edits_at_once_exactly_one_wins(call) -> None:
    for attempt in range(5):
        etag = call("ada", "GET", APP).headers["etag"]
        answers: dict[str, int] = {}
        start = threading.Barrier(2)

        def edit(who: str, title: str, *, etag=etag, answers=answers, start=start, call=call) -> None:
            start.wait()
            try:
                call(who, "PATCH", APP, {"title": title}, match=etag)
            except AssertionError as refused:
                assert "412" in str(refused), refused
                answers[who] = 412
            else:
                answers[who] = 200

        threads = [threading.Thread(target=edit, args=(who, f"{who} {attempt}")) for who in ("ada", "grace")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert sorted(answers.values()) == [200, 412]
        winner = next(who for who, status in answers.items() if status == 200)
        assert call("ada", "GET", APP).json()["title"] == f"{winner} {attempt}"


def test_two_edits_at_once_of_other_fields_keep_each_other(call) -> None:
    """Even without the header: every field is written back, so each must have read the other's."""
    for attempt in range(5):
        start = threading.Barrier(2)

        def edit(who: str, body: dict[str, str], *, start=start, call=call) -> None:
            start.wait()
            call(who, "PATCH", APP, body)

        bodies = {"ada": {"title": f"T{attempt}"}, "grace": {"purpose": f"P{attempt}"}}
        threads = [threading.Thread(target=edit, args=pair) for pair in bodies.items()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        shown = call("ada", "GET", APP).json()
        assert (shown["title"], shown["purpose"]) == (f"T{attempt}", f"P{attempt}")


def test_a_connection_is_changed_from_what_was_seen(call, world: World) -> None:
    shown = call("sam", "GET", CONNECTION)
    etag = shown.headers["etag"]
    applied = call("sam", "POST", "/api/v1/connections", manifest(7), match=etag)
    assert applied.json()["outcome"] == "updated"
    assert applied.headers["etag"] == call("sam", "GET", CONNECTION).headers["etag"] != etag
    problem = call("sam", "POST", "/api/v1/connections", manifest(9), match=etag, status=412).json()
    assert problem["code"] == "changed_meanwhile"
    assert problem["details"]["changedBy"] == "sam"
    assert problem["details"]["current"]["spec"]["limits"]["callsPerMinute"] == 7
    assert call("sam", "GET", CONNECTION).json()["callsPerMinute"] == 7
    call("sam", "POST", "/api/v1/connections", manifest(9), match=f'"{problem["details"]["etag"]}"')
    call("sam", "POST", "/api/v1/connections", manifest(11))


def test_a_connection_that_is_not_there_is_not_added_by_a_change(call) -> None:
    made = connection_manifest()
    made["metadata"]["name"] = "other"
    problem = call("sam", "POST", "/api/v1/connections", {"manifest": json.dumps(made)}, match="*", status=412).json()
    assert problem["details"]["current"] is None
    assert problem["fix"] == "Leave out If-Match to add it."


def test_of_two_who_apply_a_connection_at_once_one_wins(call) -> None:
    etag = call("sam", "GET", CONNECTION).headers["etag"]
    found: list[str] = []
    start = threading.Barrier(2)

    def apply(rate: int) -> None:
        start.wait()
        try:
            call("sam", "POST", "/api/v1/connections", manifest(rate), match=etag)
            found.append("won")
        except AssertionError as refused:
            assert "412" in str(refused), refused
            found.append("lost")

    threads = [threading.Thread(target=apply, args=(rate,)) for rate in (5, 6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(found) == ["lost", "won"]


def test_a_digest_that_is_no_longer_in_review_is_not_approved(call, world: World) -> None:
    seen = world.upload()
    world.submit()
    call("ada", "POST", f"{APP}/withdraw", {})
    newer = world.upload(text="Good evening")
    world.submit()
    problem = call("rita", "POST", f"{APP}/approve", {"digest": seen.digest}, status=409).json()
    assert problem["code"] == "digest_differs"
    assert problem["details"] == {"digest": newer.digest}
    assert "In review is version 2" in problem["detail"]
    call("rita", "POST", f"{APP}/approve", {"digest": newer.digest})
    problem = call("rita", "POST", f"{APP}/approve", {"digest": newer.digest}, status=409).json()
    assert problem["code"] == "no_open_review"
