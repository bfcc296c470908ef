"""Reads repositories with the `git` program: no hooks, no configuration from outside, bounded in time and size."""

from handrail.platform.git.errors import GitFailed, GitRefused, GitTooLarge, GitUnauthorised
from handrail.platform.git.model import Entry, Limits, Remote
from handrail.platform.git.repository import Repository

__all__ = ["Entry", "GitFailed", "GitRefused", "GitTooLarge", "GitUnauthorised", "Limits", "Remote", "Repository"]
