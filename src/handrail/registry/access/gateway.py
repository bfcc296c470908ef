"""What the hubs must enforce, read in a few set-based queries."""

from handrail.kernel.clock import DAY, HOUR
from handrail.platform.database import Work
from handrail.registry.access import store
from handrail.registry.access.difference import refusal_texts
from handrail.registry.access.model import AllowedKey, EndedKey, key_claim
from handrail.registry.connectors import Environment, connections


def allowed_keys(work: Work, environment: Environment) -> list[AllowedKey]:
    """Return every token key that may pass in an environment, with every operation it may call.

    In production a key is allowed while the digest that runs is approved there; in a sandbox while its own digest is
    (a token there names its candidate). A grant was given for an operation's interface, so it does not hold for another
    one under the same name. Quarantine is not in here: hubs take `quarantined` by a faster way.
    """
    interfaces = {
        (connection.id, operation.name): operation.interface_digest
        for connection in connections(work, environment.name)
        for operation in connection.connector_version.operations
    }
    return [
        AllowedKey(
            row["app_id"],
            key_claim(row["app_id"], environment.name, row["digest"]),
            row["connection_id"],
            row["operation"],
        )
        for row in work.all(store.ALLOWED_KEYS, environment_id=environment.id, now=work.now)
        if interfaces.get((row["connection_id"], row["operation"])) == row["interface_digest"]
    ]


def refusals(work: Work, environment: Environment) -> dict[str, tuple[str, str]]:
    """Return, by app id, each running digest that is not approved in an environment and why, in words."""
    rows = work.all(store.REFUSALS, environment_id=environment.id, now=work.now)
    texts = refusal_texts(work, environment.name, rows)
    return {row["app_id"]: (row["digest"], texts[row["app_id"]]) for row in rows}


def granted_connections(work: Work, environment: Environment) -> dict[str, frozenset[str]]:
    """Return, by app id, the connections it has grants on in an environment, or had until a day ago."""
    found: dict[str, set[str]] = {}
    since = work.now - DAY
    for row in work.all(store.GRANTED_CONNECTIONS, environment_id=environment.id, since=since):
        found.setdefault(row["app_id"], set()).add(row["connection_id"])
    return {app_id: frozenset(ids) for app_id, ids in found.items()}


def ended_keys(work: Work, environment: Environment) -> list[EndedKey]:
    """Return the keys whose approval ended in the last hour: their tokens may still be alive."""
    rows = work.all(store.ENDED_KEYS, environment_id=environment.id, since=work.now - HOUR, now=work.now)
    return [
        EndedKey(
            row["app_id"],
            key_claim(row["app_id"], environment.name, row["digest"]),
            f"The approval of version {row['number']} of {row['name']} in {environment.name} "
            + ("was ended." if row["revoked"] else "has run out."),
        )
        for row in rows
    ]


def apps_using(work: Work, connection_id: str) -> list[str]:
    """Return the names of the apps that have a live grant on a connection."""
    return [str(row["name"]) for row in work.all(store.APPS_USING, connection_id=connection_id, now=work.now)]
