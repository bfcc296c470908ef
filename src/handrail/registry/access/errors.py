"""What access refuses. Refusals of the token endpoint also carry the word that OAuth clients know."""

from typing import ClassVar

from handrail.kernel.errors import Conflict, Forbidden, HandrailError, Invalid, NotFound, TooMany, Unauthenticated


class ApprovalUnknown(NotFound):
    code = "approval_unknown"


class AlreadyQuarantined(Conflict):
    code = "already_quarantined"


class NotQuarantined(Conflict):
    code = "not_quarantined"


class ReasonMissing(Invalid):
    code = "reason_missing"


class ClientUnknown(NotFound):
    code = "client_unknown"


class ClientLimit(Conflict):
    code = "client_limit"


class PublicKeyInvalid(Invalid):
    code = "public_key_invalid"


class TokenRefusal(HandrailError):
    """The token endpoint says no.

    Attributes:
        oauth_error: The `error` member of RFC 6749 section 5.2.
    """

    code = "token_refused"
    oauth_error: ClassVar[str] = "invalid_request"


class TokenRequestInvalid(TokenRefusal, Invalid):
    code = "token_request_invalid"


class GrantTypeUnsupported(TokenRefusal, Invalid):
    code = "grant_type_unsupported"
    oauth_error = "unsupported_grant_type"


class ScopeUnknown(TokenRefusal, Invalid):
    code = "scope_unknown"
    oauth_error = "invalid_scope"


class ResourceUnknown(TokenRefusal, Invalid):
    code = "resource_unknown"
    oauth_error = "invalid_target"


class ClientRefused(TokenRefusal, Unauthenticated):
    """The client did not prove who it is; says nothing about which part was wrong to those who guess."""

    code = "client_refused"
    oauth_error = "invalid_client"


class AssertionInvalid(TokenRefusal, Unauthenticated):
    """The signed assertion doesn't hold; says why, because only the key's holder gets that far or learns nothing."""

    code = "assertion_invalid"
    oauth_error = "invalid_client"


class AssertionReplayed(TokenRefusal, Unauthenticated):
    code = "assertion_replayed"
    oauth_error = "invalid_client"


class TooManyFailures(TokenRefusal, TooMany):
    code = "too_many_failures"
    oauth_error = "invalid_client"


class CandidateInvalid(TokenRefusal, Invalid):
    code = "candidate_invalid"
    oauth_error = "invalid_grant"


class VersionNotApproved(TokenRefusal, Forbidden):
    code = "version_not_approved"
    oauth_error = "invalid_grant"


class Quarantined(TokenRefusal, Forbidden):
    code = "quarantined"
    oauth_error = "invalid_grant"


class AppEnded(TokenRefusal, Forbidden):
    code = "app_ended"
    oauth_error = "invalid_client"
