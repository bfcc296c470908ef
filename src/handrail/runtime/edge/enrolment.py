"""A hub's own key and what it was told when it joined."""

import os
import stat

import orjson
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from handrail.kernel.secret import Secret
from handrail.runtime.edge.errors import HubKeyUnsafe
from handrail.runtime.edge.files import read, read_object, replace
from handrail.runtime.edge.model import Enrolment
from handrail.runtime.edge.places import Places
from handrail.runtime.edge.sealing import to_base64url


def private_key(places: Places) -> X25519PrivateKey:
    """Return the hub's private key, which is made on first use and never leaves its machine.

    Raises:
        HubKeyUnsafe: If others may read the file, or it is no key.
    """
    data = read(places.key)
    if data is None:
        places.hub.mkdir(parents=True, exist_ok=True, mode=0o700)
        replace(places.key, X25519PrivateKey.generate().private_bytes_raw(), durable=True)
        data = places.key.read_bytes()
    found = places.key.stat()
    if stat.S_IMODE(found.st_mode) & 0o077 or found.st_uid != os.getuid():
        raise HubKeyUnsafe(
            f"{places.key} can be read by others.",
            fix=f"Run: chmod 600 {places.key}. If others may have read it, remove it and enrol this hub again.",
            place=str(places.key),
        )
    try:
        return X25519PrivateKey.from_private_bytes(data)
    except ValueError:
        raise HubKeyUnsafe(
            f"{places.key} is no key.",
            fix="Remove it and enrol this hub again.",
            place=str(places.key),
        ) from None


def public_key(places: Places) -> str:
    """Return the hub's public key as base64url of 32 bytes, for its enrolment."""
    return to_base64url(private_key(places).public_key().public_bytes_raw())


def read_enrolment(places: Places) -> Enrolment | None:
    """Return what the hub was told when it joined, or None if it has not."""
    document = read_object(places.enrolment)
    if document is None:
        return None
    try:
        return Enrolment(
            serve=str(document["serve"]),
            token=Secret(str(document["token"])),
            hub=str(document["hub"]),
            signing_key=str(document["signing_key"]),
        )
    except KeyError:
        return None


def write_enrolment(places: Places, enrolment: Enrolment) -> None:
    """Keep what the hub was told when it joined."""
    places.hub.mkdir(parents=True, exist_ok=True, mode=0o700)
    document = {
        "serve": enrolment.serve,
        "token": enrolment.token.reveal(),
        "hub": enrolment.hub,
        "signing_key": enrolment.signing_key,
    }
    replace(places.enrolment, orjson.dumps(document), durable=True)
