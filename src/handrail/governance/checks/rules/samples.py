"""Sample data that travels with a flow."""

import re
from collections.abc import Iterator
from typing import Final

from handrail.governance.checks.json_patch import resolve
from handrail.governance.checks.look import Look, texts
from handrail.governance.checks.model import Finding

_MAIL: Final = re.compile(r"[\w.+-]{1,64}@([\w-]{1,63}(?:\.[\w-]{1,63}){1,4})")
_RESERVED: Final = re.compile(
    r"(?:^|\.)(?:example|test|invalid|localhost)(?:\.\w+)?$|^(?:email|domain|mail)\.com$", re.IGNORECASE
)
_PHONE: Final = re.compile(r"(?<![\w/.-])\+\d[\d ()-]{7,16}\d(?![\w/-])")
_TEXTS_MAX: Final = 20_000


def find(look: Look) -> Iterator[Finding]:
    """Yield each step whose pinned data names people; the values themselves are never shown."""
    if look.platform != "n8n":
        return
    base = f"{look.definition.pointer}/pinData"
    pinned = resolve(look.definition.document, base, None)
    if not isinstance(pinned, dict):
        return
    for key, held in pinned.items():
        at = f"{base}/{key.replace('~', '~0').replace('/', '~1')}"
        kinds = set()
        for number, (_, text) in enumerate(texts(held)):
            if number > _TEXTS_MAX:
                break
            if any(not _RESERVED.search(each[1]) for each in _MAIL.finditer(text)):
                kinds.add("mail addresses")
            if _PHONE.search(text):
                kinds.add("phone numbers")
        if kinds:
            step = look.any_step(key)
            yield look.finding(
                "sample-data",
                f"The sample data pinned to {key!r} holds {' and '.join(sorted(kinds))}.",
                step,
                pointer=at,
                why="Pinned data is exported with the flow, so it goes wherever the file goes.",
                evidence={"kinds": sorted(kinds)},
            )
