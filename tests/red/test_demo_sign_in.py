"""The demo lets visitors in without a password: only in a demo, only from a browser on this machine.

Whatever is missing, the answer is the one for an address that nobody knows.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from handrail.demo import SEATS
from handrail.kernel.errors import HandrailError
from handrail.main import run_serve, run_up
from handrail.platform.database import Database
from handrail.platform.settings import Address, read_settings
from handrail.registry import audit, identity
from handrail.registry.audit import SYSTEM
from handrail.registry.identity import Binding, Role
from handrail.surfaces.http import Context, DemoPerson, create_app

PATH = "/api/v1/demo/sign-in"
ORIGIN = "http://127.0.0.1:8700"
BROWSER = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}


@pytest.fixture
def people(database: Database) -> None:
    """The demo's people, and the mark that they are made up."""
    with database.begin() as work:
        for seat in SEATS:
            person = identity.add_person(work, SYSTEM, seat.name, seat.name.title())
            identity.grant_role(work, SYSTEM, person, Binding(Role.VIEWER, "*"))
        identity.mark_made_up(work)


@pytest.fixture
def context(http_context: Context, people: None) -> Context:
    seats = tuple(DemoPerson(as_=seat.as_, name=seat.name, title=seat.title, note=seat.note) for seat in SEATS)
    return replace(http_context, settings=replace(http_context.settings, demo=True), demo_people=seats)


def client(context: Context, address: str = "127.0.0.1") -> TestClient:
    return TestClient(create_app(context), base_url=ORIGIN, client=(address, 40000))


@pytest.fixture
def browser(context: Context) -> Iterator[TestClient]:
    with client(context) as made:
        yield made


def enter(http: TestClient, seat: Any = "builder", **headers: str) -> Any:
    return http.post(PATH, json={"as": seat}, headers={**BROWSER, **headers})


def is_nowhere(answer: Any) -> bool:
    """Tell whether an answer is exactly the one for an unknown address, and lets nobody in."""
    assert "set-cookie" not in answer.headers
    body = answer.json()
    expected = f"POST {PATH}: Not Found."
    return (answer.status_code, body["code"], body["detail"]) == (404, "route_unknown", expected)


@pytest.mark.parametrize("seat", SEATS, ids=lambda seat: seat.as_)
@pytest.mark.parametrize("host", ["127.0.0.1:8700", "localhost:8700", "[::1]:8700", "localhost"])
def test_a_browser_on_this_machine_gets_in_as_each_seat(browser: TestClient, seat: Any, host: str) -> None:
    answer = enter(browser, seat.as_, host=host, origin=f"http://{host}")
    assert answer.status_code == 200, answer.text
    assert (answer.json()["name"], answer.json()["token"]) == (seat.name, None)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert browser.get("/api/v1/me").json()["name"] == seat.name


def test_it_is_written_down_as_what_it_is(browser: TestClient, database: Database) -> None:
    enter(browser, "reviewer")
    with database.read() as work:
        (event,) = audit.listing(work, action="sign_in")
    assert (event.action, event.actor.name, event.facts) == ("sign_in.succeeded", "priya", {"how": "demo"})


def test_without_the_setting_nobody_gets_in(context: Context) -> None:
    with client(replace(context, settings=replace(context.settings, demo=False))) as http:
        assert is_nowhere(enter(http))
    with client(replace(context, demo_people=())) as http:
        assert is_nowhere(enter(http))


def test_an_install_of_real_people_lets_nobody_in_even_with_the_setting(
    http_context: Context, context: Context, database: Database
) -> None:
    from sqlalchemy import text

    with database.begin() as work:
        work.run(text("DELETE FROM revision WHERE topic = 'made-up'"))
    with client(context) as http:
        assert is_nowhere(enter(http))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "handrail.example.com"])  # noqa: S104 - refused
def test_when_others_can_reach_serve_nobody_gets_in(context: Context, host: str) -> None:
    settings = replace(context.settings, http=Address(host, 8700))
    with client(replace(context, settings=settings)) as http:
        assert is_nowhere(enter(http))


@pytest.mark.parametrize("url", ["https://handrail.example.com", "http://192.0.2.7:8700"])
def test_a_public_address_ends_it(context: Context, url: str) -> None:
    with client(replace(context, public_url=url)) as http:
        assert is_nowhere(enter(http))


@pytest.mark.parametrize("address", ["192.0.2.7", "10.0.0.5", "::ffff:192.0.2.7", "2001:db8::1", "unknown"])
def test_a_caller_from_elsewhere_does_not_get_in(context: Context, address: str) -> None:
    with client(context, address) as http:
        assert is_nowhere(enter(http))
        assert is_nowhere(enter(http, **{"x-forwarded-for": "127.0.0.1"}))


@pytest.mark.parametrize(
    "host",
    [
        "handrail.example.com",
        "127.0.0.1.example.com",
        "localhost.example.com",
        "localhost@example.com",
        "example.com#127.0.0.1",
        "0.0.0.0:8700",
        "[::]:8700",
        "127.0.0.1:8700/x",
        "[::1",
        "",
    ],
)
def test_a_name_that_leads_here_from_a_foreign_page_does_not_get_in(browser: TestClient, host: str) -> None:
    # DNS rebinding: the page's own name points at this machine, so its origin is "the same".
    assert is_nowhere(enter(browser, host=host, origin=f"http://{host}"))


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example", "sec-fetch-site": "cross-site"},
        {"origin": "http://localhost:3000", "sec-fetch-site": "same-site"},
        {"origin": "http://evil.example"},
        {"origin": "http://127.0.0.1:3000"},
        {"origin": "null"},
        {},
    ],
)
def test_other_sites_and_whatever_is_no_browser_do_not_get_in(browser: TestClient, headers: dict[str, str]) -> None:
    assert is_nowhere(browser.post(PATH, json={"as": "builder"}, headers=headers))


@pytest.mark.parametrize("name", ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"])
def test_whoever_comes_through_a_proxy_does_not_get_in(browser: TestClient, name: str) -> None:
    assert is_nowhere(enter(browser, **{name: "127.0.0.1"}))


def test_a_disabled_person_stays_out(browser: TestClient, database: Database, admin: identity.Caller) -> None:
    with database.begin() as work:
        identity.disable_person(work, admin, "mara")
    assert is_nowhere(enter(browser))


@pytest.mark.parametrize(
    "body", [{"as": "admin"}, {"as": ""}, {"seat": "builder"}, {"as": "builder", "kind": "token"}, {}]
)
def test_only_the_seats_are_offered_and_nothing_else(browser: TestClient, body: dict[str, str]) -> None:
    answer = browser.post(PATH, json=body, headers=BROWSER)
    assert (answer.status_code, answer.json()["code"]) == (422, "body_invalid")
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("content", [b"{", b"", b"[]", json.dumps({"as": "admin"}).encode(), b"\xff"])
def test_outside_of_a_demo_nothing_tells_that_the_route_exists(http: TestClient, content: bytes) -> None:
    headers = {**BROWSER, "content-type": "application/json"}
    told = [http.post(path, content=content, headers=headers) for path in (PATH, "/api/v1/demo/nothing")]
    here, nowhere = ((answer.status_code, answer.json()["code"], sorted(answer.headers)) for answer in told)
    assert here == nowhere


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_other_methods_are_unknown_too(http: TestClient, browser: TestClient, method: str) -> None:
    for where in (http, browser):
        answer = where.request(method, PATH, headers=BROWSER)
        assert (answer.status_code, answer.json()["code"]) == (404, "route_unknown")
        assert "allow" not in answer.headers


@pytest.mark.parametrize("address", ["0.0.0.0:8700", "192.0.2.7:8700", "handrail.example.com:8700", ":::8700"])
def test_a_demo_that_others_could_reach_does_not_start(tmp_path: Any, address: str) -> None:
    settings = read_settings({"HANDRAIL_HTTP": address, "HANDRAIL_DEMO": "1"}, home=str(tmp_path / "home"))
    for start in (lambda: run_serve(settings), lambda: run_up(replace(settings, demo=False), demo=True)):
        with pytest.raises(HandrailError) as refused:
            start()
        assert (refused.value.code, address in refused.value.message) == ("demo_not_local", True)
        assert "HANDRAIL_HTTP=127.0.0.1:8700" in refused.value.fix
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("word", ["yes", "true", "2", "on"])
def test_the_setting_is_1_or_nothing(word: str) -> None:
    with pytest.raises(HandrailError) as refused:
        read_settings({"HANDRAIL_DEMO": word})
    assert refused.value.code == "setting_invalid"
