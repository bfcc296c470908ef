"""Addresses of upstreams."""

import ipaddress
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

_HOST: Final = r"(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])"
_BASE: Final = r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~!$&'()*+,;=:@-]+)*"
UPSTREAM_PATTERN: Final = rf"^https?://{_HOST}(?::[1-9][0-9]{{0,4}})?{_BASE}/?$"
# A.B.C.D in every notation that a resolver may take: 0x7f.1, 2130706433, 0177.0.0.1.
_NUMERIC: Final = re.compile(r"[0-9.]+|0[xX][0-9a-fA-F]+(\.(0[xX])?[0-9a-fA-F]+)*")

# What Python's own `is_global` lets pass: IPv6 addresses that carry an IPv4 address, and what is not assigned.
_GLOBAL_IPV6: Final = ipaddress.IPv6Network("2000::/3")
_CARRIERS: Final = (ipaddress.IPv6Network("2001::/23"), ipaddress.IPv6Network("2002::/16"))


def explain_upstream(url: str) -> str:
    """Say what is wrong with a text that is no upstream address; never repeats the text."""
    if not url.lower().startswith(("http://", "https://")):
        return "The upstream must begin with https:// or http://."
    if not url.startswith(("http://", "https://")):
        return "Write the scheme in lower case: https:// or http://."
    rest = url.partition("://")[2]
    if "@" in rest.partition("/")[0]:
        return "The upstream has a user or a password in it; set a credential instead."
    for character, word in (("?", "a query"), ("#", "a fragment"), ("%", "an escape"), ("\\", "a backslash")):
        if character in rest:
            return f"The upstream has {word} in it; leave that out."
    if "//" in rest or "/../" in f"{rest}/" or "/./" in f"{rest}/":
        return "The upstream's base path has an empty, . or .. segment."
    return "The upstream is no address of the form https://host:port/base/path."


def upstream_remarks(url: str, network: str) -> Iterator[tuple[str, str]]:
    """Yield what the pattern cannot tell about an address: a detail and a fix."""
    try:
        split = urlsplit(url)
        port = split.port
        host = split.hostname or ""
    except ValueError:
        yield "The upstream's host or port is none.", "Write it as https://host:port."
        return
    if port == 0 or ".." in host or len(host) > 253:
        yield "The upstream's host or port is none.", "Write it as https://host:port."
        return
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        if _NUMERIC.fullmatch(host):
            yield "The upstream's host is a number that some readers take for an address.", "Write a name."
        elif network == "public" and (host == "localhost" or host.endswith(".localhost")):
            yield "The upstream is this machine, and the network is public.", "Say network: private."
        return
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        yield f"{address} is never an upstream.", "Name the system's own address."
    elif network == "public" and not _is_public(address):
        yield f"{address} is no public address, and the network is public.", "Say network: private."


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global
    carried = any(address in network for network in _CARRIERS)
    return address.is_global and address in _GLOBAL_IPV6 and not carried


def normal_upstream(url: str) -> str:
    """Return the one form of an address: lower-case host, no default port, no slash at the end."""
    split = urlsplit(url)
    host = split.hostname or ""
    name = f"[{host}]" if ":" in host else host
    default = 443 if split.scheme == "https" else 80
    port = "" if split.port in {None, default} else f":{split.port}"
    return f"{split.scheme}://{name}{port}{split.path.rstrip('/')}"
