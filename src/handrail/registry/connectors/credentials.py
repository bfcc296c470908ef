"""Credentials as people handle them: set and listed, never read."""

import re
from collections.abc import Mapping
from typing import Final

from handrail.kernel.ids import require_name
from handrail.kernel.secret import Secret
from handrail.platform.database import Work, revisions
from handrail.registry.connectors import store
from handrail.registry.connectors.content import version_of
from handrail.registry.connectors.errors import (
    CredentialElsewhere,
    CredentialMismatch,
    CredentialMissing,
    CredentialValueInvalid,
)
from handrail.registry.connectors.model import (
    CREDENTIAL_FIELDS,
    ConnectorVersion,
    Credential,
    Environment,
)
from handrail.registry.connectors.service import find_environment
from handrail.registry.identity import Caller, Permission, require_everywhere
from handrail.registry.vault import Vault

_FIELD: Final = re.compile(r"[a-z][A-Za-z0-9_]{0,39}")
# They would end a header and begin another one.
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


def set_credential(
    work: Work, vault: Vault, caller: Caller, name: str, environment: str, fields: Mapping[str, Secret]
) -> int:
    """Keep a new version of a credential; hubs use it within seconds. Return its number.

    Args:
        work: The unit of work.
        vault: Keeps it.
        caller: Who asks.
        name: Its readable id; the same name in another environment is another credential.
        environment: The environment's name.
        fields: `token`, `value`, or `username` and `password`: whatever the connectors that use it need.

    Raises:
        RoleMissing: The caller may not set credentials.
        NameInvalid: The name is no readable id.
        EnvironmentUnknown: There is no such environment.
        CredentialValueInvalid: A field is empty, has a control character, or has an odd name.
        CredentialMismatch: A connection uses it already and needs other fields.
    """
    require_everywhere(caller, Permission.CREDENTIAL_WRITE)
    require_name(name)
    held = find_environment(work, environment)
    _require_sound(fields)
    for row in work.all(store.CONNECTIONS, environment=held.name):
        if row["credential"] == name:
            require_fields(name, frozenset(fields), version_of(row))
    version = vault.put(work, caller.actor, name, held.name, fields)
    revisions.bump(work, "hub")
    return version


def credentials(work: Work, vault: Vault, environment: str = "") -> list[Credential]:
    """Return what may be known of every credential, with the connections that use it."""
    uses: dict[tuple[str, str], list[str]] = {}
    for row in work.all(store.CREDENTIAL_USES):
        uses.setdefault((row["credential"], row["environment"]), []).append(row["name"])
    return [
        Credential(
            name=held.name,
            environment=held.environment,
            version=held.version,
            fields=held.fields,
            created_at=held.created_at,
            created_by=held.created_by,
            used_by=tuple(uses.get((held.name, held.environment), ())),
        )
        for held in vault.listing(work)
        if environment in {"", held.environment}
    ]


def require_usable(
    work: Work, vault: Vault, name: str | None, environment: Environment, version: ConnectorVersion
) -> None:
    """Return if a connection of an environment may use a credential for a connector.

    Raises:
        CredentialMissing: The connector needs one, and none is named or set.
        CredentialElsewhere: It is set for another environment only.
        CredentialMismatch: The connector needs none, or other fields.
    """
    kind = version.credential_kind
    if name is None:
        if kind != "none":
            raise CredentialMissing(
                f"{version.connector} needs a credential of the kind {kind}.",
                fix="Add credential: and the name of one.",
                place="spec.credential",
            )
        return
    if kind == "none":
        raise CredentialMismatch(
            f"{version.connector} {version.version} uses no credential.",
            fix="Remove the line credential:.",
            place="spec.credential",
        )
    homes = {held.environment: held for held in credentials(work, vault) if held.name == name}
    wanted = " ".join(f"--field {field}=-" for field in sorted(CREDENTIAL_FIELDS[kind]))
    command = f"handrail credential set {name} --environment {environment.name} {wanted}"
    if environment.name in homes:
        require_fields(name, frozenset(homes[environment.name].fields), version)
    elif homes:
        raise CredentialElsewhere(
            f"The credential {name} belongs to {', '.join(sorted(homes))}, not to {environment.name}.",
            fix=f"Set one for {environment.name}: {command}",
            place="spec.credential",
        )
    else:
        raise CredentialMissing(
            f"There is no credential {name} for {environment.name} yet.",
            fix=f"Set it first: {command}",
            place="spec.credential",
        )


def require_fields(name: str, fields: frozenset[str], version: ConnectorVersion) -> None:
    """Return if a credential's fields are what a connector needs.

    Raises:
        CredentialMismatch: With the fields that it needs.
    """
    needed = CREDENTIAL_FIELDS[version.credential_kind]
    if fields != needed:
        raise CredentialMismatch(
            f"{version.connector} uses credentials of the kind {version.credential_kind}, with"
            f" {' and '.join(sorted(needed))}; {name} has {', '.join(sorted(fields))}.",
            fix=f"Set {' and '.join(sorted(needed))}, and nothing else.",
            place="fields",
        )


def _require_sound(fields: Mapping[str, Secret]) -> None:
    if not fields:
        raise CredentialValueInvalid("A credential has at least one field.", fix="Name one.", place="fields")
    for field, secret in fields.items():
        place = "fields"
        if not _FIELD.fullmatch(field):
            # Somebody may have pasted the secret where its name belongs.
            raise CredentialValueInvalid(
                "That is no name of a field.", fix="Use token, value, username or password.", place=place
            )
        clear = secret.reveal()
        if not clear or _CONTROL.search(clear) or not clear.isascii():
            raise CredentialValueInvalid(
                f"The field {field} is empty, or has a line break or another character that no header may have.",
                fix="Paste the secret alone, without the line's end.",
                place=f"fields.{field}",
            )
        if field == "username" and ":" in clear:
            raise CredentialValueInvalid(
                "A user name for basic authentication cannot have a colon.",
                fix="Check that user name and password were not swapped.",
                place="fields.username",
            )
