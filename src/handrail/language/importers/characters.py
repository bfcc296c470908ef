"""Characters that a file may spell and no program can store: halves of a pair."""

import re
from typing import Any, Final

_HALF: Final = re.compile(r"[\ud800-\udfff]")


def whole(text: str) -> str:
    """Return text with U+FFFD for each half of a character (a lone surrogate, as cut-off emojis leave behind)."""
    return _HALF.sub("\ufffd", text)


def whole_values(value: Any) -> Any:
    """Return a JSON value with whole characters only, in keys too.

    Raises:
        ValueError: If two keys of an object become the same.
    """
    if isinstance(value, str):
        return whole(value)
    if isinstance(value, list):
        return [whole_values(each) for each in value]
    if isinstance(value, dict):
        result = {whole(key) if isinstance(key, str) else key: whole_values(each) for key, each in value.items()}
        if len(result) != len(value):
            raise ValueError
        return result
    return value
