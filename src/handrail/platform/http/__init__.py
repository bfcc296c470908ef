"""Calls out of our own processes: bounded in time and size, no redirects, permitted addresses only."""

from handrail.platform.http.addresses import Network, Resolver, refusal, resolve
from handrail.platform.http.client import DEFAULT_MAX_BODY, Timeouts, guarded_client
from handrail.platform.http.errors import AddressForbidden, AnswerTooLarge, HostUnresolved

__all__ = [
    "DEFAULT_MAX_BODY",
    "AddressForbidden",
    "AnswerTooLarge",
    "HostUnresolved",
    "Network",
    "Resolver",
    "Timeouts",
    "guarded_client",
    "refusal",
    "resolve",
]
