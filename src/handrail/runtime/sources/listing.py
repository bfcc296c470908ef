"""Keeps the list of what an instance holds: what is new, what changed, what is no longer there."""

import json
import time
from collections.abc import Iterable, Sequence
from typing import Any, Final

from handrail.kernel.clock import DAY
from handrail.kernel.errors import HandrailError
from handrail.kernel.ids import suggest_name
from handrail.language.importers import AppDraft, Artefact, read_artefact
from handrail.platform.database import Work
from handrail.registry import audit, catalog
from handrail.registry.audit import Actor
from handrail.registry.connectors import find_environment
from handrail.runtime.sources import store
from handrail.runtime.sources.contents import Contents, Piece
from handrail.runtime.sources.model import Found, Source
from handrail.runtime.sources.rules import name_for

# Missed once may be a page that was cut while somebody saved; twice it is gone.
GONE_AFTER: Final = 2
_FORGOTTEN_AFTER: Final = 90 * DAY
_PREPARING_S: Final = 8.0
_TEXT_MAX: Final = 1000
_TOLD: Final = 20
_TITLE_MAX: Final = 200


def settled(row: Found, *, bound: bool) -> bool:
    """Tell whether everything that is to be known of a definition is known."""
    return bound or bool(row.digest or row.problem)


def artefacts_of(pieces: Iterable[Piece], bound: Iterable[str]) -> dict[str, Artefact | str]:
    """Return, by part, what each unregistered definition is, or why it cannot be read; as many as there is time for.

    What is left out is read at one of the next looks.
    """
    end = time.monotonic() + _PREPARING_S
    known = set(bound)
    found: dict[str, Artefact | str] = {}
    for piece in pieces:
        if piece.part in known or piece.problem or piece.file.data is None or piece.definition is not None:
            continue
        if time.monotonic() > end:
            break
        try:
            found[piece.part] = read_artefact(piece.file.data, piece.file.path, part=piece.inner or None)
        except HandrailError as error:
            found[piece.part] = f"{error.message} {error.fix}".strip()
    return found


def keep(
    work: Work,
    source: Source,
    contents: Contents,
    artefacts: dict[str, Artefact | str],
    rows: Sequence[Found],
    hub_hosts: tuple[str, ...],
) -> None:
    """Note what a look found; after a complete one also what it did not find."""
    actor = Actor("system", source.instance.id, f"source {source.instance.name}")
    by_part = {row.part: row for row in rows}
    fresh = 0
    for piece in contents.pieces:
        if not piece.part:
            continue
        row = by_part.get(piece.part)
        fresh += row is None or row.gone_at is not None
        _keep_piece(work, source, piece, artefacts.get(piece.part), row, hub_hosts)
    gone = _miss(work, source, contents, rows, actor) if contents.complete else 0
    if fresh or gone:
        audit.record(work, actor, "source.listed", source.subject, {"new": fresh, "gone": gone})


def _keep_piece(
    work: Work, source: Source, piece: Piece, read: Artefact | str | None, row: Found | None, hub_hosts: tuple[str, ...]
) -> None:
    problem = piece.problem or (read if isinstance(read, str) else "")
    artefact = read if isinstance(read, Artefact) else None
    registration: dict[str, Any] = {}
    digest = ""
    if artefact is not None:
        digest = artefact.source_digest
        unchanged = row is not None and row.digest == digest and row.registration
        registration = dict(row.registration) if row and unchanged else _registration(work, source, artefact, hub_hosts)
    elif piece.definition is not None:
        digest = piece.definition.digest
        title = piece.definition.name[:_TITLE_MAX]
        name = name_for(source.instance.rules, suggest_name(title), source.team, source.instance.name)
        steps = [f"{step.name}: {step.type}" for step in piece.definition.graph.working()]
        registration = {"name": name, "title": title, "team": source.team, "steps": steps[:_TOLD]}
    file = piece.file
    work.run(
        store.KEEP_FOUND,
        instance_id=source.instance.id,
        part=piece.part[:_TEXT_MAX],
        name=(piece.name or piece.part)[:_TEXT_MAX],
        path=file.path,
        inner=piece.inner,
        version=file.version,
        digest=digest,
        active=None if file.active is None else int(file.active),
        updated_at=file.updated_at,
        author=file.author,
        registration=json.dumps(registration),
        problem=problem[:_TEXT_MAX],
        now=work.now,
    )


def _miss(work: Work, source: Source, contents: Contents, rows: Sequence[Found], actor: Actor) -> int:
    there = contents.parts
    gone = 0
    for row in rows:
        if row.part in there or row.gone_at is not None:
            continue
        seen = source.listed_at or row.last_seen
        place = {"instance_id": source.instance.id, "part": row.part}
        work.run(store.MISS_FOUND, seen=seen, gone_after=GONE_AFTER, now=work.now, **place)
        if row.missed + 1 >= GONE_AFTER:
            gone += 1
            for app in row.apps:
                facts = {"part": row.part, "name": row.name, "app": app}
                audit.record(work, actor, "source.app_vanished", source.subject, facts)
    if gone:
        work.run(store.FORGET_FOUND, instance_id=source.instance.id, before=work.now - _FORGOTTEN_AFTER)
    return gone


def _registration(work: Work, source: Source, artefact: Artefact, hub_hosts: tuple[str, ...]) -> dict[str, Any]:
    """Return what registering a definition would take: everything but what only a person knows."""
    where = source.bindings[0].environment if source.bindings else "production"
    environment = find_environment(work, where)
    draft: AppDraft = catalog.draft(work, environment, artefact, hub_hosts=hub_hosts, team=source.team)
    rules = source.instance.rules
    name = name_for(rules, draft.name, source.team, source.instance.name)
    document = {**draft.document, "metadata": {**draft.document.get("metadata", {}), "name": name}}
    if rules.data_classes:
        document["spec"] = {**document.get("spec", {}), "dataClasses": list(rules.data_classes)}
    return {
        "name": name,
        "title": draft.title,
        "team": source.team,
        "summary": draft.summary,
        "steps": list(draft.steps[:_TOLD]),
        "connectors": list(draft.connectors[:_TOLD]),
        "egress": list(draft.egress[:_TOLD]),
        "suggestions": list(draft.suggestions[:_TOLD]),
        "questions": [{"field": each.field, "text": each.text} for each in draft.questions],
        "manifest": document,
    }
