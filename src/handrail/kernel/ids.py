"""Identifiers: UUIDv7 underneath, readable names where people meet them."""

import re
from typing import Final

import uuid_utils

from handrail.kernel.errors import Invalid

NAME_PATTERN: Final = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
NAME_MAX: Final = 63
_NAME: Final = re.compile(NAME_PATTERN)
_JOINABLE: Final = re.compile(r"[^a-z0-9]+")


class NameInvalid(Invalid):
    code = "name_invalid"


def new_id() -> str:
    """Return a new UUIDv7 in its 36-character form (sorts by time of birth)."""
    return str(uuid_utils.uuid7())


def is_name(text: str) -> bool:
    """Tell whether `text` is a readable id such as `invoice-approver`."""
    return len(text) <= NAME_MAX and _NAME.fullmatch(text) is not None


def require_name(text: str, place: str = "name") -> str:
    """Return `text` unchanged if it is a readable id.

    Raises:
        NameInvalid: With a name that would pass.
    """
    if is_name(text):
        return text
    raise NameInvalid(
        f"{text!r} cannot be a name: use lower-case letters, digits and single hyphens, at most {NAME_MAX}.",
        fix=f"Use {suggest_name(text)!r}.",
        place=place,
    )


def suggest_name(text: str) -> str:
    """Return the readable id nearest to any text, for example a flow's title."""
    joined = _JOINABLE.sub("-", text.lower()).strip("-")[:NAME_MAX].strip("-")
    if not joined:
        return "app"
    return joined if joined[0].isalpha() else f"app-{joined}"[:NAME_MAX].strip("-")
