"""Lines and columns of JSON pointers."""

import json
import time

import pytest

from handrail.language.importers.positions import exactly, locate, spans

TEXT = """{
  "a": [1, {"b/c": "x", "~": [true, null]}],
  "long": "two words",
  "umlaut": "äöü", "after": 12.50
}
"""


@pytest.mark.parametrize(
    ("pointer", "place"),
    [
        ("", (1, 1, 5, 2)),
        ("/a", (2, 8, 2, 44)),
        ("/a/0", (2, 9, 2, 10)),
        ("/a/1/b~1c", (2, 20, 2, 23)),
        ("/a/1/~0/1", (2, 37, 2, 41)),
        ("/long", (3, 11, 3, 22)),
        ("/after", (4, 29, 4, 34)),
    ],
)
def test_a_value_is_where_it_stands(pointer: str, place: tuple[int, int, int, int]) -> None:
    assert locate(TEXT, [pointer]) == {pointer: place}
    assert exactly(TEXT, [pointer]) == {pointer: True}


def test_what_is_not_there_gets_the_nearest_place_above() -> None:
    places = locate(TEXT, ["/a/1/no/where", "/nothing"])
    assert places["/a/1/no/where"] == locate(TEXT, ["/a/1"])["/a/1"]
    assert places["/nothing"] == locate(TEXT, [""])[""]
    assert exactly(TEXT, ["/a/1/no"]) == {"/a/1/no": False}


def test_a_key_with_a_secret_is_found_by_its_placeholder() -> None:
    text = json.dumps({"xoxb-123456789012-ABCDEFabcdef0123456789": {"a": 1}})
    assert exactly(text, ["/[secret: slack-token]/a"]) == {"/[secret: slack-token]/a": True}


@pytest.mark.parametrize("text", ["", "{", "[[[", '{"a"', '{"a":', "nonsense", '{"a": [1,', "]", '{"a" 1, "b": 2}'])
def test_text_that_is_no_json_still_has_places(text: str) -> None:
    assert locate(text, ["/a/0", ""]).keys() == {"/a/0", ""}


def test_escapes_and_brackets_in_texts_are_texts() -> None:
    text = '{"a": "}]\\"{[,:", "b": [ "\\\\", 1 ]}'
    assert text[slice(*spans(text, ["/b/1"])["/b/1"])] == "1"


def test_time_grows_with_the_text_only() -> None:
    text = json.dumps({"nodes": [{"name": f"n{number}", "p": {"x": ["y"] * 5}} for number in range(20_000)]})
    start = time.process_time()
    places = locate(text, [f"/nodes/{number}/name" for number in range(0, 20_000, 10)])
    assert len(places) == 2000
    assert time.process_time() - start < 3
    deep = "[" * 50_000 + "]" * 50_000
    assert locate(deep, ["/0/0/0"])["/0/0/0"][0] == 1
