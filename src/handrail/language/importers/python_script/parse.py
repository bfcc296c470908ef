"""From the bytes of a script to a syntax tree, within bounds. Nothing is ever imported or run."""

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from handrail.language.classify import redact_script
from handrail.language.importers.characters import whole
from handrail.language.importers.errors import ArtefactInvalid, ArtefactTooLarge
from handrail.language.importers.model import Secret

SIZE_MAX: Final = 1024 * 1024
NODES_MAX: Final = 150_000
DEPTH_MAX: Final = 100
_LINE_MAX: Final = 100_000


@dataclass(frozen=True, slots=True)
class Script:
    r"""A script that was parsed.

    Attributes:
        filename: For messages.
        text: Source with secrets replaced and line ends as `\n`.
        tree: Its syntax tree.
        secrets: Secrets that stood in it.
    """

    filename: str
    text: str
    tree: ast.Module
    secrets: tuple[Secret, ...] = ()


def parse_script(data: bytes, filename: str) -> Script:
    """Parse Python source.

    Raises:
        ArtefactInvalid: If it is no Python, with line and column.
        ArtefactTooLarge: Above `SIZE_MAX` bytes, `NODES_MAX` nodes or `DEPTH_MAX` levels.
    """
    if len(data) > SIZE_MAX:
        raise ArtefactTooLarge(
            f"The script has {len(data):,} bytes; at most {SIZE_MAX:,} can be read.",
            fix="Move data out of the script into a file of its own.",
            place=filename,
        )
    text = _decode(data, filename)
    clean, found = redact_script(text)
    secrets = tuple(Secret(each.kind, "", each.line, each.certain) for each in found)
    tree = _parse(text, filename)
    if clean != text:
        # the tree is that of the clean text, so that no secret reaches the graph
        tree = _parse(clean, filename)
    _settle(tree, filename)
    return Script(filename, clean, tree, secrets)


def _decode(data: bytes, filename: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ArtefactInvalid(
            "This is not UTF-8 text.", fix="Save the file as UTF-8.", place=f"{filename}:{line}"
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _parse(text: str, filename: str) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text, filename="script")
    except SyntaxError as error:
        place = f"{filename}:{error.lineno or 1}:{max(error.offset or 1, 1)}"
        raise ArtefactInvalid(
            "This is no Python that can be read.", fix="Run it once with Python 3 and mend what it says.", place=place
        ) from None
    except ValueError:
        raise ArtefactInvalid(
            "The script holds a null character.", fix="Save the file as plain text.", place=filename
        ) from None
    except (RecursionError, MemoryError):
        raise _too_deep(filename) from None


def _too_deep(place: str) -> ArtefactTooLarge:
    return ArtefactTooLarge(
        f"The script is nested deeper than {DEPTH_MAX} levels.", fix="Split its longest expressions.", place=place
    )


def _settle(tree: ast.Module, filename: str) -> None:
    """Refuse a tree that is too large; leave whole characters only in its texts."""
    count = 0
    waiting: list[tuple[ast.AST, int]] = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = whole(node.value)
        count += 1
        if depth > DEPTH_MAX:
            raise _too_deep(f"{filename}:{getattr(node, 'lineno', 1)}")
        if count > NODES_MAX:
            raise ArtefactTooLarge(
                f"The script has more than {NODES_MAX:,} parts.",
                fix="Move data out of the script into a file of its own.",
                place=filename,
            )
        waiting += [(each, deeper) for each, deeper in _below(node, depth)]


def _below(node: ast.AST, depth: int) -> Iterator[tuple[ast.AST, int]]:
    """Yield what stands below a node; long sums and chains of elif do not count as deep, the reader walks them flat."""
    for each in ast.iter_child_nodes(node):
        flat = isinstance(node, ast.BinOp) and isinstance(each, ast.BinOp) and each is node.left
        flat = flat or (isinstance(node, ast.If) and isinstance(each, ast.If) and node.orelse == [each])
        yield each, depth if flat else depth + 1


class Segments:
    """Gives back the source text of a node."""

    def __init__(self, text: str) -> None:
        """Take the source."""
        self._lines = [line.encode() for line in text.split("\n")]

    def of(self, node: ast.AST) -> str:
        """Return a node as written, or an empty text where the tree does not tell its place."""
        first, last = getattr(node, "lineno", 0) - 1, getattr(node, "end_lineno", 0) or 0
        begin, end = getattr(node, "col_offset", 0), getattr(node, "end_col_offset", 0) or 0
        if first < 0 or last <= first:
            return ""
        lines = self._lines[first:last]
        lines[-1] = lines[-1][:end]
        lines[0] = lines[0][begin:]
        return b"\n".join(lines).decode(errors="replace")[:_LINE_MAX]
