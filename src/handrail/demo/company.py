"""Who works at Larkspur, the made-up company of the demo."""

from dataclasses import dataclass
from typing import Final

from handrail.registry.identity import Role

COMPANY: Final = "Larkspur"
TEAMS: Final = (("finance", "Finance"), ("support", "Support"), ("sales", "Sales"))


@dataclass(frozen=True, slots=True)
class Made:
    """A made-up person.

    Attributes:
        roles: Role and team's name; `*` for all teams.
    """

    name: str
    display_name: str
    roles: tuple[tuple[Role, str], ...]


PLATFORM: Final = Made("tomas", "Tomás Rivas", ((Role.ADMIN, "*"), (Role.STEWARD, "*")))
PEOPLE: Final = (
    PLATFORM,
    Made("priya", "Priya Raman", ((Role.REVIEWER, "*"), (Role.AUDITOR, "*"))),
    Made("hannah", "Hannah Vogel", ((Role.REVIEWER, "finance"), (Role.FINANCE, "*"))),
    Made("mara", "Mara Lindqvist", ((Role.BUILDER, "finance"),)),
    Made("jonas", "Jonas Weber", ((Role.BUILDER, "finance"),)),
    Made("sam", "Sam Okafor", ((Role.BUILDER, "support"),)),
    Made("devon", "Devon Achebe", ((Role.BUILDER, "support"),)),
    Made("luca", "Luca Bianchi", ((Role.BUILDER, "sales"),)),
    Made("aiko", "Aiko Tanaka", ((Role.BUILDER, "sales"),)),
    Made("ines", "Ines Duarte", ((Role.BUILDER, "sales"),)),
)


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody as whom the demo lets a visitor sign in."""

    as_: str
    name: str
    title: str
    note: str


SEATS: Final = (
    Seat("builder", "mara", "Builder in finance", "Builds flows, asks for reviews, sees her team's apps."),
    Seat("reviewer", "priya", "Security reviewer", "Reads what changed and decides; one review waits for her."),
    Seat("platform", "tomas", "Platform engineer", "Runs Handrail: people, connectors, hubs, quarantine, audit."),
)
