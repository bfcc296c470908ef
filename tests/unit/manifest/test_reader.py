"""YAML by events: YAML 1.2's words, places, and what is refused."""

import pytest

from handrail.language.manifest import ManifestInvalid, Scalar, plain, read_yaml


def refused(text: str) -> list[tuple[str, str, str]]:
    with pytest.raises(ManifestInvalid) as caught:
        read_yaml(text, "f.yaml")
    return [(problem.place, problem.code, problem.detail) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("true", True),
        ("False", False),
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("y", "y"),
        ("~", None),
        ("null", None),
        ("''", ""),
        ("1000", 1000),
        ("-7", -7),
        ("0o17", 15),
        ("0x1F", 31),
        ("007", 7),
        ("1e3", 1000.0),
        ("1.10", 1.1),
        (".5", 0.5),
        ("1_000", "1_000"),
        ("0b11", "0b11"),
        ("12:30:45", "12:30:45"),
        ("2026-01-01", "2026-01-01"),
        ("'1'", "1"),
        ("!!str 1", "1"),
        ("!!int 12", 12),
        ("! 12", "12"),
        ("=", "="),
    ],
)
def test_a_plain_word_means_what_yaml_1_2_says(written: str, meant: object) -> None:
    value = plain(read_yaml(f"a: {written}"))["a"]
    assert value == meant
    assert type(value) is type(meant)


def test_every_value_knows_its_line_and_column() -> None:
    node = read_yaml("a:\n  - b: 1\n    c: {d: x}\n")
    inner = node.get("a").items[0]
    assert [(entry.name, entry.mark) for entry in inner.entries] == [("b", (2, 5)), ("c", (3, 5))]
    assert inner.get("c").get("d") == Scalar("x", "text", (3, 12))


def test_numbers_keep_their_text() -> None:
    assert read_yaml("1.50") == Scalar("1.50", "number", (1, 1))


def test_json_is_yaml_with_its_escapes() -> None:
    text = '{"a": "\\ud83d\\ude00 \\/ \\u00e9 \\\\ud83d", "b": [1, true, null, 1.5e2],\t"c": {}}'
    assert plain(read_yaml(text)) == {"a": "\U0001f600 / é \\ud83d", "b": [1, True, None, 150.0], "c": {}}


def test_a_byte_order_mark_is_no_content() -> None:
    assert plain(read_yaml("\ufeffa: 1")) == {"a": 1}


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("", "f.yaml:1:1", "yaml_invalid"),
        ("# only a comment\n", "f.yaml:1:1", "yaml_invalid"),
        ("a: [1", "f.yaml:2:1", "yaml_invalid"),
        ("a: 1\n---\nb: 1", "f.yaml:2:1", "yaml_invalid"),
        ("a: 1\nb: 2\na: 3", "f.yaml:3:1", "yaml_refused"),
        ('{"a": 1, "a": 1}', "f.yaml:1:10", "yaml_refused"),
        ("a: 1\n'a': 1", "f.yaml:2:1", "yaml_refused"),
        ("a: &x 1", "f.yaml:1:4", "yaml_refused"),
        ("- 1\n- *x", "f.yaml:2:3", "yaml_refused"),
        ("a: {b: 1}\n<<: {c: 1}", "f.yaml:2:1", "yaml_refused"),
        ("a: !!python/object:os.system x", "f.yaml:1:4", "yaml_refused"),
        ("a: !secret x", "f.yaml:1:4", "yaml_refused"),
        ("a: !!set {x}", "f.yaml:1:4", "yaml_refused"),
        ("a: !!int x", "f.yaml:1:4", "yaml_refused"),
        ("%TAG ! tag:x:\n---\na: 1", "f.yaml:1:1", "yaml_refused"),
        ("%YAML 1.1\n---\na: 1", "f.yaml:1:1", "yaml_refused"),
        ("a: .nan", "f.yaml:1:4", "yaml_refused"),
        ("a: -.inf", "f.yaml:1:4", "yaml_refused"),
        ("a: 1e999", "f.yaml:1:4", "yaml_refused"),
        ("? [a]\n: 1", "f.yaml:1:3", "yaml_refused"),
        ('a: "x\\0"', "f.yaml:1:4", "yaml_refused"),
        ("a: 1\nb: x\u2028y", "f.yaml:2:5", "yaml_refused"),
        ("a: \x07", "f.yaml:1:4", "yaml_invalid"),
        ("a: \ud800", "f.yaml:1:4", "yaml_invalid"),
        ('"\\ud800"', "f.yaml:1:4", "yaml_invalid"),
    ],
)
def test_what_is_refused_names_its_place(text: str, place: str, code: str) -> None:
    assert [(found[0], found[1]) for found in refused(text)] == [(place, code)]


def test_all_problems_of_a_document_are_told_at_once() -> None:
    assert [place for place, _, _ in refused("a: &x 1\nb: *x\nc: 1\nc: 2\n")] == [
        "f.yaml:1:4",
        "f.yaml:2:4",
        "f.yaml:4:1",
    ]


def test_a_name_given_twice_points_to_the_first() -> None:
    assert "first in line 1, column 1" in refused("a: 1\na: 2")[0][2]


def test_the_message_of_many_problems_has_a_line_for_each() -> None:
    with pytest.raises(ManifestInvalid) as caught:
        read_yaml("a: &x 1\nb: *x", "f.yaml")
    assert str(caught.value).splitlines() == [
        "2 things are wrong:",
        "  f.yaml:1:4: The anchor &x is refused. Remove &x. [yaml_refused]",
        "  f.yaml:2:4: The alias *x is refused. Write the value out here. [yaml_refused]",
    ]
    assert caught.value.details["problems"][1] == {
        "place": "f.yaml:2:4",
        "pointer": "",
        "code": "yaml_refused",
        "detail": "The alias *x is refused.",
        "fix": "Write the value out here.",
    }
