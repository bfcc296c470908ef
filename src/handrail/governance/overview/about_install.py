"""Needs of the install: hubs, people and credentials."""

from collections.abc import Iterator

from handrail.governance.overview import store
from handrail.governance.overview.model import Need
from handrail.governance.overview.viewer import Viewer
from handrail.platform.database import Work
from handrail.registry.identity import Permission, who_may
from handrail.runtime.hub import hubs, live_hubs

_PROBLEMS_TOLD = 3


def install_needs(work: Work, viewer: Viewer, count: int) -> Iterator[Need]:
    """Return what is to be done about the install, for those who may."""
    caller = viewer.caller
    if caller.teams(Permission.HUB_READ) is None:
        yield from _hubs(work, viewer)
    if not viewer.admin:
        return
    if caller.teams(Permission.PEOPLE_WRITE) is None:
        yield from _second_person(work)
    if caller.teams(Permission.CREDENTIAL_WRITE) is None:
        for row in work.all(store.CREDENTIAL_MISSING, count=count):
            yield Need(
                "credential_missing",
                row["at"],
                environment=row["environment"],
                person=row["person"],
                reason=f"{row['connection']} names the credential {row['credential']}, which is not set in"
                f" {row['environment']}: its calls are refused.",
                details={"connection": row["connection"], "credential": row["credential"]},
            )


def _hubs(work: Work, viewer: Viewer) -> Iterator[Need]:
    live = {hub.id for hub in live_hubs(work)}
    known = hubs(work, viewer.caller)
    if not known:
        reason = "No hub is enrolled, so nothing that is approved can be called."
        yield Need("hub_problem", work.now, reason=reason, details={"hub": "", "silent": True, "problems": []})
    for hub in known:
        silent = hub.id not in live
        if not silent and not hub.problems:
            continue
        if silent:
            words = "was never heard of" if hub.seen_at is None else "has not been heard of for a minute"
            reason = f"Hub {hub.name} {words}."
        else:
            reason = hub.problems[0]
        yield Need(
            "hub_problem",
            hub.seen_at or hub.created_at,
            reason=reason,
            details={"hub": hub.name, "silent": silent, "problems": list(hub.problems[:_PROBLEMS_TOLD])},
        )


def _second_person(work: Work) -> Iterator[Need]:
    able = {person.id: person for person, _ in who_may(work, Permission.VERSION_REVIEW)}
    if len(able) > 1:
        return
    only = next(iter(able.values()), None)
    yield Need(
        "second_person",
        only.created_at if only else work.now,
        person=only.name if only else "",
        reason=f"Only {only.name} could approve, and nobody approves their own change."
        if only
        else "Nobody could approve anything.",
        details={"roles": ["reviewer"]},
    )
