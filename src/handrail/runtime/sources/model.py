"""Builder instances, what is read from them, and how the last look went."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

INTERVAL_S: Final = 3
INTERVAL_MIN_S: Final = 1
INTERVAL_MAX_S: Final = 3600
# After so many looks that should have gone well, somebody must know.
SILENT_INTERVALS: Final = 5
# Seconds between two looks unless somebody says otherwise: what it costs the other side to be asked.
INTERVALS_S: Final = {"folder": 5, "git": 60, "n8n": 30, "node-red": INTERVAL_S}
PLATFORMS: Final = tuple(INTERVALS_S)
FILES_MAX: Final = 5_000
NETWORKS: Final = ("public", "private")


class State(StrEnum):
    """How the last look went; a failure is a state of its own, never silence."""

    WAITING = "waiting"
    OK = "ok"
    UNREACHABLE = "unreachable"
    UNAUTHORISED = "unauthorised"
    UNREADABLE = "unreadable"
    MISSING = "missing"
    # Never stored: how what an instance holds is shown while the instance itself cannot be read.
    UNKNOWN = "unknown"


class Drift(StrEnum):
    """What happens when something runs that nobody approved."""

    DENY = "deny"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Rules:
    """An instance's standing rules and templates.

    Attributes:
        on_drift: Whether calls of what nobody approved are refused at once, or only after a deadline.
        deadline_hours: With `warn`: how long the last approval still covers what runs.
        naming: Template for names of apps that are found: `{name}`, `{team}`, `{instance}`.
        data_classes: What a found app is taken to handle until somebody says otherwise.
    """

    on_drift: Drift = Drift.DENY
    deadline_hours: int = 72
    naming: str = "{name}"
    data_classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """One file or answer of an instance that may hold definitions.

    Attributes:
        path: What the instance calls it: a path, or `<id>.json`.
        version: Changes whenever the content does: a revision, a version's id, a blob's id, a digest.
        data: Its content; None if it is known, or was left for the next look.
        name: What the builder calls it; empty if its content tells.
        active: Whether it is switched on; None if the builder does not say.
        updated_at: When it changed last, as the builder says (microseconds since 1970); None if it does not.
        author: Who changed it last, as the builder says; empty when it does not.
    """

    path: str
    version: str
    data: bytes | None = None
    name: str = ""
    active: bool | None = None
    updated_at: int | None = None
    author: str = ""


class Sight(StrEnum):
    """Whether a definition is where it was found."""

    PRESENT = "present"
    MISSED = "missed"
    GONE = "gone"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Found:
    """A definition that an instance holds, whether anybody registered it or not.

    Attributes:
        part: What a binding names it by.
        inner: Which flow of the file it is; empty for the whole.
        digest: Of its source form; empty if it cannot be read.
        missed: Complete looks in a row that did not show it.
        registration: The prepared registration; empty for one that is registered, or cannot be read.
        problem: Why it cannot be read, in words.
        apps: Names of the apps that are bound to it.
    """

    part: str
    name: str
    path: str
    inner: str
    version: str
    digest: str
    active: bool | None
    updated_at: int | None
    author: str
    first_seen: int
    last_seen: int
    missed: int
    gone_at: int | None
    registration: Mapping[str, Any]
    problem: str
    apps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Instance:
    """One builder, as one Node-RED.

    Attributes:
        url: Where its admin API is, without a trailing slash.
        network: `public`, or `private` if it may be on this machine or in a private network.
        credential: Its sealed credential; empty for none.
        interval_s: Seconds between two looks while all is well.
    """

    id: str
    name: str
    platform: str
    url: str
    network: str
    region: str
    team_id: str
    owner_id: str
    credential: str
    interval_s: int
    rules: Rules = field(default_factory=Rules)


@dataclass(frozen=True, slots=True)
class Binding:
    """Which part of an instance is which app, in which environment.

    Attributes:
        part: Id or label of a tab; empty for everything that the instance runs.
        state: How finding and reading this part went at the last look.
        since: Since when it is in that state (microseconds since 1970).
        message: What a person should know about the state; empty if all is well.
        seen_at: When it was last read well; None before the first time.
        version: What its builder calls the version that was read last.
        author: Who made that version, as the builder says; empty when it does not.
        changes: What differs from the version that was approved last, in words; empty while nothing does.
        changes_of: Between which digests; what it was worked out for.
        drift_until: Until when what runs is tolerated without an approval; None when it is not.
    """

    id: str
    instance_id: str
    app_id: str
    app: str
    environment_id: str
    environment: str
    part: str
    state: State
    since: int
    message: str
    seen_at: int | None
    version: str = ""
    author: str = ""
    changes: tuple[str, ...] = ()
    changes_of: str = ""
    drift_until: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """An instance with its bindings and how the last look went.

    Attributes:
        since: Since when it is in that state (microseconds since 1970).
        message: What a person should know about the state; empty if all is well.
        failures: Looks that failed in a row.
        polled_at: When it was last asked; None before the first time.
        read_at: When it last answered well.
        next_at: When it is asked again; later and later while it fails.
        listed_at: When everything that it holds was listed last; None before the first time.
        unregistered: Definitions in it that belong to no app.
        vanished: Apps whose definition is no longer in it.
    """

    instance: Instance
    team: str
    owner: str
    state: State
    since: int
    message: str
    failures: int
    polled_at: int | None
    read_at: int | None
    bindings: tuple[Binding, ...]
    next_at: int = 0
    listed_at: int | None = None
    found: int = 0
    unregistered: int = 0
    vanished: int = 0

    @property
    def readable(self) -> bool:
        """Whether the last look said anything about what it holds."""
        return self.state in {State.OK, State.WAITING}

    @property
    def subject(self) -> str:
        """What the audit log calls it."""
        return f"source:{self.instance.id}"


@dataclass(frozen=True, slots=True)
class Silence:
    """An app whose source has not read it well for too long.

    Attributes:
        owner_id: Who answers for the instance (`app_owner_id`: for the app).
        team_id: The app's team.
        state: Of the instance, if that is not well, else of the app's part of it.
        message: What a person should know about the state.
        since: When the app was last read well, else since when it should have been.
        read_once: Whether it ever was.
    """

    source_id: str
    source: str
    platform: str
    owner_id: str
    owner: str
    app_id: str
    app: str
    title: str
    app_owner_id: str
    team_id: str
    team: str
    environment: str
    state: State
    message: str
    since: int
    read_once: bool


@dataclass(frozen=True, slots=True)
class NewSource:
    """What somebody wants to have watched.

    Attributes:
        url: Address of its API; for `git` an https address or a path, with `#branch`; for `folder` a path.
        app: Name of a registered app; empty to look at what is there first.
        environment: Name of the environment that the instance runs it in.
        part: Which definition is the app: id or label of a tab, id or name of a workflow, a path. Only Node-RED may
            leave it empty, for everything.
        team: Name of the team whose instance it is; the app's by default.
        owner: Name of the person who answers for the instance; the caller by default.
        interval_s: Seconds between two looks; None for the platform's own.
    """

    name: str
    platform: str
    url: str
    app: str = ""
    environment: str = "production"
    part: str = ""
    network: str = "public"
    region: str = ""
    team: str = ""
    owner: str = ""
    interval_s: int | None = None
    rules: Rules = field(default_factory=Rules)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one look at an instance gave.

    Attributes:
        files: Everything that it holds.
        complete: Whether that is all: only then may something that is not among it be missed.
    """

    files: tuple[File, ...]
    complete: bool = True
