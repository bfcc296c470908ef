"""The vault: keeps secrets, and gives them to nobody but the code that injects them."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import sqlalchemy as sa

from handrail.kernel.secret import Secret
from handrail.platform.database import Row, Work
from handrail.registry import audit
from handrail.registry.audit import Actor
from handrail.registry.vault import envelope, keyfile, store
from handrail.registry.vault.errors import (
    CredentialInvalid,
    CredentialUnknown,
    VaultDamaged,
    VaultKeyUnknown,
)
from handrail.registry.vault.model import CredentialInfo, Rewrapped, SealedColumn

FIELD_BYTES_MAX: Final = 64 * 1024
_FORMAT: Final = "hv1"


class _Sealed(NamedTuple):
    key_id: str
    wrapped: str
    sealed: str


class Vault:
    """Envelope encryption under a key file.

    Each version of a credential has a key of its own, wrapped by the file's active key. Every ciphertext is bound
    to name, environment, version and field, so that a row which somebody moved does not open.
    """

    def __init__(self, path: Path, keys: keyfile.Keys) -> None:
        self._path = path
        self._keys = keys

    def __repr__(self) -> str:
        return f"Vault(key_id={self._keys.active!r})"

    @classmethod
    def open(cls, path: Path) -> "Vault":
        """Open the vault of a key file, which is created (mode 0600) on first use.

        Raises:
            VaultKeyUnsafe: Others than its owner may read the file.
            VaultKeyUnreadable: It is no key file.
        """
        return cls(path, keyfile.load(path) if path.exists() else keyfile.create(path))

    @property
    def key_id(self) -> str:
        """Id of the key that seals now."""
        return self._keys.active

    def missing_keys(self, work: Work) -> list[str]:
        """Return the ids of keys that credentials are sealed with and the file does not hold."""
        self._keys = keyfile.load(self._path)
        return [row["key_id"] for row in work.all(store.KEY_IDS) if row["key_id"] not in self._keys.by_id]

    def _key(self, key_id: str) -> bytes:
        if key_id not in self._keys.by_id:
            # Another process may have changed the key since this one started.
            self._keys = keyfile.load(self._path)
        key = self._keys.by_id.get(key_id)
        if key is None:
            raise VaultKeyUnknown(
                f"This was sealed with the key {key_id}, which the key file does not hold.",
                fix="Put back the key file that belongs to this database; HANDRAIL_KEY_FILE names its place.",
                place=str(self._path),
            )
        return key

    def put(self, work: Work, actor: Actor, name: str, environment: str, fields: Mapping[str, Secret]) -> int:
        """Keep a new version of a credential; return its number. Older versions stay.

        Raises:
            CredentialInvalid: No fields, or one that is empty or larger than 64 KiB.
        """
        _require_fields(fields)
        work.lock(f"vault:{environment}:{name}")
        version = 1 + int(work.scalar(store.LAST_VERSION, name=name, environment=environment) or 0)
        data_key = envelope.new_data_key()
        key_id = self._keys.active
        work.run(
            store.INSERT_VERSION,
            name=name,
            environment=environment,
            version=version,
            key_id=key_id,
            wrapped_key=self._wrap(key_id, data_key, _version_bound(name, environment, version)),
            now=work.now,
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_name=actor.name,
        )
        rows = []
        for field, secret in fields.items():
            bound_to = envelope.bind("field", name, environment, str(version), field)
            sealed = envelope.encrypt(data_key, secret.reveal().encode(), bound_to)
            rows.append(
                {"name": name, "environment": environment, "version": version, "field": field, "sealed": sealed}
            )
        work.run_many(store.INSERT_FIELD, rows)
        facts = {"environment": environment, "version": version, "fields": sorted(fields)}
        audit.record(work, actor, "credential.put", f"credential:{name}", facts)
        return version

    def reveal(self, work: Work, name: str, environment: str, version: int | None = None) -> Mapping[str, Secret]:
        """Return a credential's fields in clear: for what injects them, never for an answer.

        Args:
            work: Any unit of work.
            name: The credential.
            environment: Its environment.
            version: Which one; the newest by default.

        Raises:
            CredentialUnknown: There is none.
            VaultKeyUnknown: The key file is another one.
            VaultDamaged: A row was changed or moved.
        """
        row = work.one(store.VERSION, name=name, environment=environment, version=version)
        if row is None:
            raise CredentialUnknown(
                f"There is no credential {name!r} for {environment}.",
                fix=f"Put it with: handrail credential set {name} --environment {environment}",
                place="credential",
            )
        number = row["version"]
        place = f"credential:{name}"
        bound_to = _version_bound(name, environment, number)
        data_key = envelope.decrypt(self._key(row["key_id"]), row["wrapped_key"], bound_to, place)
        return {
            found["field"]: Secret(
                envelope.decrypt(
                    data_key,
                    found["sealed"],
                    envelope.bind("field", name, environment, str(number), found["field"]),
                    place,
                ).decode()
            )
            for found in work.all(store.FIELDS, name=name, environment=environment, version=number)
        }

    def listing(self, work: Work) -> list[CredentialInfo]:
        """Return what may be known of every credential, by name."""
        found: dict[tuple[str, str], tuple[Row, list[str]]] = {}
        for row in work.all(store.LISTING):
            found.setdefault((row["name"], row["environment"]), (row, []))[1].append(row["field"])
        return [
            CredentialInfo(
                row["name"],
                row["environment"],
                row["version"],
                tuple(fields),
                row["key_id"],
                row["created_at"],
                row["actor_name"],
            )
            for row, fields in found.values()
        ]

    def seal(self, clear: bytes, context: str) -> str:
        """Seal bytes that another package keeps in a row of its own.

        Args:
            clear: For example a private key.
            context: What it belongs to (`signing-key:<id>`); opening takes the same.
        """
        data_key = envelope.new_data_key()
        key_id = self._keys.active
        wrapped = self._wrap(key_id, data_key, envelope.bind("sealed", context))
        sealed = envelope.encrypt(data_key, clear, envelope.bind("content", context))
        return f"{_FORMAT}.{key_id}.{wrapped}.{sealed}"

    def unseal(self, sealed: str, context: str) -> bytes:
        """Open what `seal` made.

        Raises:
            VaultKeyUnknown: The key file is another one.
            VaultDamaged: It was changed, or belongs to something else.
        """
        parts = _split(sealed, context)
        bound_to = envelope.bind("sealed", context)
        data_key = envelope.decrypt(self._key(parts.key_id), parts.wrapped, bound_to, context)
        return envelope.decrypt(data_key, parts.sealed, envelope.bind("content", context), context)

    def _wrap(self, key_id: str, data_key: bytes, bound_to: bytes) -> str:
        return envelope.encrypt(self._key(key_id), data_key, bound_to)

    def rotate_key(self) -> str:
        """Add a key to the file and seal with it from now on; return its id. `rewrap` does the rest."""
        self._keys = keyfile.add_key(self._path)
        return self._keys.active

    def rewrap(self, work: Work, actor: Actor, sealed_columns: Iterable[SealedColumn] = ()) -> Rewrapped:
        """Wrap every data key with the active key; contents are not touched and nothing is shown.

        Args:
            work: The unit of work.
            actor: Who asked for it.
            sealed_columns: Where other packages keep sealed texts.

        Raises:
            VaultKeyUnknown: Something is sealed with a key that the file does not hold; nothing is changed.
        """
        key_id = self._keys.active
        versions = work.all(store.OTHER_KEYS, key_id=key_id)
        for row in versions:
            name, environment, version = row["name"], row["environment"], row["version"]
            bound_to = _version_bound(name, environment, version)
            data_key = envelope.decrypt(self._key(row["key_id"]), row["wrapped_key"], bound_to, f"credential:{name}")
            work.run(
                store.REWRAP,
                name=name,
                environment=environment,
                version=version,
                key_id=key_id,
                wrapped_key=self._wrap(key_id, data_key, bound_to),
            )
        columns = sum(self._rewrap_column(work, column) for column in sealed_columns)
        done = Rewrapped(key_id, len(versions), columns)
        facts = {"versions": done.versions, "columns": done.columns}
        audit.record(work, actor, "vault.rewrapped", f"vault:{key_id}", facts)
        return done

    def _rewrap_column(self, work: Work, place: SealedColumn) -> int:
        table = sa.table(place.table, sa.column(place.key), sa.column(place.column))
        key, column = table.c[place.key], table.c[place.column]
        changed = 0
        for row in work.connection.execute(sa.select(key, column)).all():
            if not row[1]:
                continue
            named = place.context.replace("{key}", str(row[0]))
            parts = _split(row[1], named)
            if parts.key_id == self._keys.active:
                continue
            bound_to = envelope.bind("sealed", named)
            data_key = envelope.decrypt(self._key(parts.key_id), parts.wrapped, bound_to, named)
            wrapped = self._wrap(self._keys.active, data_key, bound_to)
            text = f"{_FORMAT}.{self._keys.active}.{wrapped}.{parts.sealed}"
            work.connection.execute(sa.update(table).where(key == row[0]).values({column: text}))
            changed += 1
        return changed


def _version_bound(name: str, environment: str, version: int) -> bytes:
    return envelope.bind("version", name, environment, str(version))


def _split(sealed: str, place: str) -> _Sealed:
    parts = sealed.split(".")
    if len(parts) != 4 or parts[0] != _FORMAT:
        raise VaultDamaged("This is nothing that the vault sealed.", place=place)
    return _Sealed(*parts[1:])


def _require_fields(fields: Mapping[str, Secret]) -> None:
    if not fields:
        raise CredentialInvalid("A credential without a value.", fix="Give its fields.", place="fields")
    for field, secret in fields.items():
        size = len(secret.reveal().encode())
        if not 0 < size <= FIELD_BYTES_MAX:
            raise CredentialInvalid(
                f"The field {field!r} has {size} bytes; 1 to {FIELD_BYTES_MAX} are allowed.",
                fix="Give its value.",
                place=f"fields.{field}",
            )
