"""What counts as inside the company, and what does not: the company's own file.

A boundary file is JSON. `sink_class` lists, by class, what belongs to it: names of systems (`slack`), names
of groups (`google workspace`), hosts (`*.example.com`); whole sentences are read too, for the names that stand in
them. `sensitive_source` names the kinds of data that matter. What the file doesn't speak of keeps its default.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any, Final, cast

from handrail.kernel.errors import Invalid
from handrail.language.leaks.model import SinkClass
from handrail.language.leaks.systems import UNKNOWN, kinds, known_host, system_named, systems

CLASSES: Final[tuple[SinkClass, ...]] = ("internal", "third_party", "public_or_consumer", "personal_account")
_HOST: Final = re.compile(r"(?<![\w@.-])(\*\.)?([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+)(?![\w-])")
# A template's stand-in for the company's own host.
_PLACEHOLDER_HOST: Final = re.compile(
    r"^(?:your|my|xxx)[.-]|(?:^|[.-])(?:your|my)[._-]?(?:domain|company|server|host|instance|site)|(?:^|\.)example\.(?:com|org|net)$"
)
_FIELDS: Final = frozenset(
    {"version", "rule", "sink_class", "sensitive_source", "not_sensitive", "regions", "own_domains"}
    | {"personal_account_values", "hardcoded_secret", "missing_error_handling"}
)
_NONE: Final[Mapping[str, SinkClass]] = MappingProxyType({})
_NO_REGIONS: Final[Mapping[str, str]] = MappingProxyType({})
# Names of systems that are common words: they count only as a whole entry.
_COMMON: Final = frozenset(
    {"chat", "form", "forms", "mail", "http", "manual", "schedule", "email", "files", "tables", "content", "contacts"}
    | {"line", "flow", "box", "own", "messaging", "entrance", "health", "finance", "shop", "hr", "social", "copper"}
    | {"signal", "threads", "orbit", "drift", "segment", "executor", "workflow", "xml", "converters", "consumer"}
)
_SIZE_MAX: Final = 1024 * 1024


class BoundaryInvalid(Invalid):
    """The boundary file cannot be read as one."""

    code = "boundary_invalid"


@dataclass(frozen=True, slots=True)
class Boundary:
    """Where the company ends.

    Attributes:
        systems: Side of systems that the file names.
        hosts: Side of hosts that it names, each with everything below.
        kinds: Kinds of data that matter.
        regions: Region of systems and hosts, where it says so.
        unread: Entries in which no name was found: a person should look at them.
    """

    systems: Mapping[str, SinkClass] = field(default_factory=lambda: _NONE)
    hosts: Mapping[str, SinkClass] = field(default_factory=lambda: _NONE)
    kinds: frozenset[str] = field(default_factory=lambda: frozenset(kinds()))
    regions: Mapping[str, str] = field(default_factory=lambda: _NO_REGIONS)
    unread: tuple[str, ...] = ()

    def side_of(self, system: str) -> SinkClass:
        """Return the class of a system; one that nobody knows is a third party."""
        said = self.systems.get(system)
        if said:
            return said
        side = system_named(system).side
        return "third_party" if side == UNKNOWN else cast("SinkClass", side)

    def side_of_host(self, host: str, path: str = "") -> tuple[SinkClass, str, str]:
        """Return (class, system or empty, why) of a host."""
        if _is_own_machine(host):
            return "internal", "", "it is in your own network"
        labels = host.split(".")
        for at in range(len(labels)):
            said = self.hosts.get(".".join(labels[at:]))
            if said:
                return said, "", "your boundary says so"
        packed = known_host(host, path)
        if packed and packed.system:
            return self.side_of(packed.system), packed.system, ""
        if packed:
            return cast("SinkClass", packed.side), "", packed.why
        return "third_party", "", "your boundary does not name it"

    @property
    def revision(self) -> str:
        """Changes whenever what it says does; empty while nobody has said anything."""
        if self == default_boundary():
            return ""
        said = [
            sorted(self.systems.items()),
            sorted(self.hosts.items()),
            sorted(self.kinds),
            sorted(self.regions.items()),
        ]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]

    def region_of(self, name: str) -> str:
        """Return the region of a system or host, empty when nobody said."""
        return self.regions.get(name, "")


@cache
def default_boundary() -> Boundary:
    """Return the boundary of a company that has said nothing."""
    return Boundary()


def read_boundary(data: bytes, filename: str) -> Boundary:
    """Read a boundary file.

    Raises:
        BoundaryInvalid: With the place, when it is no such file.
    """
    document = _document(data, filename)
    unknown = sorted(set(document) - _FIELDS)
    if unknown:
        raise BoundaryInvalid(
            f"A boundary has no field {unknown[0]!r}.",
            fix=f"Use {', '.join(sorted(_FIELDS))}.",
            place=f"{filename}#/{unknown[0]}",
        )
    listed = document.get("sink_class", {})
    if not isinstance(listed, dict):
        raise BoundaryInvalid("sink_class is no object.", fix="List entries by class.", place=f"{filename}#/sink_class")
    named: dict[str, SinkClass] = {}
    host_sides: dict[str, SinkClass] = {}
    unread: list[str] = []
    own = document.get("own_domains", [])
    for entry in _texts(own, f"{filename}#/own_domains"):
        host_sides |= dict.fromkeys((found[2] for found in _HOST.finditer(entry.lower())), "internal")
    for name, entries in listed.items():
        if name not in CLASSES:
            raise BoundaryInvalid(
                f"There is no class {name!r}.", fix=f"Use {', '.join(CLASSES)}.", place=f"{filename}#/sink_class/{name}"
            )
        side = cast("SinkClass", name)
        for index, entry in enumerate(_texts(entries, f"{filename}#/sink_class/{name}")):
            found_hosts = [found[2] for found in _HOST.finditer(entry.lower())]
            found_systems = _systems_in(entry) if side != "personal_account" else ()
            host_sides |= dict.fromkeys(found_hosts if side != "personal_account" else (), side)
            named |= dict.fromkeys(found_systems, side)
            if not found_hosts and not found_systems and side != "personal_account":
                unread.append(f"/sink_class/{name}/{index}")
    regions = document.get("regions", {})
    return Boundary(
        systems=named,
        hosts=host_sides,
        kinds=_kinds_in(document, filename),
        regions={str(key): str(each) for key, each in regions.items()} if isinstance(regions, dict) else {},
        unread=tuple(unread),
    )


def _document(data: bytes, filename: str) -> dict[str, Any]:
    if len(data) > _SIZE_MAX:
        raise BoundaryInvalid("This file is too large for a boundary.", fix="Keep it below 1 MiB.", place=filename)
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BoundaryInvalid("This is no JSON.", fix="Write the boundary as JSON.", place=filename) from error
    if not isinstance(document, dict):
        raise BoundaryInvalid("A boundary is an object.", fix='Begin with {"version": 1}.', place=filename)
    return document


def _texts(entries: Any, place: str) -> list[str]:
    if not isinstance(entries, list) or not all(isinstance(each, str) for each in entries):
        raise BoundaryInvalid("This is no list of texts.", fix="List names of systems, groups or hosts.", place=place)
    return entries


def _kinds_in(document: Mapping[str, Any], filename: str) -> frozenset[str]:
    if "sensitive_source" not in document:
        return frozenset(kinds())
    text = " ".join(_texts(document["sensitive_source"], f"{filename}#/sensitive_source")).lower()
    return frozenset(name for name, kind in kinds().items() if kind.phrase in text or name in text)


def _systems_in(entry: str) -> tuple[str, ...]:
    """Return the systems that an entry names: themselves, by another name, or by their group."""
    found: set[str] = set()
    text = " ".join(entry.lower().replace("-", " ").split())
    if text in _names():
        return tuple(sorted(_names()[text]))
    for match in _names_pattern().finditer(text):
        found |= _names()[match[0]]
    return tuple(sorted(found))


@cache
def _names() -> dict[str, frozenset[str]]:
    result: dict[str, set[str]] = {}
    for system in systems().values():
        for name in (system.name, *system.aliases, *system.groups):
            result.setdefault(name.replace("-", " "), set()).add(system.name)
    return {name: frozenset(members) for name, members in result.items()}


@cache
def _names_pattern() -> re.Pattern[str]:
    longest_first: Iterable[str] = sorted((n for n in _names() if n not in _COMMON), key=len, reverse=True)
    return re.compile(rf"(?<![\w.])(?:{'|'.join(map(re.escape, longest_first))})(?![\w]|\.[a-z])")


def _is_own_machine(host: str) -> bool:
    if _PLACEHOLDER_HOST.search(host):
        return True
    if host in {"localhost", "host.docker.internal"} or host.endswith((".local", ".internal", ".lan", ".localhost")):
        return True
    parts = host.split(".")
    if len(parts) == 1:
        return True
    if len(parts) == 4 and all(part.isdecimal() for part in parts):
        first, second = int(parts[0]), int(parts[1])
        return first in {10, 127} or (first, second) == (192, 168) or (first == 172 and 16 <= second <= 31)
    return False
