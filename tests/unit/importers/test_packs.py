"""Tables of step types: what a row says, and what is said about a bad one."""

import pytest

from handrail.language.importers import PackInvalid, load_pack
from handrail.language.importers.packs import COLUMNS, Pack, read_pack

HEAD = ",".join(COLUMNS)


def _pack(*rows: str) -> Pack:
    return read_pack("x", "\n".join((HEAD, *rows, "")), "x/steps.csv")


def test_the_first_row_of_a_version_names_the_default() -> None:
    pack = _pack("a,action,sys,old,get,,1.9,", "a,action,sys,new,put,2,,", "a,action,sys,old,read,2,,")
    first, second = pack.find("a", 1), pack.find("a", 2.1)
    assert first is not None
    assert second is not None
    assert (first.resource, first.rows["old"].operation) == ("old", "get")
    assert (second.resource, second.rows["old"].operation) == ("new", "read")


@pytest.mark.parametrize("version", [0.0, 9.0])
def test_a_version_that_no_range_holds_is_read_as_the_newest(version: float) -> None:
    found = _pack("a,action,sys,,one,1,1,", "a,action,sys,,two,2,2,").find("a", version)
    assert found is not None
    assert found.rows[""].operation == "two"


def test_another_parameter_may_hold_the_operation() -> None:
    found = _pack("a,action,sys,,mode=load,,,").find("a")
    assert found is not None
    assert (found.rows[""].parameter, found.rows[""].operation) == ("mode", "load")


def test_an_object_has_parts_defaults_and_other_ways_to_be_named() -> None:
    found = _pack("a,action,sys,,get,,,schema=public+table|options.name").find("a")
    assert found is not None
    (whole, other) = found.rows[""].objects
    assert [(each.path, each.default) for each in whole] == [(("schema",), "public"), (("table",), "")]
    assert [each.path for each in other] == [("options", "name")]


def test_a_type_that_no_row_knows_and_a_platform_without_a_table_give_nothing() -> None:
    assert _pack("a,action,sys,,get,,,").find("b") is None
    assert load_pack("no-such-builder").rows == {}


@pytest.mark.parametrize(
    ("row", "words", "line"),
    [
        ("a,action,sys", "3 cells instead of 8", 3),
        (",action,sys,,get,,,", "names no type", 3),
        ("a,acton,sys,,get,,,", "'acton' is no kind of step", 3),
        ("a,action,sys,,get,two,,", "'two' is no version", 3),
        ('a,"action,sys,,get,,,', "no CSV", 3),
    ],
)
def test_a_bad_row_is_refused_with_its_file_and_line(row: str, words: str, line: int) -> None:
    with pytest.raises(PackInvalid) as refused:
        _pack("ok,action,sys,,get,,,", row)
    assert words in refused.value.message
    assert refused.value.place == f"x/steps.csv:{line}"


def test_a_table_without_its_columns_is_refused() -> None:
    with pytest.raises(PackInvalid) as refused:
        read_pack("x", "type,kind\n", "x/steps.csv")
    assert refused.value.place == "x/steps.csv:1"


def test_the_shipped_table_of_n8n_is_sorted_and_has_no_row_twice() -> None:
    rows = load_pack("n8n").rows
    assert list(rows) == sorted(rows)
    assert all(len(listed) == len(set(listed)) for listed in rows.values())
    assert len(rows) > 500


def test_a_table_is_read_once() -> None:
    assert load_pack("n8n") is load_pack("n8n")
