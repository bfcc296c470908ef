"""When the hub first let a call through: what a new install still lacks."""

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import BindParameter, String, bindparam, text

from handrail.kernel.clock import HOUR, MINUTE
from handrail.platform.database import Work

_ENVIRONMENTS: Final[BindParameter[Any]] = bindparam("environments", expanding=True, type_=String)
# What the hub refused or held back reached nobody.
_MINUTE: Final = text("""
    SELECT r.minute FROM rollup_minute r JOIN signal_series s ON s.id = r.series_id
    WHERE r.calls > r.refused + r.limited AND s.environment IN :environments
    ORDER BY r.minute LIMIT 1
""").bindparams(_ENVIRONMENTS)
_HOUR: Final = text("""
    SELECT r.hour FROM rollup_hour r JOIN signal_series s ON s.id = r.series_id
    WHERE r.calls > r.refused + r.limited AND s.environment IN :environments
    ORDER BY r.hour LIMIT 1
""").bindparams(_ENVIRONMENTS)


def first_call_at(work: Work, environments: Collection[str]) -> int | None:
    """Return when a call first got through in one of these environments (right to the minute, later to the hour)."""
    names = sorted(environments)
    hour, minute = (work.scalar(statement, environments=names) for statement in (_HOUR, _MINUTE))
    found = [] if hour is None else [hour * HOUR]
    if minute is not None and (hour is None or minute * MINUTE < (hour + 1) * HOUR):
        # The same calls, known more exactly while the minutes are kept.
        found = [minute * MINUTE]
    return found[0] if found else None
