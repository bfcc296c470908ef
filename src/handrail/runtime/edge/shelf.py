"""What outlives the agent: the last snapshot, still sealed, the highest position ever seen, known addresses."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from handrail.runtime.edge.files import read_object, replace
from handrail.runtime.edge.model import NOWHERE, Enrolment, Position, Snapshot
from handrail.runtime.edge.places import Places


def stored(places: Places) -> dict[str, Any] | None:
    """Return the stored snapshot, unchecked."""
    return read_object(places.snapshot)


def store(places: Places, enrolment: Enrolment, snapshot: Snapshot, floor: Position) -> None:
    """Keep a snapshot and raise the floor; both survive a power cut once this returns.

    The snapshot comes first: a floor above the stored snapshot would keep a cut-off hub from starting.
    """
    document = {
        "manifest": snapshot.manifest_text,
        "signature": snapshot.signature,
        "parts": dict(snapshot.parts),
    }
    replace(places.snapshot, orjson.dumps(document), durable=True)
    if snapshot.manifest.position != floor:
        position = snapshot.manifest.position
        entry = {
            "control_plane": _control_plane(enrolment),
            "epoch": position.epoch,
            "revision": position.revision,
            "quarantine_revision": position.quarantine_revision,
        }
        replace(places.floor, orjson.dumps(entry), durable=True)


def addresses_of(places: Places) -> dict[str, list[str]]:
    """Return the addresses that upstreams had last; they are judged again before anything calls them."""
    document = read_object(places.addresses) or {}
    return {host: [str(entry) for entry in found] for host, found in document.items() if isinstance(found, list)}


def store_addresses(places: Places, known: Mapping[str, Sequence[str]]) -> None:
    """Keep the addresses of upstreams, for a start while no resolver answers."""
    if known != {host: tuple(found) for host, found in addresses_of(places).items()}:
        replace(places.addresses, orjson.dumps(known))


def floor_of(places: Places, enrolment: Enrolment) -> Position:
    """Return the highest position that this hub has seen of this control plane."""
    document = read_object(places.floor)
    if document is None or document.get("control_plane") != _control_plane(enrolment):
        return NOWHERE
    return Position(int(document["epoch"]), int(document["revision"]), int(document["quarantine_revision"]))


def _control_plane(enrolment: Enrolment) -> str:
    # Positions of one control plane mean nothing for another, and only an enrolment changes them.
    return hashlib.sha256(f"{enrolment.hub} {enrolment.signing_key}".encode()).hexdigest()
