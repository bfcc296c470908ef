"""What identity refuses. Everything about signing in answers alike, so that it tells nobody which part was wrong."""

from handrail.kernel.errors import Conflict, Forbidden, Invalid, NotFound, TooMany, Unauthenticated


class PersonUnknown(NotFound):
    code = "person_unknown"


class TeamUnknown(NotFound):
    code = "team_unknown"


class NotVisible(NotFound):
    code = "not_found"


class RoleMissing(Forbidden):
    code = "role_missing"


class ScopeMissing(Forbidden):
    code = "scope_missing"


class OwnRoles(Forbidden):
    code = "own_roles"


class LastAdmin(Conflict):
    code = "last_admin"


class PersonNameTaken(Conflict):
    code = "person_name_taken"


class TeamNameTaken(Conflict):
    code = "team_name_taken"


class PersonDisabled(Conflict):
    code = "person_disabled"


class RoleInvalid(Invalid):
    code = "role_invalid"


class RoleNotHeld(NotFound):
    code = "role_not_held"


class PasswordWeak(Invalid):
    code = "password_weak"


class SignInFailed(Unauthenticated):
    code = "sign_in_failed"


class TooManySignIns(TooMany):
    code = "too_many_sign_ins"


class SessionInvalid(Unauthenticated):
    code = "session_invalid"


class SessionUnknown(NotFound):
    code = "session_unknown"


class ReauthenticationNeeded(Forbidden):
    code = "reauthentication_needed"


class ConfirmationFailed(Forbidden):
    code = "confirmation_failed"


class TimeZoneUnknown(Invalid):
    code = "time_zone_unknown"


class ProfileInvalid(Invalid):
    code = "profile_invalid"


class TeamTitleInvalid(Invalid):
    code = "team_title_invalid"


class ApiTokenInvalid(Unauthenticated):
    code = "api_token_invalid"


class ApiTokenUnknown(NotFound):
    code = "api_token_unknown"


class ApiTokenLifetime(Invalid):
    code = "api_token_lifetime"


class ApiTokenScope(Forbidden):
    code = "api_token_scope"


class AdminExists(Conflict):
    code = "admin_exists"


class InvitationInvalid(Unauthenticated):
    code = "invitation_invalid"


class InvitationUnknown(NotFound):
    code = "invitation_unknown"


class LinkUnknown(NotFound):
    code = "link_unknown"
