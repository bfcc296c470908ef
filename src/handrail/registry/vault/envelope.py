"""AES-256-GCM: a fresh key for the data, wrapped by the vault's key; both bound to what they belong to."""

import base64
import json
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from handrail.registry.vault.errors import VaultDamaged

_NONCE: Final = 12


def bind(*parts: str) -> bytes:
    """Return associated data that no other list of parts gives."""
    return json.dumps(parts, ensure_ascii=True).encode()


def new_data_key() -> bytes:
    """Return a key for the fields of one version."""
    return AESGCM.generate_key(bit_length=256)


def encrypt(key: bytes, clear: bytes, bound_to: bytes) -> str:
    """Seal bytes; return base64 of nonce and ciphertext."""
    nonce = os.urandom(_NONCE)
    return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, clear, bound_to)).decode()


def decrypt(key: bytes, sealed: str, bound_to: bytes, place: str) -> bytes:
    """Open what `encrypt` made.

    Raises:
        VaultDamaged: It was changed, or moved from where it belongs.
    """
    try:
        raw = base64.b64decode(sealed, validate=True)
        return AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], bound_to)
    except (InvalidTag, ValueError):
        raise VaultDamaged(
            "A sealed value cannot be opened: it was changed, or moved from another place.",
            fix="Put the credential again, or restore a backup.",
            place=place,
        ) from None
