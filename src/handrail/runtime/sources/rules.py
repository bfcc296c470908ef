"""An instance's standing rules: read strictly, kept as JSON, used for what is found."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from handrail.kernel.ids import is_name, suggest_name
from handrail.language.manifest import DATA_CLASSES
from handrail.runtime.sources.errors import SourceRulesInvalid
from handrail.runtime.sources.model import Drift, Rules

_FIELDS: Final = ("onDrift", "deadlineHours", "naming", "dataClasses")
HOURS_MAX: Final = 24 * 90
_NAMING_MAX: Final = 100
_HOLE: Final = re.compile(r"\{(name|team|instance)\}")


def read_rules(document: Mapping[str, Any]) -> Rules:
    """Return the rules that a document states; what it leaves out is as by default.

    Raises:
        SourceRulesInvalid: With the field.
    """
    for name in document:
        if name not in _FIELDS:
            raise SourceRulesInvalid(
                f"A rule {name[:40]!r} is not known.", fix=f"Known: {', '.join(_FIELDS)}.", place=name[:40]
            )
    rules = Rules()
    return Rules(
        on_drift=_on_drift(document.get("onDrift", rules.on_drift)),
        deadline_hours=_hours(document.get("deadlineHours", rules.deadline_hours)),
        naming=_naming(document.get("naming", rules.naming)),
        data_classes=_classes(document.get("dataClasses", [])),
    )


def rules_document(rules: Rules) -> dict[str, Any]:
    """Return rules as a document that `read_rules` reads."""
    return {
        "onDrift": rules.on_drift.value,
        "deadlineHours": rules.deadline_hours,
        "naming": rules.naming,
        "dataClasses": list(rules.data_classes),
    }


def stored(rules: Rules) -> str:
    """Return rules as the database keeps them."""
    return json.dumps(rules_document(rules), sort_keys=True)


def name_for(rules: Rules, name: str, team: str, instance: str) -> str:
    """Return what an app that was found would be called."""
    given = {"name": name, "team": team, "instance": instance}
    return suggest_name(_HOLE.sub(lambda hole: given[hole[1]], rules.naming))


def _on_drift(value: Any) -> Drift:
    if value not in {each.value for each in Drift}:
        raise SourceRulesInvalid("onDrift is neither deny nor warn.", fix="Write deny or warn.", place="onDrift")
    return Drift(value)


def _hours(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= HOURS_MAX:
        raise SourceRulesInvalid(
            "deadlineHours is no number of hours that can be.", fix=f"Write 1 to {HOURS_MAX}.", place="deadlineHours"
        )
    return value


def _naming(value: Any) -> str:
    fix = "Write a template such as {team}-{name}, with {name} in it."
    if not isinstance(value, str) or len(value) > _NAMING_MAX or "{name}" not in value:
        raise SourceRulesInvalid("naming is no template for names.", fix=fix, place="naming")
    if not is_name(_HOLE.sub("a", value)):
        raise SourceRulesInvalid("naming would make names that cannot be.", fix=fix, place="naming")
    return value


def _classes(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or any(each not in DATA_CLASSES for each in value):
        raise SourceRulesInvalid(
            "dataClasses names a class that is not known.",
            fix=f"Known: {', '.join(DATA_CLASSES)}.",
            place="dataClasses",
        )
    return tuple(sorted(set(value)))
