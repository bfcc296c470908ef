"""Path templates as strict regular expressions.

What an upstream might read differently from us never matches: encoded dots, slashes, percent signs and letters
(`/users/%61dmin` is `/users/admin` to most servers), path parameters (`..;`), control characters.
"""

import re
from typing import Final

_PARAMETER: Final = re.compile(r"\{[A-Za-z_][A-Za-z0-9_.-]*\}")
# RFC 3986 pchar without `;`, and only those escapes that have no plain spelling.
_ESCAPE: Final = r"%(?:2[0-46-9A-Ca-c]|3[Aac-fC-F]|40|5[BbDdEe]|60|7[B-Db-d]|[89A-Fa-f][0-9A-Fa-f])"
SEGMENT: Final = rf"(?:[A-Za-z0-9\-._~!$&'()*+,=:@]|{_ESCAPE})+"


def regex_of(template: str) -> str:
    """Return the RE2 text that a path of this template matches, without anchors and without the query."""
    parts: list[str] = []
    last = 0
    for found in _PARAMETER.finditer(template):
        parts.extend((re.escape(template[last : found.start()]), SEGMENT))
        last = found.end()
    parts.append(re.escape(template[last:]))
    return "".join(parts)


def precedence(method: str, template: str) -> tuple[tuple[tuple[int, str], ...], str]:
    """Return a sort key that puts literal segments before parameters, so `/users/me` wins over `/users/{id}`."""
    segments = template.split("/")
    return tuple((1 if "{" in segment else 0, segment) for segment in segments), method


def overlap(one: str, other: str) -> bool:
    """Tell whether some path matches both templates (never wrongly no)."""
    ours, theirs = one.split("/"), other.split("/")
    return len(ours) == len(theirs) and all(
        "{" in mine or "{" in yours or mine == yours for mine, yours in zip(ours, theirs, strict=True)
    )
