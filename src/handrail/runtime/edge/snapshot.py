"""Checks that a snapshot is genuine, whole, for this hub, and not older than what it has seen."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from handrail.kernel.clock import parse_rfc3339, rfc3339
from handrail.kernel.errors import Invalid
from handrail.runtime.edge.errors import (
    SnapshotExpired,
    SnapshotForged,
    SnapshotIncomplete,
    SnapshotMalformed,
    SnapshotMisaddressed,
    SnapshotStale,
)
from handrail.runtime.edge.model import Enrolment, Manifest, Position, Snapshot
from handrail.runtime.edge.sealing import from_base64url

FORMAT: Final = 1
# Part names become file names: one folder at most, nothing hidden, nothing above.
_PART: Final = re.compile(r"(envoy/)?[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*\.json")
_UPGRADE: Final = "Upgrade the older of control plane and hub; both must know the same format."


def verify(document: Mapping[str, Any], enrolment: Enrolment, known: Mapping[str, str] | None = None) -> Snapshot:
    """Check a snapshot's signature, format, addressee and digests, in this order.

    Args:
        document: `manifest`, `signature` and `parts` as received or stored.
        enrolment: Whose key signs, and who we are.
        known: Sealed texts that were checked before, by digest; `document` may leave such a part out.

    Raises:
        SnapshotForged: If the signature is not by the key pinned at enrolment.
        SnapshotMalformed: If it has another format.
        SnapshotMisaddressed: If it is for another hub.
        SnapshotIncomplete: If a part is missing or not what the manifest says.
    """
    text, signature, given = document.get("manifest"), document.get("signature"), document.get("parts")
    if not isinstance(text, str) or not isinstance(signature, str) or not isinstance(given, dict):
        raise SnapshotMalformed("The snapshot has no manifest, signature or parts.", fix=_UPGRADE)
    _check_signature(text, signature, enrolment.signing_key)
    manifest = _manifest(text)
    if manifest.hub != enrolment.hub:
        raise SnapshotMisaddressed(
            f"The snapshot is for the hub {manifest.hub}, this is {enrolment.hub}.",
            fix="Give each hub a token of its own.",
            place="hub",
        )
    parts = {name: _part(name, digest, given.get(name), known or {}) for name, digest in manifest.parts.items()}
    return Snapshot(manifest, text, signature, parts)


def require_newer(manifest: Manifest, floor: Position) -> None:
    """Refuse what lies behind the highest position that this hub has seen.

    Raises:
        SnapshotStale: For a lower epoch, or a lower revision in the same epoch.
    """
    if not manifest.position.follows(floor):
        raise SnapshotStale(
            f"The snapshot ({_words(manifest.position)}) is older than what this hub has seen ({_words(floor)}).",
            fix="If the control plane was restored from a backup, start a new epoch there: handrail restore --help.",
            place="epoch" if manifest.position.epoch < floor.epoch else "revision",
        )


def require_current(manifest: Manifest, now_us: int) -> None:
    """Refuse what has expired.

    Raises:
        SnapshotExpired: If it has.
    """
    if manifest.expires_us <= now_us:
        raise SnapshotExpired(
            f"The snapshot expired at {rfc3339(manifest.expires_us)}.",
            fix="Connect this hub to its control plane, and check the clocks of both machines.",
            place="expires_at",
        )


def _words(position: Position) -> str:
    return f"epoch {position.epoch}, revision {position.revision}, quarantine {position.quarantine_revision}"


def _check_signature(text: str, signature: str, signing_key: str) -> None:
    try:
        key = Ed25519PublicKey.from_public_bytes(from_base64url(signing_key))
        key.verify(from_base64url(signature), text.encode())
    except (InvalidSignature, ValueError):
        raise SnapshotForged(
            "The snapshot is not signed by the key that this hub was enrolled with.",
            fix="Find out who answered. If the control plane's signing key was replaced, enrol this hub again.",
            place="signature",
        ) from None


def _manifest(text: str) -> Manifest:
    try:
        document = orjson.loads(text)
        if document.get("format") != FORMAT:
            raise SnapshotMalformed(
                f"The snapshot has the format {document.get('format')!r}, this hub knows {FORMAT}.", fix=_UPGRADE
            )
        parts = document["parts"]
        manifest = Manifest(
            position=Position(document["epoch"], document["revision"], document["quarantine_revision"]),
            issued_us=parse_rfc3339(document["issued_at"], "issued_at"),
            expires_us=parse_rfc3339(document["expires_at"], "expires_at"),
            hub=str(document["hub"]),
            parts={str(name): str(digest) for name, digest in parts.items()},
        )
    except (KeyError, TypeError, AttributeError, ValueError, Invalid) as error:
        if isinstance(error, SnapshotMalformed):
            raise
        raise SnapshotMalformed(f"The snapshot's manifest cannot be read: {error}.", fix=_UPGRADE) from None
    numbers = (manifest.position.epoch, manifest.position.revision, manifest.position.quarantine_revision)
    if not all(type(number) is int and number >= 0 for number in numbers):
        raise SnapshotMalformed("The snapshot's numbers are none.", fix=_UPGRADE)
    for name in manifest.parts:
        if not _PART.fullmatch(name):
            raise SnapshotMalformed(f"{name!r} is no name of a part.", fix=_UPGRADE, place=name)
    return manifest


def _part(name: str, digest: str, given: object, known: Mapping[str, str]) -> str:
    if isinstance(given, str) and _digest(given) == digest:
        return given
    if given is None and digest in known:
        return known[digest]
    raise SnapshotIncomplete(
        f"The part {name!r} is missing or is not what the manifest says.",
        fix="The hub asks again by itself; if it stays, look for a proxy that changes answers.",
        place=name,
    )


def _digest(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
