"""What the declarations say, for machines (JSON Schema) and for people (tables)."""

import json
from typing import Any, Final

from handrail.language.manifest.declare import Field, Part, fields_of
from handrail.language.manifest.kinds import Kind, ListOf
from handrail.language.manifest.model import KINDS
from handrail.language.manifest.parse import envelope_schema

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def manifest_schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema of a kind of manifest.

    It accepts what the parser accepts, and more only where one field depends on another (a name listed twice,
    paths that clash, an upstream that needs `network: private`), inside the JSON Schemas of operations, and where
    a whole number is written with a fraction (`1.0`).

    Args:
        kind: `App`, `Connector` or `Connection`.
    """
    cls = KINDS[kind]
    return {
        "$schema": _DIALECT,
        "$id": f"https://handrail.dev/schemas/{kind.lower()}.schema.json",
        "title": kind,
        "description": _summary(cls),
        **envelope_schema(cls),
    }


def schema_text(kind: str) -> str:
    """Return the JSON Schema as it stands in `schemas/`."""
    return json.dumps(manifest_schema(kind), indent=2, ensure_ascii=False) + "\n"


def reference(kind: str) -> str:
    """Return the Markdown tables of a kind of manifest, for docs/reference/manifests.md."""
    cls = KINDS[kind]
    sections = [f"## {kind}", _summary(cls), _table(fields_of(cls), top=True)]
    for name, inner in _parts(cls, ""):
        sections += [f"### {kind}: `{name}`", _summary(inner), _table(fields_of(inner), top=False)]
    return "\n\n".join(sections) + "\n"


def _summary(cls: type[object]) -> str:
    return (cls.__doc__ or "").strip().partition("\n")[0]


def _table(fields: tuple[Field, ...], *, top: bool) -> str:
    lines = ["| field | holds | when absent | meaning |", "|---|---|---|---|"]
    for field in fields:
        root = ("metadata." if field.in_metadata else "spec.") if top else ""
        cells = (f"`{root}{field.name}`", _holds(field.kind), _absent(field), field.about)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


def _holds(kind: Kind) -> str:
    if isinstance(kind, ListOf) and isinstance(kind.kind, Part):
        return f"a list of entries, at most {kind.items_max}"
    return kind.words()


def _absent(field: Field) -> str:
    if field.required:
        return "**required**"
    if field.default is None or field.default in ((), {}):
        return "nothing"
    written = field.kind.write(field.default)
    return "its defaults" if isinstance(written, dict) else f"`{json.dumps(written)}`"


def _parts(cls: type[object], prefix: str) -> list[tuple[str, type[object]]]:
    found: list[tuple[str, type[object]]] = []
    for field in fields_of(cls):
        kind = field.kind.kind if isinstance(field.kind, ListOf) else field.kind
        if isinstance(kind, Part):
            name = f"{prefix}{field.name}"
            found.append((name, kind.cls))
            found += _parts(kind.cls, f"{name}.")
    return found
