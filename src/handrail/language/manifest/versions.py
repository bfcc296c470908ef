"""Semantic versions: order and the next one (semver.org 2.0.0)."""

from typing import Final

_NUMBER: Final = "(0|[1-9][0-9]{0,8})"
_PRE: Final = "(0|[1-9][0-9]{0,8}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
SEMVER_PATTERN: Final = rf"^{_NUMBER}\.{_NUMBER}\.{_NUMBER}(-{_PRE}(\.{_PRE})*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$"
VersionKey = tuple[int, int, int, bool, tuple[tuple[bool, int, str], ...]]


def version_key(version: str) -> VersionKey:
    """Return what orders versions: 1.0.0-rc.1 before 1.0.0 before 1.0.1."""
    core, _, pre = version.partition("+")[0].partition("-")
    major, minor, patch = (int(number) for number in core.split("."))
    # Numbers sort before words, and a version without a pre-release after all of its pre-releases.
    words = tuple((not word.isdecimal(), int(word) if word.isdecimal() else 0, word) for word in pre.split(".") if word)
    return major, minor, patch, not pre, words


def next_version(version: str) -> str:
    """Return the smallest version above: the patch number raised, or the pre-release's end."""
    major, minor, patch, is_release, _ = version_key(version)
    return f"{major}.{minor}.{patch + 1 if is_release else patch}"
