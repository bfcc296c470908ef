"""Where a page ended: the sort key of its last app, so that apps that come or go move nothing."""

import base64
import json
from typing import Any, Final

from handrail.kernel.ids import is_name
from handrail.registry.catalog.search.errors import CursorInvalid
from handrail.registry.catalog.search.model import Sort

_CURSOR_MAX: Final = 400
_NUMBER_MAX: Final = 2**62


def write_cursor(sort: Sort, number: int, name: str) -> str:
    """Return the cursor behind an app."""
    return base64.urlsafe_b64encode(json.dumps([sort.value, number, name]).encode()).decode().rstrip("=")


def read_cursor(cursor: str, sort: Sort) -> tuple[int, str]:
    """Return the number and the name that the next page comes after.

    Raises:
        CursorInvalid: If it is none, or one of another order.
    """
    found: Any = None
    if len(cursor) <= _CURSOR_MAX and cursor.isascii():
        try:
            found = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        except (ValueError, RecursionError):
            found = None
    match found:
        case [str(order), int(number), str(name)] if abs(number) < _NUMBER_MAX and is_name(name):
            if order == sort.value:
                return number, name
            raise CursorInvalid(
                f"The cursor is of the order {order[:20]!r}, not of {sort.value!r}.",
                fix="Begin again without a cursor.",
                place="cursor",
            )
    raise CursorInvalid(
        "The cursor cannot be read.", fix="Send back exactly what `next` held, or begin without one.", place="cursor"
    )
