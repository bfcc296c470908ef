"""What people say about themselves."""

from functools import cache
from zoneinfo import available_timezones

from handrail.platform.database import Work
from handrail.registry import audit
from handrail.registry.identity import store
from handrail.registry.identity.access import require_unrestricted
from handrail.registry.identity.errors import TimeZoneUnknown
from handrail.registry.identity.model import Caller, Person
from handrail.registry.identity.people import person_by_id, require_display_name


@cache
def _time_zones() -> frozenset[str]:
    # Listing them reads a folder; opening one by a name that somebody sent would read a file of their choice.
    return frozenset(available_timezones())


def require_time_zone(name: str) -> None:
    """Return if this is an IANA time zone, or nothing.

    Raises:
        TimeZoneUnknown: It is not.
    """
    if name and name not in _time_zones():
        raise TimeZoneUnknown(
            f"There is no time zone {name[:60]!r}.",
            fix="Write its IANA name, such as Europe/Berlin.",
            place="timeZone",
        )


def edit_profile(
    work: Work, caller: Caller, *, display_name: str | None = None, time_zone: str | None = None
) -> Person:
    """Change what others read of the caller, and the time zone that their calendar uses.

    Args:
        work: The unit of work.
        caller: Whose profile it is.
        display_name: None for as it is.
        time_zone: An IANA name, empty for none, None for as it is.

    Raises:
        ScopeMissing: The caller uses a restricted API token.
        ProfileInvalid: As `require_display_name`.
        TimeZoneUnknown: There is no such time zone.
    """
    require_unrestricted(caller)
    person = person_by_id(work, caller.person_id)
    name = person.display_name if display_name is None else display_name.strip()
    require_display_name(name)
    zone = person.time_zone if time_zone is None else time_zone
    require_time_zone(zone)
    wanted = {"display_name": name, "time_zone": zone}
    before = {"display_name": person.display_name, "time_zone": person.time_zone}
    if wanted == before:
        return person
    work.run(store.SET_PROFILE, id=person.id, **wanted)
    changed = {field: value for field, value in wanted.items() if value != before[field]}
    audit.record(work, caller.actor, "profile.changed", f"person:{person.id}", changed)
    return person_by_id(work, person.id)
