"""Fields that hold secrets, by their name and by what stands beside them."""

import re
from typing import Any, Final

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
_NAME_KEYS: Final = frozenset({name for name, _value in _PAIRS} | {"type"})
# siblings that say "the value is a reference", as in Node-RED's typed inputs: {"tot": "msg", "to": "payload.token"}
_REFERENCES: Final = frozenset({"msg", "flow", "global", "env", "jsonata", "node", "expression"})
_NOT_LETTERS: Final = re.compile(r"[^a-z0-9]+")
_LONGEST: Final = 40
_WORD: Final = 20
_NAMES_MAX: Final = 5000
_KNOWN_NAMES: Final[dict[str, str | None]] = {}


def field_kind(name: str) -> str | None:
    """Return the kind of secret that a field of this name holds, if it does."""
    try:
        return _KNOWN_NAMES[name]
    except KeyError:
        return _look_up(name)


def _look_up(name: str) -> str | None:
    if len(name) > _LONGEST:
        return None
    kind = _FIELDS.get(_NOT_LETTERS.sub("", name.lower()))
    # a flow has few names of fields and repeats them; only words are kept, since a key can be a secret itself
    if len(name) <= _WORD and name.isalpha() and len(_KNOWN_NAMES) < _NAMES_MAX:
        _KNOWN_NAMES[name] = kind
    return kind


def paired_secrets(value: dict[str, Any]) -> dict[str, str]:
    """Return which fields of an object hold a secret because the field beside says so, and its kind."""
    result: dict[str, str] = {}
    if _NAME_KEYS.isdisjoint(value):
        return result
    for name_key, value_key in _PAIRS:
        if value_key in value:
            name = value.get(name_key)
            if isinstance(name, str):
                kind = field_kind(_last_part(name))
                if kind:
                    result[value_key] = kind
    if "value" in value and value.get("type") == "cred":
        result["value"] = "credentials"
    return result


def says_reference(holder: dict[str, Any], key: str) -> bool:
    """Tell whether a sibling says that this field names a value instead of holding it."""
    said = {"to": "tot", "value": "type", "valueValue": "valueType"}.get(key, f"{key}Type")
    return any(isinstance(held, str) and held in _REFERENCES for held in (holder.get(said), holder.get(f"{key}Type")))


def _last_part(path: str) -> str:
    return re.split(r"[.\[]", path.rstrip("]'\""))[-1].strip("'\"")
