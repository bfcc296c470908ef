"""Whatever a hub sends that is no batch is refused as a whole."""

from typing import Any

import orjson
import pytest
from tests.rigs.calls import line

from handrail.runtime.edge.rollup import Batch, Gap, Tally, encode
from handrail.runtime.signals import RollupInvalid, read_batch, read_gaps

CALL = [5, "app", "production", "slack", "post", 200, "", 7, "018f0000-0000-7000-8000-00000000aaaa"]
WRONG = (
    (0, -1), (0, "5"), (1, None), (2, "a\x1fb"), (3, "x" * 201), (4, 4), (5, 1000), (5, -1), (5, True), (6, None),
    (7, -1), (7, 1.5), (8, "/a/path"), (8, ""), (8, 8),
)  # fmt: skip


def good() -> list[Any]:
    """Return the lines of a good body: the batch, then its rows."""
    tally = Tally(1 << 40)
    tally.add(line() + line() + line(status=403, code="grant_missing"), 0)
    body = encode(Batch("1:2:aa", "calls.log", 0, 10, 5, tally.rows()))
    return [orjson.loads(text) for text in body.split(b"\n")]


def written(lines: list[Any]) -> bytes:
    return b"\n".join(orjson.dumps(one) for one in lines)


def test_what_a_hub_writes_is_read() -> None:
    batch = read_batch(written(good()))
    assert (batch.file, batch.start, batch.end, batch.as_of, batch.gap) == ("1:2:aa", 0, 10, 5, None)
    called, refused = batch.rows.values
    assert (called[2], refused[2], refused[4]) == (2, 1, 1)
    assert isinstance(called[11], bytes)
    assert batch.rows.series[called[1]].split("\x1f")[3] == "chat.postMessage"
    assert batch.rows.refusals == [(refused[0], refused[1], "grant_missing", 1)]


def test_causes_and_the_tail_are_read_and_may_be_missing() -> None:
    head, *rows = good()
    read = read_batch(written([{**head, "causes": [[9, "upstream_timeout", 3]], "tail": [CALL]}, *rows]))
    assert read.causes == [(9, "upstream_timeout", 3)]
    assert (read.tail[0].app_id, read.tail[0].duration_us, read.tail[0].number) == ("app", 7, 0)
    older = {name: value for name, value in head.items() if name not in {"causes", "tail"}}
    assert older != head
    read = read_batch(written([older, *rows]))
    assert (list(read.causes), list(read.tail), len(read.rows.values)) == ([], [], 2)


def test_what_an_older_control_plane_reads_is_as_it_was() -> None:
    """It takes rows of exactly 18 columns and leaves the rest of the head alone."""
    head, *rows = good()
    assert head["v"] == 1
    assert {len(row) for row in rows} == {18}


def test_a_gap_is_read_with_its_batch() -> None:
    gap = Gap(1, 2, "vanished")
    read = read_batch(encode(Batch("1:2:aa", "calls.log", 9, 3, 5, gap=gap, closed=True)))
    assert read.closed
    assert read.gap is not None
    assert (read.gap.id, read.gap.reason, read.end) == (gap.id, "vanished", 3)


@pytest.mark.parametrize(
    "changes",
    [
        {"v": 2},
        {"file": ""},
        {"file": "a\x00b"},
        {"name": 7},
        {"start": -1},
        {"start": True},
        {"start": 11},
        {"end": 1 << 61},
        {"asOf": None},
        {"rejects": [[1]]},
        {"rejects": [[-1, "json"]]},
        {"rejects": [[1, "json"]] * 1001},
        {"rejected": "1"},
        {"causes": {}},
        {"causes": [[1, "x"]]},
        {"causes": [[1, "", 1]]},
        {"causes": [[1, "x\x00", 1]]},
        {"causes": [[1, "x", 0]]},
        {"causes": [[-1, "x", 1]]},
        {"causes": [[True, "x", 1]]},
        {"causes": [[1, "x", 1]] * 10_001},
        {"tail": None},
        {"tail": [[]]},
        {"tail": [CALL] * 51},
        {"tail": [[*CALL, "more"]]},
        *({"tail": [[*CALL[:place], value, *CALL[place + 1 :]]]} for place, value in WRONG),
        {"gap": []},
        {"gap": {"id": "x", "since": 2, "until": 1, "reason": "restart"}},
    ],
)
def test_a_wrong_field_is_refused(changes: dict[str, Any]) -> None:
    head, *rows = good()
    with pytest.raises(RollupInvalid):
        read_batch(written([{**head, **changes}, *rows]))


@pytest.mark.parametrize("row", [b"", b"{}", b"[]", b"7", b"[", b"null"])
def test_a_line_that_is_no_row_is_refused(row: bytes) -> None:
    with pytest.raises(RollupInvalid):
        read_batch(written(good()) + b"\n" + row)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (0, -1),
        (0, 1.5),
        (0, 1 << 61),
        (1, None),
        (1, "x" * 201),
        (4, "a\x00b"),
        (4, "a\x1fb"),
        (7, "1"),
        (7, -1),
        (7, True),
        (13, 1 << 61),
        (16, None),
        (16, [1]),
        (16, [5, 1, 4, 1]),
        (16, [5, 0]),
        (16, [-2, 1]),
        (16, [5, 1.5]),
        (16, [100_000, 1]),
        (17, []),
        (17, {"x": 0}),
        (17, {"x\x00": 1}),
    ],
)
def test_a_wrong_column_is_refused(column: int, value: object) -> None:
    body = good()
    body[1][column] = value
    with pytest.raises(RollupInvalid):
        read_batch(written(body))


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"7", b'{"v": NaN}'])
def test_what_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(RollupInvalid):
        read_batch(body)
    with pytest.raises(RollupInvalid):
        read_gaps(body)
