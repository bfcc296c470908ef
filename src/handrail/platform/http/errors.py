"""What a guarded call refuses."""

from handrail.kernel.errors import Invalid, Unavailable


class AddressForbidden(Invalid):
    code = "address_forbidden"


class AnswerTooLarge(Unavailable):
    code = "answer_too_large"


class HostUnresolved(Unavailable):
    code = "host_unresolved"
