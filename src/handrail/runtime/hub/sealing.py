"""Seals one part of a snapshot to one hub.

HPKE (RFC 9180) base mode, single shot: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, empty associated data.
The body is compressed first (RFC 1950): route tables say the same thing many times.
`info` is `handrail-part/1`, the hub's id, the epoch in decimal and the part's name, joined by zero bytes, so a part
cannot be given to another hub, an other epoch or under another name. The text is base64url without padding of
`encapsulated key (32) || ciphertext || tag (16)`. `runtime.edge.sealing` opens it.
"""

import base64
import zlib
from typing import Final

from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

# The fastest level: it makes a large route table ten times smaller already.
_LEVEL: Final = 1
_SUITE: Final = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


def seal_part(public_key: bytes, name: str, epoch: int, hub: str, body: bytes) -> str:
    """Seal a part's JSON bytes.

    The text differs on every call (a fresh ephemeral key), and so does its digest: keep the text of a part that has
    not changed instead of sealing it again.

    Args:
        public_key: The hub's X25519 public key, 32 raw bytes.
        name: The part's name in the manifest.
        epoch: The snapshot's epoch.
        hub: The hub's id.
        body: What to seal.

    Returns:
        The body text to put into the snapshot.
    """
    info = b"\x00".join((b"handrail-part/1", hub.encode(), str(epoch).encode(), name.encode()))
    sealed = _SUITE.encrypt(zlib.compress(body, _LEVEL), X25519PublicKey.from_public_bytes(public_key), info)
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()
