"""What keeps a set of processes from running."""

from handrail.kernel.errors import Invalid, Unavailable


class ChildFailed(Unavailable):
    code = "child_failed"


class ChildrenCircular(Invalid):
    code = "children_circular"
