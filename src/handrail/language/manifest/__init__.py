"""Manifests: what people declare, read with a place for every mistake."""

from handrail.language.manifest.difference import differences
from handrail.language.manifest.errors import ManifestInvalid, Problem
from handrail.language.manifest.model import (
    API_VERSION,
    DATA_CLASSES,
    IDEMPOTENT_METHODS,
    KINDS,
    LEVELS,
    METHODS,
    TAGS,
    AppManifest,
    Circuit,
    ConnectionManifest,
    ConnectorManifest,
    CredentialRule,
    Limits,
    LimitsOverride,
    Manifest,
    OperationManifest,
    Price,
    Retries,
    UsedConnection,
)
from handrail.language.manifest.nodes import Entry, Fields, Items, Mark, Node, Scalar, plain
from handrail.language.manifest.parse import (
    document_of,
    manifest_of,
    parse_app,
    parse_connection,
    parse_connector,
    parse_manifest,
)
from handrail.language.manifest.paths import PATH_PATTERN, shape, variables
from handrail.language.manifest.reader import read_yaml
from handrail.language.manifest.schema import manifest_schema, reference, schema_text
from handrail.language.manifest.upstream import normal_upstream
from handrail.language.manifest.versions import next_version, version_key

__all__ = [
    "API_VERSION",
    "DATA_CLASSES",
    "IDEMPOTENT_METHODS",
    "KINDS",
    "LEVELS",
    "METHODS",
    "PATH_PATTERN",
    "TAGS",
    "AppManifest",
    "Circuit",
    "ConnectionManifest",
    "ConnectorManifest",
    "CredentialRule",
    "Entry",
    "Fields",
    "Items",
    "Limits",
    "LimitsOverride",
    "Manifest",
    "ManifestInvalid",
    "Mark",
    "Node",
    "OperationManifest",
    "Price",
    "Problem",
    "Retries",
    "Scalar",
    "UsedConnection",
    "differences",
    "document_of",
    "manifest_of",
    "manifest_schema",
    "next_version",
    "normal_upstream",
    "parse_app",
    "parse_connection",
    "parse_connector",
    "parse_manifest",
    "plain",
    "read_yaml",
    "reference",
    "schema_text",
    "shape",
    "variables",
    "version_key",
]
