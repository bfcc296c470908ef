"""What the demo refuses."""

from handrail.kernel.errors import Conflict, Invalid, Unavailable


class DemoHomeTaken(Conflict):
    code = "demo_home_taken"


class DemoNotLocal(Invalid):
    code = "demo_not_local"


class DemoPortTaken(Unavailable):
    code = "demo_port_taken"
