"""One look at one source: read without a transaction, then note what was found."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from handrail.kernel.errors import HandrailError
from handrail.language.importers import Artefact, ArtefactPartUnknown, read_artefact
from handrail.platform.database import Database, Work
from handrail.registry import audit, catalog
from handrail.registry.audit import Actor
from handrail.registry.connectors import find_environment
from handrail.registry.vault import Vault
from handrail.runtime.sources import store
from handrail.runtime.sources.errors import ReadFailed, SourceUnknown, Unauthorised, Unreachable, Unreadable
from handrail.runtime.sources.model import Binding, Reading, Source, State
from handrail.runtime.sources.ports import Reader
from handrail.runtime.sources.schedule import delay_us
from handrail.runtime.sources.service import by_id, credential_of

_STATES: Final[dict[type[ReadFailed], State]] = {
    Unreachable: State.UNREACHABLE,
    Unauthorised: State.UNAUTHORISED,
    Unreadable: State.UNREADABLE,
}


@dataclass(slots=True)
class Memory:
    """What this process read last: an unchanged document is not read again."""

    _held: dict[str, tuple[bytes, str, Artefact]] = field(default_factory=dict)

    def artefact(self, source: Source, binding: Binding, reading: Reading) -> Artefact:
        """Return a binding's part of a document as an artefact.

        Raises:
            Invalid: If the document is no definition, or has no such part.
        """
        held = self._held.get(binding.id)
        if held is not None and held[:2] == (reading.document, binding.part):
            return held[2]
        name = f"{source.instance.name}.json"
        artefact = read_artefact(reading.document, name, part=binding.part or None)
        self._held[binding.id] = (reading.document, binding.part, artefact)
        return artefact


class Looker:
    """Looks at sources whose lease it holds."""

    def __init__(
        self, database: Database, vault: Vault, reader: Reader, holder: str, hub_hosts: Iterable[str] = ()
    ) -> None:
        """Take what a look needs.

        Args:
            database: Where sources and apps are kept.
            vault: Unseals credentials of instances.
            reader: Reads an instance.
            holder: Whose lease it is.
            hub_hosts: Authorities of the hub, as flows write them.
        """
        self._hub_hosts = tuple(hub_hosts)
        self._database = database
        self._vault = vault
        self._reader = reader
        self._holder = holder
        self._memory = Memory()

    def look(self, instance_id: str) -> None:
        """Read a source and note what was found; nothing if it was removed meanwhile."""
        try:
            with self._database.read() as work:
                source = by_id(work, instance_id)
        except SourceUnknown:
            return
        state, message, reading = self._read(source)
        if reading is not None:
            for binding in source.bindings:
                self._note_binding(source, binding, reading)
        self._note_source(source, state, message, read=reading is not None)

    def _read(self, source: Source) -> tuple[State, str, Reading | None]:
        # No transaction is open while a stranger's machine takes its time.
        try:
            credential = credential_of(self._vault, source.instance)
            return State.OK, "", self._reader(source.instance, credential)
        except ReadFailed as error:
            return _STATES[type(error)], str(error), None
        except HandrailError as error:
            # The vault cannot open its credential.
            return State.UNAUTHORISED, error.message, None

    def _note_binding(self, source: Source, binding: Binding, reading: Reading) -> None:
        actor = _actor(source)
        try:
            artefact = self._memory.artefact(source, binding, reading)
            with self._database.begin() as work:
                if not self._holds(work, source):
                    return
                app = catalog.app_by_id(work, binding.app_id)
                environment = find_environment(work, binding.environment)
                catalog.observe(work, actor, app, environment, artefact, hub_hosts=self._hub_hosts)
                _mark(work, binding, State.OK, "", seen_at=work.now)
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
                facts["message"] = message
                audit.record(work, _actor(source), "source.part_failed", source.subject, facts)

    def _note_source(self, source: Source, state: State, message: str, *, read: bool) -> None:
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
                next_at=work.now + delay_us(source.instance.interval_s, failures),
            )
            if noted and state is not source.state:
                facts = {"from": source.state.value, "to": state.value, "message": message}
                audit.record(work, _actor(source), "source.state_changed", source.subject, facts)

    def _holds(self, work: Work, source: Source) -> bool:
        # Who slept through the lease may hold an old document; another worker has read a newer one since.
        found = work.scalar(store.LEASE, id=source.instance.id)
        return found is not None and str(found) == self._holder


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
