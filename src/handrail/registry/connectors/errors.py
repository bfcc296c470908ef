"""What connectors, connections and credentials refuse."""

from handrail.kernel.errors import Conflict, Invalid, NotFound, Precondition


class EnvironmentUnknown(NotFound):
    code = "environment_unknown"


class ConnectorUnknown(NotFound):
    code = "connector_unknown"


class ConnectorVersionUnknown(NotFound):
    code = "connector_version_unknown"


class ConnectorVersionTaken(Conflict):
    code = "connector_version_taken"


class ConnectionUnknown(NotFound):
    code = "connection_unknown"


class ConnectionChanged(Precondition):
    code = "changed_meanwhile"


class ConnectionFixed(Conflict):
    code = "connection_fixed"


class ConnectionRemoved(Conflict):
    code = "connection_removed"


class ConnectionInUse(Conflict):
    code = "connection_in_use"


class CredentialElsewhere(Invalid):
    code = "credential_elsewhere"


class CredentialMissing(Invalid):
    code = "credential_missing"


class CredentialMismatch(Invalid):
    code = "credential_mismatch"


class CredentialValueInvalid(Invalid):
    code = "credential_value_invalid"
