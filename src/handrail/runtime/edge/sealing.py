"""Opens the parts of a snapshot that were sealed to this hub.

HPKE (RFC 9180) base mode, single shot: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, empty associated data.
`info` is `handrail-part/1`, the hub's id, the epoch in decimal and the part's name, joined by zero bytes. The text is
base64url without padding of `encapsulated key (32) || ciphertext || tag (16)`. `runtime.hub.sealing` seals.
"""

import base64
import binascii
import zlib
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from handrail.runtime.edge.errors import SnapshotUnsealable

_LARGEST: Final = 256 * 1024 * 1024
_SUITE: Final = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


def from_base64url(text: str) -> bytes:
    """Read base64url with or without padding.

    Raises:
        ValueError: If it is none.
    """
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from None


def to_base64url(data: bytes) -> str:
    """Write base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def open_part(private_key: X25519PrivateKey, name: str, epoch: int, hub: str, text: str) -> bytes:
    """Open a part's body text.

    Raises:
        SnapshotUnsealable: If it was sealed to another key, hub, epoch or name, or was changed on its way.
    """
    info = b"\x00".join((b"handrail-part/1", hub.encode(), str(epoch).encode(), name.encode()))
    try:
        return _unpacked(_SUITE.decrypt(from_base64url(text), private_key, info))
    except (InvalidTag, ValueError, zlib.error):
        raise SnapshotUnsealable(
            f"This hub cannot open the part {name!r} of the snapshot.",
            fix="Enrol this hub again; the control plane seals snapshots to the key of the last enrolment.",
            place=name,
        ) from None


def _unpacked(data: bytes) -> bytes:
    unpacking = zlib.decompressobj()
    body = unpacking.decompress(data, _LARGEST)
    if not unpacking.eof:
        raise ValueError("cut off, or too large")
    return body
