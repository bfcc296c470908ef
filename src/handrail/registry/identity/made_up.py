"""Whether the people of an install are made up, as in the demo."""

from typing import Final

from handrail.platform.database import Work, revisions
from handrail.registry import audit
from handrail.registry.audit import Actor
from handrail.registry.identity.model import Person

_TOPIC: Final = "made-up"


def mark_made_up(work: Work) -> None:
    """Note that nobody here is a real person; nothing takes the mark away again."""
    revisions.bump(work, _TOPIC)


def is_made_up(work: Work) -> bool:
    """Tell whether the people of this install are made up."""
    return revisions.current(work, _TOPIC) > 0


def enter_as(work: Work, person: Person) -> None:
    """Record that a visitor of the demo signed in as a made-up person."""
    actor = Actor("person", person.id, person.name)
    audit.record(work, actor, "sign_in.succeeded", f"person:{person.id}", {"how": "demo"})
