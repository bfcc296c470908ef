"""How a protobuf message is named inside JSON."""

from typing import Any, Final

Json = dict[str, Any]
_PREFIX: Final = "type.googleapis.com/"


def message(kind: str, /, **fields: Any) -> Json:
    """Return an `Any` of the given message type."""
    return {"@type": _PREFIX + kind, **fields}


def extension(called: str, kind: str, /, **fields: Any) -> Json:
    """Return a named extension with its configuration."""
    return {"name": called, "typed_config": message(kind, **fields)}


def discovery(resources: list[Json]) -> Json:
    """Return a discovery response, the content of one file that Envoy watches; the hub's agent adds its version."""
    return {"resources": resources}


def from_file(name: str) -> Json:
    """Return the config source of a file beside the others; the hub's agent fills in the folder."""
    return {
        "path_config_source": {"path": f"@XDS@/{name}"},
        "resource_api_version": "V3",
    }


def header_input(name: str) -> Json:
    """Return the matcher input that reads one request header."""
    return extension("header", "envoy.type.matcher.v3.HttpRequestHeaderMatchInput", header_name=name)
