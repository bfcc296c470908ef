"""Secrets written into a flow become placeholders before anything else sees it.

Known fields first (`password`, an `Authorization` header, a platform's credential block), then shapes that are
secrets wherever they stand (`xoxb-...`, a private key). A placeholder names the kind only, so changing a secret keeps
the digest. The list is part of the source form that a closure's prefix names: extending it is a new form, because
it would change digests. Expressions (`{{ $json.token }}`) and obvious gaps (`YOUR_API_KEY`) are no secrets and stay.
"""

import re
from dataclasses import dataclass
from typing import Any, Final

from handrail.language.importers.secret_shapes import SHAPES

_FIELDS: Final = {
    "password": "password",
    "passwd": "password",
    "pwd": "password",
    "passphrase": "password",
    "pass": "password",
    "secret": "secret",
    "clientsecret": "secret",
    "secretkey": "secret",
    "secretaccesskey": "secret",
    "sharedsecret": "secret",
    "signingsecret": "secret",
    "webhooksecret": "secret",
    "apikey": "api-key",
    "xapikey": "api-key",
    "apitoken": "api-key",
    "apisecret": "api-key",
    "appkey": "api-key",
    "subscriptionkey": "api-key",
    "ocpapimsubscriptionkey": "api-key",
    "token": "token",
    "accesstoken": "token",
    "authtoken": "token",
    "xauthtoken": "token",
    "bearertoken": "token",
    "refreshtoken": "token",
    "idtoken": "token",
    "bottoken": "token",
    "privatetoken": "token",
    "privatekey": "private-key",
    "authorization": "authorization",
    "proxyauthorization": "authorization",
    "cookie": "cookie",
    "connectionstring": "connection-string",
    "sharedaccesskey": "access-key",
    "accountkey": "access-key",
    "pfx": "certificate",
}
# (where the name stands, where its value stands): n8n's header and assignment lists, Node-RED's headers, rules and env
_PAIRS: Final = (
    ("name", "value"),
    ("name", "stringValue"),
    ("name", "fieldValue"),
    ("key", "value"),
    ("keyType", "valueValue"),
    ("keyValue", "valueValue"),
    ("p", "to"),
    ("h", "v"),
)
# siblings that say "the value is a reference", as in Node-RED's typed inputs: {"tot": "msg", "to": "payload.token"}
_REFERENCES: Final = frozenset({"msg", "flow", "global", "env", "jsonata", "node", "expression"})
_NOT_LETTERS: Final = re.compile(r"[^a-z0-9]+")
_GAP: Final = re.compile(
    r"<[^<>]*>|\[secret: [a-z-]+\]|[xX*.•_-]*|.*(?:YOUR|INSERT|REPLACE|_HERE|PLACEHOLDER).*"
    r"|(?i:your|enter your|enter the|insert|replace|put your)[ _-].*",
    re.DOTALL,
)
_EXPRESSION: Final = re.compile(r"\{\{|\$\{|\$\(|<%|\{%")
_SCHEME: Final = re.compile(r"(=?\s*(?:bearer|basic|token|bot|apikey|api-key|digest)\s+)\S", re.IGNORECASE)
_BARE: Final = re.compile(r"=?\s*(?:(?:bearer|basic|token|bot|apikey|api-key|digest)(?:\s+|$))?", re.IGNORECASE)
_SHORTEST: Final = 8


@dataclass(frozen=True, slots=True)
class Found:
    """A secret that was replaced: its kind and where it stood, never its value."""

    kind: str
    pointer: str


def redact(value: Any, platform: str) -> tuple[Any, tuple[Found, ...]]:
    """Return a JSON value without its secrets, and where they were."""
    found: list[Found] = []
    return _Walk(platform, found).value(value, ""), tuple(found)


def redact_text(text: str) -> str:
    """Return text with every secret of a known shape replaced."""
    return _without_shapes(text)[0]


def placeholder(kind: str) -> str:
    """Return what stands in place of a secret."""
    return f"[secret: {kind}]"


def pointer_segment(key: str) -> str:
    """Return a key as it stands in a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def _without_shapes(text: str) -> tuple[str, str | None]:
    """Return text without secrets, and the kind of the first that was found."""
    if len(text) < _SHORTEST:
        return text, None
    lowered = text.lower()
    first = None
    for shape in SHAPES:
        if any(mark in lowered for mark in shape.marks):
            clean = shape.pattern.sub(shape.replacement, text)
            first = first or (shape.kind if clean != text else None)
            text = clean
    return text, first


class _Walk:
    def __init__(self, platform: str, found: list[Found]) -> None:
        self._platform = platform
        self._found = found

    def value(self, value: Any, pointer: str) -> Any:
        if isinstance(value, str):
            return self._text(value, pointer)
        if isinstance(value, list):
            return [self.value(each, f"{pointer}/{index}") for index, each in enumerate(value)]
        if isinstance(value, dict):
            return self._object(value, pointer)
        return value

    def _text(self, text: str, pointer: str) -> str:
        clean, kind = _without_shapes(text)
        if kind:
            self._found.append(Found(kind, pointer))
        return clean

    def _object(self, value: dict[str, Any], pointer: str) -> dict[str, Any]:
        result: dict[str, Any] = {}
        paired = _paired_secrets(value)
        for key, each in value.items():
            clean_key = redact_text(key)
            while clean_key in result:
                clean_key += "'"
            at = f"{pointer}/{pointer_segment(clean_key)}"
            kind = paired.get(key) or field_kind(key)
            if key == "credentials" and isinstance(each, dict):
                result[clean_key] = self._credentials(each, at)
            elif kind and not _is_reference(value, key) and not isinstance(each, (dict, list, bool)):
                result[clean_key] = self._field(kind, each, at)
            elif kind and isinstance(each, dict) and set(each) == {"$number"}:
                result[clean_key] = self._field(kind, each["$number"], at)
            else:
                result[clean_key] = self.value(each, at)
        return result

    def _field(self, kind: str, value: Any, pointer: str) -> Any:
        if value is None or (isinstance(value, str) and not _is_literal(value)):
            return self.value(value, pointer)
        self._found.append(Found(kind, pointer))
        scheme = _SCHEME.match(value) if isinstance(value, str) else None
        return (scheme[1] if scheme else "") + placeholder(kind)

    def _credentials(self, value: dict[str, Any], pointer: str) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, each in value.items():
            at = f"{pointer}/{pointer_segment(key)}"
            if self._platform == "n8n" and isinstance(each, dict):
                result[key] = {
                    name: self._everything(held, f"{at}/{pointer_segment(name)}")
                    if name not in {"id", "name"}
                    else self.value(held, f"{at}/{name}")
                    for name, held in each.items()
                }
            elif self._platform == "n8n":
                result[key] = self.value(each, at)
            else:
                result[key] = self._everything(each, at)
        return result

    def _everything(self, value: Any, pointer: str) -> Any:
        if isinstance(value, dict) and set(value) != {"$number"}:
            return {
                redact_text(key): self._everything(each, f"{pointer}/{pointer_segment(key)}")
                for key, each in value.items()
            }
        if isinstance(value, list):
            return [self._everything(each, f"{pointer}/{index}") for index, each in enumerate(value)]
        if value is None or isinstance(value, bool):
            return value
        self._found.append(Found("credentials", pointer))
        return placeholder("credentials")


def field_kind(name: str) -> str | None:
    """Return the kind of secret that a field of this name holds, if it does."""
    return _FIELDS.get(_NOT_LETTERS.sub("", name.lower())) if len(name) <= 40 else None


def _paired_secrets(value: dict[str, Any]) -> dict[str, str]:
    result: dict[str, str] = {}
    for name_key, value_key in _PAIRS:
        name = value.get(name_key)
        if isinstance(name, str) and value_key in value:
            kind = field_kind(_last_part(name))
            if kind:
                result[value_key] = kind
    if value.get("type") == "cred" and "value" in value:
        result["value"] = "credentials"
    return result


def _last_part(path: str) -> str:
    return re.split(r"[.\[]", path.rstrip("]'\""))[-1].strip("'\"")


def _is_reference(holder: dict[str, Any], key: str) -> bool:
    """Tell whether a sibling says that this field names a value instead of holding it."""
    said = {"to": "tot", "value": "type", "valueValue": "valueType"}.get(key, f"{key}Type")
    return any(isinstance(held, str) and held in _REFERENCES for held in (holder.get(said), holder.get(f"{key}Type")))


def _is_literal(text: str) -> bool:
    """Tell a value from an expression, a gap to be filled in, or a field's own name."""
    if _EXPRESSION.search(text):
        return False
    bare = _BARE.sub("", text.strip(), count=1).strip()
    return not _GAP.fullmatch(bare) and field_kind(bare) is None
