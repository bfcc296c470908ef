"""Where the steps of a version are drawn: laid out when it is taken in, moved by people, never by itself.

A drawing is in no digest and on no approval. A move is told to the audit log once an hour while the same person goes
on; the row itself always knows who was last.
"""

import difflib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NoReturn

from handrail.kernel.canonical import canonical
from handrail.kernel.clock import SECOND, rfc3339
from handrail.language.closure import Snapshot, renamed_steps
from handrail.language.graph import Places, from_json, layout
from handrail.platform.database import Work
from handrail.registry import audit
from handrail.registry.audit import Actor
from handrail.registry.catalog import layout_store as store
from handrail.registry.catalog.errors import LayoutChanged, LayoutStepUnknown
from handrail.registry.catalog.lookup import find_version, sources_of, version_by_id
from handrail.registry.catalog.model import App, Version, VersionSummary
from handrail.registry.catalog.service import find_app, find_writable
from handrail.registry.connectors import find_environment
from handrail.registry.identity import Caller, Permission

_NOTED_EVERY: Final = 3600 * SECOND
# Pairs of a step that went and one that came; where more differs, it is another flow.
_RENAMES_MAX: Final = 10_000


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the steps of one version are drawn.

    Attributes:
        positions: Step id to the upper left corner of its box, in pixels.
        moved_by: Who moved a step last; None while nobody did.
        moved_at: When (microseconds since 1970).
    """

    positions: Mapping[str, tuple[int, int]]
    moved_by: str | None = None
    moved_at: int | None = None

    @property
    def tag(self) -> str:
        """What changes whenever anything of it does."""
        held = {"positions": {step: list(at) for step, at in self.positions.items()}, "by": self.moved_by}
        return hashlib.sha256(canonical({**held, "at": self.moved_at})).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class _Held:
    layout: Layout
    set_by: str = ""
    noted_at: int | None = None


def layout_of(work: Work, version: Version) -> Layout:
    """Return where a version's steps are drawn; what was never stored is computed, and stays unwritten."""
    return _held(work, version).layout


def show_layout(work: Work, caller: Caller, app: str, environment: str, which: str) -> Layout:
    """Return where a version's steps are drawn, for somebody who may see the app."""
    seen = find_app(work, caller, app)
    return layout_of(work, find_version(work, seen, find_environment(work, environment), which))


def move_steps(
    work: Work,
    caller: Caller,
    app: str,
    environment: str,
    which: str,
    positions: Mapping[str, tuple[int, int]],
    *,
    expected: frozenset[str] | None = None,
) -> Layout:
    """Move some steps of a version; the others stay.

    Args:
        work: The unit of work.
        caller: Needs `app:write` in the app's team.
        app: The app's name.
        environment: Where the version is to run.
        which: A digest, the beginning of one, or a number.
        positions: Step id to its new place.
        expected: Tags, one of which the drawing must still have; None when it doesn't matter.

    Raises:
        LayoutChanged: If somebody moved something meanwhile.
        LayoutStepUnknown: For a step that isn't drawn.
    """
    owned, version, held = _to_write(work, caller, app, environment, which, expected)
    before = held.layout.positions
    for step in positions:
        if step not in before:
            _unknown(step, list(before), version)
    if all(before[step] == at for step, at in positions.items()):
        return held.layout
    noted_at = held.noted_at
    if held.set_by != caller.person_id or noted_at is None or work.now - noted_at >= _NOTED_EVERY:
        noted_at = work.now
        _note(work, caller.actor, "layout.moved", owned, version)
    _put(work, version, {**before, **positions}, caller.person_id, moved=True, noted_at=noted_at)
    return layout_of(work, version)


def tidy_layout(
    work: Work, caller: Caller, app: str, environment: str, which: str, *, expected: frozenset[str] | None = None
) -> Layout:
    """Put every step of a version back to where it is computed to be.

    Raises:
        LayoutChanged: If somebody moved something meanwhile.
    """
    owned, version, held = _to_write(work, caller, app, environment, which, expected)
    fresh = layout(from_json(version.graph))
    if held.layout.positions == fresh and held.layout.moved_by is None:
        return held.layout
    _note(work, caller.actor, "layout.tidied", owned, version)
    _put(work, version, fresh, caller.person_id, moved=False, noted_at=None)
    return layout_of(work, version)


def lay_out(work: Work, actor: Actor, version: Version) -> None:
    """Store the first drawing of a version that was just taken in: as before it, with what is new beside that."""
    row = work.one(
        store.BEFORE,
        app_id=version.app_id,
        version_id=version.id,
        source_digest=version.source_digest,
        environment_id=version.environment,
    )
    graph = from_json(version.graph)
    earlier = _carried(work, version_by_id(work, row["id"]), version) if row else None
    _put(work, version, layout(graph, earlier), actor.id, moved=False, noted_at=None)


def _carried(work: Work, old: Version, new: Version) -> Mapping[str, tuple[int, int]]:
    """Return the places of the version before, with a step that was only renamed under its new name."""
    places = layout_of(work, old).positions
    if old.source_digest == new.source_digest:
        return places
    ids, known = ({step["id"] for step in each.graph["steps"]} for each in (old, new))
    if not 0 < len(ids - known) * len(known - ids) <= _RENAMES_MAX:
        return places
    sources = sources_of(work, [old, new])

    def snapshot(version: Version) -> Snapshot:
        return Snapshot(version.closure, from_json(version.graph), sources.get(version.source_digest))

    renames = renamed_steps(snapshot(old), snapshot(new))
    return {renames.get(step, step): at for step, at in places.items()}


def _held(work: Work, version: Version) -> _Held:
    row = work.one(store.OF_VERSION, version_id=version.id)
    if row is None:
        return _Held(Layout(layout(from_json(version.graph))))
    positions: Places = {step: (x, y) for step, (x, y) in json.loads(row["positions"]).items()}
    if not row["moved"]:
        return _Held(Layout(positions), row["set_by"])
    return _Held(Layout(positions, row["setter"], row["set_at"]), row["set_by"], row["noted_at"])


def _to_write(
    work: Work, caller: Caller, app: str, environment: str, which: str, expected: frozenset[str] | None
) -> tuple[App, Version, _Held]:
    owned = find_writable(work, caller, app, Permission.APP_WRITE)
    version = find_version(work, owned, find_environment(work, environment), which)
    # Two that move at once must not lose each other's steps.
    work.lock(f"layout:{version.id}")
    held = _held(work, version)
    if expected is not None and held.layout.tag not in expected:
        _changed(held.layout)
    return owned, version, held


def _put(
    work: Work,
    version: VersionSummary,
    positions: Mapping[str, tuple[int, int]],
    by: str,
    *,
    moved: bool,
    noted_at: int | None,
) -> None:
    work.run(
        store.PUT,
        version_id=version.id,
        positions=json.dumps({step: list(at) for step, at in positions.items()}),
        set_by=by,
        set_at=work.now,
        moved=int(moved),
        noted_at=noted_at,
    )


def _note(work: Work, actor: Actor, action: str, app: App, version: VersionSummary) -> None:
    facts = {"environment": version.environment_name, "number": version.number, "digest": version.digest}
    audit.record(work, actor, action, app.subject, facts)


def _changed(now: Layout) -> NoReturn:
    who = f"{now.moved_by} moved steps" if now.moved_by else "The drawing changed"
    raise LayoutChanged(
        f"{who} since you read it.",
        fix="Take over details.current, and move again with its tag as If-Match.",
        place="If-Match",
        details={
            "current": {
                "positions": {step: {"x": x, "y": y} for step, (x, y) in now.positions.items()},
                "movedBy": now.moved_by,
                "movedAt": None if now.moved_at is None else rfc3339(now.moved_at),
                "tag": now.tag,
            }
        },
    )


def _unknown(step: str, known: list[str], version: VersionSummary) -> NoReturn:
    near = difflib.get_close_matches(step, known, 1)
    raise LayoutStepUnknown(
        f"Version {version.number} draws no step {step[:100]!r}.",
        fix=f"Did you mean {near[0]!r}?" if near else "Use the ids that the layout itself lists.",
        place=f"positions/{step[:100]}",
    )
