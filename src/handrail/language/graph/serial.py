"""A graph as plain JSON and back."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from handrail.kernel.errors import Invalid
from handrail.language.graph.model import Credential, Edge, Graph, Step, Subflow

_NOT_STORED = frozenset({"inputs", "replaces"})
_PARTS = {"steps": Step, "edges": Edge, "credentials": Credential, "subflows": Subflow}


def to_json(graph: Graph) -> dict[str, Any]:
    """Return a graph as JSON types; fields that hold their default are left out."""
    document: dict[str, Any] = {"platform": graph.platform, "name": graph.name}
    for name in _PARTS:
        document[name] = [_part(value) for value in getattr(graph, name)]
    document["constants"] = dict(graph.constants)
    document["hosts"] = list(graph.hosts)
    document["unknown"] = list(graph.unknown)
    return document


def from_json(document: Any) -> Graph:
    """Read what `to_json` wrote; fields of a later version are ignored.

    Raises:
        Invalid: If it is no graph.
    """
    try:
        parts = {name: tuple(_read(kind, each) for each in document.get(name, ())) for name, kind in _PARTS.items()}
        return Graph(
            platform=document["platform"],
            name=document["name"],
            constants=dict(document.get("constants", {})),
            hosts=tuple(document.get("hosts", ())),
            unknown=tuple(document.get("unknown", ())),
            **parts,
        )
    except (AttributeError, KeyError, TypeError) as error:
        raise Invalid("This is no graph.", place="graph", internal=repr(error)) from error


def _part(value: Any) -> dict[str, Any]:
    defaults = {each.name: each.default for each in fields(value)}
    return {
        name: list(held) if isinstance(held, tuple) else held for name, held in _stored(value) if held != defaults[name]
    }


def _stored(value: Any) -> Iterator[tuple[str, Any]]:
    return ((each.name, getattr(value, each.name)) for each in fields(value) if each.name not in _NOT_STORED)


def _read(kind: Any, document: Any) -> Any:
    known = {each.name for each in fields(kind)}
    return kind(
        **{name: tuple(held) if isinstance(held, list) else held for name, held in document.items() if name in known}
    )
