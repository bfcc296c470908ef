"""What may be known of a credential: everything but its value."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CredentialInfo:
    """One credential of one environment, without its value.

    Attributes:
        version: The newest version's number.
        fields: Names of its fields.
        key_id: The key that the newest version is sealed with.
        created_at: When the newest version was put, in microseconds since 1970 (UTC).
        created_by: Who put it.
    """

    name: str
    environment: str
    version: int
    fields: tuple[str, ...]
    key_id: str
    created_at: int
    created_by: str


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """Where another package keeps what `Vault.seal` gave it, so that a new key reaches it.

    Attributes:
        table: The table's name.
        key: The name of its primary key's column.
        column: The column that holds the sealed text (NULL and empty are skipped).
        context: What it was sealed with, as `signing-key:{key}`, in which `{key}` stands for the row's key.
    """

    table: str
    key: str
    column: str
    context: str


@dataclass(frozen=True, slots=True)
class Rewrapped:
    """What a change of the key touched.

    Attributes:
        key_id: The key that seals from now on.
        versions: Credential versions that were rewrapped.
        columns: Other sealed texts that were rewrapped.
    """

    key_id: str
    versions: int
    columns: int
