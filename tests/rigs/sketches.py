"""Small n8n flows, written in a few words."""

import json
import re
from typing import Any

from handrail.language.graph import Graph
from handrail.language.importers import read_definitions

PACKAGE = {"agent": "@n8n/n8n-nodes-langchain", "chainLlm": "@n8n/n8n-nodes-langchain"}


def node(name: str, kind: str, /, *, credential: str = "", disabled: bool = False, **parameters: Any) -> dict[str, Any]:
    """Return a node; `kind` is the type without n8n's own package."""
    langchain = kind in PACKAGE or kind.startswith(("lm", "memory", "embeddings", "vectorStore", "mcp", "chatTrigger"))
    package = "@n8n/n8n-nodes-langchain" if langchain else "n8n-nodes-base"
    made: dict[str, Any] = {
        "name": name,
        "type": f"{package}.{kind}",
        "typeVersion": 1,
        "position": [0, 0],
        "parameters": parameters,
    }
    if credential:
        made["credentials"] = {f"{kind}Api": {"id": "1", "name": credential}}
    if disabled:
        made["disabled"] = True
    return made


def workflow(*nodes: dict[str, Any], wires: str = "", name: str = "A flow") -> dict[str, Any]:
    """Return a workflow. `wires` is one a line: `A > B`, or `Model ~languageModel~ Agent` for a sub-node."""
    connections: dict[str, Any] = {}
    for line in filter(None, map(str.strip, wires.splitlines())):
        if " > " in line:
            (source, target), kind = line.split(" > "), "main"
        else:
            source, edge, target = re.split(r" ~|~ ", line)
            kind = f"ai_{edge}"
        ports = connections.setdefault(source, {}).setdefault(kind, [[]])
        ports[0].append({"node": target, "type": kind, "index": 0})
    return {"name": name, "nodes": list(nodes), "connections": connections, "settings": {}}


def graph_of(*nodes: dict[str, Any], wires: str = "", name: str = "A flow") -> Graph:
    """Return the graph of a small flow."""
    data = json.dumps(workflow(*nodes, wires=wires, name=name)).encode()
    return read_definitions(data, "flow.json")[0].graph
