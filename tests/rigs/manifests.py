"""Small manifests that other tests change."""

import copy
from typing import Any

APP: dict[str, Any] = {
    "apiVersion": "handrail.dev/v1",
    "kind": "App",
    "metadata": {"name": "invoice-approver"},
    "spec": {
        "title": "Invoice approver",
        "team": "finance-ops",
        "owner": "ada",
        "deputy": "grace",
        "purpose": "Asks in Slack before an invoice is paid.",
        "platform": "n8n",
        "dataClasses": ["confidential", "pii"],
        "connections": [{"connection": "slack-production", "operations": ["chat.postMessage"]}],
        "egress": ["api.example.com", "localhost:1880"],
        "constants": {"channel": "C123", "limit": 1.50, "dry": True},
    },
}
CONNECTOR: dict[str, Any] = {
    "apiVersion": "handrail.dev/v1",
    "kind": "Connector",
    "metadata": {"name": "slack"},
    "spec": {
        "version": "1.0.0",
        "title": "Slack",
        "dataClasses": ["internal", "pii"],
        "credential": {"kind": "bearer"},
        "limits": {"callsPerMinute": 50, "burst": 10},
        "timeoutMs": 5000,
        "retries": {"attempts": 1, "on": ["connect-failure", "rate-limited"]},
        "circuit": {"maxConnections": 10},
        "rewriteBodyFields": ["next_page_url"],
        "operations": [
            {
                "name": "chat.postMessage",
                "method": "POST",
                "path": "/chat.postMessage",
                "title": "Post a message",
                "dataClasses": ["internal"],
                "price": {"micros": 100, "currency": "EUR"},
                "requestSchema": {"type": "object", "properties": {"text": {"maxLength": 4000}}},
            },
            {"name": "users.info", "method": "GET", "path": "/users/{user}"},
        ],
    },
}
CONNECTION: dict[str, Any] = {
    "apiVersion": "handrail.dev/v1",
    "kind": "Connection",
    "metadata": {"name": "slack-production"},
    "spec": {
        "connector": "slack",
        "version": "1.0.0",
        "environment": "production",
        "upstream": "https://slack.com/api",
        "credential": "slack-bot",
        "limits": {"callsPerMinute": 20},
    },
}


def changed(document: dict[str, Any], pointer: str, value: Any = ...) -> dict[str, Any]:
    """Return a copy with one value set, or removed when no value is given."""
    made = copy.deepcopy(document)
    *parents, last = pointer.strip("/").split("/")
    holder: Any = made
    for part in parents:
        holder = holder[int(part)] if isinstance(holder, list) else holder[part]
    key: Any = int(last) if isinstance(holder, list) else last
    if value is ...:
        del holder[key]
    elif isinstance(holder, list) and key == len(holder):
        holder.append(value)
    else:
        holder[key] = value
    return made
