"""Whether a step takes from what it works on, or gives to it."""

import re
from typing import Final

from handrail.language.estates.model import Way
from handrail.language.graph import Step

_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_READS: Final = frozenset(
    {
        "get", "list", "read", "lookup", "search", "select", "query", "download", "find", "fetch", "receive", "consume",
        "watch", "subscribe", "poll", "in", "trigger", "load", "retrieve", "all", "many", "retrieval",
    }
)  # fmt: skip
_WRITES: Final = frozenset(
    {
        "append", "add", "insert", "create", "update", "upsert", "write", "send", "post", "publish", "put", "upload",
        "delete", "clear", "remove", "set", "reply", "share", "move", "copy", "patch", "push", "save", "store",
        "submit", "enqueue", "forward", "out", "response", "merge", "replace", "edit",
    }
)  # fmt: skip
_SQL: Final = re.compile(r"\b(select|insert|update|delete|merge|create|drop|alter|call|exec)\b", re.IGNORECASE)
_TEXT_MAX: Final = 20_000


def ways_of(step: Step) -> tuple[Way, ...]:
    """Return what a step does with its resource; both ways when nothing tells."""
    if step.kind == "trigger":
        return ("read",)
    if step.kind in {"http", "subflow", "llm"}:
        # A call sends what it is given and brings back what it gets.
        return ("read",) if step.method in {"GET", "HEAD"} else ("write",)
    words = {word.lower() for word in _WORD.findall(f"{step.operation or ''} {_tail(step.type)}")}
    reads, writes = bool(words & _READS), bool(words & _WRITES)
    if words & {"execute", "query", "sql"}:
        verbs = {verb.lower() for each in step.inputs for verb in _SQL.findall(each.text[:_TEXT_MAX])}
        reads, writes = (reads and not verbs) or "select" in verbs, writes or bool(verbs - {"select"})
    if reads == writes:
        return ("read", "write")
    return ("read",) if reads else ("write",)


def _tail(step_type: str) -> str:
    """Return the last word of a Node-RED type (`mqtt out`); other platforms' types name no direction."""
    return step_type.rpartition(" ")[2] if " " in step_type else ""
