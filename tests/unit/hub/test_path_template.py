"""Path templates: what they match, and what they must never match."""

import re

import pytest

from handrail.runtime.hub.path_template import overlap, precedence, regex_of


def matches(template: str, path: str) -> bool:
    return re.fullmatch(regex_of(template), path) is not None


@pytest.mark.parametrize(
    ("template", "path"),
    [
        ("/chat.postMessage", "/chat.postMessage"),
        ("/repos/{owner}/{repo}/issues", "/repos/a-b/c.d_e~f/issues"),
        ("/users/{id}", "/users/jane@example.test"),
        ("/users/{id}", "/users/a%20b%C3%A9"),
        ("/files/{name}", "/files/a+b=c,d$e&f'g(h)"),
    ],
)
def test_a_template_matches_its_paths(template: str, path: str) -> None:
    assert matches(template, path)


@pytest.mark.parametrize(
    "tail",
    [
        "a/b",
        "",
        "a%2fb",
        "a%2Fb",
        "a%5cb",
        "a%00",
        "a%25",
        "%2e%2e",
        "a;b",
        "a%3bb",
        "%61",
        "%7e",
        "a b",
        "a\\b",
        "a?b",
        "a#b",
        "%",
        "%4",
    ],
)
def test_a_parameter_is_one_segment_that_can_be_read_in_one_way(tail: str) -> None:
    assert not matches("/users/{id}", f"/users/{tail}")


def test_a_dot_in_a_template_is_a_dot() -> None:
    assert not matches("/chat.postMessage", "/chatXpostMessage")


def test_literal_segments_come_before_parameters() -> None:
    templates = ["/users/{id}", "/users/me", "/{kind}/me", "/users/{id}/x"]
    assert min(templates, key=lambda template: precedence("GET", template)) == "/users/me"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("/users/me", "/users/{id}", True),
        ("/users/me", "/users/{id}/x", False),
        ("/a/{b}", "/{c}/d", True),
        ("/a/b", "/a/c", False),
    ],
)
def test_overlap_is_seen(one: str, other: str, expected: bool) -> None:
    assert overlap(one, other) is expected
    assert overlap(other, one) is expected
