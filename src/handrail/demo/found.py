"""What Larkspur's teams had built before anybody asked: adopted from their shared folders, most of it unregistered."""

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from handrail.demo.content import flow
from handrail.demo.story import APPS
from handrail.governance import estate
from handrail.governance.estate import FileIn
from handrail.language import leaks
from handrail.platform.database import Work
from handrail.registry.identity import Caller

_ROOT: Final = files("handrail_packs") / "demo" / "estate"
# Who adopts the folder of each team.
ADOPTERS: Final = {"finance": "mara", "support": "sam", "sales": "luca"}
# Built since the first look.
_NEW: Final = frozenset({"scripts/refund_report.py", "n8n/lead-enrichment.json", "n8n/invoice-alerts-jonas.json"})
_ALL_AT_ONCE: Final = 1_000


def adopt(work: Work, caller: Caller, team: str, hub_url: str, *, first: bool) -> None:
    """Read a team's folder into the inventory, as `handrail adopt` does."""
    found = [each for each in _folder(team, hub_url) if not (first and each.path in _NEW)]
    reads = estate.read_files(found, leaks.default_boundary())
    origin = estate.ensure_origin(work, caller, f"{team}-share", team=team, kind="folder")
    estate.take_in(work, caller.actor, origin, reads)
    estate.finish(work, caller.actor, origin, paths=[each.path for each in found])


def check_versions(work: Work) -> None:
    """Check every version of the registered apps, as a worker does in the background."""
    boundary = leaks.default_boundary()
    for version in estate.unchecked(work, _ALL_AT_ONCE, boundary):
        estate.check_version(work, version, boundary)


def _folder(team: str, hub_url: str) -> Iterator[FileIn]:
    """Yield a team's files: what nobody registered, and the flows of its apps."""
    yield from _below(_ROOT / team, "")
    for story in APPS:
        if story.team == team and story.versions:
            yield FileIn(f"exports/{story.name}.json", flow(story.name, len(story.versions), hub_url))


def _below(folder: Traversable, prefix: str) -> Iterator[FileIn]:
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        name = f"{prefix}{entry.name}"
        if entry.is_dir():
            yield from _below(entry, f"{name}/")
        else:
            yield FileIn(name, entry.read_bytes())
