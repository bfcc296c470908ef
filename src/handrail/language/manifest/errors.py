"""What is wrong with a document, and where."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from handrail.kernel.errors import Invalid

# A reader fixes a screenful at a time; a hostile document must not make us write a novel.
PROBLEMS_MAX: Final = 50


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        place: `file:line:column`, counted from 1.
        pointer: JSON pointer of the value inside the document.
        code: Stable name, listed in docs/reference/errors/manifest.md.
        detail: What is wrong, for a person.
        fix: The smallest change that would pass; empty when there is none.
    """

    place: str
    pointer: str
    code: str
    detail: str
    fix: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.detail}{' ' + self.fix if self.fix else ''} [{self.code}]"


class ManifestInvalid(Invalid):
    """A document that cannot be taken; `problems` has everything that was found in it."""

    code = "manifest_invalid"

    def __init__(self, problems: Sequence[Problem]) -> None:
        shown = list(problems[:PROBLEMS_MAX])
        first = shown[0]
        if len(problems) == 1:
            message = f"{first.place}: {first.detail}"
        else:
            count = f"{PROBLEMS_MAX} or more" if len(problems) >= PROBLEMS_MAX else str(len(problems))
            message = "\n".join([f"{count} things are wrong:", *(f"  {problem}" for problem in shown)])
        super().__init__(
            message,
            fix=first.fix,
            place=first.place,
            details={
                "problems": [
                    {
                        "place": problem.place,
                        "pointer": problem.pointer,
                        "code": problem.code,
                        "detail": problem.detail,
                        "fix": problem.fix,
                    }
                    for problem in shown
                ]
            },
        )
        self.problems: tuple[Problem, ...] = tuple(shown)


class Findings:
    """Collects the problems of one document.

    Attributes:
        file: The name that places begin with.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    @property
    def full(self) -> bool:
        """Whether enough was found to stop looking."""
        return len(self.problems) >= PROBLEMS_MAX

    def add(self, mark: tuple[int, int], code: str, detail: str, *, fix: str = "", pointer: str = "") -> None:
        """Note one problem at a (line, column)."""
        if not self.full:
            place = f"{self.file}:{mark[0]}:{mark[1]}"
            self.problems.append(Problem(place, pointer, code, detail, fix))

    def raise_if_any(self) -> None:
        """Raise everything that was found, in the order of the document.

        Raises:
            ManifestInvalid: When there is a problem.
        """
        if self.problems:
            raise ManifestInvalid(sorted(self.problems, key=_position))


def _position(problem: Problem) -> tuple[int, int]:
    _, line, column = problem.place.rsplit(":", 2)
    return int(line), int(column)
