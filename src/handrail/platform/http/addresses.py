"""Which addresses may be called.

An own list, because `ipaddress.is_global` of Python 3.11 lets NAT64, 6to4 and 192.0.0.0/24 pass, all of which
reach a metadata service. Sources: the IANA special-purpose address registries and the clouds' documents.
"""

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, Literal

from handrail.platform.http.errors import HostUnresolved

Network = Literal["public", "private", "loopback", "any"]
"""`public`: the internet. `private`: also private ranges and this machine. `loopback`: only this machine.
`any`: an address that the operator of this install has configured."""

Resolver = Callable[[str], tuple[str, ...]]
"""Returns every address of a host's name, or raises `HostUnresolved`."""

# Never, not even on a private network: a metadata service gives away the machine's own identity.
_METADATA: Final = {
    "168.63.129.16": "the metadata service of Azure",
    "100.100.100.200": "the metadata service of Alibaba Cloud",
    "192.0.0.192": "the metadata service of Oracle Cloud",
    "fd00:ec2::254": "the metadata service of AWS",
    "fd00:ec2::253": "the name server of AWS",
    "fd20:ce::254": "the metadata service of Google Cloud",
}

_NEVER: Final = {
    "0.0.0.0/8": "an unspecified address",
    "169.254.0.0/16": "a link-local address",
    "192.0.0.0/24": "an address reserved for protocols",
    "192.0.2.0/24": "an address for documentation",
    "192.88.99.0/24": "a 6to4 relay",
    "198.51.100.0/24": "an address for documentation",
    "203.0.113.0/24": "an address for documentation",
    "224.0.0.0/4": "a multicast address",
    "240.0.0.0/4": "a reserved address",
    "::/128": "an unspecified address",
    "::ffff:0:0/96": "an IPv4 address written as IPv6",
    "::ffff:0:0:0/96": "an IPv4 address written as IPv6",
    "64:ff9b::/96": "a NAT64 address",
    "64:ff9b:1::/48": "a NAT64 address",
    "100::/64": "a discard address",
    "2001::/23": "an address reserved for protocols (Teredo, ORCHID)",
    "2001:db8::/32": "an address for documentation",
    "2002::/16": "a 6to4 address",
    "3fff::/20": "an address for documentation",
    "fe80::/10": "a link-local address",
    "fec0::/10": "a site-local address",
    "ff00::/8": "a multicast address",
}
_PRIVATE: Final = {
    "10.0.0.0/8": "a private address",
    "100.64.0.0/10": "a shared address (carrier-grade NAT)",
    "172.16.0.0/12": "a private address",
    "192.168.0.0/16": "a private address",
    "198.18.0.0/15": "an address for benchmarks",
    "fc00::/7": "a private address",
}
_LOOPBACK: Final = {"127.0.0.0/8": "this machine", "::1/128": "this machine"}
_PUBLIC_IPV6: Final = IPv6Network("2000::/3")

_Listed = tuple[tuple[IPv4Network | IPv6Network, str], ...]


def _listed(texts: dict[str, str]) -> _Listed:
    return tuple((ip_network(text), words) for text, words in texts.items())


_NEVER_NETWORKS: Final = _listed(_NEVER)
_PRIVATE_NETWORKS: Final = _listed(_PRIVATE)
_LOOPBACK_NETWORKS: Final = _listed(_LOOPBACK)


def _found(address: IPv4Address | IPv6Address, networks: _Listed) -> str:
    return next((words for network, words in networks if address in network), "")


def refusal(address: str, network: Network) -> str:
    """Tell why an address may not be called.

    Args:
        address: An IPv4 or IPv6 address as text, with or without a scope.
        network: What the caller's configuration permits.

    Returns:
        Words such as `a link-local address`, or an empty text when it may be called.
    """
    if network == "any":
        return ""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return "no IP address"
    return _refusal_of(parsed, network)


def _refusal_of(parsed: IPv4Address | IPv6Address, network: Network) -> str:
    loopback = _found(parsed, _LOOPBACK_NETWORKS)
    if network == "loopback":
        return "" if loopback else "not this machine"
    if loopback:
        return "" if network == "private" else loopback
    always = _METADATA.get(str(parsed), "") or _found(parsed, _NEVER_NETWORKS)
    if always:
        return always
    private = _found(parsed, _PRIVATE_NETWORKS)
    if private:
        return "" if network == "private" else private
    if isinstance(parsed, IPv6Address) and parsed not in _PUBLIC_IPV6:
        return "a reserved address"
    return ""


def resolve(host: str) -> tuple[str, ...]:
    """Return every address of a host by the machine's own resolver, sorted; a literal address gives itself.

    Raises:
        HostUnresolved: If it has none.
    """
    bare = host.removeprefix("[").removesuffix("]")
    try:
        return (str(ip_address(bare)),)
    except ValueError:
        pass
    try:
        # ADDRCONFIG: no IPv6 addresses on a machine that cannot reach any.
        found = socket.getaddrinfo(bare, None, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    except (OSError, UnicodeError) as error:
        raise HostUnresolved(
            f"The name {host!r} has no address ({error}).",
            fix="Check the spelling, and that this machine can resolve it.",
            place=host,
        ) from None
    return tuple(sorted({str(entry[4][0]) for entry in found}))
