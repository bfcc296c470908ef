"""JSON bodies as everybody reads them: no key twice, no text that no database keeps, nothing too deep."""

import json
import re
from typing import Any, Final

import orjson

_NUL: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class _Doubled(Exception):
    """A key that stands twice in one object."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        raise _Doubled(next(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value] # add is what remembers
    return found


def fault_of(body: bytes) -> str:
    """Say what is wrong with a JSON body, without repeating its values; empty when nothing is.

    Two readers of a text with a key twice see two things, and a lone surrogate or a NUL fails where it is stored.
    """
    try:
        # Strict: refuses lone surrogates, NaN and what is deeper than 1,024 levels.
        orjson.loads(body)
        json.loads(body, object_pairs_hook=_object)
    except _Doubled as doubled:
        return f"The key {str(doubled)[:60]!r} stands twice in one object."
    except orjson.JSONDecodeError as error:
        return f"The body is no JSON: {error.msg} (line {error.lineno}, column {error.colno})."
    except (ValueError, RecursionError):
        return "The body is no JSON that can be read: a number is too long, or it is nested too deeply."
    return "The body holds a NUL." if _NUL.search(body) else ""
