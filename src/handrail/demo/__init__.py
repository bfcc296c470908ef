"""A made-up company on this machine: filled through the use cases, alive through the real hub."""

from handrail.demo import stage
from handrail.demo.builders import Builders
from handrail.demo.company import COMPANY, PEOPLE, SEATS, TEAMS, Seat
from handrail.demo.errors import DemoHomeTaken, DemoNotLocal, DemoPortTaken
from handrail.demo.seeding import Place, seed
from handrail.demo.stage import require_local, run_played, run_traffic

__all__ = [
    "COMPANY",
    "PEOPLE",
    "SEATS",
    "TEAMS",
    "Builders",
    "DemoHomeTaken",
    "DemoNotLocal",
    "DemoPortTaken",
    "Place",
    "Seat",
    "require_local",
    "run_played",
    "run_traffic",
    "seed",
    "stage",
]
