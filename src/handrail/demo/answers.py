"""What the played systems say, in the shapes of Slack, GitHub, Stripe, a CRM, a ledger and a mail API."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

Json = dict[str, Any] | list[Any]
_Answer = Callable[["Asked"], tuple[int, Json]]
_CUSTOMERS: Final = ("Nordlicht Optik", "Casa Verde", "Brightwater", "Atelier Roux", "Tanuki Works", "Blom & Zoon")
_SUPPLIERS: Final = ("Papier Hansen", "Voltaik Süd", "Cloudkern", "Spedition Brandt")


@dataclass(frozen=True, slots=True)
class Asked:
    """One call, as far as an answer depends on it.

    Attributes:
        parts: What stands in the path's variables.
        given: Query, form and JSON members together.
    """

    parts: tuple[str, ...]
    given: Mapping[str, Any]


def _day(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def _pick(words: tuple[str, ...], key: str) -> str:
    return words[sum(key.encode()) % len(words)]


def _slack_post(asked: Asked) -> tuple[int, Json]:
    if not asked.given.get("channel"):
        return 200, {"ok": False, "error": "channel_not_found", "demo": True}
    text = str(asked.given.get("text", ""))
    message = {"type": "message", "text": text, "ts": "1700000000.000100"}
    return 200, {"ok": True, "channel": "C0DEMO", "ts": "1700000000.000100", "message": message, "demo": True}


def _issue(number: int, title: str = "") -> dict[str, Any]:
    return {"number": number, "title": title or f"Basket forgets item {number}", "state": "open", "labels": []}


def _charge(number: int) -> dict[str, Any]:
    return {"id": f"ch_demo{number}", "object": "charge", "amount": 1900 + 700 * number, "currency": "eur"}


def _stripe_list(kind: str) -> _Answer:
    data = [{**_charge(number), "object": kind} for number in range(1, 6)]
    return lambda _: (200, {"object": "list", "data": data, "has_more": False, "livemode": False, "demo": True})


def _customer(asked: Asked) -> tuple[int, Json]:
    key = asked.parts[0]
    found = {"id": key, "object": "customer", "name": _pick(_CUSTOMERS, key), "balance": sum(key.encode()) % 300}
    return 200, {**found, "livemode": False, "demo": True}


def _named(kind: str, names: tuple[str, ...]) -> _Answer:
    def answer(asked: Asked) -> tuple[int, Json]:
        key = asked.parts[0]
        found = {"id": key, "name": _pick(names, key), "owner": "aiko", "amount": 100 * (sum(key.encode()) % 190)}
        return 200, {**found, "account": f"a{key}", "vat": "DE811234567", "kind": kind, "demo": True}

    return answer


def _listed(kind: str, **more: Any) -> _Answer:
    def answer(_asked: Asked) -> tuple[int, Json]:
        items = [
            {
                "id": f"{kind[0]}{number}",
                "name": _CUSTOMERS[number - 1],
                "amount": 480 * number,
                "due": _day(-9),
                **more,
            }
            for number in range(1, 6)
        ]
        return 200, {kind: items, "demo": True}

    return answer


def _taken(_asked: Asked) -> tuple[int, Json]:
    return 200, {"ok": True, "demo": True}


def _booked(asked: Asked) -> tuple[int, Json]:
    return 201, {"id": "e-demo", "kind": str(asked.given.get("kind", "entry")), "demo": True}


def _vat(asked: Asked) -> tuple[int, Json]:
    return 200, {"number": asked.parts[0], "valid": sum(asked.parts[0].encode()) % 17 != 0, "demo": True}


def _mailed(asked: Asked) -> tuple[int, Json]:
    return 200, {"To": str(asked.given.get("To", "")), "ErrorCode": 0, "Message": "OK", "MessageID": "demo"}


_ROUTES: Final[dict[str, tuple[tuple[str, str, _Answer], ...]]] = {
    "slack": (
        ("POST", "/api/auth.test", lambda _: (200, {"ok": True, "team": "Larkspur (demo)", "user": "handrail"})),
        ("GET", "/api/conversations.list", lambda _: (200, {"ok": True, "channels": [], "demo": True})),
        ("POST", "/api/chat.postMessage", _slack_post),
        ("POST", "/api/chat.postEphemeral", _slack_post),
    ),
    "github": (
        ("GET", "/repos/*/*/issues", lambda _: (200, [_issue(number) for number in (41, 42, 43)])),
        ("POST", "/repos/*/*/issues", lambda asked: (201, _issue(44, str(asked.given.get("title", ""))))),
        ("GET", "/repos/*/*/issues/*", lambda asked: (200, _issue(int(asked.parts[2])))),
        ("POST", "/repos/*/*/issues/*/comments", lambda _: (201, {"id": 1, "body": "demo"})),
    ),
    "stripe": (
        ("GET", "/v1/customers/*", _customer),
        ("GET", "/v1/charges", _stripe_list("charge")),
        ("GET", "/v1/payouts", _stripe_list("payout")),
        ("POST", "/v1/refunds", lambda _: (200, {"id": "re_demo", "object": "refund", "status": "succeeded"})),
    ),
    "crm": (
        ("GET", "/v2/leads", _listed("leads", country="DE", employees=120)),
        ("PATCH", "/v2/leads/*", _taken),
        ("GET", "/v2/contacts", _listed("contacts")),
        ("GET", "/v2/accounts/*", _named("account", _CUSTOMERS)),
        ("POST", "/v2/accounts/*/notes", _booked),
        ("GET", "/v2/deals", _listed("deals", stage="won", renews=_day(40))),
        ("GET", "/v2/deals/*", _named("deal", _CUSTOMERS)),
        ("PATCH", "/v2/deals/*", _taken),
        ("GET", "/v2/tickets", _listed("tickets", topic="refund", customer="cus_demo")),
        ("GET", "/v2/tickets/*", _named("ticket", _CUSTOMERS)),
        ("POST", "/v2/tickets/*/replies", _booked),
        ("GET", "/v2/surveys", _listed("surveys", score=4)),
    ),
    "ledger": (
        ("GET", "/v1/invoices", _listed("invoices", state="open", reminders=0, contact="demo@example.org")),
        ("GET", "/v1/invoices/*", _named("invoice", _SUPPLIERS)),
        ("POST", "/v1/invoices/*/approve", _taken),
        ("GET", "/v1/suppliers/*", _named("supplier", _SUPPLIERS)),
        ("GET", "/v1/orders/*", _named("order", _SUPPLIERS)),
        ("GET", "/v1/entries", _listed("entries")),
        ("POST", "/v1/entries", _booked),
        ("GET", "/v1/receipts", _listed("receipts", category="travel")),
        ("PATCH", "/v1/receipts/*", _taken),
        ("POST", "/v1/periods/*/close", _taken),
        ("GET", "/v1/vat/*", _vat),
    ),
    "mail": (("POST", "/email", _mailed),),
}
_COMPILED: Final = {
    system: [
        (method, re.compile(path.replace(".", r"\.").replace("*", "([^/]+)")), act) for method, path, act in routes
    ]
    for system, routes in _ROUTES.items()
}


def answer(system: str, method: str, path: str, given: Mapping[str, Any]) -> tuple[int, Json]:
    """Return status and body of a played system's answer; 404 for what it does not have."""
    for wanted, pattern, act in _COMPILED[system]:
        found = pattern.fullmatch(path) if wanted == method else None
        if found:
            return act(Asked(found.groups(), given))
    return 404, {"error": "not_found", "demo": True}


def unauthorised(system: str) -> tuple[int, Json]:
    """Return how a played system refuses a call without its credential."""
    return (200, {"ok": False, "error": "invalid_auth"}) if system == "slack" else (401, {"error": "unauthorised"})
