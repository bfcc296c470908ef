"""One definition with everything that is known of it."""

import hashlib
import zlib
from collections.abc import Mapping
from typing import Any, Final

import orjson

from handrail.governance import checks
from handrail.governance.checks import Finding, Fix
from handrail.governance.estate import listing_store, store
from handrail.governance.estate.errors import DefinitionUnknown
from handrail.governance.estate.findings import finding_document
from handrail.governance.estate.listing import row_of
from handrail.governance.estate.model import Detail, Row
from handrail.governance.estate.reading import unpack
from handrail.governance.estate.surveys import Survey, leaks_through, twins_with, visible
from handrail.kernel.ids import suggest_name
from handrail.platform.database import Work
from handrail.registry.identity import Caller

_NAMED: Final = 50
QUESTIONS: Final = {
    "owner": "Who answers for it?",
    "deputy": "Who answers when the owner is away?",
    "purpose": "What is it for, in a sentence?",
}


def definition(work: Work, caller: Caller, definition_id: str) -> Detail:
    """Return a definition with its graph, its findings, and what the estate says of it.

    Raises:
        DefinitionUnknown: If there is none that the caller may see.
    """
    row = row_of(work, caller, definition_id)
    held = work.one(listing_store.DETAIL, id=row.id)
    if held is None:
        raise DefinitionUnknown("There is no such definition that you may see.", place="id")
    found = visible(work, caller)
    return Detail(
        row=row,
        held=unpack(bytes(held["detail"])),
        estate=tuple(estate_findings(row, found)),
        upstream=tuple(
            (each.source, found.members[each.source].name, each.resource)
            for each in found.by_target.get(row.id, ())[:_NAMED]
        ),
        dependants=tuple(
            (each.target, found.members[each.target].name, each.resource)
            for each in found.by_source.get(row.id, ())[:_NAMED]
        ),
        draft=_draft(row),
    )


def held_of(work: Work, definition_id: str) -> tuple[dict[str, Any], Any]:
    """Return what was kept of a definition, and the document of its file without secrets: JSON, or a script's text."""
    row = work.one(listing_store.DETAIL, id=definition_id)
    content = work.scalar(store.DOCUMENT, digest=row["document_digest"]) if row else None
    if row is None or content is None:
        raise DefinitionUnknown("There is no such definition that you may see.", place="id")
    return unpack(bytes(row["detail"])), orjson.loads(zlib.decompress(bytes(content)))


def estate_findings(row: Row, found: Survey) -> list[dict[str, Any]]:
    """Return the findings that a definition alone does not show."""
    findings: list[dict[str, Any]] = []
    if row.gone_at is not None and row.app:
        findings.append(
            _finding(
                "vanished-app",
                f"{row.name} is registered as {row.app} and is no longer where it was found.",
                "Retire it if nobody needs it: nothing is retired by itself.",
                {"app": row.app},
            )
        )
    if row.gone_at is None and not row.app:
        findings.append(
            _finding(
                "unregistered-app",
                f"{row.name} runs, and nobody has registered it.",
                "Register it; the form is filled in from what was read.",
                {},
            )
        )
    if row.app and not row.owner:
        findings.append(
            _finding(
                "no-owner",
                f"The owner of {row.app} left; nobody answers for it.",
                "Name another owner.",
                {"app": row.app},
            )
        )
    if row.personal:
        findings.append(
            _finding(
                "person-bound-app",
                "Every account that it uses is a person's own, so it stops when they leave.",
                "Use a connection, or an account of the team.",
                {},
            )
        )
    for leak in leaks_through(found, row.id):
        way = " > ".join(each.label for each in leak.stops)
        findings.append(
            _finding(
                "cross-app-leak",
                f"{leak.what[:1].upper()}{leak.what[1:]} leaves for {leak.destination} through several apps: {way}.",
                f"Leave it out where {leak.stops[0].label} writes {leak.stops[1].label}.",
                {
                    "members": list(leak.members),
                    "destination": leak.destination,
                    "sink_class": leak.sink_class,
                    "certainty": "certain" if leak.certain else "likely",
                },
            )
        )
    for twins in twins_with(found, row.id):
        others = [each for each in twins.members if each != row.id]
        twin = "duplicate-app" if twins.kind == "exact" else "duplicate-integration"
        like = "exactly the same as" if twins.kind == "exact" else "nearly the same as"
        name = found.members[others[0]].name
        more = f" and {len(others) - 1} more" if len(others) > 1 else ""
        findings.append(
            _finding(
                twin,
                f"It does {like} {name}{more}.",
                f"Keep one. {twins.text}",
                {"members": others[:_NAMED], "similarity": twins.similarity},
            )
        )
    return findings


def _finding(rule_id: str, text: str, fix: str, evidence: Mapping[str, Any]) -> dict[str, Any]:
    told = checks.rule(rule_id)
    about = "/".join((*evidence.get("members", ()), str(evidence.get("destination", ""))))
    key = hashlib.sha256(f"{rule_id}\0{about}".encode()).hexdigest()[:16]
    finding = Finding(rule_id, told.severity, text, evidence=evidence, refs=told.refs)
    return finding_document(key, finding, Fix(fix))


def _draft(row: Row) -> dict[str, Any]:
    return {
        "name": suggest_name(row.name),
        "title": row.name,
        "team": row.team,
        "owner": "",
        "deputy": "",
        "purpose": "",
        "questions": dict(QUESTIONS),
    }
