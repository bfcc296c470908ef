"""Where in a file the definitions stand, and whose they are.

Three wrappers hold the same language: a Power Automate package or solution (`properties.definition`), a Logic Apps
workflow (`definition`) and an Azure template (`resources[].properties.definition`, several in a file). A gallery
template looks like the first and is the second.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Final

from handrail.language.classify import pointer_segment, redact_text
from handrail.language.importers.tree import as_dict, as_list, as_text, strings

POWER_AUTOMATE: Final = "power-automate"
LOGIC_APPS: Final = "logic-apps"
PLATFORMS: Final = frozenset({POWER_AUTOMATE, LOGIC_APPS})
_GUID: Final = re.compile(r"[-_ ]?[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_PARAMETER: Final = re.compile(r"\[\s*parameters\('([^']{1,200})'\)\s*\]")
_PLAIN_FILES: Final = frozenset({"workflow", "definition"})
_SCHEMA: Final = "workflowdefinition.json"


@dataclass(frozen=True, slots=True)
class Wrapped:
    """One definition of a file.

    Attributes:
        platform: `power-automate` or `logic-apps`.
        name: The flow's own name, else the file's.
        definition: What it does (`triggers`, `actions`, `parameters`).
        pointer: JSON pointer to `definition`.
        holder: The object around it, with names and connections; empty for a bare definition.
        holder_pointer: JSON pointer to `holder`.
        template: Parameters of the Azure template around it.
    """

    platform: str
    name: str
    definition: Mapping[str, Any]
    pointer: str
    holder: Mapping[str, Any] = field(default_factory=dict)
    holder_pointer: str = ""
    template: Mapping[str, Any] = field(default_factory=dict)


def platform_of(document: Any) -> str | None:
    """Return whose definition a document holds; None when it holds none."""
    found = next(_found(document), None)
    return _platform(document, found[1], found[3]) if found else None


def flows_of(document: Any, filename: str) -> tuple[Wrapped, ...]:
    """Return every definition of a document, in its order."""
    template = as_dict(as_dict(document).get("parameters"))
    flows = []
    for pointer, definition, holder_pointer, holder in _found(document):
        flows.append(
            Wrapped(
                platform=_platform(document, definition, holder),
                name=_name(document, holder, holder_pointer, template, filename),
                definition=definition,
                pointer=pointer,
                holder=holder,
                holder_pointer=holder_pointer,
                template=template,
            )
        )
    return tuple(flows)


def is_definition(value: Any) -> bool:
    """Tell whether a value is a definition, however much is missing in it."""
    held = as_dict(value)
    if not isinstance(held.get("actions"), dict):
        return False
    return isinstance(held.get("triggers"), dict) or _SCHEMA in as_text(held.get("$schema"))


def _found(document: Any) -> Iterator[tuple[str, dict[str, Any], str, dict[str, Any]]]:
    """Yield (pointer, definition, pointer of its holder, holder), a definition inside another not counted."""
    stack: list[tuple[str, Any, str, Any]] = [("", document, "", {})]
    while stack:
        pointer, value, holder_pointer, holder = stack.pop()
        if is_definition(value):
            yield pointer, value, holder_pointer, as_dict(holder)
        elif isinstance(value, dict):
            stack += [(f"{pointer}/{pointer_segment(key)}", each, pointer, value) for key, each in value.items()][::-1]
        elif isinstance(value, list):
            stack += [(f"{pointer}/{index}", each, pointer, value) for index, each in enumerate(value)][::-1]


def _platform(document: Any, definition: Mapping[str, Any], holder: Mapping[str, Any]) -> str:
    top = as_dict(document)
    if as_text(top.get("type")).lower().startswith("microsoft.logic/") or "resources" in top:
        return LOGIC_APPS
    if as_text(top.get("type")).lower().startswith("microsoft.flow/"):
        return POWER_AUTOMATE
    is_flow = "$authentication" in as_dict(definition.get("parameters")) or any(
        "logicName" in each or "runtimeSource" in each or "connectionName" in each or "tier" in each
        for each in map(as_dict, as_dict(holder.get("connectionReferences")).values())
    )
    return POWER_AUTOMATE if is_flow or _names_power_apps(definition) else LOGIC_APPS


def _names_power_apps(definition: Mapping[str, Any]) -> bool:
    return any("/Microsoft.PowerApps/apis/" in text for text in strings(definition))


def _name(
    document: Any, holder: Mapping[str, Any], holder_pointer: str, template: Mapping[str, Any], filename: str
) -> str:
    shown = as_text(holder.get("displayName"))
    if shown and not shown.startswith(("$", "[")):
        return shown
    resource = as_dict(at_pointer(document, holder_pointer.rpartition("/")[0]))
    if "resources" in as_dict(document) and (named := as_text(resource.get("name"))):
        parameter = _PARAMETER.fullmatch(named)
        default = as_text(as_dict(template.get(parameter[1])).get("defaultValue")) if parameter else ""
        return default or (parameter[1] if parameter else named.strip("[]"))
    path = PurePath(filename.rpartition("!")[2] or filename)
    stem = _GUID.sub("", path.stem)
    if stem.lower() in _PLAIN_FILES and path.parent.name:
        stem = _GUID.sub("", path.parent.name) or stem
    return redact_text(stem) or "flow"


def at_pointer(document: Any, pointer: str) -> Any:
    """Return the value that a JSON pointer leads to; None when there is none."""
    value = document
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list):
            value = as_list(value)[int(key)] if key.isdecimal() and int(key) < len(value) else None
        else:
            return None
    return value
