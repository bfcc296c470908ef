"""Path templates of operations: `/repos/{owner}/{repo}/issues`."""

import re
from collections.abc import Iterator
from itertools import combinations
from typing import Final

_LITERAL: Final = r"(?!\.{1,2}(?:/|$))[A-Za-z0-9._~!$&'()*+,;=:@-]+"
_VARIABLE: Final = r"\{[A-Za-z_][A-Za-z0-9_]*\}"
PATH_PATTERN: Final = rf"^/(?:(?:{_VARIABLE}|{_LITERAL})(?:/(?:{_VARIABLE}|{_LITERAL}))*)?$"
PATH_MAX: Final = 512
_FORBIDDEN: Final = {
    "%": "The gateway compares decoded paths; write the characters themselves.",
    "?": "A query is not part of the path; leave it out.",
    "#": "A fragment is never sent; leave it out.",
    "\\": "Use /.",
}


def explain_path(path: str) -> str:
    """Say what is wrong with a text that is no path template."""
    if not path.startswith("/"):
        return f"The path must begin with /: write /{path[:40]}."
    for character, fix in _FORBIDDEN.items():
        if character in path:
            return f"The path has {character!r} in it. {fix}"
    segments = path[1:].split("/")
    bad = next((segment for segment in segments if not re.fullmatch(f"{_VARIABLE}|{_LITERAL}", segment)), "")
    if segments[-1] == "" and "" not in segments[:-1]:
        said = "The path ends with /: leave that out."
    elif "" in segments:
        said = "The path has // in it; the gateway would fold them into one."
    elif bad in {".", ".."}:
        said = "The path has . or .. as a segment; the gateway would resolve them."
    elif "{" in bad or "}" in bad:
        said = f"A variable must be a whole segment, such as {{id}}; here is {bad[:40]!r}."
    else:
        said = f"The segment {bad[:40]!r} has a character that no path may have."
    return said


def variables(path: str) -> tuple[str, ...]:
    """Return the names of a template's variables, in order."""
    return tuple(segment[1:-1] for segment in path.split("/") if segment.startswith("{"))


def shape(path: str) -> tuple[str, ...]:
    """Return a template's segments with every variable as `{}`: what tells two paths apart."""
    return tuple("{}" if segment.startswith("{") else segment for segment in path[1:].split("/"))


def clashes(operations: list[tuple[str, str]]) -> Iterator[tuple[int, int, str]]:
    """Yield pairs of operations that one request could mean both, with neither more exact than the other.

    `/a/{x}` beside `/a/b` is fine: the one with the literal is more exact, so it wins. `/a/{x}` beside
    `/a/{y}` and `/a/{x}/c` beside `/a/b/{y}` are not.

    Args:
        operations: Method and path template of each.

    Yields:
        Index of the later operation, index of the earlier one, a path that both would take.
    """
    alike: dict[tuple[str, int], list[tuple[int, tuple[str, ...]]]] = {}
    for index, (method, path) in enumerate(operations):
        found = shape(path)
        alike.setdefault((method, len(found)), []).append((index, found))
    for group in alike.values():
        for (first, ours), (second, theirs) in combinations(group, 2):
            pairs = list(zip(ours, theirs, strict=True))
            if any(a != b and "{}" not in {a, b} for a, b in pairs):
                continue
            more_exact = any(b == "{}" != a for a, b in pairs)
            less_exact = any(a == "{}" != b for a, b in pairs)
            if more_exact == less_exact:
                both = "/" + "/".join("x" if a == b == "{}" else b if a == "{}" else a for a, b in pairs)
                yield second, first, both
