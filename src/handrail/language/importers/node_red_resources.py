"""What object a Node-RED step works on, where the flow says so in the clear."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from handrail.language.importers.node_red_types import row_of
from handrail.language.importers.tree import as_dict, as_list, as_text, strings

_COMPUTED: Final = re.compile(r"\{\{|\$\{|\$\(|\[secret: ")
_TABLE: Final = re.compile(
    r"\b(?:from|join|into|update|table)\s{1,40}(?:(?:if\s{1,9}(?:not\s{1,9})?exists|only)\s{1,40})?"
    r"((?:[\[\"`]?[A-Za-z_][\w$-]{0,127}[\]\"`]?\.){0,3}[\[\"`]?[A-Za-z_][\w$]{0,127}[\]\"`]?)",
    re.IGNORECASE,
)
_SQL_COMMENT: Final = re.compile(r"--[^\n]*+|/\*(?:[^*]++|\*(?!/))*+(?:\*/)?|'(?:[^']|'')*+'?")
_BARE_TABLE: Final = re.compile(r"[\w.\[\]\"`$-]{1,200}")
_QUOTES: Final = str.maketrans("", "", '[]"`')
_CHOSEN: Final = re.compile(r"\b(?:from|join|into|update|table)\s{1,40}[\"`\[]?[{$]", re.IGNORECASE)
_OWN_SCHEMA: Final = re.compile(r"^(?:dbo|public)\.")
_NO_TABLES: Final = frozenset({"select", "set", "values", "the", "where", "variable"})
_CHAT: Final = re.compile(r"\bchat_?id[\"']?\s{0,8}[:=]\s{0,8}[\"']?(-?\d{3,20})\b", re.IGNORECASE)
_LONGEST: Final = 300
_VISITS: Final = 200_000


def tables(query: str) -> tuple[str, ...]:
    """Return the tables that an SQL text names, lower case, sorted; a single word is a table itself."""
    bare = _SQL_COMMENT.sub(" ", query).strip()
    if _BARE_TABLE.fullmatch(bare):
        return (_table(bare),)
    found = {_table(each) for each in _TABLE.findall(bare)}
    return tuple(sorted(found - _NO_TABLES))


def _table(written: str) -> str:
    return _OWN_SCHEMA.sub("", written.translate(_QUOTES).lower())


def resource_of(node: dict[str, Any], nodes: Mapping[str, dict[str, Any]]) -> str | None:
    """Return `system:key/key` for what a node works on; None when an expression chooses it or nothing says."""
    node_type = as_text(node.get("type"))
    row = row_of(node_type)
    if row is None or not row.objects or row.kind == "config":
        return None
    parts = [_part(node, nodes, ".".join(each.path)) for each in row.objects[0]]
    if parts[-1] is None or not parts[-1] or any(each is None for each in parts):
        return None
    key = "/".join(each.strip("/") if index else each for index, each in enumerate(filter(None, parts)))
    if row.system == "webhook" and not key.startswith("/"):
        key = f"/{key}"
    return f"{row.system}:{key}" if len(key) <= _LONGEST else None


def _part(node: dict[str, Any], nodes: Mapping[str, dict[str, Any]], place: str) -> str | None:
    """Return a part of the key, empty when the field is, None when it is computed."""
    sql = place.startswith("sql:")
    field = place.removeprefix("sql:")
    if "." in field:
        config, _, field = field.partition(".")
        node = nodes.get(as_text(node.get(config)), {})
    kind = node.get(f"{field}Type")
    text = as_text(node.get(field)).strip()
    if (_CHOSEN if sql else _COMPUTED).search(text) or (
        isinstance(kind, str) and kind in {"msg", "flow", "global", "env", "jsonata"}
    ):
        return None
    if not sql:
        return text
    if len(text) > 100_000:
        return None
    named = tables(text)
    return named[0] if len(named) == 1 else None


class Chats:
    """Finds the one chat that the steps before a Telegram step name."""

    def __init__(self, nodes: Mapping[str, dict[str, Any]]) -> None:
        """Take the nodes of a flow file."""
        self._nodes = nodes
        self._before: dict[str, list[str]] = defaultdict(list)
        for key, node in nodes.items():
            for targets in as_list(node.get("wires")):
                for target in as_list(targets):
                    self._before[as_text(target)].append(key)
        self._named: dict[str, frozenset[str]] = {}
        self._visits = _VISITS

    def resource(self, key: str) -> str | None:
        """Return `telegram-chat:<id>` when exactly one id is written in the steps before this one."""
        found: set[str] = set()
        seen = {key}
        waiting = [key]
        while waiting and self._visits > 0:
            self._visits -= 1
            for before in self._before.get(waiting.pop(), ()):
                if before not in seen:
                    seen.add(before)
                    found |= self._ids(before)
                    waiting.append(before)
        return f"telegram-chat:{next(iter(found))}" if len(found) == 1 else None

    def _ids(self, key: str) -> frozenset[str]:
        if key not in self._named:
            texts: Iterator[str] = (
                text
                for field in ("func", "payload", "template", "rules", "props")
                for text in strings(as_dict(self._nodes.get(key)).get(field))
            )
            self._named[key] = frozenset(each for text in texts for each in _CHAT.findall(text))
        return self._named[key]
