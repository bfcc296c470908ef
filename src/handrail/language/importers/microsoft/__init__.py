"""Reads flows in Microsoft's workflow definition language: Power Automate and Logic Apps."""

from handrail.language.importers.microsoft.reader import FlowReader, read_flow
from handrail.language.importers.microsoft.source import flow_source
from handrail.language.importers.microsoft.wrapper import Wrapped, flows_of, platform_of

__all__ = ["FlowReader", "Wrapped", "flow_source", "flows_of", "platform_of", "read_flow"]
