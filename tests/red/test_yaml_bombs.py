"""Documents made to exhaust a reader are refused in milliseconds."""

import time
import tracemalloc

import pytest

from handrail.kernel.errors import HandrailError
from handrail.language.manifest import ManifestInvalid, parse_connector, parse_manifest, read_yaml

K = 1024
BOMBS = {
    "lists in lists": "[" * (256 * K),
    "maps in maps": "{" * (256 * K),
    "named maps": "{a: " * (60 * K),
    "block lists": "- " * (128 * K),
    "complex keys": "? " * (128 * K),
    "lines of lists": "[\n" * (128 * K),
    "indentation": "\n".join(" " * level + "a:" for level in range(700)),
    "json lists": "[" * 1000 + "]" * 1000,
    "a scalar of 400 kB": 'a: "' + "x" * 400_000 + '"',
    "400 kB of comments": "# x\n" * 100_000,
    "400 kB in UTF-8 only": "a: " + "\u00e9" * 200_000,
    "many items": "- a\n" * (64 * K),
    "many flow items": "[" + "a," * (120 * K) + "]",
    "many keys": "\n".join(f"k{number}: " for number in range(25_000)),
    "many anchors": "- &a a\n" * 30_000,
    "billion laughs": "a: &a [x,x]\n"
    + "\n".join(f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]" for n in range(20)),
    "endless tag": "!" * (250 * K),
    "tabs": "\t" * (256 * K),
}
MOST_S = 0.25


def timed(text: str) -> tuple[float, HandrailError]:
    start = time.process_time()
    with pytest.raises(ManifestInvalid) as caught:
        parse_manifest(text)
    return time.process_time() - start, caught.value


@pytest.mark.parametrize("name", list(BOMBS))
def test_a_bomb_is_refused_at_once(name: str) -> None:
    # A loaded machine may stall a run, never three.
    runs = [timed(BOMBS[name]) for _ in range(3)]
    assert min(spent for spent, _ in runs) < MOST_S
    assert len(str(runs[0][1])) < 16_000


@pytest.mark.parametrize("name", ["lists in lists", "json lists", "a scalar of 400 kB", "indentation", "block lists"])
def test_deep_and_long_documents_cost_milliseconds(name: str) -> None:
    assert min(timed(BOMBS[name])[0] for _ in range(5)) < 0.02
    assert timed(BOMBS[name])[1].details["problems"][0]["code"] == "yaml_limit"


def test_an_expanding_document_takes_no_memory() -> None:
    tracemalloc.start()
    with pytest.raises(ManifestInvalid):
        read_yaml(BOMBS["billion laughs"])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * K * K


def test_thousands_of_unknown_fields_are_not_thousands_of_suggestions() -> None:
    fields = "\n".join(f"  timeoutMz{number}: 1" for number in range(9_900))
    text = f"apiVersion: handrail.dev/v1\nkind: Connector\nmetadata: {{name: a}}\nspec:\n{fields}\n"
    spent, error = min((timed(text) for _ in range(3)), key=lambda run: run[0])
    assert spent < 1
    assert str(error).startswith("50 or more things are wrong:")


def test_long_names_and_numbers_are_shown_short() -> None:
    text = f"apiVersion: {'v' * 100_000}\nkind: Connector\n{'k' * 100_000}: 1\n? {'9' * 100_000}\n: 1\n"
    spent, error = min((timed(text) for _ in range(3)), key=lambda run: run[0])
    assert spent < MOST_S
    assert len(str(error)) < 2000


def test_a_number_of_many_digits_is_never_computed() -> None:
    base = "apiVersion: handrail.dev/v1\nkind: Connector\nmetadata: {name: a}\nspec:\n  version: 1.0.0\n"
    operation = "{name: a, method: GET, path: /a, requestSchema: {maximum: " + "9" * 200_000 + "}}"
    start = time.process_time()
    with pytest.raises(ManifestInvalid, match="Not every JSON reader"):
        parse_connector(base + f"  operations: [{operation}]")
    with pytest.raises(ManifestInvalid, match="plain digits"):
        parse_connector(base + "  timeoutMs: " + "9" * 200_000 + "\n  operations: []")
    assert time.process_time() - start < MOST_S


def test_a_pattern_cannot_be_made_to_backtrack() -> None:
    base = "apiVersion: handrail.dev/v1\nkind: Connection\nmetadata: {name: a}\nspec:\n"
    fields = "  connector: " + "a-" * 31 + "!\n  version: 1.0.0-" + "a.1." * 14 + "!\n  environment: e\n"
    text = base + fields + "  upstream: https://" + "a." * 400 + "!\n"
    spent, _ = min((timed(text) for _ in range(3)), key=lambda run: run[0])
    assert spent < MOST_S


def test_five_hundred_operations_are_compared_in_time() -> None:
    operations = "\n".join(
        f"    - {{name: o{number}, method: GET, path: '/a/{{b}}/c{number}'}}" for number in range(500)
    )
    start = time.process_time()
    parse_connector(
        "apiVersion: handrail.dev/v1\nkind: Connector\nmetadata: {name: a}\nspec:\n  version: 1.0.0\n"
        f"  operations:\n{operations}\n"
    )
    assert time.process_time() - start < 2
