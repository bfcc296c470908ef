"""The checklist: pure lines over what was read."""

from collections.abc import Iterable
from typing import Final

from handrail.governance.estate import VersionFindings
from handrail.governance.lifecycle.model import Check
from handrail.language.manifest import LEVELS, TAGS, AppManifest
from handrail.registry.catalog import App, Use

_RANK: Final = {level: rank for rank, level in enumerate(LEVELS)}


def checklist(app: App, manifest: AppManifest, uses: Iterable[Use]) -> tuple[Check, ...]:
    """Return every line, those that pass too.

    Args:
        app: The app as registered.
        manifest: What the version declares.
        uses: The connections the version was taken with, as they stand now.
    """
    return (
        _answered_for(app),
        _line("purpose_said", bool(app.purpose), "what the app is for", f"handrail app edit {app.name} --purpose TEXT"),
        *(_reachable(app, use) for use in uses),
        *(_class_allowed(manifest, use) for use in uses if use.live),
    )


def read_by_machine(found: VersionFindings | None) -> tuple[Check, ...]:
    """Return what the automatic checks say of a version: never a bar, because that is what a reviewer decides on.

    Args:
        found: What was found; None when they have not read the version yet.
    """
    name = "definition_checked"
    if found is None:
        text = "The automatic checks have not read this version yet."
        return (Check(name, False, text, "Look again in a moment.", required=False),)
    if not found.blocks:
        return (Check(name, True, "The automatic checks found nothing that blocks.", required=False),)
    return tuple(
        Check(name, False, each["text"], (each["fix"] or {}).get("text", ""), required=False) for each in found.blocks
    )


def _answered_for(app: App) -> Check:
    fix = f"handrail app edit {app.name} --deputy NAME"
    return _line("deputy_named", bool(app.deputy), "who answers for the app when its owner is away", fix)


def _line(name: str, passed: bool, about: str, fix: str) -> Check:
    if passed:
        return Check(name, True, f"It is known {about}.")
    return Check(name, False, f"Nobody has said {about}.", fix)


def _reachable(app: App, use: Use) -> Check:
    name = "connection_exists"
    again = f"Upload it again with a manifest that fits: handrail version upload {app.name} FILE --manifest FILE"
    if not use.live:
        return Check(name, False, f"The connection {use.connection!r} that it was taken with is gone.", again)
    if use.gone:
        text = f"The connection {use.connection!r} no longer offers {', '.join(use.gone)}."
        return Check(name, False, text, again)
    if use.changed:
        # What the reviewer reads must be what the grant reaches.
        text = f"{', '.join(use.changed)} of {use.connection!r} changed since this version was taken."
        return Check(name, False, text, f"Upload the same file again: handrail version upload {app.name} FILE")
    return Check(name, True, f"The connection {use.connection!r} offers every operation that it uses.")


def _class_allowed(manifest: AppManifest, use: Use) -> Check:
    handled, allowed = manifest.data_classes, use.data_classes
    # Levels are ordered, tags are not: a connector that may carry confidential data may carry public data.
    most = max((_RANK[word] for word in allowed if word in _RANK), default=-1)
    refused = [word for word in handled if word in _RANK and _RANK[word] > most]
    refused += [word for word in handled if word in TAGS and word not in allowed]
    if not refused:
        return Check("data_class_allowed", True, f"{use.connection!r} may carry the data that the app handles.")
    return Check(
        "data_class_allowed",
        False,
        f"The app handles {', '.join(refused)} data, which {use.connection!r} may not carry.",
        f"Use a connection that allows {', '.join(refused)}, or correct dataClasses in the manifest.",
    )
