"""What n8n's node types are: the rows of its pack, and names read for types that no row knows."""

from dataclasses import dataclass
from typing import Any, Final

from handrail.language.graph import StepKind
from handrail.language.importers.addresses import kebab
from handrail.language.importers.packs import ANY_VERSION, Row, StepType, load_pack
from handrail.language.importers.tree import as_dict

_PLATFORM: Final = "n8n"
_OWN_PACKAGES: Final = frozenset({"n8n-nodes-base", "@n8n/n8n-nodes-langchain"})
_PREFIXES: Final = ("lmChat", "lm", "embeddings", "vectorStore", "memory", "reranker", "tool")
_TOOL: Final = "Tool"
# a node that becomes a tool keeps these roles: they say more than that it is one
_KEPT: Final = frozenset({"http", "code", "subflow", "llm"})
_WORD_MAX: Final = 80
_EVENTS_MAX: Final = 5
_VERSION_MAX: Final = 1000.0
OUTPUTS: Final = {"if": 2, "splitInBatches": 2, "compareDatasets": 4}
"""Regular outputs of nodes with a fixed number of them, where it isn't one; the error output comes after them."""


@dataclass(frozen=True, slots=True)
class NodeType:
    """What is known of a node by its type and version.

    Attributes:
        kind: Its role as far as the type tells.
        system: What it reaches; None for built-in logic.
        facts: The pack's rows; None for a type that it doesn't know.
        community: Whether the type comes from a package that isn't n8n's own.
    """

    kind: StepKind
    system: str | None
    facts: StepType | None
    community: bool


def short_type(node_type: str) -> str:
    """Return the part of a type after its package: `n8n-nodes-base.slack` is `slack`."""
    return node_type.rsplit(".", 1)[-1]


def node_type_of(node_type: str, version: Any) -> NodeType:
    """Return what is known of a node.

    Args:
        node_type: As the node names it.
        version: Its `typeVersion`.
    """
    pack = load_pack(_PLATFORM)
    number = version_of(version)
    facts = pack.find(node_type, number)
    if facts:
        return NodeType(facts.kind or "action", facts.system or None, facts, community=False)
    base = pack.find(node_type.removesuffix(_TOOL), number) if node_type.endswith(_TOOL) else None
    if base:
        kind = base.kind or "action"
        return NodeType(kind if kind in _KEPT else "subnode", base.system or None, base, community=False)
    package, _, short = node_type.rpartition(".")
    return NodeType(_guess_kind(short), _guess_system(short), None, package not in _OWN_PACKAGES)


PUBLIC: Final = "public"
"""Operation of a chat that anybody may open, who knows its address."""


def operation_of(node: NodeType, parameters: dict[str, Any]) -> tuple[str | None, Row | None]:
    """Return `resource.operation` with n8n's defaults filled in, and the row that they come from."""
    facts = node.facts
    resource = _word(parameters.get("resource")) or (facts.resource if facts else "")
    row = (facts.row(resource) or facts.row("")) if facts else None
    if row and not row.operation and not row.system:
        return None, row
    written = parameters.get(row.parameter if row else "operation")
    if isinstance(written, str) and written.startswith("="):
        return None, row
    operation = _event(written) if isinstance(written, list) else _word(written)
    if not operation and node.kind == "trigger" and parameters.get("public") is True:
        operation = PUBLIC
    if not operation:
        operation = row.operation if row else "trigger" if node.kind == "trigger" else ""
    if not operation:
        return None, row
    return (f"{resource}.{operation}" if resource else operation), row


def version_of(value: Any) -> float:
    """Return a `typeVersion` as a number; without one n8n takes the newest."""
    text = as_dict(value).get("$number", value)
    if isinstance(text, bool) or not isinstance(text, (int, float, str)):
        return ANY_VERSION
    try:
        number = float(text)
    except (ValueError, OverflowError):
        return ANY_VERSION
    return number if 0 < number < _VERSION_MAX else ANY_VERSION


def _guess_kind(short: str) -> StepKind:
    lowered = short.lower()
    if lowered.endswith("trigger"):
        return "trigger"
    return "subnode" if short.startswith(("lmChat", "embeddings", "memory")) or lowered.endswith("tool") else "action"


def _guess_system(short: str) -> str | None:
    base = short.removesuffix("Trigger").removesuffix(_TOOL) or short
    prefix = next((each for each in _PREFIXES if base.startswith(each) and base[len(each) :][:1].isupper()), "")
    return kebab(base.removeprefix(prefix)) or None


def _word(value: Any) -> str:
    return value if isinstance(value, str) and value[:1] not in {"=", "*"} and len(value) <= _WORD_MAX else ""


def _event(values: list[Any]) -> str:
    return "+".join(filter(None, map(_word, values[:_EVENTS_MAX])))
