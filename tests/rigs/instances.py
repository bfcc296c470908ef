"""Stands where a builder instance would: answers what a test says."""

from collections.abc import Mapping

from handrail.kernel.canonical import sha256
from handrail.kernel.secret import Secret
from handrail.runtime.sources import File, Instance, Reading


class Shelf:
    """An instance that holds files.

    Attributes:
        files: Content by path.
        about: What the builder says of a path besides.
        fails: Raised instead of an answer, if not None.
        complete: Whether an answer is everything.
        handed: Paths whose content was handed over, look by look.
    """

    def __init__(self, **files: bytes) -> None:
        self.files = {f"{name}.json": data for name, data in files.items()}
        self.about: dict[str, dict] = {}
        self.fails: Exception | None = None
        self.complete = True
        self.handed: list[list[str]] = []

    def __call__(self, _instance: Instance, _credential: Secret | None, known: Mapping[str, str]) -> Reading:
        if self.fails:
            raise self.fails
        listed = [
            File(path, sha256(data), None if known.get(path) == sha256(data) else data, **self.about.get(path, {}))
            for path, data in self.files.items()
        ]
        self.handed.append([file.path for file in listed if file.data is not None])
        return Reading(tuple(listed), self.complete)
