"""Payments in the shape of Stripe's API: form bodies, idempotency keys, lists that go on after an id."""

import itertools
import threading
from typing import Any

from service import Reply, Request, Upstream

_SEEDED = 7


class StripeLike(Upstream):
    """`customers`: create, list, retrieve."""

    name = "stripe"

    def __init__(self, credential: str) -> None:
        super().__init__(credential)
        self._requests = itertools.count(1)
        self._customers: list[dict[str, Any]] = []
        self._by_key: dict[str, tuple[bytes, dict[str, Any]]] = {}
        self._table = threading.Lock()
        for index in range(_SEEDED):
            self._add({"email": f"customer{index}@example.com", "name": f"Customer {index}"})

    def unauthorised(self) -> Reply:
        return self._error(401, "invalid_request_error", "Invalid API Key provided.")

    def handle(self, request: Request) -> Reply:
        parts = request.path.strip("/").split("/")
        if parts[:2] != ["v1", "customers"] or len(parts) > 3:
            return self._error(404, "invalid_request_error", f"Unrecognized request URL ({request.path}).")
        if len(parts) == 3:
            return self._retrieve(parts[2])
        return self._create(request) if request.method == "POST" else self._list(request)

    def _add(self, given: dict[str, str]) -> dict[str, Any]:
        customer = {
            "id": f"cus_demo{len(self._customers) + 1:06}",
            "object": "customer",
            "created": 1_700_000_000 + len(self._customers),
            "email": given.get("email"),
            "name": given.get("name"),
            "livemode": False,
            "metadata": {},
        }
        self._customers.append(customer)
        return customer

    def _create(self, request: Request) -> Reply:
        given = request.parameters()
        if given.get("email") and "@" not in given["email"]:
            return self._error(400, "invalid_request_error", "Invalid email address.", param="email")
        key = request.headers.get("idempotency-key", "")
        with self._table:
            before = self._by_key.get(key) if key else None
            if before is not None and before[0] != request.body:
                return self._error(400, "idempotency_error", "This key was used with other parameters.")
            if before is not None:
                return self._reply(before[1], {"idempotent-replayed": "true"})
            customer = self._add(given)
            if key:
                self._by_key[key] = (request.body, customer)
        return self._reply(customer)

    def _retrieve(self, wanted: str) -> Reply:
        for customer in self._customers:
            if customer["id"] == wanted:
                return self._reply(customer)
        return self._error(
            404, "invalid_request_error", f"No such customer: '{wanted}'", param="id", code="resource_missing"
        )

    def _list(self, request: Request) -> Reply:
        # Newest first, as Stripe does.
        rows = list(reversed(self._customers))
        after = request.query.get("starting_after")
        if after:
            ids = [row["id"] for row in rows]
            if after not in ids:
                return self._error(400, "invalid_request_error", f"No such customer: '{after}'", param="starting_after")
            rows = rows[ids.index(after) + 1 :]
        limit = min(int(request.query.get("limit") or 10), 100)
        page = {"object": "list", "url": "/v1/customers", "has_more": len(rows) > limit, "data": rows[:limit]}
        return self._reply(page)

    def _reply(self, body: dict[str, Any], headers: dict[str, str] | None = None) -> Reply:
        return Reply(200, body, {"request-id": f"req_demo{next(self._requests)}", **(headers or {})})

    def _error(self, status: int, kind: str, message: str, **more: str) -> Reply:
        body = {"error": {"type": kind, "message": message, **more}}
        return Reply(status, body, {"request-id": f"req_demo{next(self._requests)}"})
