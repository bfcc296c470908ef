"""Keeps the processes of one machine running: starts them in order, restarts, logs, and ends them cleanly."""

from handrail.platform.supervisor.errors import ChildFailed, ChildrenCircular
from handrail.platform.supervisor.model import Child, Progress, State
from handrail.platform.supervisor.service import Supervisor

__all__ = ["Child", "ChildFailed", "ChildrenCircular", "Progress", "State", "Supervisor"]
