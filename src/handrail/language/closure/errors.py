"""What a closure cannot be taken over."""

from handrail.kernel.errors import Invalid


class ClosureAmbiguous(Invalid):
    """Two different things are given under one reference."""

    code = "closure_ambiguous"


class ClosureInvalid(Invalid):
    """A stored closure has another form than this code reads."""

    code = "closure_invalid"
