"""What systems are: on which side of the company they stand by default, and which data they hold.

Read once from the packed tables `handrail_packs/systems`, like a module.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

EVIDENCE: Final = "?"
UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class System:
    """One kind of system.

    Attributes:
        name: As steps name it.
        side: Its sink class unless the company's boundary says otherwise.
        holds: Kind of data that reading it gives (`mailbox`); `?` when only its content can tell; empty for none.
        groups: Names that a boundary may use for several at once (`google-workspace`).
        aliases: Other names, in lower case.
    """

    name: str
    side: str
    holds: str = ""
    groups: frozenset[str] = frozenset()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of data that matters: its class and tag, what it is called, and the words that speak of it."""

    name: str
    data_class: str
    tag: str
    what: str
    phrase: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Host:
    """A host, with those below it, or a host with the beginning of a path."""

    name: str
    system: str
    side: str
    why: str


@cache
def systems() -> dict[str, System]:
    """Return every packed system by name."""
    return {
        row["system"]: System(
            row["system"], row["side"], row["holds"], frozenset(row["groups"].split()), _split(row["aliases"])
        )
        for row in _rows("systems.csv")
    }


@cache
def kinds() -> dict[str, Kind]:
    """Return the kinds of data by name."""
    return {
        row["kind"]: Kind(
            row["kind"], row["data_class"], row["tag"], row["what"], row["phrases"], frozenset(row["words"].split())
        )
        for row in _rows("words.csv")
    }


@cache
def hosts() -> dict[str, Host]:
    """Return the packed hosts by name."""
    return {row["host"]: Host(row["host"], row["system"], row["side"], row["why"]) for row in _rows("hosts.csv")}


@cache
def markers() -> tuple[tuple[str, str, str], ...]:
    """Return (text in a credential's name, side, why): what only such a name gives away."""
    return tuple((row["marker"], row["side"], row["why"]) for row in _rows("markers.csv"))


@cache
def public_words() -> frozenset[str]:
    """Return words that speak of content made to be seen."""
    return frozenset(row["word"] for row in _rows("public_words.csv"))


def known_host(host: str, path: str = "") -> Host | None:
    """Return what is packed about a host: the longest name that it lies below, with its path first."""
    table = hosts()
    first = path.strip("/").split("/", 1)[0]
    if first and f"{host}/{first}" in table:
        return table[f"{host}/{first}"]
    labels = host.split(".")
    return next((table[name] for at in range(len(labels) - 1) if (name := ".".join(labels[at:])) in table), None)


def system_named(name: str) -> System:
    """Return a system; one that nobody knows is a third party that holds nothing known."""
    return systems().get(name) or System(name, UNKNOWN)


def _rows(name: str) -> list[dict[str, str]]:
    text = files("handrail_packs").joinpath("systems").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _split(text: str) -> tuple[str, ...]:
    return tuple(each for each in text.split("|") if each)
