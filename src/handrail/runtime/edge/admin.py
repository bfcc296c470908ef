"""Envoy's admin interface, on a Unix socket that only this user can open."""

import http.client
import re
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from handrail.runtime.edge.errors import EnvoyAway

_TIMEOUT_S: Final = 5.0
_STATS: Final = "/stats?format=json&filter=" + r"\.(version_text%7Cupdate_rejected%7Cupdate_failure)$"
_VERSIONS: Final = "/stats?format=json&type=TextReadouts&filter=" + r"\.version_text$"
_REJECTED: Final = re.compile(r"config update rejected: (.*?)(?=^\[\d{4}-\d\d-\d\d |\Z)", re.DOTALL | re.MULTILINE)
_MESSAGE_LIMIT: Final = 500


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """What Envoy says of the files it watches.

    Attributes:
        versions: Every version that is in use.
        refusals: How many updates each subscription refused or could not read; None when nobody asked.
    """

    versions: frozenset[str]
    refusals: dict[str, int] | None


class _Connection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=_TIMEOUT_S)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(_TIMEOUT_S)
        self.sock.connect(str(self._path))


def ask(unix_socket: Path, target: str) -> tuple[int, bytes]:
    """Return status and body of a GET on a Unix socket.

    Raises:
        OSError: If nothing answers.
    """
    connection = _Connection(unix_socket)
    try:
        connection.request("GET", target)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except http.client.HTTPException as error:
        raise ConnectionError(str(error)) from None
    finally:
        connection.close()


def live(admin_socket: Path) -> bool:
    """Tell whether Envoy runs and has taken its first configuration."""
    try:
        return ask(admin_socket, "/ready")[0] == 200
    except OSError:
        return False


def subscriptions(admin_socket: Path) -> Subscriptions:
    """Return the versions in use and the counts of refused updates.

    Envoy's main thread looks through all its counters for it: 1 ms with a few clusters, 5 ms with a hundred.

    Raises:
        EnvoyAway: If Envoy does not answer.
    """
    versions: set[str] = set()
    refusals: dict[str, int] = {}
    for entry in _entries(admin_socket, _STATS):
        name, value = entry.get("name", ""), entry.get("value")
        if name.endswith(".version_text"):
            versions.add(str(value))
        elif name:
            subscription = name.rpartition(".")[0]
            refusals[subscription] = refusals.get(subscription, 0) + int(value or 0)
    return Subscriptions(frozenset(versions), refusals)


def versions_in_use(admin_socket: Path) -> frozenset[str]:
    """Return the versions in use alone, which costs Envoy little however many clusters it has.

    Raises:
        EnvoyAway: If Envoy does not answer.
    """
    return frozenset(str(entry.get("value")) for entry in _entries(admin_socket, _VERSIONS))


def _entries(admin_socket: Path, target: str) -> list[dict[str, Any]]:
    try:
        status, body = ask(admin_socket, target)
        if status == 200:
            found: list[dict[str, Any]] = orjson.loads(body)["stats"]
            return found
        reason = str(status)
    except (OSError, KeyError, orjson.JSONDecodeError) as error:
        reason = str(error)
    raise EnvoyAway("Envoy does not answer.", fix="The log of envoy says why.", internal=reason)


def refusals_told(log: Path, since: int) -> list[str]:
    """Return why Envoy refused updates, in its own words, from its log behind byte `since`.

    The refused document, which Envoy puts in front of its reason, is left out.
    """
    try:
        with log.open("rb") as stream:
            stream.seek(since)
            text = stream.read(1 << 20).decode("utf-8", "replace")
    except FileNotFoundError:
        return []
    return list(dict.fromkeys(_reason(found) for found in _REJECTED.findall(text)))


def _reason(words: str) -> str:
    document, _, after = words.rpartition("\n: ")
    reason = after if document else words.partition("goo.gle/debugstr")[0]
    return " ".join(reason.split()).rstrip(":")[-_MESSAGE_LIMIT:]
