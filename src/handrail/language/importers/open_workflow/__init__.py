"""Reads Open Workflow documents (the DSL 1.0 of the Serverless Workflow project), in YAML or JSON."""

from handrail.language.importers.open_workflow.document import PLATFORM, is_workflow, read_document
from handrail.language.importers.open_workflow.reader import WorkflowReader, read_workflow

__all__ = ["PLATFORM", "WorkflowReader", "is_workflow", "read_document", "read_workflow"]
