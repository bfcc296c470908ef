"""Reads flows in Microsoft's workflow definition language: Power Automate and Logic Apps."""

from handrail.language.importers.microsoft.reader import FlowReader, read_flow
from handrail.language.importers.microsoft.source import flow_source, stored_flow
from handrail.language.importers.microsoft.wrapper import (
    LOGIC_APPS,
    PLATFORMS,
    POWER_AUTOMATE,
    Wrapped,
    flows_of,
    platform_of,
)

__all__ = [
    "LOGIC_APPS",
    "PLATFORMS",
    "POWER_AUTOMATE",
    "FlowReader",
    "Wrapped",
    "flow_source",
    "flows_of",
    "platform_of",
    "read_flow",
    "stored_flow",
]
