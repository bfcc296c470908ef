"""What stops when an app is held or retired."""

from collections import defaultdict

from handrail.governance.overview import store
from handrail.governance.overview.model import Impact, Reach
from handrail.kernel.clock import DAY
from handrail.platform.database import Work
from handrail.registry import access, catalog
from handrail.registry.identity import Caller, Permission
from handrail.runtime import signals


def impact(work: Work, caller: Caller, name: str) -> Impact:
    """Return what an app reaches now; its calls only for who may read calls.

    Raises:
        AppUnknown: If the caller may not see such an app.
    """
    app = catalog.find_app(work, caller, name)
    granted: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in work.all(store.GRANTED, app_id=app.id, now=work.now):
        granted[row["connection"], row["environment"]].append(row["operation"])
    clients = sum(client.revoked_at is None for client in access.clients(work, caller, app.name))
    known = caller.may(Permission.SIGNAL_READ, app.team_id)
    report = signals.calls(work, app.id, work.now - DAY, work.now) if known else None
    # Where no hub has ever reported, nobody knows of any call: that is not zero.
    measured = report is not None and report.as_of is not None
    calls: dict[tuple[str, str], int] = defaultdict(int)
    for found in report.operations if report else ():
        calls[found.connection, found.environment] += found.calls
    return Impact(
        calls_24h=sum(calls.values()) if measured else None,
        connections=tuple(
            Reach(connection, environment, tuple(operations), calls[connection, environment] if measured else None)
            for (connection, environment), operations in granted.items()
        ),
        clients=clients,
        last_call_at=signals.last_call(work, app.id) if measured else None,
        as_of=report.as_of if report else None,
    )
