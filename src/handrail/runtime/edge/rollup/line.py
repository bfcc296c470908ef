"""What one line of Envoy's call log means. Pure.

Envoy writes names and ids only. A forwarding route is called `connection/operation/price/currency/key`, a denial
`connection/!code`; a key is `app:environment:digest`. What Envoy answers by itself has no route of its own: there the
problem's code follows from Envoy's details, as in the replies that the hub is compiled with.
"""

from dataclasses import dataclass
from typing import Final

ANSWERED: Final = "via_upstream"
TEXT_LIMIT: Final = 128
_DENIED: Final = "direct_response"
_ROUTE_PARTS: Final = 5
_KEY_PARTS: Final = 3
_PRICE_LIMIT: Final = 1 << 53

# Details, or how they start -> code. The first that fits counts.
_BY_DETAILS: Final = (
    ("jwt_authn_access_denied{Jwt_is_missing}", "token_missing"),
    ("jwt_authn_access_denied{Jwt_is_expired}", "token_expired"),
    ("jwt_authn_access_denied", "token_invalid"),
    ("rbac_access_denied_matched_policy[snapshot_expired]", "snapshot_expired"),
    ("rbac_access_denied", "quarantined"),
    ("failed_to_inject_credential", "credential_missing"),
)
_BY_STATUS: Final = {
    400: "request_invalid",
    413: "request_invalid",
    429: "quota_exceeded",
    431: "request_invalid",
    504: "upstream_timeout",
}


class NotACall(ValueError):
    """This is no call record; the only argument is a word that says why."""


@dataclass(frozen=True, slots=True)
class Names:
    """Who called what; empty where the line does not say.

    Attributes:
        price: Of one call that the upstream answers, in micros.
        denial: The code of a route that only denies.
    """

    app: str = ""
    environment: str = ""
    connection: str = ""
    operation: str = ""
    digest: str = ""
    currency: str = ""
    price: int = 0
    denial: str = ""

    def __post_init__(self) -> None:
        for text in (*self.series, self.denial):
            if len(text) > TEXT_LIMIT or not text.isprintable():
                raise NotACall("name")

    @property
    def series(self) -> tuple[str, ...]:
        """The names that tell one row of a minute from another, in the row's order."""
        return self.app, self.environment, self.connection, self.operation, self.digest, self.currency


def names_of(route: object, key: object) -> Names:
    """Read a route's name and the header with the caller's key.

    Args:
        route: None when the call matched no route at all.
        key: None when the call was forwarded (the route's name ends with it) or the caller is not known.

    Raises:
        NotACall: For anything that the hub's routes are not called.
    """
    if not isinstance(route, str | None) or not isinstance(key, str | None):
        raise NotACall("type")
    connection, _, rest = (route or "").partition("/")
    if not rest or rest.startswith("!"):
        app, environment, digest = _caller(key or "")
        return Names(app, environment, connection, digest=digest, denial=rest[1:])
    parts = rest.split("/", _ROUTE_PARTS - 2)
    if len(parts) != _ROUTE_PARTS - 1:
        raise NotACall("route")
    operation, price, currency, forwarded = parts
    if price and not (price.isdecimal() and price.isascii() and int(price[:20]) < _PRICE_LIMIT):
        raise NotACall("route")
    app, environment, digest = _caller(forwarded)
    return Names(app, environment, connection, operation, digest, currency, int(price or 0))


def _caller(key: str) -> tuple[str, str, str]:
    parts = key.split(":", _KEY_PARTS - 1)
    if len(parts) != _KEY_PARTS:
        if key:
            raise NotACall("key")
        return "", "", ""
    return parts[0], parts[1], parts[2]


def code_of(details: object, status: int, denial: str) -> str:
    """Return the problem's code of an answer that the hub gave itself; empty when nobody answered.

    Args:
        details: Envoy's response code details; never `via_upstream`.
        status: HTTP status; 0 when the caller went away first.
        denial: The code of the route that was taken, if it only denies.
    """
    if not isinstance(details, str | None):
        raise NotACall("type")
    words = details or ""
    if words == _DENIED:
        return denial
    for start, code in _BY_DETAILS:
        if words.startswith(start):
            return code
    return _BY_STATUS.get(status, "upstream_unavailable" if status >= 500 else "")
