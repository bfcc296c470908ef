"""Files that nobody wrote: real flows with something done to them, the same for the same seed."""

import copy
import io
import json
import math
import random
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

GOLDEN = Path(__file__).parents[1] / "golden"
EXAMPLES = Path(__file__).parents[2] / "examples"
GROWN_MAX = 150_000  # bytes
HOSTILE = (
    "", " ", "\x00", "\x1b[2J\x1b]0;x\x07", "\u202e\u2066txt.exe\u2069", "\ufeff", "\u2028", "\r\n\r\n", "\ud800",
    "\udfff\ud800", "a\ud83d", "\U0001f600" * 40, "e\u0301" * 90, "/", "~", "~1~0", "a/b~c", "../../etc/passwd", "..",
    "x" * 3_000, "#2", "'", "A#2'", "__proto__", "constructor", "toString", "=", "={{", "={{ $json", "={{ $json[",
    "={{ $('", "={{ $('A').item.json }}", "{{{{}}}}", "@", "@{", "@{body('", "@body('x')?['a']", "@@", "@concat('",
    "[parameters('a')]", "[[", "${", "${ .x", "$(", "`", "<script>alert(1)</script>", "'; DROP TABLE x; --",
    "http://", "http://[::1", "http://[", "https://@/", "http://a:b:c@d:99999999/", "//", "https://\u0130.test/",
    "HTTP://127.0.0.1:80#@x.test/", "file:///etc/passwd", "data:,x", "javascript:1", "xn--", "[secret: x]", "[secret:",
    "[pii: email]", "$number", "$$number", "on", "null", "NaN", "1e999", "-", "main", "error", "msg.payload",
    "\\", '\\"', '"', "%s%n", "%00", "&#0;", "0" * 400, "https://" + "a." * 300, "{{" * 300, "(" * 300, "a@b.c" * 60,
)  # fmt: skip
NUMBERS: tuple[Any, ...] = (0, -1, 1.5, -0.0, 2**31, 2**53, 2**63, -(2**64), 1e308, 5e-324, 10**63, 10**80, 10**500, math.nan, math.inf, -math.inf)  # fmt: skip
ODD: tuple[Any, ...] = (
    None, True, False, [], {}, [[]], [{}], {"": ""}, [None], {"value": {"__rl": 1}}, {"__rl": True, "value": []},
    {"$number": "1"}, {"$number": "x"}, {"main": 1}, {"main": [[1]]}, [["x"]], {"type": {}}, {"nodes": {}},
    {"type": "If", "actions": {}, "runAfter": {"x": 1}}, {"op": "remove", "path": "/"},
)  # fmt: skip
FRAGMENTS = ("{{ ", " }}", "={{ ", "@{", "}", "('", "')", "[", "]", ".", "..", "\\", '"', "'", "\n", "://", "$json.", "${", "/*", "*/", "//", "`", "?", "#", "msg.", "flow.get('", "\t", "\x00", "\u202e")  # fmt: skip
CODE = (
    "(", ")", "[", "]", "{", "}", "'", '"', "'''", '"""', "\\", "\n", "\n\t", ":", ",", "*", "**", "lambda: ", "async ",
    "await ", "f'{", "f'{f\"{", "yield ", "import os\n", "from . import x\n", "def f(f=f): f()\n", "class A(A): pass\n",
    "while 1: pass\n", "x = x\n", "x = requests.get(x)\n", "global x\n", "del x\n", "match x:\n  case _: x\n", "\x00",
    "\x0c", "\u202e", "- ", "? ", "&a ", "*a ", "<<: *a\n", "!!python/object:x ", "!x ", "|\n", ">\n", "%YAML 9\n", "---\n", "...\n",
    "0x", "1_", "1e999", "9" * 5_000, "# coding: utf-7\n",
)  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """A file as somebody wrote it."""

    name: str
    platform: str
    data: bytes


@dataclass(frozen=True)
class Mutant:
    """What was made of a sample.

    Attributes:
        canaries: Secrets that were put in, each whole.
        way: What was done, in order.
    """

    platform: str
    sample: str
    name: str
    data: bytes
    canaries: tuple[str, ...]
    way: tuple[str, ...]


def own_samples() -> list[Sample]:
    """Return the samples of this repository, and archives of them."""
    samples = [
        Sample(f"{path.parent.name}/{path.name}", _platform_of(path), path.read_bytes())
        for folder in ("importers", "checks", "n8n", "node_red")
        for path in sorted((GOLDEN / folder).glob("*.json"))
        if ".out." not in path.name and path.name != "broken.json"
    ]
    samples += [
        Sample(f"examples/{path.name}", "node-red", path.read_bytes())
        for path in sorted((EXAMPLES / "node-red").glob("**/*.json"))
        if path.read_bytes().lstrip()[:1] == b"["
    ]
    samples += [
        Sample(f"python/{path.name.removesuffix('.txt')}", "python", path.read_bytes())
        for path in sorted((GOLDEN / "python").glob("*.py.txt"))
    ]
    samples.append(Sample("made/lists.n8n.json", "n8n", json.dumps(_listed(samples)).encode()))
    for each in [sample for sample in samples if sample.platform == "open-workflow"]:
        samples.append(Sample(each.name.replace(".json", ".yaml"), "open-workflow", _as_yaml(json.loads(each.data))))
    samples.append(
        Sample("made/package.zip", "archive", _packed([each for each in samples if len(each.data) < 60_000]))
    )
    return samples


def shared_samples(folder: Path) -> list[Sample]:
    """Return real flows."""
    platforms = {
        "n8n": "n8n",
        "nodered": "node-red",
        "powerautomate": "power-automate",
        "logicapps": "logic-apps",
    }
    return [
        Sample(f"{name}/{path.name}", platform, path.read_bytes())
        for name, platform in platforms.items()
        for path in sorted((folder / name).glob("*.json"))
    ]


def _platform_of(path: Path) -> str:
    known = ("n8n", "node-red", "power-automate", "logic-apps", "open-workflow")
    return next((each for each in known if f".{each}." in path.name), path.parent.name.replace("_", "-"))


def _listed(samples: list[Sample]) -> Any:
    found = [json.loads(each.data) for each in samples if each.platform == "n8n"]
    return [flow for each in found for flow in (each if isinstance(each, list) else [each])][:4]


def _as_yaml(document: Any) -> bytes:
    import yaml

    return yaml.safe_dump(document, sort_keys=False).encode()


def _packed(samples: list[Sample]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in samples:
            archive.writestr(zipfile.ZipInfo(f"Workflows/{each.name}"), each.data)
    return held.getvalue()


def mutants(samples: list[Sample], seed: int, start: int = 0) -> Iterator[tuple[int, Mutant]]:
    """Yield mutants for ever: each platform as often as every other, number `k` the same whatever came before."""
    by_platform: dict[str, list[Sample]] = {}
    for each in samples:
        by_platform.setdefault(each.platform, []).append(each)
    platforms = sorted(by_platform)
    number = start
    while True:
        platform = platforms[number % len(platforms)]
        yield number, mutant(by_platform[platform], samples, f"{seed}:{number}")
        number += 1


def mutant(own: list[Sample], others: list[Sample], seed: str) -> Mutant:
    """Return one mutant of one of `own`; parts may come from `others`."""
    pick = random.Random(seed)
    sample = pick.choice(own)
    maker = _Maker(pick, others)
    name, data = sample.name.rpartition("/")[2], sample.data
    if sample.platform == "archive":
        data = maker.archive(data)
    elif name.endswith(".json") or pick.random() < 0.05:
        data = maker.structure(data)
    else:
        data = maker.text(data)
    if pick.random() < (0.5 if sample.platform == "archive" else 0.12):
        data = maker.bytewise(data)
        # What breaks the words around a secret makes it a text like any other.
        maker.canaries.clear()
    if pick.random() < 0.03:
        name = pick.choice(["x.json", "x.py", "x.yaml", "x.zip", "\u202egnp.json", "x" * 200 + ".json", ".json"])
    return Mutant(sample.platform, sample.name, name, data, tuple(maker.canaries), tuple(maker.way))


@dataclass
class _Maker:
    pick: random.Random
    others: list[Sample]
    canaries: list[str] = field(default_factory=list)
    way: list[str] = field(default_factory=list)

    def _canary(self) -> str:
        made = "".join(self.pick.choices("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=36))
        self.canaries.append(made)
        return made

    # Bytes.

    def bytewise(self, data: bytes) -> bytes:
        held = bytearray(data)
        for _ in range(self.pick.choice([1, 1, 1, 2, 5, 30])):
            at = self.pick.randrange(len(held) + 1)
            how = self.pick.choice(["cut", "flip", "insert", "drop", "repeat", "swap", "mark", "utf16", "doubled"])
            self.way.append(how)
            if how == "cut":
                del held[at:]
            elif how == "flip" and at < len(held):
                held[at] ^= 1 << self.pick.randrange(8)
            elif how == "insert":
                some = [b"\x00", b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b'"', b"{", b"]", b",", b"PK\x01\x02", b"\\u"]
                held[at:at] = self.pick.choice(some) * self.pick.choice([1, 1, 4, 200])
            elif how == "drop":
                del held[at : at + self.pick.choice([1, 4, 40, 400])]
            elif how == "repeat":
                held[at:at] = held[at : at + self.pick.choice([1, 20, 2_000])]
            elif how == "swap":
                other = self.pick.randrange(len(held) + 1)
                held[at : at + 8], held[other : other + 8] = held[other : other + 8], held[at : at + 8]
            elif how == "mark" and self.pick.random() < 0.3:
                held[:0] = b"\xef\xbb\xbf"
            elif how == "utf16" and self.pick.random() < 0.1:
                return (
                    bytes(held).decode("utf-8", "replace").encode(self.pick.choice(["utf-16", "utf-16-be"]), "replace")
                )
            elif how == "doubled":
                place = held.find(b"{", at)
                if place >= 0:
                    held[place + 1 : place + 1] = b'"a":1,"a":2,'
        return bytes(held)

    # Trees.

    def structure(self, data: bytes) -> bytes:
        try:
            tree = json.loads(data)
        except ValueError:
            return self.text(data)
        holder = {"": tree}
        makers = self._makers()
        for _ in range(self.pick.choice([1, 1, 2, 3, 5, 8])):
            maker = self.pick.choice(makers)
            places = list(_places(holder[""]))
            if not places:
                places = [(holder, "")]
            self.way.append(maker.__name__.strip("_"))
            maker(*self.pick.choice(places), holder[""])
        if self.pick.random() < 0.6:
            self._plant(holder[""])
        indent = self.pick.choice([None, None, 1, 2, 4, "\t"])
        try:
            text = json.dumps(holder[""], indent=indent, ensure_ascii=self.pick.random() < 0.5)
        except RecursionError:
            return data
        return text.encode("utf-8", self.pick.choice(["surrogatepass", "replace"]))

    def _makers(self) -> list[Callable[[Any, Any, Any], None]]:
        return [
            self._odd, self._odd, self._hostile, self._hostile, self._number, self._drop, self._drop, self._twin,
            self._another, self._another, self._another, self._graft, self._graft, self._foreign, self._rename,
            self._deep, self._grow, self._long, self._broken, self._broken, self._reference,
            self._reference, self._shuffle,
        ]  # fmt: skip

    def _plant(self, tree: Any) -> None:
        dicts = [each for each in _containers(tree) if isinstance(each, dict)]
        texts = [(held, key) for held, key in _places(tree) if isinstance(held[key], str)]
        for _ in range(self.pick.choice([1, 1, 3])):
            canary = self._canary()
            loud = self.pick.choice(
                [f"sk-proj-{canary}", f"https://u:{canary}@a.test/", f"https://a.test/?api_key={canary}", f"Bearer {canary}", f"xoxb-{canary}", f"ghp_{canary}"]
            )  # fmt: skip
            how = self.pick.choice(["field", "text", "name", "within", "key"])
            self.way.append(f"canary in {how}")
            if how == "field" and dicts:
                self.pick.choice(dicts)[self.pick.choice(["password", "Authorization", "api_key", "client_secret"])] = (
                    canary
                )
            elif how == "key" and dicts:
                self.pick.choice(dicts)[loud] = self.pick.choice([1, {}, loud])
            elif how == "within" and texts:
                held, key = self.pick.choice(texts)
                held[key] = f"{held[key]} {loud} "
            elif texts:
                named = [(held, key) for held, key in texts if key in {"name", "id", "label", "type", "url"}]
                held, key = self.pick.choice(named if named and how == "name" else texts)
                held[key] = loud

    def _odd(self, held: Any, key: Any, _tree: Any) -> None:
        held[key] = copy.deepcopy(self.pick.choice(ODD))

    def _hostile(self, held: Any, key: Any, _tree: Any) -> None:
        held[key] = self.pick.choice(HOSTILE)

    def _number(self, held: Any, key: Any, _tree: Any) -> None:
        held[key] = self.pick.choice(NUMBERS)

    def _drop(self, held: Any, key: Any, _tree: Any) -> None:
        del held[key]

    def _twin(self, held: Any, key: Any, _tree: Any) -> None:
        if isinstance(held, list):
            held.insert(self.pick.randrange(len(held) + 1), copy.deepcopy(held[key]))
        else:
            held[f"{key}{self.pick.choice(['', ' ', '#2', '_'])}x"] = copy.deepcopy(held[key])

    def _another(self, held: Any, key: Any, tree: Any) -> None:
        """Put another text of the file here: wrong references, circles, two of one name."""
        texts = [(one, at) for one, at in _places(tree) if isinstance(one[at], str) and len(one[at]) < 200]
        if not texts:
            return
        here = self.pick.choice(texts) if self.pick.random() < 0.7 else (held, key)
        same = [one[at] for one, at in texts if at == here[1]]
        keys = [each for one in _containers(tree) if isinstance(one, dict) for each in one]
        here[0][here[1]] = self.pick.choice(self.pick.choice([same or keys, keys, [one[at] for one, at in texts]]))

    def _graft(self, held: Any, key: Any, tree: Any) -> None:
        one, at = self.pick.choice(list(_places(tree)) or [(held, key)])
        part = one[at]
        if len(repr(part)) < 60_000:
            held[key] = copy.deepcopy(part)

    def _foreign(self, held: Any, key: Any, _tree: Any) -> None:
        other = self.pick.choice(self.others)
        try:
            places = list(_places(json.loads(other.data)))
        except ValueError:
            return
        if places:
            one, at = self.pick.choice(places)
            held[key] = one[at]

    def _rename(self, held: Any, key: Any, tree: Any) -> None:
        if not isinstance(held, dict):
            return
        keys = [each for one in _containers(tree) if isinstance(one, dict) for each in one] or ["x"]
        value = held.pop(key)
        held[self.pick.choice([self.pick.choice(HOSTILE), self.pick.choice(keys)])] = value

    def _deep(self, held: Any, key: Any, _tree: Any) -> None:
        for _ in range(self.pick.choice([20, 70, 85, 150])):
            held[key] = {key: held[key]} if isinstance(key, str) and self.pick.random() < 0.5 else [held[key]]

    def _grow(self, held: Any, key: Any, tree: Any) -> None:  # noqa: ARG002 - all makers are called alike
        """Repeat what a list or an object holds, each with a name of its own or all with the same."""
        big = [each for each in _containers(tree) if len(each) > 1]
        target = self.pick.choice(big) if big and self.pick.random() < 0.7 else held
        size = max(1, len(json.dumps(target, skipkeys=True)))
        times = min(self.pick.choice([2, 3, 30, 30, 300, 3_000]), GROWN_MAX // size)
        fresh = self.pick.random() < 0.7
        if isinstance(target, list):
            first = list(target)
            target += [
                _renamed(each, str(time)) if fresh else copy.deepcopy(each) for time in range(times) for each in first
            ]
        else:
            for time in range(times):
                for name, each in list(target.items())[: len(target) if time == 0 else 40]:
                    target[f"{name}{time}"] = _renamed(each, str(time)) if fresh else copy.deepcopy(each)
                    if len(target) > 6_000:
                        return

    def _long(self, held: Any, key: Any, _tree: Any) -> None:
        unit = self.pick.choice(FRAGMENTS) + self.pick.choice(("a", "x.", " ", self.pick.choice(HOSTILE)[:40]))
        held[key] = self.pick.choice(("", "=", "@")) + unit * (self.pick.choice([2_000, 60_000]) // len(unit))

    def _broken(self, held: Any, key: Any, tree: Any) -> None:  # noqa: ARG002 - all makers are called alike
        """Break the text of an expression, an address or code."""
        texts = [(one, at) for one, at in _places(tree) if isinstance(one[at], str) and one[at]]
        if not texts:
            return
        marked = [(one, at) for one, at in texts if any(mark in one[at] for mark in ("{{", "@", "://", "${", "("))]
        one, at = self.pick.choice(marked if marked and self.pick.random() < 0.7 else texts)
        one[at] = self._bent(one[at])

    def _bent(self, text: str, fragments: tuple[str, ...] = FRAGMENTS) -> str:
        for _ in range(self.pick.choice([1, 2, 6])):
            start = self.pick.randrange(len(text) + 1)
            end = self.pick.choice([start, start + 1, start + self.pick.randrange(30)])
            put = self.pick.choice([self.pick.choice(fragments), "", text[start : start + 60]])
            text = text[:start] + put * self.pick.choice([1, 1, 1, 3]) + text[end:]
        return text

    def _reference(self, held: Any, key: Any, tree: Any) -> None:
        """Make a step read another one, or itself."""
        names = [one["name"] for one in _containers(tree) if isinstance(one, dict) and isinstance(one.get("name"), str)]
        names += [
            each
            for one in _containers(tree)
            if isinstance(one, dict) and "runAfter" in repr(one)[:5_000]
            for each in one
        ]
        name = self.pick.choice(names or ["x"])
        held[key] = self.pick.choice(
            [f"={{{{ $('{name}').item.json.email }}}}", f'={{{{ $node["{name}"].json }}}}', f"@{{body('{name}')}}", f"@outputs('{name}')?['body/a']", f"@items('{name}')", f"={{{{ $fromAI('{name}') }}}}", "{{msg.payload}}", f"${{ .{name} }}", f"@variables('{name}')", {"runAfter": {name: ["Succeeded"]}}]
        )  # fmt: skip

    def _shuffle(self, held: Any, key: Any, _tree: Any) -> None:  # noqa: ARG002 - all makers are called alike
        if isinstance(held, list):
            self.pick.shuffle(held)
        else:
            entries = list(held.items())
            self.pick.shuffle(entries)
            held.clear()
            held.update(entries)

    # Scripts and YAML.

    def text(self, data: bytes) -> bytes:
        text = data.decode("utf-8", "replace")
        planted = False
        for _ in range(self.pick.choice([1, 2, 4])):
            lines = text.splitlines(keepends=True) or [""]
            how = self.pick.choice(["bend", "bend", "line", "indent", "grow", "nest", "long", "canary", "hostile"])
            self.way.append(how)
            at = self.pick.randrange(len(lines))
            if how == "bend":
                text = self._bent(text, CODE)
                continue
            if how == "line":
                other = self.pick.randrange(len(lines))
                lines[at] = self.pick.choice(["", lines[other], lines[at] * 2])
            elif how == "indent":
                lines[at] = (
                    self.pick.choice([" ", "\t", "    "]) + lines[at]
                    if self.pick.random() < 0.6
                    else lines[at].lstrip()
                )
            elif how == "grow":
                part = "".join(lines[at : at + self.pick.choice([1, 4, 30])])
                lines[at:at] = [part * min(self.pick.choice([10, 300, 3_000]), GROWN_MAX // max(1, len(part)))]
            elif how == "nest":
                opened, closed = self.pick.choice([("(", ")"), ("[", "]"), ("{'a': ", "}"), ("f(", ")"), ("-", ""), ("not ", ""), ("a.", ""), ("a+", ""), ("[0]", ""), ("lambda: ", ""), ("x if y else ", "")])  # fmt: skip
                times = self.pick.choice([30, 90, 180, 1_000, 20_000])
                lines[at:at] = [f"x = {opened * times}a{closed * times}\n"]
            elif how == "long":
                lines[at:at] = [
                    f"x{self.pick.randrange(9)} = '{self.pick.choice(HOSTILE)!r:.60}' * 9 + x{self.pick.randrange(9)}\n"
                    * 300
                ]
            elif how == "canary":
                planted = True
            else:
                lines[at:at] = [f"x = {self.pick.choice(HOSTILE)}\n"]
            text = "".join(lines)
        if planted:
            text = f"password{self.pick.choice([' = ', ': '])}'{self._canary()}'\n{text}"
        return text[: 2 * GROWN_MAX].encode("utf-8", "surrogatepass")

    # Archives.

    def archive(self, data: bytes) -> bytes:
        entries = [(each, _unpacked(data, each)) for each in zipfile.ZipFile(io.BytesIO(data)).namelist()]
        self.pick.shuffle(entries)
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", self.pick.choice([zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])) as archive:
            for name, content in entries[: self.pick.choice([1, 2, 5])]:
                shown = name
                if self.pick.random() < 0.2:
                    shown = self.pick.choice(["../x.json", "/x.json", "C:/x.json", "a\\b.json", "x/../y.json", "x.json/", ".json", "\u202e.json", "x.zip", "n" * 390 + ".json"])  # fmt: skip
                changed = self.structure(content) if name.endswith(".json") else self.text(content)
                if self.pick.random() < 0.1:
                    changed = _packed([Sample("inner.json", "", content), Sample("inner.zip", "", data[:200])])
                if shown not in archive.namelist():
                    archive.writestr(zipfile.ZipInfo(shown), changed)
        return held.getvalue()


def _unpacked(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def _containers(tree: Any) -> Iterator[Any]:
    waiting = [tree]
    while waiting:
        held = waiting.pop()
        if isinstance(held, (dict, list)):
            yield held
            waiting += held.values() if isinstance(held, dict) else held


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    for held in _containers(tree):
        for key in held if isinstance(held, dict) else range(len(held)):
            yield held, key


def _renamed(value: Any, mark: str) -> Any:
    """Return a copy with a mark behind each name and id."""
    if isinstance(value, dict):
        return {
            key: f"{each}{mark}" if key in {"name", "id"} and isinstance(each, str) else _renamed(each, mark)
            for key, each in value.items()
        }
    return [_renamed(each, mark) for each in value] if isinstance(value, list) else value
