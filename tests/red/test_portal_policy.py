"""What the portal's page is served with, and what its route must not give away."""

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from handrail.surfaces.http import portal as served
from handrail.surfaces.http.portal import Portal

PAGE = {"accept": "text/html"}


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """Return a folder as the build leaves it."""
    folder = tmp_path / "web"
    (folder / "assets").mkdir(parents=True)
    (folder / ".vite").mkdir()
    (folder / "index.html").write_text('<meta name="csp-nonce" content="HANDRAIL_NONCE"><div id="root"></div>')
    (folder / "assets" / "index-abc.js").write_text("export default 1;" * 200)
    (folder / "scheme.js").write_text("1")
    (folder / ".vite" / "manifest.json").write_text("{}")
    (folder / ".built").write_text("digest")
    (tmp_path / "secret.txt").write_text("outside")
    return folder


@pytest.fixture
def page(web: Path) -> TestClient:
    return TestClient(Portal(web), base_url="http://127.0.0.1:8700", raise_server_exceptions=False)


def policy_of(answer) -> dict[str, list[str]]:
    parts = (part.strip().split() for part in answer.headers["content-security-policy"].split(";"))
    return {name: sources for name, *sources in parts}


def test_the_policy_lets_nothing_in_but_this_origin(page: TestClient) -> None:
    policy = policy_of(page.get("/catalog", headers=PAGE))
    assert policy.pop("style-src")[0] == "'self'"
    assert policy == {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }


def test_no_word_of_the_policy_allows_inline_script_or_eval(page: TestClient) -> None:
    whole = page.get("/", headers=PAGE).headers["content-security-policy"]
    assert "unsafe" not in whole
    assert "*" not in whole
    assert "http:" not in whole


def test_each_page_has_a_nonce_of_its_own_and_says_the_same_one_twice(page: TestClient) -> None:
    nonces = set()
    for _ in range(5):
        answer = page.get("/", headers=PAGE)
        said = re.search(r'content="([^"]+)"', answer.text)
        assert said is not None
        assert policy_of(answer)["style-src"] == ["'self'", f"'nonce-{said[1]}'"]
        nonces.add(said[1])
    assert len(nonces) == 5


def test_no_other_site_may_frame_it(page: TestClient) -> None:
    for path in ("/", "/apps/x/settings", "/sign-in", "/assets/index-abc.js"):
        answer = page.get(path, headers=PAGE)
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"


def test_a_page_is_never_kept_and_a_built_file_for_ever(page: TestClient) -> None:
    assert page.get("/", headers=PAGE).headers["cache-control"] == "no-store"
    assert "immutable" in page.get("/assets/index-abc.js").headers["cache-control"]
    assert page.get("/scheme.js").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/assets/../../secret.txt",
        "/..%2fsecret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/....//secret.txt",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/assets/%00",
        "/.vite/manifest.json",
        "/.built",
        "/assets/../.built",
    ],
)
def test_nothing_outside_of_the_built_files_is_given_out(page: TestClient, path: str) -> None:
    answer = page.get(path, headers={"accept": "*/*"})
    assert answer.status_code in {400, 404, 500}
    assert "outside" not in answer.text
    assert "digest" not in answer.text
    assert "root:" not in answer.text


def test_a_link_out_of_the_folder_is_not_followed(page: TestClient, web: Path) -> None:
    (web / "assets" / "link.txt").symlink_to(web.parent / "secret.txt")
    assert page.get("/assets/link.txt").status_code in {404, 500}


@pytest.mark.parametrize(
    "path", ["/api/v1/nope", "/hub/v1/nope", "/oauth/nope", "/assets/nope.js", "/.well-known/nope"]
)
def test_an_unknown_address_of_a_program_is_a_problem_and_no_page(http, path: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        answer = http.request(method, path, headers=PAGE)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "route_unknown"


def test_a_page_cannot_be_posted_to(http) -> None:
    assert http.post("/catalog", headers=PAGE).status_code == 404


def test_a_program_that_asks_for_no_page_gets_none(http) -> None:
    assert http.get("/catalog", headers={"accept": "application/json"}).status_code == 404


def test_a_missing_build_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    answer = TestClient(Portal(tmp_path)).get("/", headers=PAGE)
    assert answer.status_code == 503
    assert "make web" in answer.text


def test_the_built_page_holds_no_inline_script_and_no_foreign_address() -> None:
    index = served.WEB / "index.html"
    if not index.exists():
        pytest.skip("the portal is not built: make web")
    text = index.read_text()
    assert re.findall(r"<script(?![^>]*\bsrc=)", text) == []
    assert re.findall(r"(?:src|href)=\"(?!/)[^\"]*", text) == []
    assert " on" not in re.sub(r"<title>.*?</title>|<noscript>.*?</noscript>", "", text)


def test_no_built_script_evaluates_text() -> None:
    scripts = list((served.WEB / "assets").glob("*.js"))
    if not scripts:
        pytest.skip("the portal is not built: make web")
    for script in scripts:
        text = script.read_text(encoding="utf-8")
        assert not re.search(r"\beval\(|new Function\(", text), script.name
