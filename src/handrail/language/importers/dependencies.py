"""The packages that a script app asks for: requirements files, `pyproject.toml`, metadata inside a script (PEP 723)."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from handrail.language.importers.errors import ArtefactInvalid, ArtefactTooLarge
from handrail.language.importers.tree import as_dict, as_list, as_text

SIZE_MAX: Final = 2 * 1024 * 1024
COUNT_MAX: Final = 20_000
_LINE_MAX: Final = 4_000
_NAME: Final = re.compile(
    r"(?:requirements|constraints)[\w.-]*\.(?:txt|in)|[\w.-]*[-_](?:requirements|constraints)\.txt", re.IGNORECASE
)
_COMMENT: Final = re.compile(r"(?:^|\s)#.*$")
_OPTION: Final = re.compile(r"(-{1,2}[A-Za-z-]+)[=\s]*(\S*)")
_OTHER_FILES: Final = frozenset({"-r", "--requirement", "-c", "--constraint"})
_UNPLACED: Final = frozenset({"-e", "--editable"})
_TRAILING: Final = re.compile(r"\s--?[A-Za-z].*", re.DOTALL)
_ADDRESS: Final = re.compile(r"^(?:[a-z][a-z0-9+]*:|\.{0,2}/|[^\s@]*\.(?:whl|zip|tar\.gz)$)", re.IGNORECASE)
_BARE_VERSION: Final = re.compile(r"\d[\w.+!-]*")


@dataclass(frozen=True, slots=True)
class Dependency:
    """One package that is asked for.

    Attributes:
        name: Normalised (PEP 503).
        specifier: As written, without spaces; empty for any version, `@` for an address.
        pinned: The one version that is asked for; None when several fit.
        line: In the file, from 1; 0 where it could not be found.
    """

    name: str
    specifier: str = ""
    pinned: str | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Something that asks for packages and does not say which: another file, a folder, an address.

    Attributes:
        kind: `file`, `address` or `invalid`.
        name: Name of the other file; empty for the rest, whose text may hold a key.
        line: From 1.
    """

    kind: str
    name: str
    line: int


@dataclass(frozen=True, slots=True)
class Dependencies:
    """What a file asks for, in the order of the file."""

    found: tuple[Dependency, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()


def names_dependencies(filename: str) -> bool:
    """Tell whether a file of this name lists packages; in an archive it is named `archive.zip!folder/name`."""
    name = PurePath(filename.rpartition("!")[2]).name
    return name.lower() == "pyproject.toml" or _NAME.fullmatch(name) is not None


def read_dependencies(data: bytes, filename: str) -> Dependencies:
    """Read what a file asks for.

    Args:
        data: A requirements file, a `pyproject.toml` or a Python script.
        filename: Tells which.

    Raises:
        ArtefactInvalid: If it is not UTF-8, or no TOML.
        ArtefactTooLarge: Above `SIZE_MAX` bytes or `COUNT_MAX` packages.
    """
    if len(data) > SIZE_MAX:
        raise ArtefactTooLarge(f"The file has {len(data):,} bytes; at most {SIZE_MAX:,} can be read.", place=filename)
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise ArtefactInvalid("This is not UTF-8 text.", fix="Save the file as UTF-8.", place=filename) from None
    if filename.lower().endswith(".toml"):
        result = _project(text, 1, filename)
    elif filename.lower().endswith((".py", ".pyw")):
        result = _inline(text, filename)
    else:
        result = _collected(_requirements(text))
    if len(result.found) > COUNT_MAX:
        raise ArtefactTooLarge(f"The file asks for more than {COUNT_MAX:,} packages.", place=filename)
    return result


def _collected(entries: Iterable[Dependency | Unresolved]) -> Dependencies:
    listed = list(dict.fromkeys(entries))
    return Dependencies(
        tuple(each for each in listed if isinstance(each, Dependency)),
        tuple(each for each in listed if isinstance(each, Unresolved)),
    )


def _requirements(text: str) -> Iterator[Dependency | Unresolved]:
    for number, line in _lines(text):
        option = _OPTION.match(line)
        if option and option[1] in _OTHER_FILES | _UNPLACED:
            kind = "file" if option[1] in _OTHER_FILES else "address"
            yield Unresolved(kind, PurePath(option[2]).name[:200] if kind == "file" else "", number)
        elif not line.startswith("-"):
            yield _requirement(_TRAILING.sub("", line), number)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield logical lines with the number of their first: a backslash joins a line with the next."""
    held: list[str] = []
    first = 0
    for number, raw in enumerate([*text.split("\n"), ""], 1):
        line = _COMMENT.sub("", raw).strip()
        first = first if held else number
        if raw.rstrip().endswith("\\") and line.endswith("\\"):
            held.append(line[:-1])
            continue
        whole = " ".join([*held, line]).strip()
        held = []
        if whole:
            yield first, whole


def _requirement(text: str, line: int) -> Dependency | Unresolved:
    if _ADDRESS.match(text):
        return Unresolved("address", "", line)
    try:
        held = Requirement(text if len(text) <= _LINE_MAX else "")
    except (InvalidRequirement, ValueError, RecursionError):
        return Unresolved("invalid", "", line)
    if held.url:
        return Dependency(canonicalize_name(held.name), "@", None, line)
    return Dependency(canonicalize_name(held.name), str(held.specifier), _pinned(held.specifier), line)


def _pinned(specifier: SpecifierSet) -> str | None:
    exact = [each.version for each in specifier if each.operator in {"==", "==="} and not each.version.endswith(".*")]
    if len(exact) != 1:
        return None
    try:
        return str(Version(exact[0]))
    except InvalidVersion:
        return exact[0]


def _project(text: str, first: int, filename: str) -> Dependencies:
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        place = re.search(r"line (\d+)", str(error))
        where = f"{filename}:{int(place[1]) + first - 1}" if place else filename
        raise ArtefactInvalid("This is no TOML.", fix="Mend it at this place.", place=where) from None
    return _collected(_asked(document, _Places(text, first)))


class _Places:
    """Finds the lines of texts that come one after the other."""

    def __init__(self, text: str, first: int) -> None:
        self._first = first
        self._lines: dict[str, int] = {}
        for number, line in enumerate(text.split("\n")):
            for written in re.findall(r"\"([^\"\\]{1,300})\"|'([^']{1,300})'|^\s{0,40}([\w.-]{1,100})\s{0,8}=", line):
                self._lines.setdefault(next(filter(None, written)), number)

    def of(self, text: str) -> int:
        return self._lines[text] + self._first if text in self._lines else 0


def _asked(document: dict[str, Any], places: _Places) -> Iterator[Dependency | Unresolved]:
    project = as_dict(document.get("project"))
    lists = [document.get("dependencies"), project.get("dependencies")]
    lists += as_dict(project.get("optional-dependencies")).values()
    lists += as_dict(document.get("dependency-groups")).values()
    lists.append(as_dict(document.get("build-system")).get("requires"))
    for each in lists:
        for text in as_list(each):
            if isinstance(text, str):
                yield _requirement(text.strip(), places.of(text))
    poetry = as_dict(as_dict(document.get("tool")).get("poetry"))
    tables = [poetry.get("dependencies"), poetry.get("dev-dependencies")]
    tables += [as_dict(group).get("dependencies") for group in as_dict(poetry.get("group")).values()]
    for table in tables:
        for name, held in as_dict(table).items():
            if name.lower() != "python":
                yield _poetry(name, held, places.of(name))


def _poetry(name: str, held: Any, line: int) -> Dependency:
    written = as_text(held.get("version") if isinstance(held, dict) else held).replace(" ", "")
    if _BARE_VERSION.fullmatch(written) and "*" not in written:
        return Dependency(canonicalize_name(name), f"=={written}", written, line)
    try:
        return Dependency(canonicalize_name(name), written, _pinned(SpecifierSet(written)), line)
    except InvalidSpecifier:
        return Dependency(canonicalize_name(name), written[:100] or "@", None, line)


def _inline(text: str, filename: str) -> Dependencies:
    lines = text.split("\n")
    if "# /// script" not in lines:
        return Dependencies()
    first = lines.index("# /// script") + 1
    held: list[str] = []
    for line in lines[first:]:
        if line == "# ///":
            return _project("\n".join(held), first + 1, filename)
        if line != "#" and not line.startswith("# "):
            break
        held.append(line[2:])
    return Dependencies()
