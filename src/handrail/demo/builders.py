"""Three played Node-REDs: what their admin API says they run, one of which somebody changes soon after the start."""

import json
import threading
import time
from pathlib import Path
from typing import Any, Final

from handrail.demo.content import flow
from handrail.demo.keys import folder_of
from handrail.demo.story import APPS, BUILDERS, DRIFTS

# Long enough to see it run as approved, short enough to see it happen.
CHANGES_AFTER_S: Final = 30.0


class Builders:
    """Serves `GET /flows` of each builder.

    Args:
        home: Remembers that the change has happened: it is not undone by a restart.
        hub_url: The hub, as the flows write it.
        changes_after_s: Seconds between the first look at the flow and its change.
    """

    def __init__(self, home: Path, hub_url: str, changes_after_s: float = CHANGES_AFTER_S) -> None:
        self._changed = folder_of(home) / "changed"
        self._hub_url = hub_url
        self._after_s = changes_after_s
        self._first_look: float | None = None
        self._lock = threading.Lock()

    def flows(self, team: str) -> dict[str, Any] | None:
        """Return what a team's builder runs now, in version 2 of the admin API; None for an unknown one."""
        if team not in BUILDERS.values():
            return None
        nodes: list[Any] = []
        for story in APPS:
            if BUILDERS.get(story.builder) == team:
                nodes.extend(json.loads(flow(story.name, self._version(story.name, story.versions), self._hub_url)))
        return {"flows": nodes, "rev": str(len(nodes))}

    def _version(self, app: str, versions: tuple[object, ...]) -> int | str:
        return "changed" if app == DRIFTS and self._has_changed() else len(versions)

    def _has_changed(self) -> bool:
        with self._lock:
            if self._changed.exists():
                return True
            self._first_look = self._first_look or time.monotonic()
            if time.monotonic() - self._first_look < self._after_s:
                return False
            self._changed.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._changed.touch()
            return True
