"""A check that could not run is a finding, never silence."""

from collections.abc import Callable, Iterable

from handrail.kernel.errors import HandrailError
from handrail.runtime.doctor.model import Finding


def guarded(name: str, check: Callable[[], Iterable[Finding]]) -> list[Finding]:
    """Run a check; whatever it raises becomes a finding of its name."""
    try:
        return list(check())
    except HandrailError as error:
        return [Finding(name, "failed", error.message, error.fix)]
    except Exception as error:  # noqa: BLE001 - a doctor who faints helps nobody; the class tells where to look
        return [Finding(name, "failed", f"the check itself failed: {type(error).__name__}", "See the logs of serve.")]
