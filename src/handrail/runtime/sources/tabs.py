"""Node-RED's tabs: which of them changed when the whole file has another revision."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

_CONTAINER: Final = "tab"


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab with everything that it may depend on.

    Attributes:
        version: Changes whenever anything of that does.
        nodes: The tab, what is on it, and what is on none, in the file's order.
    """

    version: str
    nodes: tuple[dict[str, Any], ...]

    def document(self) -> bytes:
        """Return a flow file of this tab alone, for a first impression: what other tabs say is not in it."""
        return json.dumps({"flows": self.nodes}).encode()


def tabs_of(data: bytes) -> dict[str, Tab]:
    """Return the tabs of a flow file by id; empty if it is written in another way than Node-RED's second API does."""
    try:
        held = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    listed = held.get("flows") if isinstance(held, dict) else held
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        return {}
    return _tabs(listed)


def _tabs(nodes: list[dict[str, Any]]) -> dict[str, Tab]:
    tabs = {str(node.get("id")) for node in nodes if node.get("type") == _CONTAINER}
    home = {str(node.get("id")): _home(node, tabs) for node in nodes}
    on: dict[str, list[int]] = defaultdict(list)
    group = {tab: tab for tab in tabs}
    marks = []
    for number, node in enumerate(nodes):
        where = _home(node, tabs)
        on[where].append(number)
        marks.append(hashlib.sha256(json.dumps(node, sort_keys=True).encode()).digest())
        for text in _texts(node):
            other = home.get(text, "")
            # Tabs that name each other's nodes may be one flow: links between them, for example.
            if where and other and other != where:
                group[_root(group, where)] = _root(group, other)
    together: dict[str, list[int]] = defaultdict(list)
    for tab in sorted(tabs):
        together[_root(group, tab)] += on[tab]
    shared = _digest(marks, on[""])
    by_group = {root: _digest(marks, sorted(numbers)) for root, numbers in together.items()}
    found = {}
    for tab in sorted(tabs):
        version = hashlib.sha256(by_group[_root(group, tab)] + shared).hexdigest()
        found[tab] = Tab(f"sha256:{version}", tuple(nodes[number] for number in sorted([*on[tab], *on[""]])))
    return found


def _home(node: dict[str, Any], tabs: set[str]) -> str:
    if node.get("type") == _CONTAINER:
        return str(node.get("id"))
    where = node.get("z")
    return where if isinstance(where, str) and where in tabs else ""


def _root(group: dict[str, str], tab: str) -> str:
    while group[tab] != tab:
        group[tab] = group[group[tab]]
        tab = group[tab]
    return tab


def _digest(marks: list[bytes], numbers: list[int]) -> bytes:
    return hashlib.sha256(b"".join(marks[number] for number in numbers)).digest()


def _texts(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict):
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
