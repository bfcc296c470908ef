"""The document and its tasks at any depth."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from handrail.language.classify import pointer_segment, redact_text
from handrail.language.importers.characters import whole_values
from handrail.language.importers.errors import ArtefactInvalid, ArtefactUnknown
from handrail.language.importers.tree import as_dict, as_list, as_text
from handrail.language.manifest import ManifestInvalid, plain, read_yaml

PLATFORM: Final = "open-workflow"
START: Final = "$start"
# What says what a task does, in the order in which a task that says two things is read.
_VERBS: Final = ("call", "run", "emit", "listen", "raise", "set", "switch", "try", "for", "fork", "wait", "do")
_NAMED_VERBS: Final = frozenset({"call", "run"})


@dataclass(frozen=True, slots=True)
class Task:
    """One task.

    Attributes:
        id: Its name with the names of the tasks around it (`tryGetPet/getPet`).
        name: As written.
        body: What the document says about it.
        pointer: JSON pointer to it.
        parent: Id of the task it lies in.
        branch: Which list of that task (`do`, `try`, `catch`, `branches`).
        following: Id of the next task in its list; empty at the end.
    """

    id: str
    name: str
    body: Mapping[str, Any]
    pointer: str
    parent: str = ""
    branch: str = "do"
    following: str = ""

    @property
    def verb(self) -> str:
        """Return what kind of task it is; empty when it says none that we know."""
        return next((each for each in _VERBS if each in self.body), "")

    @property
    def type(self) -> str:
        """Return its kind with what it calls or runs: `call:http`, `run:shell`, `set`."""
        held = self.body.get(self.verb)
        named = as_text(held) if self.verb == "call" else next(iter(as_dict(held)), "")
        return f"{self.verb}:{named}" if self.verb in _NAMED_VERBS and named else self.verb


def is_workflow(document: Any) -> bool:
    """Tell an Open Workflow document by its head."""
    held = as_dict(document)
    return isinstance(held.get("do"), list) and "dsl" in as_dict(held.get("document"))


def read_document(data: bytes, filename: str) -> Any:
    """Read a document in YAML (bounded; no aliases, no tags).

    Raises:
        ArtefactInvalid: With file, line and column.
        ArtefactUnknown: If it is YAML of another kind.
    """
    try:
        document = whole_values(plain(read_yaml(data.decode("utf-8-sig"), filename)))
    except UnicodeDecodeError:
        raise ArtefactInvalid("This is not UTF-8 text.", fix="Save the file as UTF-8.", place=filename) from None
    except ManifestInvalid as error:
        first = error.problems[0]
        raise ArtefactInvalid(redact_text(first.detail), fix=first.fix, place=first.place) from None
    except ValueError:
        raise ArtefactInvalid(
            "Two keys of one object are the same but for half a character.",
            fix="Remove one of the two.",
            place=filename,
        ) from None
    if not is_workflow(document):
        raise ArtefactUnknown(
            "This YAML file is no Open Workflow document.",
            fix="A document has `document`, with its `dsl`, and a list `do`.",
            place=filename,
        )
    return document


def tasks_of(document: Mapping[str, Any], filename: str) -> dict[str, Task]:
    """Return every task by its id, in the order of the document.

    Raises:
        ArtefactInvalid: If a task is no object with one name, with its place.
    """
    found: dict[str, Task] = {}
    counts: dict[str, int] = {}
    stack = [iter(_list(document.get("do"), "/do", "", "do", filename, counts))]
    while stack:
        task = next(stack[-1], None)
        if task is None:
            stack.pop()
            continue
        found[task.id] = task
        stack.extend(
            iter(_list(inner, f"{task.pointer}{at}", task.id, branch, filename, counts))
            for branch, at, inner in reversed(_inner(task))
        )
    return found


def _inner(task: Task) -> list[tuple[str, str, Any]]:
    """Return the lists of tasks in a task: (branch, pointer below the task, list)."""
    body = task.body
    return [
        ("try", "/try", body.get("try")),
        ("catch", "/catch/do", as_dict(body.get("catch")).get("do")),
        ("branches", "/fork/branches", as_dict(body.get("fork")).get("branches")),
        ("foreach", "/foreach/do", as_dict(body.get("foreach")).get("do")),
        ("do", "/do", body.get("do")),
    ]


def _list(held: Any, pointer: str, parent: str, branch: str, filename: str, counts: dict[str, int]) -> Iterator[Task]:
    rows = []
    for index, each in enumerate(as_list(held)):
        if not isinstance(each, dict) or len(each) != 1 or not isinstance(next(iter(each.values())), dict):
            raise ArtefactInvalid(
                "A task of this document is no object with one name.",
                fix="Write `- name:` and below it what the task does.",
                place=f"{filename}#{pointer}/{index}",
            )
        name, body = next(iter(each.items()))
        task_id = f"{parent}/{name}" if parent else name
        rows.append((_unique(task_id, counts), name, body, f"{pointer}/{index}/{pointer_segment(name)}"))
    following = [*(row[0] for row in rows[1:]), ""][: len(rows)] if branch != "branches" else [""] * len(rows)
    for row, after in zip(rows, following, strict=True):
        yield Task(*row, parent, branch, after)


def _unique(task_id: str, counts: dict[str, int]) -> str:
    counts[task_id] = counts.get(task_id, 0) + 1
    unique = task_id if counts[task_id] == 1 else f"{task_id}#{counts[task_id]}"
    while unique != task_id and unique in counts:
        unique += "'"
    counts.setdefault(unique, 1)
    return unique
