"""The source form of a flow in Microsoft's language: what of it is digested.

Form 1, as in `normal`: volatile is what the platform writes by itself or what changes with the place that a flow is
exported to; everything else counts, fields that nobody knows too. Actions are keyed by name already.
"""

from collections.abc import Mapping
from typing import Any, Final

from handrail.language.importers.microsoft.wrapper import Wrapped
from handrail.language.importers.tree import as_dict

_HOLDER: Final = frozenset(
    {
        "createdTime",
        "lastModifiedTime",
        "changedTime",
        "creator",
        "author",
        "popularity",
        "provisioningState",
        "version",  # Azure counts it up on every save
        "accessEndpoint",
        "endpointsConfiguration",
        "state",  # whether the flow is switched on, not what it does
        "flowSuspensionReason",
        "flowSuspensionTime",
        "flowFailureAlertSubscribed",  # of the person who exported it
        "installationStatus",
        "userType",
        "provisioningMethod",
        "definitionSummary",  # Power Automate derives it from the definition
        "apiSummaries",
        "environment",
        "workflowEntityId",  # another one in every environment
    }
)
_DEFINITION_METADATA: Final = frozenset(
    {
        "creator",
        "clientLastModifiedTime",
        "workflowEntityId",
        "processAdvisorMetadata",
        "flowChargedByPaygo",
        "flowchargedbypaygo",
        "flowclientsuspensionreason",
        "flowclientsuspensiontime",
        "flowclientsuspensionreasondetails",
        "failureAlertSubscription",
        "provisioningMethod",
        "licenseData",
        "modifiedSources",
    }
)
_STEP_METADATA: Final = frozenset({"operationMetadataId"})  # the designer makes a new one for every copy
_HOLDS_STEPS: Final = frozenset({"actions", "triggers"})


def flow_source(flow: Wrapped) -> dict[str, Any]:
    """Return a definition without what is volatile, with what stands beside it."""
    key = flow.pointer.rpartition("/")[2]
    beside = {name: each for name, each in flow.holder.items() if name not in _HOLDER and name != key}
    definition = {name: each for name, each in flow.definition.items() if name not in {"metadata", *_HOLDS_STEPS}}
    metadata = _without(flow.definition.get("metadata"), _DEFINITION_METADATA)
    if metadata:
        definition["metadata"] = metadata
    for held in sorted(_HOLDS_STEPS & set(flow.definition)):
        definition[held] = _steps(flow.definition[held])
    return {**beside, "definition": definition}


def stored_flow(platform: str, name: str, source: Mapping[str, Any]) -> Wrapped:
    """Return a source form as a flow whose pointers lead into it."""
    return Wrapped(platform, name, as_dict(source.get("definition")), "/definition", source)


def _steps(steps: Any) -> Any:
    """Return actions without their volatile parts, at any depth (a file has at most 100 levels)."""
    return {name: _step(step) for name, step in as_dict(steps).items()}


def _step(step: Any) -> Any:
    if not isinstance(step, Mapping):
        return step
    result = dict(step)
    if isinstance(step.get("metadata"), dict):
        result["metadata"] = _without(step["metadata"], _STEP_METADATA)
        if not result["metadata"]:
            del result["metadata"]
    if isinstance(step.get("actions"), dict):
        result["actions"] = _steps(step["actions"])
    for held in ("else", "default"):
        if isinstance(step.get(held), dict):
            result[held] = _branch(step[held])
    for held in ("cases", "tools"):
        if isinstance(step.get(held), dict):
            result[held] = {name: _branch(each) for name, each in step[held].items()}
    return result


def _branch(branch: Any) -> Any:
    if isinstance(branch, dict) and isinstance(branch.get("actions"), dict):
        return {**branch, "actions": _steps(branch["actions"])}
    return branch


def _without(value: Any, volatile: frozenset[str]) -> dict[str, Any]:
    return {name: each for name, each in as_dict(value).items() if name not in volatile}
