"""One look at one source: read without a transaction, then note what was found."""

import json
from collections.abc import Iterable
from typing import Final

from handrail.kernel.clock import HOUR, SECOND
from handrail.kernel.errors import HandrailError
from handrail.language.importers import ArtefactPartUnknown
from handrail.platform.database import Database, Work
from handrail.registry import access, audit, catalog
from handrail.registry.audit import Actor
from handrail.registry.catalog import App, Version
from handrail.registry.connectors import find_environment
from handrail.registry.vault import Vault
from handrail.runtime.sources import listing, store
from handrail.runtime.sources.contents import Contents, Memory, Piece, sort
from handrail.runtime.sources.errors import ReadFailed, SourceUnknown, TooMuch, Unauthorised, Unreachable, Unreadable
from handrail.runtime.sources.model import Binding, Drift, File, Found, Reading, Source, State
from handrail.runtime.sources.ports import Inventory, Reader
from handrail.runtime.sources.schedule import delay_us
from handrail.runtime.sources.service import by_id, credential_of, found_in

_STATES: Final[dict[type[ReadFailed], State]] = {
    Unreachable: State.UNREACHABLE,
    Unauthorised: State.UNAUTHORISED,
    Unreadable: State.UNREADABLE,
    TooMuch: State.UNREADABLE,
}
# A first look at a large repository takes longer than a lease.
_SLOW: Final = frozenset({"folder", "git", "n8n"})
_SLOW_S: Final = 300
_CHANGES_TOLD: Final = 12
_CHANGE_MAX: Final = 300


class Looker:
    """Looks at sources whose lease it holds."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        reader: Reader,
        holder: str,
        hub_hosts: Iterable[str] = (),
        inventory: Inventory | None = None,
    ) -> None:
        """Take what a look needs.

        Args:
            database: Where sources and apps are kept.
            vault: Unseals credentials of instances.
            reader: Reads an instance.
            holder: Whose lease it is.
            hub_hosts: Authorities of the hub, as flows write them.
            inventory: Where everything that is found is kept; None for nowhere.
        """
        self._hub_hosts = tuple(hub_hosts)
        self._database = database
        self._vault = vault
        self._reader = reader
        self._holder = holder
        self._inventory = inventory
        self._memory = Memory()

    def look(self, instance_id: str) -> None:
        """Read a source and note what was found; nothing if it was removed meanwhile."""
        try:
            with self._database.read() as work:
                source = by_id(work, instance_id)
                rows = found_in(work, source)
        except SourceUnknown:
            return
        if source.instance.platform in _SLOW:
            with self._database.begin() as work:
                until = work.now + _SLOW_S * SECOND
                work.run(store.LONGER, id=instance_id, holder=self._holder, until=until)
        known = self._known(source, rows)
        state, message, quiet_s, reading = self._read(source, known)
        listed = False
        if reading is not None:
            contents = sort(source.instance.platform, reading, rows, known)
            for binding in source.bindings:
                self._note_binding(source, binding, contents)
            listed = self._note_found(source, rows, contents)
        self._note_source(source, state, message, quiet_s, read=reading is not None, listed=listed)

    def _known(self, source: Source, rows: list[Found]) -> dict[str, str]:
        known: dict[str, str] = {}
        unsettled: set[str] = set()
        named: dict[str, list[Found]] = {"": rows}
        for row in rows:
            if not listing.settled(row, bound=bool(row.apps)) or row.missed or row.gone_at is not None:
                unsettled.add(row.path)
            known[row.path] = row.file_version
            for name in {row.part, row.name}:
                named.setdefault(name, []).append(row)
        for binding in source.bindings:
            held = self._memory.place_of(binding.id)
            for row in named.get(binding.part, ()):
                if held != (row.path, row.version if binding.part else row.file_version):
                    unsettled.add(row.path)
            if not binding.part and held is not None and not rows:
                # Everything of an instance that has no tab: there is no row to know it by.
                known[held[0]] = held[1]
        for path in unsettled:
            known.pop(path, None)
        return known | self._memory.none_of(source.instance.id)

    def _read(self, source: Source, known: dict[str, str]) -> tuple[State, str, int, Reading | None]:
        # No transaction is open while a stranger's machine takes its time.
        try:
            credential = credential_of(self._vault, source.instance)
            return State.OK, "", 0, self._reader(source.instance, credential, known)
        except ReadFailed as error:
            return _STATES[type(error)], str(error), error.retry_after_s, None
        except HandrailError as error:
            # The vault cannot open its credential.
            return State.UNAUTHORISED, error.message, 0, None

    def _note_binding(self, source: Source, binding: Binding, contents: Contents) -> None:
        actor = _actor(source)
        file, inner, version = _place(source, binding, contents)
        if file is None:
            if contents.complete or binding.state is State.WAITING:
                there = ", ".join(f"{name!r} ({part})" for part, name in sorted(contents.parts.items())[:10])
                message = f"There is no such flow in it now. It holds {there or 'none'}."
                self._note_failure(source, binding, State.MISSING, message)
            return
        try:
            artefact = self._memory.artefact(binding.id, file, inner, version)
            if artefact is None:
                return
            with self._database.begin() as work:
                if not self._holds(work, source):
                    return
                app = catalog.app_by_id(work, binding.app_id)
                environment = find_environment(work, binding.environment)
                seen = catalog.observe(
                    work, actor, app, environment, artefact, author=file.author, hub_hosts=self._hub_hosts
                )
                _mark(work, binding, State.OK, "", seen_at=work.now)
                changes, changes_of = binding.changes, binding.changes_of
                if environment.kind != "sandbox":
                    changes, changes_of = _act_on_drift(work, source, binding, app, seen.version)
                given = (version, file.author, changes, changes_of)
                if given != (binding.version, binding.author, binding.changes, binding.changes_of):
                    work.run(
                        store.MARK_VERSION,
                        id=binding.id,
                        version=version,
                        author=file.author,
                        changes=json.dumps(changes),
                        changes_of=changes_of,
                    )
        except ArtefactPartUnknown as error:
            self._note_failure(source, binding, State.MISSING, f"{error.message} {error.fix}")
        except HandrailError as error:
            self._note_failure(source, binding, State.UNREADABLE, f"{error.message} {error.fix}".strip())

    def _note_failure(self, source: Source, binding: Binding, state: State, message: str) -> None:
        with self._database.begin() as work:
            if not self._holds(work, source):
                return
            _mark(work, binding, state, message, seen_at=None)
            if state is not binding.state:
                facts = {"app": binding.app, "environment": binding.environment, "state": state.value}
                facts["message"] = message[:1000]
                audit.record(work, _actor(source), "source.part_failed", source.subject, facts)

    def _note_found(self, source: Source, rows: list[Found], contents: Contents) -> bool:
        wanted = {binding.part for binding in source.bindings}
        bound = {part for part, name in contents.parts.items() if wanted & {part, name, ""}}
        fresh = listing.fresh(contents.pieces, rows)
        artefacts = listing.artefacts_of(fresh, bound)
        changed = [file for file in contents.files.values() if file.data is not None]
        if self._inventory is not None and (changed or contents.complete):
            there = set(contents.files) if contents.complete else None
            self._inventory(source, changed, there, _apps(source, contents))
        with self._database.begin() as work:
            if not self._holds(work, source):
                return False
            listing.keep(work, source, contents, fresh, artefacts, rows, self._hub_hosts)
        self._memory.keep_none(source.instance.id, contents.none)
        return contents.complete

    def _note_source(
        self, source: Source, state: State, message: str, quiet_s: int, *, read: bool, listed: bool
    ) -> None:
        failures = 0 if read else source.failures + 1
        with self._database.begin() as work:
            noted = work.run(
                store.MARK_SOURCE,
                instance_id=source.instance.id,
                holder=self._holder,
                state=state.value,
                message=message,
                failures=failures,
                now=work.now,
                read_at=work.now if read else None,
                listed_at=work.now if listed else None,
                next_at=work.now + max(delay_us(source.instance.interval_s, failures), quiet_s * SECOND),
            )
            if noted and state is not source.state:
                facts = {"from": source.state.value, "to": state.value, "message": message}
                audit.record(work, _actor(source), "source.state_changed", source.subject, facts)

    def _holds(self, work: Work, source: Source) -> bool:
        # Who slept through the lease may hold an old document; another worker has read a newer one since.
        found = work.scalar(store.LEASE, id=source.instance.id)
        return found is not None and str(found) == self._holder


def _place(source: Source, binding: Binding, contents: Contents) -> tuple[File | None, str, str]:
    """Return the file that a binding's definition is in, which part of the file it is, and that part's version."""
    listed: tuple[Piece | Found, ...] = (*contents.pieces, *contents.kept)
    if not binding.part:
        only = next(iter(contents.files.values()), None)
        return only, "", only.version if only else ""
    matching = [each for each in listed if each.part == binding.part]
    matching = matching or [each for each in listed if each.name == binding.part]
    if len(matching) == 1:
        return contents.files.get(matching[0].path), matching[0].inner, matching[0].version
    if source.instance.platform == "node-red" and contents.files:
        # The reader of the file says best what is wrong with it.
        only = next(iter(contents.files.values()))
        return only, binding.part, only.version
    return None, "", ""


def _apps(source: Source, contents: Contents) -> dict[tuple[str, int], str]:
    """Return which app each definition of the files that were read now is, where a binding says so.

    Tabs of one Node-RED are one definition: it is an app when every tab of it is bound.
    """
    bound: dict[tuple[str, int], list[str]] = {}
    for piece in contents.pieces:
        named = {"", piece.part, piece.name}
        apps = sorted((each.app, each.app_id) for each in source.bindings if each.part in named)
        bound.setdefault((piece.path, piece.index), []).append(apps[0][1] if apps else "")
    whole = sorted((each.app, each.app_id) for each in source.bindings if not each.part)
    if whole:
        # An instance without a tab has no piece, and is one app all the same.
        for path in contents.files:
            bound.setdefault((path, 0), [whole[0][1]])
    return {place: apps[0] for place, apps in bound.items() if all(apps)}


def _act_on_drift(
    work: Work, source: Source, binding: Binding, app: App, version: Version
) -> tuple[tuple[str, ...], str]:
    """Do what the rules say when what runs is not approved; return what changed, in words, and between what."""
    actor = _actor(source)
    place = (app.id, version.environment)
    rules = source.instance.rules
    approved = access.live_approval(work, *place, version.digest) is not None
    if approved:
        access.settle(work, actor, app, version.environment)
    elif rules.on_drift is Drift.DENY:
        access.end_graces(work, actor, app, version.environment, "Drift is denied there.")
    else:
        access.tolerate(work, actor, app, version, work.now + rules.deadline_hours * HOUR)
    base = None if approved else access.newest_approved(work, *place, except_digest=version.digest)
    if base is None:
        return (), ""
    key = f"{base.digest} {version.digest}"
    if key == binding.changes_of:
        return binding.changes, key
    words = [change.text[:_CHANGE_MAX] for change in catalog.changes_between(work, base, version)]
    more = [f"and {len(words) - _CHANGES_TOLD} more changes"] if len(words) > _CHANGES_TOLD else []
    return (*words[:_CHANGES_TOLD], *more), key


def _mark(work: Work, binding: Binding, state: State, message: str, *, seen_at: int | None) -> None:
    work.run(
        store.MARK_BINDING,
        id=binding.id,
        state=state.value,
        message=message[:1000],
        seen_at=seen_at,
        now=work.now,
    )


def _actor(source: Source) -> Actor:
    return Actor("system", source.instance.id, f"source {source.instance.name}")
