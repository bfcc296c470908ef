"""Builder instances, what is read from them, and how the last look went."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

INTERVAL_S: Final = 3
INTERVAL_MIN_S: Final = 1
INTERVAL_MAX_S: Final = 3600
# After so many looks that should have gone well, somebody must know.
SILENT_INTERVALS: Final = 5
PLATFORMS: Final = ("node-red",)
NETWORKS: Final = ("public", "private")


class State(StrEnum):
    """How the last look went; a failure is a state of its own, never silence."""

    WAITING = "waiting"
    OK = "ok"
    UNREACHABLE = "unreachable"
    UNAUTHORISED = "unauthorised"
    UNREADABLE = "unreadable"
    MISSING = "missing"


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


@dataclass(frozen=True, slots=True)
class Binding:
    """Which part of an instance is which app, in which environment.

    Attributes:
        part: Id or label of a tab; empty for everything that the instance runs.
        state: How finding and reading this part went at the last look.
        since: Since when it is in that state (microseconds since 1970).
        message: What a person should know about the state; empty if all is well.
        seen_at: When it was last read well; None before the first time.
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


@dataclass(frozen=True, slots=True)
class Source:
    """An instance with its bindings and how the last look went.

    Attributes:
        since: Since when it is in that state (microseconds since 1970).
        message: What a person should know about the state; empty if all is well.
        failures: Looks that failed in a row.
        polled_at: When it was last asked; None before the first time.
        read_at: When it last answered well.
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
        app: Name of a registered app.
        environment: Name of the environment that the instance runs it in.
        part: Id or label of a tab; empty for everything.
        owner: Name of the person who answers for the instance; the caller by default.
    """

    name: str
    platform: str
    url: str
    app: str
    environment: str = "production"
    part: str = ""
    network: str = "public"
    region: str = ""
    owner: str = ""
    interval_s: int = INTERVAL_S


@dataclass(frozen=True, slots=True)
class Reading:
    """What one look at an instance gave.

    Attributes:
        document: What it runs, as the bytes of its admin API's answer.
    """

    document: bytes
