"""Other sites, with the victim's browser: whatever they make it send, nothing changes.

The cookie is `SameSite=Lax`, so that most of these never carry it. Nothing here relies on that.
"""

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from tests.red.test_api_surface import HUB, OPEN
from tests.rigs.cookies import OWN_PAGE, sign_in
from tests.rigs.surface import PASSWORD, Surface, ask, build_surface, every_route

from handrail.kernel.clock import MINUTE
from handrail.platform.database import Database

SAFE = {"GET", "HEAD", "OPTIONS"}
EVIL = {"sec-fetch-site": "cross-site", "origin": "http://evil.example"}
FORMS = (
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/plain",
    "application/octet-stream",
)
OVERRIDES = ("x-http-method-override", "x-http-method", "x-method-override")


@pytest.fixture
def surface(http_context, sqlite_database: Database, tmp_path, make_person, team, http) -> Surface:
    """Return a world in which the client holds the cookie of somebody who may do everything."""
    made = build_surface(http_context, sqlite_database, tmp_path, make_person, team)
    made.person(make_person, "boss", ("admin", "*"), ("steward", "*"))
    sign_in(http, "boss", PASSWORD)
    made.keep()
    return made


@pytest.fixture
def held(surface: Surface) -> Callable[[], dict[str, list[tuple[Any, ...]]]]:
    """Return a function that reads the whole database."""

    def read() -> dict[str, list[tuple[Any, ...]]]:
        with sqlite3.connect(f"file:{surface.file}?mode=ro", uri=True) as live:
            tables = [name for (name,) in live.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {table: sorted(live.execute(f'SELECT * FROM "{table}"'), key=repr) for table in tables}  # noqa: S608

    return read


def by_cookie() -> list[tuple[str, str]]:
    """Return the routes that a person's cookie opens."""
    return [route for route in every_route() if route not in OPEN and not route[1].startswith(HUB)]


def unsafe() -> list[tuple[str, str]]:
    return [route for route in by_cookie() if route[0] not in SAFE]


@pytest.mark.parametrize(
    "headers",
    [
        EVIL,
        {"sec-fetch-site": "cross-site"},
        # A sub-domain, or another port of this host.
        {"sec-fetch-site": "same-site", "origin": "http://apps.127.0.0.1:8700"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://127.0.0.1:8701"},
        {"origin": "http://evil.example"},
        # A sandboxed frame, a file, a redirect from elsewhere.
        {"origin": "null"},
        {"origin": ""},
        {"origin": "http://127.0.0.1:8700.evil.example"},
        {"origin": "http://127.0.0.1:8700@evil.example"},
        {"origin": "https://127.0.0.1:8700"},
        # What the browser says about the request wins over what it says about the page.
        {"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1:8700"},
        {"sec-fetch-site": "", "origin": "http://127.0.0.1:8700"},
        {"sec-fetch-site": "Same-Origin"},
        # No browser sends a cookie without saying anything.
        {},
        {"referer": "http://127.0.0.1:8700/"},
    ],
    ids=repr,
)
def test_no_route_takes_the_cookie_from_another_site(http, surface: Surface, held, headers: dict[str, str]) -> None:
    before = held()
    for route in unsafe():
        answer = ask(http, route, surface.samples[route], headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "cross_site"), route
        assert "set-cookie" not in answer.headers, route
    assert held() == before


def test_the_same_requests_from_the_portal_are_not_refused_for_that(http, surface: Surface) -> None:
    """The counterpart of the test above: it is the origin that decides, nothing else."""
    passed = 0
    kept = dict(http.cookies)
    for route in unsafe():
        answer = ask(http, route, surface.samples[route], OWN_PAGE)
        assert answer.status_code != 403, (route, answer.text)
        passed += answer.is_success
        surface.restore()
        http.cookies.clear()
        http.cookies.update(kept)
    assert passed > 0.8 * len(unsafe())


@pytest.mark.parametrize("kind", FORMS)
def test_what_a_form_can_send_is_no_json(http, surface: Surface, held, kind: str) -> None:
    before = held()
    bodied = [route for route in unsafe() if surface.samples[route].body]
    assert len(bodied) > 15
    for route in bodied:
        asked = surface.samples[route]
        content = b'{"name": "sales", "title": "="}'
        for headers, status in ((EVIL, {403}), ({}, {403}), (OWN_PAGE, {422})):
            answer = http.request(
                route[0], asked.url(route[1]), content=content, headers={**headers, "content-type": kind}
            )
            assert answer.status_code in status, (route, headers, answer.text)
    assert held() == before


def test_a_form_elsewhere_cannot_press_a_button_that_needs_no_body(http, surface: Surface, held) -> None:
    before = held()
    bare = [route for route in unsafe() if not surface.samples[route].body]
    assert len(bare) > 8
    for route in bare:
        url = surface.samples[route].url(route[1])
        for kind in FORMS:
            answer = http.request(route[0], url, content=b"a=b", headers={**EVIL, "content-type": kind})
            assert answer.json()["code"] == "cross_site", route
    assert held() == before


def test_reading_changes_nothing(http, surface: Surface, held) -> None:
    before = held()
    asked = 0
    for route in every_route():
        if route[0] != "GET":
            continue
        answer = ask(http, route, surface.samples[route])
        asked += answer.status_code == 200
        assert held() == before, route
    assert asked > 30


def test_reading_later_notes_only_that_the_session_was_used(http, surface: Surface, held, sqlite_database) -> None:
    before = held()
    clock = sqlite_database.clock
    sqlite_database.clock = lambda: clock() + 5 * MINUTE
    assert http.get("/api/v1/me").status_code == 200
    after = held()
    assert {table for table in before if before[table] != after[table]} == {"session"}
    changed = set(after["session"]) ^ set(before["session"])
    assert len(changed) == 2
    old, new = sorted(changed, key=lambda row: row not in before["session"])
    assert sum(one != other for one, other in zip(old, new, strict=True)) == 1


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "CONNECT"])
def test_other_methods_reach_no_route(http, surface: Surface, held, method: str) -> None:
    before = held()
    for route in by_cookie():
        answer = http.request(method, surface.samples[route].url(route[1]), headers=EVIL)
        assert answer.status_code in {404, 405}, route
        # No other site may read, or ask whether it may.
        assert not [name for name in answer.headers if name.startswith("access-control-")]
    assert held() == before


def test_no_answer_lets_another_site_read_it(http, surface: Surface) -> None:
    for route in by_cookie():
        if route[0] == "GET":
            answer = ask(http, route, surface.samples[route], EVIL)
            assert not [name for name in answer.headers if name.startswith("access-control-")], route


@pytest.mark.parametrize("header", OVERRIDES)
def test_a_method_override_is_not_heard(http, surface: Surface, held, header: str) -> None:
    before = held()
    for route in unsafe():
        url = surface.samples[route].url(route[1])
        headers = {**EVIL, header: route[0]}
        answer = http.get(url, headers=headers, params={"_method": route[0]})
        readable = ("GET", route[1]) in every_route()
        assert answer.status_code == (200 if readable else 405) or answer.status_code in {404, 422}, route
        assert http.post(url, headers=headers, params={"_method": "GET"}).status_code in {403, 404, 405}, route
        assert http.post(url, headers={**EVIL, header: "GET"}).status_code in {403, 404, 405}, route
    assert held() == before


def test_another_site_cannot_sign_its_victim_in_as_somebody_else(http, surface: Surface, held) -> None:
    before = held()
    for path in ("sign-in", "setup", "invitations/redeem"):
        body = {"name": "vic", "password": PASSWORD, "token": surface.link.reveal(), "kind": "session"}
        if path == "sign-in":
            del body["token"]
        answer = http.post(f"/api/v1/{path}", json=body, headers=EVIL)
        assert (answer.status_code, answer.json()["code"]) == (403, "cross_site"), path
    assert held() == before
