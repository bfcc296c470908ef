"""Finds out whether Envoy has taken what it was given, and tells the control plane."""

import logging
import threading
import time
from typing import Any, Final

from handrail.runtime.edge import admin
from handrail.runtime.edge.control import ControlPlane
from handrail.runtime.edge.errors import ControlPlaneAway, ControlPlaneRefused, EnvoyAway
from handrail.runtime.edge.hub import Hub, Target
from handrail.runtime.edge.model import NOWHERE, QUARANTINE, Position, Problem
from handrail.runtime.edge.places import Places

log: Final = logging.getLogger("handrail.hub")
_PATIENCE_S: Final = 15.0
_REFUSAL_S: Final = 0.5
_AWAY_S: Final = 3.0
_AGAIN_S: Final = 1.0
_LOOK_FOR_REFUSALS_S: Final = 0.25
_FIRST_PAUSE_S: Final = 0.002
_LAST_PAUSE_S: Final = 0.05


class Acknowledger:
    """Follows a hub's target; `run` is the body of a thread of its own.

    An acknowledgement names the highest position of which Envoy has taken every file. Who is held is acknowledged by
    itself, because that file is seldom refused and never may wait for the others.
    """

    def __init__(self, hub: Hub, places: Places, control: ControlPlane) -> None:
        self._hub = hub
        self._places = places
        self._control = control
        self._wake = threading.Event()
        self._seen = -1
        self._sent: dict[str, Any] | None = None
        self._refusals = _refusals(places)
        self._log_read = _size(places)
        self.confirmed = NOWHERE

    def notify(self) -> None:
        """Say that files or problems have changed."""
        self._wake.set()

    def run(self, stop: threading.Event) -> None:
        """Confirm and acknowledge until `stop` is set."""
        while not stop.is_set():
            settled = self._step(stop)
            self._wake.wait(None if settled and not stop.is_set() else _AGAIN_S)
            self._wake.clear()

    def _step(self, stop: threading.Event) -> bool:
        target = self._hub.target()
        taken = not target.versions or self._confirm(target, stop)
        document = self._document(self._hub.target().position)
        nothing = document["revision"] < 0 and not document["problems"]
        if document == self._sent or nothing:
            return taken
        try:
            self._control.acknowledge(document)
        except (ControlPlaneAway, ControlPlaneRefused) as error:
            log.info("not acknowledged: %s", error.message)
            return False
        self._sent = document
        return taken

    def _document(self, position: Position) -> dict[str, Any]:
        known = self.confirmed if self.confirmed.epoch == position.epoch else NOWHERE
        return {
            "epoch": position.epoch,
            "revision": known.revision,
            "quarantine_revision": known.quarantine_revision,
            "problems": [problem.document() for problem in self._hub.problems()],
        }

    def _confirm(self, target: Target, stop: threading.Event) -> bool:
        """Wait for Envoy to take a target; a newer one takes its place meanwhile."""
        began = looked_at = time.monotonic()
        # A target that was looked at before gets one more look, not the whole patience.
        patience = _PATIENCE_S if target.generation != self._seen else 0.0
        refused_at: float | None = None
        pause = _FIRST_PAUSE_S
        while not stop.is_set():
            newer = self._hub.target()
            if newer.generation != target.generation:
                target, began, patience, refused_at = newer, time.monotonic(), _PATIENCE_S, None
            now = time.monotonic()
            try:
                seen = self._look(target, thoroughly=not patience or now - looked_at >= _LOOK_FOR_REFUSALS_S)
            except EnvoyAway as error:
                self._refusals = {}
                if now - began >= min(patience, _AWAY_S):
                    self._hub.report("envoy", Problem(error.code, error.message, "envoy", error.fix))
                    return self._conclude(target, taken=False)
                stop.wait(_LAST_PAUSE_S)
                continue
            missing = {name for name, version in target.versions.items() if version not in seen.versions}
            if QUARANTINE not in missing:
                self._confirm_quarantine(target)
            if seen.refusals is not None and not missing:
                self.confirmed = target.position
                self._refusals = seen.refusals
                self._log_read = _size(self._places)
                self._hub.report("envoy")
                return self._conclude(target, taken=True)
            if seen.refusals is not None:
                looked_at = now
                refused = {name for name, count in seen.refusals.items() if count > self._refusals.get(name, 0)}
                refused_at = (refused_at or now) if refused else None
                if now - began >= patience or (refused_at is not None and now - refused_at >= _REFUSAL_S):
                    self._report(missing, told=bool(refused))
                    return self._conclude(target, taken=False)
            stop.wait(pause)
            pause = min(pause * 2, _LAST_PAUSE_S)
        return False

    def _look(self, target: Target, *, thoroughly: bool) -> admin.Subscriptions:
        # Refusals take Envoy's main thread long to tell, so they are asked for when it is done or late.
        if not thoroughly:
            versions = admin.versions_in_use(self._places.admin_socket)
            if not versions.issuperset(target.versions.values()):
                return admin.Subscriptions(versions, None)
        return admin.subscriptions(self._places.admin_socket)

    def _conclude(self, target: Target, *, taken: bool) -> bool:
        self._seen = target.generation
        return taken

    def _confirm_quarantine(self, target: Target) -> None:
        known = self.confirmed if self.confirmed.epoch == target.position.epoch else NOWHERE
        self.confirmed = Position(target.position.epoch, known.revision, target.position.quarantine_revision)

    def _report(self, missing: set[str], *, told: bool) -> None:
        names = ", ".join(sorted(missing))
        fix = "The log of envoy has the whole story; this is a fault of Handrail, please report it."
        reasons = admin.refusals_told(self._places.envoy_log, self._log_read) if told else []
        if told:
            words = " | ".join(reasons) or "it does not say why"
            problem = Problem("envoy_rejected", f"Envoy refused {names}: {words}", names, fix)
        else:
            problem = Problem("envoy_late", f"Envoy has not taken {names}.", names, fix)
        self._hub.report("envoy", problem)


def _refusals(places: Places) -> dict[str, int]:
    """Return what Envoy refused before this agent started, which is not ours to report."""
    try:
        return admin.subscriptions(places.admin_socket).refusals or {}
    except EnvoyAway:
        return {}


def _size(places: Places) -> int:
    try:
        return places.envoy_log.stat().st_size
    except FileNotFoundError:
        return 0
