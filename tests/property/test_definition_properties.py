"""Digests count what matters and nothing else; differences are never empty; odd input never crashes."""

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from handrail.kernel.errors import HandrailError
from handrail.language.classify import redact
from handrail.language.closure import ClosureInput, Snapshot, diff, summarise, take_closure
from handrail.language.importers import Artefact, draft_app, read_artefact
from handrail.language.importers.strict_json import read_json

GOLDEN = Path(__file__).parents[1] / "golden" / "importers"
N8N = json.loads((GOLDEN / "slack_digest.n8n.json").read_text())
NODE_RED = json.loads((GOLDEN / "invoices.node-red.json").read_text())
CANARY = "canary-7f3e9b21c04d"
VOLATILE = {
    "position",
    "x",
    "y",
    "w",
    "h",
    "active",
    "versionId",
    "instanceId",
    "createdAt",
    "updatedAt",
    "height",
    "width",
}

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if not items and not isinstance(value, (dict, list)):
        yield path
    for key, each in items:
        yield from _leaves(each, (*path, key))


def _get(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def _put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    result = copy.deepcopy(value)
    _get(result, path[:-1])[path[-1]] = new
    return result


def _read(document: Any) -> Artefact:
    return read_artefact(json.dumps(document).encode(), "flow.json")


def _is_secret(document: Any, path: tuple[Any, ...]) -> bool:
    return (
        CANARY in str(_get(document, path))
        or path[-2:-1] == ("credentials",)
        or "api_key=" in str(_get(document, path))
    )


def _is_volatile(path: tuple[Any, ...]) -> bool:
    return bool(VOLATILE & set(path))


def _counting(document: Any) -> list[tuple[Any, ...]]:
    return [path for path in _leaves(document) if not _is_volatile(path) and not _is_secret(document, path)]


def _other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + 1
    return f"{value}~"


CASES = [(document, path) for document in (N8N, NODE_RED) for path in _counting(document)]


@given(st.sampled_from(CASES))
@settings(max_examples=len(CASES), deadline=None)
def test_every_leaf_counts_and_its_change_is_told(case: tuple[Any, tuple[Any, ...]]) -> None:
    document, path = case
    before = _read(document)
    try:
        after = _read(_put(document, path, _other(_get(document, path))))
    except HandrailError:
        return
    assert after.source_digest != before.source_digest
    changes = diff(_snapshot(before), _snapshot(after))
    assert changes
    assert all(each.text.isprintable() and CANARY not in each.text for each in changes)
    assert diff(_snapshot(before, keep=False), _snapshot(after, keep=False))


def _snapshot(artefact: Artefact, *, keep: bool = True) -> Snapshot:
    closure = take_closure(ClosureInput(artefact.source_digest, unknown=frozenset(artefact.unresolved)))
    return Snapshot(closure.document, artefact.graph, artefact.source if keep else None)


@given(st.integers(), st.sampled_from([N8N, NODE_RED]))
@settings(max_examples=40, deadline=None)
def test_positions_times_and_the_order_of_nodes_never_count(seed: int, document: Any) -> None:
    chance = random.Random(seed)
    other = copy.deepcopy(document)
    for path in _leaves(document):
        if _is_volatile(path):
            held = _get(document, path)
            new = (
                chance.randrange(5000) if isinstance(held, int) and not isinstance(held, bool) else f"{chance.random()}"
            )
            _get(other, path[:-1])[path[-1]] = chance.choice([True, False]) if isinstance(held, bool) else new
    chance.shuffle(other["nodes"] if isinstance(other, dict) else other)
    assert _read(other).source_digest == _read(document).source_digest


@given(
    st.text(alphabet="abcdefghijklmnopqrstuvwxyzABCDEFGH0123456789", min_size=12, max_size=60),
    st.sampled_from([N8N, NODE_RED]),
)
@settings(max_examples=60, deadline=None)
def test_changing_a_secret_keeps_the_digest(secret: str, document: Any) -> None:
    text = json.dumps(document).replace(CANARY, f"1{secret}")
    assert read_artefact(text.encode(), "x").source_digest == _read(document).source_digest


@given(st.sampled_from([N8N, NODE_RED]), st.data())
@settings(max_examples=150, deadline=None)
def test_odd_shapes_are_read_or_refused_never_crashed_on(document: Any, data: st.DataObject) -> None:
    paths = [path[:length] for path in _leaves(document) for length in range(1, len(path) + 1)]
    other = document
    for path in data.draw(st.lists(st.sampled_from(paths), min_size=1, max_size=3)):
        new = data.draw(JSON)
        try:
            other = _put(other, path, new)
        except (KeyError, IndexError, TypeError):
            continue
    try:
        artefact = _read(other)
    except HandrailError as refused:
        assert refused.place
        return
    draft_app(artefact)
    changes = diff(_snapshot(_read(document)), _snapshot(artefact))
    assert bool(changes) == (_snapshot(_read(document)).closure != _snapshot(artefact).closure)
    assert "\n" not in summarise(changes)


@given(JSON)
@settings(deadline=None)
def test_reading_loses_nothing_and_redacting_twice_changes_nothing(value: Any) -> None:
    def back(read: Any) -> Any:
        if isinstance(read, dict):
            if set(read) == {"$number"}:
                return json.loads(read["$number"])
            return {
                (key[1:] if key.startswith("$") and key.lstrip("$") == "number" else key): back(each)
                for key, each in read.items()
            }
        return [back(each) for each in read] if isinstance(read, list) else read

    read = read_json(json.dumps(value).encode(), "x.json")
    assert back(read) == value
    once, _ = redact(read, "n8n")
    assert redact(once, "n8n")[0] == once


PAIRS = st.frozensets(st.tuples(st.text(max_size=5), st.text(max_size=5)), max_size=5)


@given(
    PAIRS,
    st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=5),
    st.sets(st.text(max_size=5), max_size=5),
)
def test_closures_do_not_depend_on_order(
    pairs: frozenset[tuple[str, str]], constants: dict[str, str], words: set[str]
) -> None:
    unique = dict(pairs)
    one = ClosureInput("s", reachable=frozenset(unique.items()), constants=constants, unknown=frozenset(words))
    other = ClosureInput(
        "s",
        reachable=frozenset(reversed(unique.items())),
        constants=dict(reversed(constants.items())),
        unknown=frozenset(sorted(words, reverse=True)),
    )
    assert take_closure(one) == take_closure(other)
