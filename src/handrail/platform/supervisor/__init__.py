"""Keeps the processes of one machine running: starts them in order, restarts, logs, and ends them cleanly."""

from handrail.platform.supervisor.errors import ChildFailed, ChildrenCircular
from handrail.platform.supervisor.model import Child, Progress, State
from handrail.platform.supervisor.service import Supervisor
from handrail.platform.supervisor.signals import stop_on_signals

__all__ = ["Child", "ChildFailed", "ChildrenCircular", "Progress", "State", "Supervisor", "stop_on_signals"]
