"""Bodies that were built to hurt: every route that reads one answers a clear 4xx problem, and soon."""

import json
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.rigs.surface import Surface, ask, build_surface, every_route

from handrail.platform.database import Database

MIB = 1024 * 1024
# What any one of them may cost; the machine may be busy.
PATIENCE_S = 10.0
# What a route of a JSON body meets: no field is named, so each is refused whatever the route wants.
BOMBS: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"{",
    "no object": b"[]",
    "a text": b'"x"',
    "null": b"null",
    "a lone surrogate": b'{"\\ud800": "\\udfff"}',
    "no UTF-8": b'{"name": "\xff\xfe"}',
    "NaN": b'{"x": NaN}',
    "a number without end": b'{"x": ' + b"9" * 5_000 + b"}",
    "a huge exponent": b'{"x": 1e999999999}',
    "deep lists": b"[" * 200_000,
    "deep and closed lists": b'{"x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep objects": b'{"x": ' * 100_000 + b"1" + b"}" * 100_000,
    "many keys": b"{" + b",".join(b'"k%d":1' % number for number in range(100_000)) + b"}",
    "a long key": b'{"' + b"k" * (4 * MIB) + b'": 1}',
    "a long text": b'{"x": "' + b"a" * (4 * MIB) + b'"}',
    "NULs": b'{"\\u0000": "\\u0000"}',
}
# These values are put into every field that a route knows.
VALUES: dict[str, Any] = {
    "deep list": json.loads("[" * 900 + "]" * 900),
    "huge number": 10**400,
    "negative": -(2**70),
    "NUL": "a\x00b",
    "surrogate": "\ud800",
    "long": "a" * 100_000,
    "object": {"a": {"b": [1, None]}},
    "nothing": None,
    "right to left": "\u202efdp.exe",
    "line feed": "a\r\nx-injected: 1",
}


@pytest.fixture
def surface(http_context, sqlite_database: Database, tmp_path: Path, make_person, team) -> Surface:
    return build_surface(http_context, sqlite_database, tmp_path, make_person, team)


@pytest.fixture
def headers(surface: Surface, make_person) -> dict[str, dict[str, str]]:
    roles = (("admin", "*"), ("steward", "*"))
    found = {
        "person": surface.person(make_person, "boss", *roles),
        "hub": {"authorization": f"Bearer {surface.hub_token}"},
    }
    surface.keep()
    return found


def proof(route: tuple[str, str], headers: dict[str, dict[str, str]]) -> dict[str, str]:
    if route[1].startswith("/oauth"):
        return {}
    return headers["hub" if route[1].startswith("/hub/") else "person"]


def refused(answer: Any, what: object) -> None:
    assert 400 <= answer.status_code < 500, (what, answer.status_code, answer.text[:500])
    told = answer.json()
    assert told["code"] and told["detail"], (what, told)
    assert answer.headers["content-type"].startswith(("application/problem+json", "application/json")), what
    assert len(answer.content) < 20_000, (what, "the answer repeats the question")


def with_json_bodies(surface: Surface) -> list[tuple[str, str]]:
    return [route for route in every_route() if surface.samples[route].body is not None]


def test_no_body_of_any_route_breaks_it(http, surface: Surface, headers: dict[str, dict[str, str]]) -> None:
    for route in with_json_bodies(surface):
        url = surface.samples[route].url(route[1])
        for name, bomb in BOMBS.items():
            if len(bomb) > MIB and route != ("POST", "/api/v1/apps"):
                continue  # reading megabytes is the same code for all of them
            began = time.monotonic()
            answer = http.request(
                route[0], url, content=bomb, headers={**proof(route, headers), "content-type": "application/json"}
            )
            assert time.monotonic() - began < PATIENCE_S, (route, name)
            refused(answer, (route, name))


def test_no_value_of_any_field_breaks_a_route(http, surface: Surface, headers: dict[str, dict[str, str]]) -> None:
    for route in with_json_bodies(surface):
        asked = surface.samples[route]
        for name in asked.body:
            for what, value in VALUES.items():
                body = json.dumps({**asked.body, name: value}).encode()
                answer = http.request(
                    route[0],
                    asked.url(route[1]),
                    params=asked.query,
                    content=body,
                    headers={**proof(route, headers), "content-type": "application/json"},
                )
                assert answer.status_code < 500, (route, name, what, answer.text[:500])
                assert "x-injected" not in answer.headers
                if answer.is_success:
                    # Read as text, it holds for other databases too.
                    assert what not in {"NUL", "surrogate"}, (route, name, answer.text)
                    surface.restore()
                else:
                    refused(answer, (route, name, what))


def test_a_key_twice_is_refused_where_it_would_decide(http, surface: Surface, headers) -> None:
    """Two readers of one text must not see two things: the reviewer's JSON is the gateway's JSON."""
    headers = proof(("POST", "/api/v1/apps"), headers)
    manifest = json.loads(surface.samples["POST", "/api/v1/adoptions"].body["manifest"])
    twice = json.dumps(manifest)[:-1] + ', "kind": "App"}'
    body = {**surface.samples["POST", "/api/v1/adoptions"].body, "manifest": twice}
    answer = http.post("/api/v1/adoptions", json=body, headers=headers)
    refused(answer, "manifest")
    flows = '[{"id": "a", "type": "tab", "type": "inject"}]'
    answer = http.post("/api/v1/drafts", json={"filename": "x.json", "content": flows}, headers=headers)
    refused(answer, "flow")


def test_a_key_twice_in_a_request_is_refused(http, surface: Surface, headers) -> None:
    headers = {**proof(("POST", "/api/v1/apps"), headers), "content-type": "application/json"}
    twice = b'{"name": "one", "name": "two", "team": "finance-ops"}'
    answer = http.post("/api/v1/apps", content=twice, headers=headers)
    refused(answer, "request")
    deeper = b'{"roles": [{"role": "viewer", "role": "admin"}]}'
    refused(http.post("/api/v1/invitations", content=deeper, headers=headers), "inner")
    for kind in ("application/json; charset=utf-8", "Application/JSON", "application/vnd.api+json", "text/plain", ""):
        named = {**headers, "content-type": kind}
        refused(http.post("/api/v1/apps", content=twice, headers=named), kind)


def test_a_body_beyond_the_limit_is_refused_before_it_is_read(http, surface: Surface, headers) -> None:
    answer = http.post(
        "/api/v1/apps",
        content=b'{"name": "' + b"a" * (17 * MIB) + b'"}',
        headers={**proof(("POST", "/api/v1/apps"), headers), "content-type": "application/json"},
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


TOKEN_FORMS: dict[str, bytes] = {
    "nothing": b"",
    "many fields": urlencode([(f"k{number}", "v") for number in range(20_000)]).encode(),
    "the same field often": b"&".join([b"grant_type=client_credentials"] * 2_000),
    "a long value": b"grant_type=" + b"a" * MIB,
    "a long name": b"a" * MIB + b"=1",
    "no UTF-8": b"grant_type=%ff%fe",
    "NUL": b"grant_type=client_credentials&client_id=%00&client_secret=%00",
    "a lone percent": b"grant_type=%",
    "line feeds": b"grant_type=a%0d%0ab&client_id=c%0d%0ad&client_secret=x",
    "deep brackets": b"a" + b"[b]" * 50_000 + b"=1",
    "an assertion of dots": b"grant_type=client_credentials&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3A"
    b"client-assertion-type%3Ajwt-bearer&client_assertion=" + b"." * 10_000,
    "a deep assertion": b"grant_type=client_credentials&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3A"
    b"client-assertion-type%3Ajwt-bearer&client_assertion=" + b"W1tb" * 3_000 + b"." + b"W1tb" * 900 + b".x",
}


@pytest.mark.parametrize("name", TOKEN_FORMS)
def test_no_form_breaks_the_token_service(http, name: str) -> None:
    began = time.monotonic()
    answer = http.post(
        "/oauth/token",
        content=TOKEN_FORMS[name],
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert time.monotonic() - began < PATIENCE_S
    refused(answer, name)


@pytest.mark.parametrize(
    "value", ["Basic", "Basic !", "Basic " + "A" * 200_000, "Basic Og==", "Bearer x", "\x7f", "Basic w7w6w7w="]
)
def test_no_authorization_header_breaks_the_token_service(http, value: str) -> None:
    answer = http.post("/oauth/token", data={"grant_type": "client_credentials"}, headers={"authorization": value})
    refused(answer, value[:40])


@pytest.mark.parametrize(
    "kind", ["multipart/form-data", "multipart/form-data; boundary=x", "text/plain", "application/json", ";"]
)
def test_no_content_type_breaks_the_token_service(http, kind: str) -> None:
    for content in (b"", b"--x\r\n", b"--x\r\ncontent-disposition: form-data; name=grant_type\r\n\r\nx", b"{}" * 1000):
        refused(http.post("/oauth/token", content=content, headers={"content-type": kind}), (kind, content[:20]))


def test_a_file_where_a_text_belongs_is_refused(http) -> None:
    answer = http.post("/oauth/token", files={"grant_type": ("x", b"client_credentials"), "client_id": ("y", b"\x00")})
    refused(answer, "file")


def test_a_hub_cannot_bind_a_key_that_hides_nothing(http, surface: Surface, headers, make_person) -> None:
    """X25519 points of low order: whatever is sealed to them anybody can open (or sealing fails, each time)."""
    admin = proof(("POST", "/api/v1/apps"), headers)
    points = {
        "zero": "A" * 43,
        "one": "AQ" + "A" * 41,
        "order eight": "4Ot6fDtBuK4WVuP68Z_EatoJjeucMrH9hmIFFl9JuAA",
    }
    for number, (name, key) in enumerate(points.items()):
        token = http.post("/api/v1/hubs", json={"name": f"weak-{number}"}, headers=admin).json()["token"]
        hub = {"authorization": f"Bearer {token}"}
        answer = http.post("/hub/v1/enrol", json={"public_key": key}, headers=hub)
        assert (answer.status_code, answer.json()["code"]) == (422, "hub_key_invalid"), name
        assert http.get("/hub/v1/snapshot", headers=hub).status_code == 409, name


def test_samples_pass_unharmed(http, surface: Surface, headers) -> None:
    """The refusals above mean something only while the plain requests succeed."""
    for route in with_json_bodies(surface):
        if route[1].startswith(
            ("/hub/v1/rollups", "/hub/v1/gaps", "/api/v1/setup", "/api/v1/inv", "/api/v1/sign-in", "/api/v1/demo")
        ):
            continue
        answer = ask(http, route, surface.samples[route], proof(route, headers))
        assert answer.is_success, (route, answer.text)
        surface.restore()
