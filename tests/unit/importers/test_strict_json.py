"""Reading JSON as it is written, and refusing what two readers could understand differently."""

import pytest

from handrail.language.importers import ArtefactInvalid, ArtefactTooLarge
from handrail.language.importers.strict_json import read_json


def _read(text: str) -> object:
    return read_json(text.encode(), "flow.json")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", 1),
        ("-7", -7),
        ("1.0", {"$number": "1.0"}),
        ("1e3", {"$number": "1e3"}),
        ("-0", {"$number": "-0"}),
        ("9007199254740991", 9007199254740991),
        ("9007199254740992", {"$number": "9007199254740992"}),
        ("1.10000000000000000001", {"$number": "1.10000000000000000001"}),
        ('{"$number": "1.0"}', {"$$number": "1.0"}),
        ('{"$$number": 1}', {"$$$number": 1}),
        ('{"$numbers": 1, "$": 2}', {"$numbers": 1, "$": 2}),
        ('"\\u00e9"', "é"),
    ],
)
def test_values_keep_what_was_written(text: str, expected: object) -> None:
    assert _read(text) == expected


def test_a_byte_order_mark_is_accepted() -> None:
    assert read_json(b"\xef\xbb\xbf{}", "flow.json") == {}


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ('{"a": 1,\n "b": {"c": 1,\n   "c": 2}}', "flow.json:3:4", "stands twice"),
        ('[{"a": "x, {}"}, {"a": 1, "\\u0061": 2}]', "flow.json:1:27", "stands twice"),
        ('{"$number": 1, "$number": 2}', "flow.json:1:16", "stands twice"),
        ("[1,\n NaN]", "flow.json:2:2", "not JSON"),
        ('["NaN", -Infinity]', "flow.json:1:9", "not JSON"),
        ('{"a": 1,}', "flow.json:1:9", "no JSON"),
        ("", "flow.json:1:1", "no JSON"),
        ("{} {}", "flow.json:1:4", "no JSON"),
        ('{"a": "\n"}', "flow.json:1:8", "no JSON"),
    ],
)
def test_a_refusal_names_the_place(text: str, place: str, words: str) -> None:
    with pytest.raises(ArtefactInvalid) as refused:
        _read(text)
    assert refused.value.place == place
    assert words in refused.value.message
    assert refused.value.fix


def test_text_in_another_encoding_is_refused_with_its_place() -> None:
    with pytest.raises(ArtefactInvalid) as refused:
        read_json(b'{"a":\n "\xe9"}', "flow.json")
    assert refused.value.place == "flow.json:2:3"


def test_a_number_of_a_thousand_digits_is_refused() -> None:
    with pytest.raises(ArtefactTooLarge):
        _read("1" * 1000)
