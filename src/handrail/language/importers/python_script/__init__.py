"""Reads Python scripts by their syntax tree: never imported, never run."""

from handrail.language.importers.python_script.definition import (
    PLATFORM,
    SUFFIXES,
    findings_of,
    graph_of,
    is_script,
    python_definition,
    source_of,
    unresolved_of,
)
from handrail.language.importers.python_script.parse import Script, parse_script

__all__ = [
    "PLATFORM",
    "SUFFIXES",
    "Script",
    "findings_of",
    "graph_of",
    "is_script",
    "parse_script",
    "python_definition",
    "source_of",
    "unresolved_of",
]
