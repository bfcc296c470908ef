"""Secrets at rest: AES-256-GCM envelopes under a key file."""

from handrail.registry.vault.errors import (
    CredentialInvalid,
    CredentialUnknown,
    VaultDamaged,
    VaultKeyUnknown,
    VaultKeyUnreadable,
    VaultKeyUnsafe,
)
from handrail.registry.vault.model import CredentialInfo, Rewrapped, SealedColumn
from handrail.registry.vault.service import Vault

__all__ = [
    "CredentialInfo",
    "CredentialInvalid",
    "CredentialUnknown",
    "Rewrapped",
    "SealedColumn",
    "Vault",
    "VaultDamaged",
    "VaultKeyUnknown",
    "VaultKeyUnreadable",
    "VaultKeyUnsafe",
]
