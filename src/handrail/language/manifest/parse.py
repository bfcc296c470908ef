"""Texts become manifests, and manifests become documents."""

from typing import Any, TypeVar, cast

from handrail.language.manifest.declare import (
    Field,
    Group,
    build,
    fields_of,
    read_fields,
    schema_of,
    write_fields,
)
from handrail.language.manifest.errors import Findings, ManifestInvalid, Problem
from handrail.language.manifest.kinds import REFUSED, Choice, mistyped
from handrail.language.manifest.model import (
    API_VERSION,
    KINDS,
    AppManifest,
    ConnectionManifest,
    ConnectorManifest,
    Manifest,
)
from handrail.language.manifest.nodes import Fields, Node, Scalar, tree
from handrail.language.manifest.reader import scan

M = TypeVar("M", AppManifest, ConnectorManifest, ConnectionManifest)


def parse_app(text: str, file: str = "app.yaml") -> AppManifest:
    """Read an app's manifest.

    Args:
        text: YAML 1.2 or JSON.
        file: The name that places in errors begin with.

    Raises:
        ManifestInvalid: With every problem found in it.
    """
    return _parse(AppManifest, text, file)


def parse_connector(text: str, file: str = "connector.yaml") -> ConnectorManifest:
    """Read a connector's manifest; as `parse_app`."""
    return _parse(ConnectorManifest, text, file)


def parse_connection(text: str, file: str = "connection.yaml") -> ConnectionManifest:
    """Read a connection's manifest; as `parse_app`."""
    return _parse(ConnectionManifest, text, file)


def parse_manifest(text: str, file: str = "manifest.yaml") -> Manifest:
    """Read a manifest of any kind; as `parse_app`."""
    findings = Findings(file)
    node = scan(text, findings)
    kind = node.get("kind") if isinstance(node, Fields) else None
    word = kind.text if isinstance(kind, Scalar) else ""
    made: Manifest = _read(KINDS.get(word), node, findings)
    return made


def manifest_of(cls: type[M], document: dict[str, Any], file: str = "stored") -> M:
    """Return the manifest that a document (as `document_of` writes it) stands for.

    Raises:
        ManifestInvalid: As `parse_app`.
    """
    return cast("M", _read(cls, tree(document), Findings(file)))


def document_of(manifest: Manifest) -> dict[str, Any]:
    """Return a manifest as JSON with every default filled in; reading it gives the same manifest."""
    cls = type(manifest)
    return {
        "apiVersion": API_VERSION,
        "kind": _word(cls),
        "metadata": write_fields(_group(cls, in_metadata=True).fields, manifest),
        "spec": write_fields(_group(cls, in_metadata=False).fields, manifest),
    }


def envelope_schema(cls: type[object]) -> dict[str, Any]:
    """Return the JSON Schema of a whole manifest, without its heading."""
    return schema_of(_envelope(cls))


def _parse(cls: type[M], text: str, file: str) -> M:
    findings = Findings(file)
    return cast("M", _read(cls, scan(text, findings), findings))


def _read(cls: type[object] | None, node: Node | None, findings: Findings) -> Any:
    made: Any = REFUSED
    if isinstance(node, Fields):
        kinds = Choice(tuple(KINDS) if cls is None else (_word(cls),))
        kind = node.get("kind")
        # A manifest of another kind would be one long list of unknown fields.
        if kind is not None and kinds.read(kind, findings, "/kind") is REFUSED:
            findings.raise_if_any()
        made = _read_envelope(cls or AppManifest, node, findings)
    elif node is not None:
        mistyped(node, findings, "", "a set of fields", "Begin with apiVersion, kind, metadata and spec.")
    findings.raise_if_any()
    if made is REFUSED:  # unreachable: what is refused has a problem
        raise ManifestInvalid([Problem(f"{findings.file}:1:1", "", "yaml_invalid", "It cannot be read.")])
    return made


def _read_envelope(cls: type[object], node: Fields, findings: Findings) -> Any:
    values = read_fields(_envelope(cls), node, findings, "")
    if values is None:
        return REFUSED
    roots = {f"/{name}": part for name in ("metadata", "spec") if (part := node.get(name)) is not None}
    return build(cls, {**values["metadata"], **values["spec"]}, roots, findings)


def _word(cls: type[object]) -> str:
    return next(word for word, known in KINDS.items() if known is cls)


def _group(cls: type[object], *, in_metadata: bool) -> Group:
    return Group(tuple(field for field in fields_of(cls) if field.in_metadata == in_metadata))


def _envelope(cls: type[object]) -> tuple[Field, ...]:
    def field(name: str, attribute: str, kind: Any, about: str) -> Field:
        return Field(attribute, name, kind, about, required=True, default=None, in_metadata=False)

    return (
        field("apiVersion", "api_version", Choice((API_VERSION,)), "The version of this format."),
        field("kind", "kind", Choice((_word(cls),)), "What this document declares."),
        field("metadata", "metadata", _group(cls, in_metadata=True), "What identifies it."),
        field("spec", "spec", _group(cls, in_metadata=False), "What is declared."),
    )
