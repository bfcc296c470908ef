"""Nobody approves their own change: author, uploader, submitter and owner are barred, whatever their roles."""

from collections.abc import Iterator, Sequence
from typing import Final

from handrail.governance.lifecycle import store
from handrail.governance.lifecycle.errors import OwnChange
from handrail.governance.lifecycle.model import Bar
from handrail.platform.database import Work
from handrail.registry import catalog
from handrail.registry.catalog import App, VersionSummary
from handrail.registry.identity import Caller, Person, person_by_id

PARTS: Final = ("owner", "author", "submitter", "uploader")


def barred(work: Work, app: App, version: VersionSummary) -> tuple[Bar, ...]:
    """Return who may not approve a version, by name."""
    return tuple(sorted({bar for bar, _ in _bars(work, app, version)}, key=lambda bar: (bar.part, bar.name)))


def require_other(work: Work, caller: Caller, app: App, version: VersionSummary) -> None:
    """Return if the caller had no part in a version.

    Raises:
        OwnChange: Naming the part.
    """
    person = person_by_id(work, caller.person_id)
    parts = sorted({bar.part for bar, marks in _bars(work, app, version) if marks_of(person) & marks})
    if parts:
        raise OwnChange(
            f"You may not approve version {version.number} of {app.name!r}: you are its {' and its '.join(parts)}.",
            fix="Ask another reviewer. Nobody approves their own change, admins included.",
            details={"parts": parts},
        )


def marks_of(person: Person) -> frozenset[str]:
    """Return how an artefact or a row may name a person: artefacts name their author as people write it."""
    return frozenset({person.id, person.name.casefold(), person.display_name.casefold()})


def marks_by_part(work: Work, reviews: Sequence[str]) -> dict[str, dict[str, set[str]]]:
    """Return, by review's id and part, the marks of who had that part; two queries for any number."""
    found: dict[str, dict[str, set[str]]] = {review: {part: set() for part in PARTS} for review in reviews}
    if not reviews:
        return found
    ids = list(reviews)
    for row in work.all(store.MAKERS_OF_REVIEWS, ids=ids):
        parts = found[row["review_id"]]
        parts["author"] |= {row["author"].casefold()} - {""}
        parts["uploader"].add(row["uploaded_by"])
        parts["owner"].add(row["owner_id"])
    for row in work.all(store.SUBMITTERS_OF_REVIEWS, ids=ids):
        found[row["review_id"]]["submitter"].add(row["submitted_by"])
        found[row["review_id"]]["owner"].add(row["owner_id"])
    return found


def barred_marks(work: Work, reviews: Sequence[str]) -> dict[str, set[str]]:
    """Return, by review's id, the marks of everybody who may not approve it."""
    return {review: set().union(*parts.values()) for review, parts in marks_by_part(work, reviews).items()}


def _bars(work: Work, app: App, version: VersionSummary) -> Iterator[tuple[Bar, set[str]]]:
    yield Bar("owner", app.owner), {app.owner_id}
    # The same content uploaded elsewhere is the same work.
    for author, uploader, uploaded_by in catalog.makers(work, app.id, version.source_digest):
        if author:
            yield Bar("author", author), {author, author.casefold()}
        yield Bar("uploader", uploader), {uploaded_by}
    for row in work.all(store.SUBMITTERS, app_id=app.id, source_digest=version.source_digest):
        yield Bar("submitter", row["submitter"]), {row["submitted_by"]}
        yield Bar("owner", row["owner"]), {row["owner_id"]}
