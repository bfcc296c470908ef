"""Facts about the step types of a builder: the tables of `handrail_packs/builders/<platform>/steps.csv`.

A table is read once per process, like a module. A new step type is a row there, not code here.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources
from typing import Final, cast, get_args

from handrail.kernel.errors import Invalid
from handrail.language.graph import StepKind

COLUMNS: Final = ("type", "kind", "system", "resource", "operation", "since", "until", "object")
_KINDS: Final = frozenset(get_args(StepKind))
ANY_VERSION: Final = 0.0
"""A type's version that is not told."""


class PackInvalid(Invalid):
    """A table of step types that cannot be read."""

    code = "pack_invalid"


@dataclass(frozen=True, slots=True)
class Part:
    """One parameter that names an object, or a piece of its name.

    Attributes:
        path: Where the parameter lies, segment by segment.
        default: What the builder takes when it is left out; empty when it must be there.
    """

    path: tuple[str, ...]
    default: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table.

    Attributes:
        type: The platform's own step type.
        kind: The step's role, None when the row doesn't say.
        system: The system it reaches; empty for built-ins.
        resource: The platform's name of what the operation works on; empty when it has none.
        parameter: Name of the parameter that holds the operation.
        operation: The operation when that parameter is left out.
        since: First version of the type that it is true of.
        until: Last one; infinity when there is none.
        objects: Ways to name the object, the first that is complete counts; each is a sequence of parameters.
    """

    type: str
    kind: StepKind | None
    system: str
    resource: str
    parameter: str
    operation: str
    since: float
    until: float
    objects: tuple[tuple[Part, ...], ...]


@dataclass(frozen=True, slots=True)
class StepType:
    """What a table says about one type in one version.

    Attributes:
        kind: As in `Row`.
        system: As in `Row`.
        resource: The default resource.
        rows: The row of each resource.
    """

    kind: StepKind | None
    system: str
    resource: str
    rows: Mapping[str, Row]

    def row(self, resource: str) -> Row | None:
        """Return what is known of a resource."""
        return self.rows.get(resource)


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """The table of one platform."""

    platform: str
    rows: Mapping[str, Sequence[Row]] = field(repr=False)

    def find(self, step_type: str, version: float = ANY_VERSION) -> StepType | None:
        """Return the facts of a type, None when the table doesn't know it.

        Args:
            step_type: As the platform writes it.
            version: The type's version; without one, or outside of every range, the rows of the newest count.
        """
        return _find(self, step_type, version) if step_type in self.rows else None


@cache
def load_pack(platform: str) -> Pack:
    """Return the table of a platform; an empty one when there is none.

    Raises:
        PackInvalid: With file and line.
    """
    file = resources.files("handrail_packs") / "builders" / platform / "steps.csv"
    if not file.is_file():
        return Pack(platform, {})
    return read_pack(platform, file.read_text(encoding="utf-8"), f"builders/{platform}/steps.csv")


def read_pack(platform: str, text: str, filename: str) -> Pack:
    """Read the text of a table.

    Raises:
        PackInvalid: With file and line.
    """
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: dict[str, list[Row]] = {}
    try:
        if tuple(next(lines, ())) != COLUMNS:
            raise PackInvalid(
                "The first line of a table of step types names its columns.",
                fix=f"Write {','.join(COLUMNS)}.",
                place=f"{filename}:1",
            )
        for cells in lines:
            if cells:
                row = _row(cells, f"{filename}:{lines.line_num}")
                rows.setdefault(row.type, []).append(row)
    except csv.Error as error:
        raise PackInvalid(f"This is no CSV: {error}.", place=f"{filename}:{lines.line_num}") from None
    return Pack(platform, {name: tuple(listed) for name, listed in rows.items()})


@lru_cache(maxsize=4096)
def _find(pack: Pack, step_type: str, version: float) -> StepType:
    listed = pack.rows[step_type]
    fitting = [row for row in listed if row.since <= version <= row.until] if version != ANY_VERSION else []
    if not fitting:
        newest = max(row.until for row in listed)
        fitting = [row for row in listed if row.until == newest]
    by_resource: dict[str, Row] = {}
    for row in fitting:
        by_resource.setdefault(row.resource, row)
    first = fitting[0]
    return StepType(first.kind, first.system, first.resource, by_resource)


def _row(cells: list[str], place: str) -> Row:
    if len(cells) != len(COLUMNS):
        raise PackInvalid(
            f"This row has {len(cells)} cells instead of {len(COLUMNS)}.", fix="Count its commas.", place=place
        )
    step_type, kind, system, resource, operation, since, until, objects = cells
    if not step_type:
        raise PackInvalid("This row names no type.", fix="Fill in its first cell.", place=place)
    if kind and kind not in _KINDS:
        raise PackInvalid(
            f"{kind!r} is no kind of step.", fix=f"Write one of {', '.join(sorted(_KINDS))}.", place=place
        )
    parameter, given, default = operation.partition("=")
    return Row(
        type=step_type,
        kind=cast("StepKind", kind) if kind else None,
        system=system,
        resource=resource,
        parameter=parameter if given else "operation",
        operation=default if given else operation,
        since=_version(since, 0.0, place),
        until=_version(until, float("inf"), place),
        objects=tuple(tuple(map(_part, each.split("+"))) for each in objects.split("|") if each),
    )


def _part(text: str) -> Part:
    path, _given, default = text.partition("=")
    return Part(tuple(path.split(".")), default)


def _version(text: str, otherwise: float, place: str) -> float:
    try:
        return float(text) if text else otherwise
    except ValueError:
        raise PackInvalid(f"{text!r} is no version.", fix="Write a number such as 2 or 1.1.", place=place) from None
