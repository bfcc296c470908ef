"""Apps, their versions and what runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Stage(StrEnum):
    """How far an app has come; an operating app stays operating while its next version is reviewed."""

    IDEA = "idea"
    PROTOTYPE = "prototype"
    OPERATING = "operating"
    RETIRED = "retired"


class Status(StrEnum):
    """What was decided about one version in one environment."""

    DRAFT = "draft"
    IN_REVIEW = "in review"
    APPROVED = "approved"
    REFUSED = "refused"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"


class Assurance(StrEnum):
    """How sure we are that the running digest is what runs."""

    EXECUTED = "executed"
    OBSERVED = "observed"
    DECLARED = "declared"


@dataclass(frozen=True, slots=True)
class App:
    """A micro-app.

    Attributes:
        id: UUIDv7; survives renames.
        name: Readable id; never given to another app, not even after retirement.
        team: The team's name (`team_id` is its id).
        owner: The owner's name (`owner_id` is the person's id, `owner_name` what people call them).
        owner_active: False once the owner was disabled: the app needs another one.
        deputy: The deputy's name; empty while nobody was named, which only an idea or a prototype may be.
        purpose: Why it exists, in the builder's words.
        platform: Where it was built (`n8n`, `node-red`, ...); empty for an idea without an artefact.
        created_at: Microseconds since 1970 (UTC).
    """

    id: str
    name: str
    title: str
    team_id: str
    team: str
    owner_id: str
    owner: str
    owner_name: str
    owner_active: bool
    deputy_id: str
    deputy: str
    deputy_name: str
    purpose: str
    stage: Stage
    platform: str
    assurance: Assurance
    created_at: int

    @property
    def subject(self) -> str:
        """What the audit log calls it."""
        return f"app:{self.id}"


@dataclass(frozen=True, slots=True)
class VersionSummary:
    """One state of an app in one environment, without its documents.

    Attributes:
        environment: The environment's id (`environment_name` is its name).
        number: Counts the versions of this app in this environment, from 1.
        digest: The closure's digest; what reviewers approve.
        source_digest: Digest of the parsed source, without volatile fields and secrets.
        author: Name of whoever built it, as far as the artefact or the uploader says.
        uploaded_by: Id of the person who uploaded it, or of the source that saw it.
        created_at: Microseconds since 1970 (UTC).
    """

    id: str
    app_id: str
    environment: str
    environment_name: str
    number: int
    digest: str
    status: Status
    platform: str
    source_digest: str
    author: str
    uploaded_by: str
    created_at: int


@dataclass(frozen=True, slots=True)
class Version(VersionSummary):
    """A version with its documents.

    Attributes:
        closure: The closure's document; `digest` is over its canonical form.
        graph: What the importer saw, as JSON.
        manifest: The app's manifest, as JSON.
    """

    closure: Mapping[str, Any]
    graph: Mapping[str, Any]
    manifest: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Running:
    """What runs, and how we know.

    Attributes:
        environment: The environment's id (`environment_name` is its name).
        source: `observed` by a source, `declared` by a person, `executed` by Handrail.
        since: When this digest became the running one (microseconds since 1970).
        seen_at: When that was last confirmed.
        set_by: Name of the person or source that said so.
    """

    app_id: str
    environment: str
    environment_name: str
    digest: str
    number: int
    source: Assurance
    since: int
    seen_at: int
    set_by: str


@dataclass(frozen=True, slots=True)
class Observation:
    """What one look at the live definition gave.

    Attributes:
        new_version: Nobody had seen this digest before; it is a draft now.
        changed: The running digest is another one than at the last look.
    """

    version: Version
    running: Running
    new_version: bool
    changed: bool
