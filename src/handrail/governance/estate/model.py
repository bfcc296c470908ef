"""What was found, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Kind = Literal["upload", "folder", "instance"]
FileState = Literal["read", "unreadable", "other"]

FILE_MAX: Final = 8 * 1024 * 1024
FILES_MAX: Final = 2_000
PATH_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class Origin:
    """Where definitions were found: a folder that somebody adopted, files that somebody dropped, a builder instance.

    Attributes:
        name: Unique in its team.
        scanned_at: When anything of it was read last; microseconds since 1970.
        complete_at: When all of it had been read last; None until then.
        took_ms: How long the last complete pass took.
    """

    id: str
    name: str
    kind: Kind
    team_id: str
    team: str
    instance_id: str
    scanned_at: int | None
    first_complete_at: int | None
    complete_at: int | None
    took_ms: int | None
    pass_at: int | None


@dataclass(frozen=True, slots=True)
class FileIn:
    """A file as it came; `path` is relative to its origin, with `/`."""

    path: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a file could not be read, and what would make it readable."""

    code: str
    text: str
    fix: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One definition of a file, as it is kept.

    Attributes:
        pointer: Where it begins in the file's document.
        exact: As `Part.exact`.
        document: Digest of the document without its secrets.
        counts: Columns of the list: steps, leaks, blocks, warns, notes, secrets, own_keys, personal, rank.
        data_class: The highest that it handles; empty when none was recognised.
        connectors: Systems that it names, sorted.
        part: What the estate's graph needs, as JSON.
        detail: Everything that its page shows, compressed JSON.
        leaks: (rank, row as JSON) of each leak.
    """

    index: int
    platform: str
    name: str
    pointer: str
    exact: str
    document: str
    counts: Mapping[str, int]
    data_class: str
    connectors: tuple[str, ...]
    part: str
    detail: bytes
    leaks: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class FileRead:
    """What reading a file gave.

    Attributes:
        state: `other` is a file that holds no flow: no fault of anybody.
        platform: Of its definitions; a guess when it could not be read, empty without one.
        documents: Compressed content and size by digest.
        fault: Why it could not be read; None when it was.
        engine: The revision of what read and checked it.
    """

    path: str
    digest: str
    size_bytes: int
    state: FileState
    platform: str
    found: tuple[Found, ...] = ()
    documents: Mapping[str, tuple[bytes, int]] = field(default_factory=dict)
    fault: Fault | None = None
    engine: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """One definition as a batch's answer names it."""

    id: str
    name: str
    platform: str
    steps: int
    leaks: int
    blocks: int
    warns: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file of a batch."""

    path: str
    state: FileState
    definitions: tuple[Kept, ...]
    fault: Fault | None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list of definitions.

    Attributes:
        app: Name of the registered app that it is; empty when it is none.
        owner: Name of who answers for that app; empty when nobody does.
        gone_at: When a complete pass no longer found it; None while it is there.
        linked_by: How it became known that it is that app: `content`, `person` or `source`.
    """

    id: str
    name: str
    platform: str
    origin: str
    origin_kind: str
    team: str
    path: str
    index: int
    app: str
    linked_by: str
    owner: str
    first_seen: int
    changed_at: int
    last_seen: int
    gone_at: int | None
    steps: int
    leaks: int
    blocks: int
    warns: int
    notes: int
    secrets: int
    own_keys: int
    personal: bool
    data_class: str
    connectors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is asked for; empty means any."""

    platform: tuple[str, ...] = ()
    connector: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    risk: tuple[str, ...] = ()
    registered: bool | None = None
    origin: tuple[str, ...] = ()
    q: str = ""
    gone: bool = False
    cursor: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of the list, and how many there are of each kind under all other filters."""

    items: tuple[Row, ...]
    next: str
    total: int
    facets: Mapping[str, tuple[tuple[str, int], ...]]


@dataclass(frozen=True, slots=True)
class Detail:
    """One definition with everything that is known of it.

    Attributes:
        held: What `reading` kept: graph, positions, findings, leaks, labels.
        estate: Findings that only the whole estate shows.
        upstream: Definitions whose data it reads: (id, name, resource).
        dependants: Definitions that read what it writes.
        draft: What a registration would begin with.
    """

    row: Row
    held: Mapping[str, Any]
    estate: tuple[Mapping[str, Any], ...] = ()
    upstream: tuple[tuple[str, str, str], ...] = ()
    dependants: tuple[tuple[str, str, str], ...] = ()
    draft: Mapping[str, Any] = field(default_factory=dict)
