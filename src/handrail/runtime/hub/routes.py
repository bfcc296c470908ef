"""Declared state to route table: which key may call what, and what everybody else is told."""

from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import urlsplit

from handrail.runtime.hub.model import (
    ConnectionRoutes,
    DeclaredConnection,
    DeclaredOperation,
    DeclaredState,
    Denial,
    OperationRoute,
    RouteTable,
)
from handrail.runtime.hub.path_template import overlap, precedence, regex_of

_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
# These mean that the upstream never saw the call, so even a POST may be sent again.
_UNSEEN: Final = "connect-failure,refused-stream"
_FAILED: Final = "connect-failure,refused-stream,reset,5xx"


def route_table(state: DeclaredState) -> RouteTable:
    """Plan the gateway. Pure: the same state gives the same table."""
    return RouteTable(
        hub_url=state.hub_url,
        connections=tuple(
            _connection(state, connection) for connection in sorted(state.connections, key=lambda item: item.name)
        ),
    )


def _operation(
    connection: DeclaredConnection, operation: DeclaredOperation, later: Sequence[DeclaredOperation]
) -> OperationRoute:
    price = "" if operation.price_micros is None else str(operation.price_micros)
    repeatable = operation.idempotent or operation.method in _SAFE_METHODS
    statuses = connection.retry_statuses if repeatable else ()
    return OperationRoute(
        method=operation.method,
        regex=regex_of(operation.path),
        keys=tuple(sorted(operation.keys)),
        log_name=f"{connection.name}/{operation.name}/{price}/{operation.currency}",
        timeout_ms=connection.timeout_ms,
        retries=connection.retries,
        retry_on=(_FAILED if repeatable else _UNSEEN) + (",retriable-status-codes" if statuses else ""),
        retry_statuses=statuses,
        shadows=any(other.method == operation.method and overlap(operation.path, other.path) for other in later),
    )


def _denials(found: Iterable[tuple[str, str, str]]) -> tuple[tuple[str, Denial], ...]:
    return tuple(sorted((name, Denial(403, "version_not_approved", text, fix)) for name, text, fix in found))


def _connection(state: DeclaredState, connection: DeclaredConnection) -> ConnectionRoutes:
    upstream = urlsplit(connection.upstream)
    operations = sorted(connection.operations, key=lambda operation: precedence(operation.method, operation.path))
    foreign = tuple(
        (
            environment,
            Denial(
                403,
                "environment_mismatch",
                f"This token is for {environment}; connection {connection.name} belongs to {connection.environment}.",
                f"Ask the token service for a token of {connection.environment}.",
            ),
        )
        for environment in sorted(state.environments)
        if environment != connection.environment
    )
    return ConnectionRoutes(
        connection=connection.name,
        cluster=connection.name,
        authority=upstream.netloc,
        origin=f"{upstream.scheme}://{upstream.netloc}",
        base_path=upstream.path.rstrip("/"),
        operations=tuple(
            _operation(connection, operation, operations[index + 1 :]) for index, operation in enumerate(operations)
        ),
        foreign=foreign,
        refused=_denials(
            (refusal.app_id, refusal.text, refusal.fix)
            for refusal in state.refusals
            if refusal.environment == connection.environment and connection.name in refusal.connections
        ),
        ended=_denials(
            (ended.key, ended.text, ended.fix) for ended in state.ended if connection.name in ended.connections
        ),
        otherwise=Denial(
            403,
            "grant_missing",
            f"No approval lets this version make this call on connection {connection.name}.",
            "Name the operation in the app's manifest, upload that version and ask for its review; "
            f"handrail connection show {connection.name} lists what is offered.",
        ),
        limited=connection.calls_per_minute is not None,
        rewrite_links=connection.rewrite_links,
    )
