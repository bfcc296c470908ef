"""No address of ours sends a browser to somebody else's."""

from urllib.parse import urlsplit

import pytest
from tests.rigs.cookies import OWN_PAGE
from tests.rigs.surface import Surface, build_surface, every_route

from handrail.platform.database import Database

PLACES = ("//evil.example", "https://evil.example/", "/\\evil.example", "%2f%2fevil.example", "javascript:alert(1)")
NAMES = ("next", "url", "return", "return_to", "redirect", "redirect_uri", "continue", "target")


@pytest.fixture
def surface(http_context, sqlite_database: Database, tmp_path, make_person, team) -> Surface:
    return build_surface(http_context, sqlite_database, tmp_path, make_person, team)


def require_stays(answer, route) -> None:
    assert not 300 <= answer.status_code < 400, (route, answer.headers.get("location"))
    for name in ("location", "refresh", "content-location"):
        assert urlsplit(answer.headers.get(name, "")).netloc in {"", "127.0.0.1:8700"}, route


@pytest.mark.parametrize("place", PLACES)
def test_no_route_redirects_to_where_somebody_says(http, surface: Surface, make_person, place: str) -> None:
    headers = surface.person(make_person, "boss", ("admin", "*"))
    query = dict.fromkeys(NAMES, place)
    for route in every_route():
        asked = surface.samples[route]
        for who in ({}, headers):
            answer = http.request(
                route[0],
                asked.url(route[1]),
                params={**asked.query, **query},
                json=asked.body,
                headers=who,
                follow_redirects=False,
            )
            require_stays(answer, route)


def test_no_path_redirects(http, surface: Surface) -> None:
    """Neither a slash too many nor a Host header of somebody's choice makes one."""
    paths = [surface.samples[route].url(route[1]) for route in every_route()]
    for path in [f"{path}/" for path in paths] + ["//evil.example/", "//evil.example/..", "/api/v1//me", "/"]:
        for host in ({}, {"host": "evil.example"}, {"x-forwarded-host": "evil.example"}):
            answer = http.get(f"http://127.0.0.1:8700{path}", headers=host, follow_redirects=False)
            require_stays(answer, path)


def test_signing_in_goes_nowhere(http, surface: Surface, make_person) -> None:
    from tests.rigs.surface import PASSWORD

    surface.person(make_person, "boss", ("admin", "*"))
    body = {"name": "boss", "password": PASSWORD}
    answer = http.post("/api/v1/sign-in?next=//evil.example", json=body, headers=OWN_PAGE, follow_redirects=False)
    assert answer.status_code == 200
    assert "evil.example" not in answer.text + repr(answer.headers)
    refused = http.post("/api/v1/sign-in", json={**body, "next": "//evil.example"}, headers=OWN_PAGE)
    assert refused.status_code == 422
