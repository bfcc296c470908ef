"""What people ask of the catalog, and what they get."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

STAGES: Final = ("idea", "prototype", "operating", "retired")
RUNS: Final = ("executed", "observed", "declared", "drifted", "none")
FLAGS: Final = ("in_review", "drifted", "quarantined", "no_owner", "no_deputy")
# Bits of `app_shape.flags`; drifting stands in `runs`.
BITS: Final[Mapping[str, int]] = {"in_review": 1, "quarantined": 2, "no_owner": 4, "no_deputy": 8}
FACETS: Final = ("stage", "runs", "platform", "data_class", "team")
LIMIT_MAX: Final = 200


class Sort(StrEnum):
    """In which order apps come."""

    ATTENTION = "attention"
    NAME = "name"
    CREATED = "created"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to the catalog.

    Attributes:
        q: What a person typed.
        stage: Any of these; empty means all, as for the four that follow.
        owner: A person's name, or `me`.
        flag: All of these.
        retired: Retired apps too.
        cursor: Where the page before ended; empty for the first page.
    """

    q: str = ""
    stage: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    platform: tuple[str, ...] = ()
    data_class: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    owner: str = ""
    flag: tuple[str, ...] = ()
    retired: bool = False
    sort: Sort = Sort.ATTENTION
    cursor: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Item:
    """An app as a list shows it.

    Attributes:
        owner: The owner's name (`owner_name` is what people call them).
        deputy: As the owner; empty while nobody was named.
        data_class: Highest level of the newest version's data; empty while unknown.
        data_tags: Its tags, such as `pii`.
        runs: How what runs in production is known, `drifted` when it is not approved, or `none`.
        seen_at: When that was last confirmed (microseconds since 1970).
        in_review: Number of the version in review.
        connectors: The systems that the newest version uses.
    """

    id: str
    name: str
    title: str
    purpose: str
    team: str
    owner: str
    owner_name: str
    owner_active: bool
    deputy: str
    deputy_name: str
    stage: str
    platform: str
    data_class: str
    data_tags: tuple[str, ...]
    runs: str
    seen_at: int | None
    quarantined: bool
    in_review: int | None
    running_number: int | None
    created_at: int
    connectors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How many apps have a value."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Found:
    """One page of apps and the counts around it.

    Attributes:
        next: Where the next page begins; empty after the last one.
        facets: For each facet the counts under all other filters but its own.
        views: Counts of all visible apps that are not retired.
        matched: `similar` when no app has the words and others that are spelled alike were taken.
    """

    items: tuple[Item, ...]
    total: int
    next: str
    facets: Mapping[str, tuple[Count, ...]]
    views: Mapping[str, int]
    matched: str
