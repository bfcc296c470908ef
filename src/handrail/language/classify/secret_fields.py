"""Fields that hold secrets, by their name and by what stands beside them."""

import re
from collections.abc import Mapping
from types import MappingProxyType
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
# what a header, a parameter of a query or an assignment calls its key; too common as a field of its own
_IN_PAIRS: Final = {"key": ("api-key", False), "appid": ("api-key", False), "auth": ("token", False)}
_VALUE_KEYS: Final = frozenset(value for _name, value in _PAIRS)
_NO_PAIRS: Final[Mapping[str, tuple[str, bool]]] = MappingProxyType({})
_LIKELY: Final = (
    ("apikey", "api-key"),
    ("accesskey", "access-key"),
    ("secretkey", "secret"),
    ("authkey", "api-key"),
    ("signingkey", "secret"),
    ("encryptionkey", "secret"),
    ("privatekey", "private-key"),
    ("subscriptionkey", "api-key"),
    ("functionskey", "api-key"),
    ("servicekey", "api-key"),
    ("token", "token"),
    ("secret", "secret"),
    ("password", "password"),
    ("passwort", "password"),
    ("contrasena", "password"),
    ("motdepasse", "password"),
)
_ENDS: Final = re.compile(r"(?i)(?:key|token|secret|password|passwort|contrasena|mot_?de_?passe)$")
# names that end alike and hold places in a list, counts, or what every visitor may know
_HARMLESS_WORDS: Final = """
page next previous prev continuation sync delta csrf xsrf max min total count public primary foreign sort cache
partition object idempotency site captcha recaptcha publishable type name path field header column separator
upload resume cursor skip start lock
"""
_HARMLESS: Final = frozenset(_HARMLESS_WORDS.split())
_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
# siblings that say "the value is a reference", as in Node-RED's typed inputs: {"tot": "msg", "to": "payload.token"}
_REFERENCES: Final = frozenset({"msg", "flow", "global", "env", "jsonata", "node", "expression"})
_NOT_LETTERS: Final = re.compile(r"[^a-z0-9]+")
_LONGEST: Final = 40
_WORD: Final = 20
_NAMES_MAX: Final = 5000
KNOWN_NAMES: Final[dict[str, tuple[str, bool] | None]] = {}


def field_kind(name: str) -> str | None:
    """Return the kind of secret that a field of this name holds, if the name alone tells."""
    return _FIELDS.get(_NOT_LETTERS.sub("", name.lower())) if len(name) <= _LONGEST else None


def _look_up(name: str) -> tuple[str, bool] | None:
    kind = field_kind(name)
    likely = None if kind else likely_kind(name)
    found = (kind, True) if kind else (likely, False) if likely else None
    # a flow has few names of fields and repeats them; only words are kept, since a key can be a secret itself
    if len(name) <= _WORD and name.isalpha() and len(KNOWN_NAMES) < _NAMES_MAX:
        KNOWN_NAMES[name] = found
    return found


def role(name: str) -> tuple[str, bool] | None:
    """Return the kind of secret that a field of this name holds, and whether its name alone tells."""
    try:
        return KNOWN_NAMES[name]
    except KeyError:
        return _look_up(name)


def paired_secrets(value: dict[str, Any]) -> Mapping[str, tuple[str, bool]]:
    """Return which fields of an object hold a secret because the field beside says so, each with its `role`."""
    if _VALUE_KEYS.isdisjoint(value):
        return _NO_PAIRS
    result: dict[str, tuple[str, bool]] = {}
    for name_key, value_key in _PAIRS:
        if value_key in value:
            name = value.get(name_key)
            if isinstance(name, str):
                part = _last_part(name)
                said = role(part) or _IN_PAIRS.get(part.lower())
                if said and (said[1] or value_key not in result):
                    result[value_key] = said
    if "value" in value and value.get("type") == "cred":
        result["value"] = ("credentials", True)
    return result


def says_reference(holder: dict[str, Any], key: str) -> bool:
    """Tell whether a sibling says that this field names a value instead of holding it."""
    said = {"to": "tot", "value": "type", "valueValue": "valueType"}.get(key, f"{key}Type")
    return any(isinstance(held, str) and held in _REFERENCES for held in (holder.get(said), holder.get(f"{key}Type")))


def _last_part(path: str) -> str:
    return re.split(r"[.\[]", path.rstrip("]'\""))[-1].strip("'\"")


def likely_kind(name: str) -> str | None:
    """Return the kind of secret that a field probably holds, by the last words of its name (`x-rapidapi-key`).

    Its value must look like a key too: many such names hold something else.
    """
    if not 5 <= len(name) <= _LONGEST or not _ENDS.search(name):
        return None
    words = [word.lower() for word in _WORDS.findall(name)]
    if not _HARMLESS.isdisjoint(words):
        return None
    return next((kind for end, kind in _LIKELY if "".join(words).endswith(end)), None)
