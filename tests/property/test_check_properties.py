"""Checks never fail on odd flows, findings always point at something, and a splice is what its patch says."""

import copy
import json
import random
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from handrail.governance.checks import apply_patch, check_file, verified
from handrail.governance.checks.fixes.splice import splice
from handrail.governance.checks.json_patch import resolve
from handrail.governance.checks.reports import junit, sarif, scan_row, shown
from handrail.language.leaks import default_boundary

GOLDEN = Path(__file__).parents[1] / "golden"
FLOWS = [
    json.loads(path.read_bytes())
    for folder in ("importers", "checks")
    for path in sorted((GOLDEN / folder).glob("*.json"))
    if ".out." not in path.name and path.name != "broken.json"
]
BOUNDARY = default_boundary()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
ODD: tuple[Any, ...] = (None, True, 0, -1, 1.5, "", "={{ $json }}", "={{", "\x1b[2J\u202e", [], {}, [[]], {"value": {"__rl": 1}}, "http://[::1", "@{", "\ud7ff")  # fmt: skip


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(each for key, inner in items for each in _places(inner, (*path, key)))]


def _mutated(flow: Any, seed: int) -> Any:
    """Return a flow with some places set to something else, dropped or doubled."""
    pick = random.Random(seed)
    flow = copy.deepcopy(flow)
    for _ in range(pick.randint(1, 6)):
        *way, last = pick.choice([each for each in _places(flow) if each] or [("x",)])
        holder = flow
        for key in way:
            holder = holder[key]
        if pick.random() < 0.2:
            del holder[last]
        elif pick.random() < 0.2 and isinstance(holder, list):
            holder.append(copy.deepcopy(holder[last]))
        else:
            holder[last] = copy.deepcopy(pick.choice(ODD))
    return flow


@settings(max_examples=250, deadline=None)
@given(st.integers(0, len(FLOWS) - 1), st.integers(0, 2**32))
def test_odd_flows_are_read_and_checked_or_refused(which: int, seed: int) -> None:
    data = json.dumps(_mutated(FLOWS[which], seed)).encode()
    report = check_file(data, "odd.json", BOUNDARY)
    for checked in report.checked:
        assert "check-failed" not in {each.rule for each in checked.findings}
        for finding in checked.findings:
            assert resolve(checked.definition.document, finding.pointer, ...) is not ...
        json.dumps(scan_row("odd.json", checked))
    text = shown(data, report)
    json.dumps(sarif([("odd.json", report, text)], version="0", engine="0"))
    junit([("odd.json", report, text)], frozenset({"block"}))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(FLOWS) - 1), st.integers(0, 2**32))
def test_fixes_of_odd_flows_never_fail(which: int, seed: int) -> None:
    data = json.dumps(_mutated(FLOWS[which], seed), indent=2).encode()
    for finding in verified(data, "odd.json", BOUNDARY).findings:
        assert finding.fix is not None


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.text(max_size=8), JSON, max_size=5),
    JSON,
    st.integers(0, 2**32),
    st.sampled_from([None, 1, 4, "\t"]),
)
def test_a_splice_is_what_its_patch_says(document: dict[str, Any], value: Any, seed: int, indent: Any) -> None:
    text = json.dumps(document, indent=indent, ensure_ascii=bool(seed % 2))
    pick = random.Random(seed)
    pointer = "".join(
        "/" + str(key).replace("~", "~0").replace("/", "~1") for key in pick.choice([p for p in _places(document) if p] or [("new",)])
    )  # fmt: skip
    exists = resolve(document, pointer, ...) is not ...
    kinds = ["add", "replace", "remove"] if exists else ["add"]
    operation = {"op": pick.choice(kinds), "path": pointer, "value": value}
    assert json.loads(splice(text, [operation])) == apply_patch(document, [operation])


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_bytes_of_any_kind_are_a_report(data: bytes) -> None:
    report = check_file(data, "any.json", BOUNDARY)
    assert report.error is not None or report.checked
    shown(data, report)
