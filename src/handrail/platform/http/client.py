"""The one way in which our own processes call over HTTP."""

import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import urlsplit

import httpx2

from handrail.platform.http.addresses import Network, Resolver, refusal, resolve
from handrail.platform.http.errors import AddressForbidden, AnswerTooLarge

DEFAULT_MAX_BODY: Final = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait for a connection, for the next bytes of an answer, and for sending."""

    connect: float = 5.0
    read: float = 10.0
    write: float = 10.0


class _Bounded(httpx2.SyncByteStream):
    """Passes an answer's bytes on until the limit."""

    def __init__(self, inner: httpx2.SyncByteStream, limit: int, place: str) -> None:
        self._inner = inner
        self._limit = limit
        self._place = place

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for chunk in self._inner:
            size += len(chunk)
            if size > self._limit:
                raise _too_large(self._limit, self._place)
            yield chunk

    def close(self) -> None:
        self._inner.close()


def _too_large(limit: int, place: str) -> AnswerTooLarge:
    return AnswerTooLarge(
        f"{place} answered with more than {limit} bytes.",
        fix="Ask it for less at once.",
        place=place,
        details={"limit_bytes": limit},
    )


class _Guard(httpx2.BaseTransport):
    """Resolves a host once per request, drops forbidden addresses and connects to what was checked."""

    def __init__(self, network: Network, resolver: Resolver, max_body: int, verify: ssl.SSLContext | bool) -> None:
        self._network = network
        self._resolver = resolver
        self._max_body = max_body
        self._verify = verify
        # One pool per host: connections are named by address here, and two hosts behind one address
        # must not share a connection whose certificate was checked for the other.
        self._pools: dict[tuple[str, str, int | None], httpx2.HTTPTransport] = {}

    def __enter__(self) -> Self:
        return self

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        url = request.url
        pool = self._pool((url.scheme, url.host, url.port))
        request.extensions = {**request.extensions, "sni_hostname": url.host}
        last: httpx2.ConnectError | httpx2.ConnectTimeout | None = None
        for address in self._permitted(url.host):
            request.url = url.copy_with(host=address)
            try:
                answer = pool.handle_request(request)
            except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
                last = error
                continue
            finally:
                request.url = url
            return self._bounded(answer, url.host)
        if last is None:
            raise AssertionError(url.host)
        raise last

    def _pool(self, key: tuple[str, str, int | None]) -> httpx2.HTTPTransport:
        if key not in self._pools:
            verify = self._verify if key[0] == "https" else False  # reading the roots takes 20 ms
            self._pools[key] = httpx2.HTTPTransport(verify=verify, trust_env=False)
        return self._pools[key]

    def _permitted(self, host: str) -> list[str]:
        addresses = self._resolver(host)
        reasons = {address: refusal(address, self._network) for address in addresses}
        permitted = [address for address, reason in reasons.items() if not reason]
        if permitted:
            return permitted
        told = ", ".join(f"{address} is {reason}" for address, reason in reasons.items())
        raise AddressForbidden(
            f"{host} may not be called: {told}.",
            fix="Use a host that is on the permitted network.",
            place=host,
        )

    def _bounded(self, answer: httpx2.Response, host: str) -> httpx2.Response:
        encoding = answer.headers.get("content-encoding", "identity")
        length = answer.headers.get("content-length", "")
        stream = answer.stream
        if not isinstance(stream, httpx2.SyncByteStream):
            raise TypeError(type(stream))
        # A compressed answer could unfold far beyond the limit; none was asked for.
        if encoding != "identity" or (length.isdecimal() and int(length) > self._max_body):
            answer.close()
            raise _too_large(self._max_body, host)
        answer.stream = _Bounded(stream, self._max_body, host)
        return answer

    def close(self) -> None:
        for pool in self._pools.values():
            pool.close()


def guarded_client(
    network: Network,
    *,
    base_url: str = "",
    headers: Mapping[str, str] | None = None,
    timeouts: Timeouts | None = None,
    max_body: int = DEFAULT_MAX_BODY,
    verify: ssl.SSLContext | bool = True,
    resolver: Resolver = resolve,
) -> httpx2.Client:
    """Return a client that follows no redirect, trusts no proxy variable and calls permitted addresses only.

    A host's addresses are checked after they are resolved, and the connection goes to the checked address,
    so a name that changes its address between check and call (DNS rebinding) gains nothing.

    Args:
        network: Which addresses may be called.
        base_url: What paths are relative to.
        headers: Sent with every request.
        timeouts: How long to wait; 5 s to connect, 10 s for the next bytes.
        max_body: The most bytes that an answer may have.
        verify: How certificates are checked.
        resolver: How names become addresses.

    Raises:
        AddressForbidden: From a call, if no address of the host is permitted.
        AnswerTooLarge: From a call, if the answer is larger than `max_body`.
        HostUnresolved: From a call, if the host has no address.
    """
    scheme = urlsplit(base_url).scheme
    if scheme not in {"", "http", "https"}:
        raise AddressForbidden(
            f"{base_url} is no HTTP address.", fix="Write http://host:port or https://host.", place=base_url
        )
    limits = timeouts or Timeouts()
    return httpx2.Client(
        base_url=base_url,
        headers={"accept-encoding": "identity", **(headers or {})},
        timeout=httpx2.Timeout(limits.write, connect=limits.connect, read=limits.read),
        follow_redirects=False,
        trust_env=False,
        transport=_Guard(network, resolver, max_body, verify),
    )
