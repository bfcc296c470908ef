"""What the vault refuses."""

from handrail.kernel.errors import Invalid, NotFound, Unavailable


class VaultKeyUnsafe(Unavailable):
    code = "vault_key_unsafe"


class VaultKeyUnreadable(Unavailable):
    code = "vault_key_unreadable"


class VaultKeyUnknown(Unavailable):
    code = "vault_key_unknown"


class VaultDamaged(Unavailable):
    code = "vault_damaged"


class CredentialUnknown(NotFound):
    code = "credential_unknown"


class CredentialInvalid(Invalid):
    code = "credential_invalid"
