"""Gaps that another process on the hub's machine knows of, left in a folder until they are sent."""

from dataclasses import asdict
from pathlib import Path
from typing import Final

import orjson

from handrail.runtime.edge.rollup.model import Gap

_PREFIX: Final = "gap-"


def leave(folder: Path, gap: Gap) -> None:
    """Leave a gap for the roll-up: whoever supervises Envoy calls this when Envoy was killed.

    Args:
        folder: Where the log is.
        gap: From one flush before Envoy's end until its end.
    """
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{_PREFIX}{gap.id}"
    draft.write_bytes(orjson.dumps(asdict(gap)))
    draft.rename(folder / f"{_PREFIX}{gap.id}.json")


def waiting(folder: Path) -> list[tuple[Path, Gap]]:
    """Return what was left, with the file of each: delete it when the gap is stored."""
    found: list[tuple[Path, Gap]] = []
    for path in sorted(folder.glob(f"{_PREFIX}*.json")):
        try:
            found.append((path, Gap(**orjson.loads(path.read_bytes()))))
        except (FileNotFoundError, ValueError, TypeError):
            continue
    return found
