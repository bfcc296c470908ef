"""Counters that tell other processes that something they follow has changed."""

from typing import Final

from sqlalchemy import text

from handrail.platform.database.work import Work

_BUMP: Final = text("""
    INSERT INTO revision (topic, value) VALUES (:topic, 1)
    ON CONFLICT (topic) DO UPDATE SET value = revision.value + 1
    RETURNING value
""")
_CURRENT: Final = text("SELECT value FROM revision WHERE topic = :topic")


def bump(work: Work, topic: str) -> int:
    """Raise a topic's counter in this unit of work; return its new value."""
    work.topics.add(topic)
    return int(work.scalar(_BUMP, topic=topic))


def current(work: Work, topic: str) -> int:
    """Return a topic's counter; 0 when nothing ever changed."""
    return int(work.scalar(_CURRENT, topic=topic) or 0)
