"""Takes closures: the one form of what reviewers approve."""

from collections.abc import Iterable
from typing import Any

from handrail.kernel.canonical import digest
from handrail.language.closure.errors import ClosureAmbiguous
from handrail.language.closure.model import ALGORITHM, Closure, ClosureInput


def take_closure(given: ClosureInput) -> Closure:
    """Return the closure of a version in one environment.

    Only what people wrote or declared goes in, so that a new release of this code changes no digest. The order of the
    input never matters.

    Raises:
        ClosureAmbiguous: If one reference has two digests, one operation two interfaces or one connection two ids.
    """
    _refuse_doubles("sub-flow", ((reference,) for reference, _ in given.reachable))
    _refuse_doubles("operation", ((connection, name) for connection, name, _ in given.operations))
    _refuse_doubles("connection", ((name,) for name, _ in given.connections))
    document: dict[str, Any] = {
        "algorithm": ALGORITHM,
        "source": given.root_source_digest,
        "reachable": [list(each) for each in sorted(given.reachable)],
        "operations": [list(each) for each in sorted(given.operations)],
        "connections": [list(each) for each in sorted(given.connections)],
        "scopes": sorted(given.scopes),
        "egress": sorted({host.lower().rstrip(".") for host in given.egress}),
        "dataClasses": sorted(given.data_classes),
        "constants": dict(sorted(given.constants.items())),
        "unknown": sorted(given.unknown),
    }
    return Closure(digest=f"{ALGORITHM}:{digest(document)}", document=document)


def _refuse_doubles(what: str, keys: Iterable[tuple[str, ...]]) -> None:
    seen: set[tuple[str, ...]] = set()
    for key in keys:
        if key in seen:
            name = ": ".join(key)
            raise ClosureAmbiguous(
                f"The {what} {name!r} is given in two different forms.", fix="Name each once.", place=name
            )
        seen.add(key)
