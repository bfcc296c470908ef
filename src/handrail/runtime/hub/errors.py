"""What can go wrong between hubs and the control plane."""

from handrail.kernel.errors import Conflict, Invalid, NotFound, Unauthenticated


class HubTokenInvalid(Unauthenticated):
    code = "hub_token_invalid"


class HubUnknown(NotFound):
    code = "hub_unknown"


class HubExists(Conflict):
    code = "hub_exists"


class HubKeyInvalid(Invalid):
    code = "hub_key_invalid"


class HubKeyFixed(Conflict):
    code = "hub_key_fixed"


class HubNotEnrolled(Conflict):
    code = "hub_without_key"
