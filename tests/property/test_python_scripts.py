"""Whatever is done to a script or a list of packages, it gives a result or a refusal with its place."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from handrail.kernel.errors import Invalid
from handrail.language.importers import read_artefact, read_definitions
from handrail.language.importers.dependencies import read_dependencies

FOLDER = Path(__file__).parents[1] / "golden" / "python"
SCRIPTS = [path.read_bytes() for path in sorted(FOLDER.glob("*.py.txt"))]
PIECES = [
    b"import requests as r\n", b"x = r.get(u)\n", b"def f(a, *b, **c):\n", b"    return f(a)\n", b"for x in y:\n", b"    pass\n",
    b"class A:\n", b"    def g(self): self.x = self.x.x\n", b"f(*x, **y)\n", b"lambda: f(f)\n", b"global x\n", b"x: int\n",
    b"with open(x) as (a, b): pass\n", b"[a for a in b if (c := a)]\n", b"try:\n", b"except* E:\n", b"match x:\n", b"    case [a, *b]: f(a)\n",
    b"async def h(): await h()\n", b"del x[0]\n", b"x[1:2].y = f'{x!r:>{w}}'\n", b"@f(1)\n", b"f = f\n", b"x = x % x % (x,)\n",
    b"print(*x, sep='')\n", b"A().g().h\n", b"x += x\n", b"yield x\n", b"\xff", b"\x00", b"'''", b"(", b"\\\n", b"\t",
]  # fmt: skip


@st.composite
def _scripts(draw: st.DrawFn) -> bytes:
    if draw(st.booleans()):
        return b"".join(draw(st.lists(st.sampled_from(PIECES), max_size=25)))
    lines = draw(st.sampled_from(SCRIPTS)).split(b"\n")
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(lines) - 1))
        action = draw(st.sampled_from(["drop", "twice", "swap", "piece", "cut"]))
        if action == "drop" and len(lines) > 1:
            del lines[at]
        elif action == "twice":
            lines.insert(at, lines[at])
        elif action == "swap":
            other = draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], lines[at]
        elif action == "piece":
            lines[at] = lines[at][:4] + draw(st.sampled_from(PIECES)).strip()
        else:
            lines[at] = lines[at][: draw(st.integers(0, 30))]
    return b"\n".join(lines)


@settings(max_examples=250, deadline=None)
@given(_scripts())
def test_a_changed_script_gives_a_definition_or_a_refusal(data: bytes) -> None:
    try:
        (definition,) = read_definitions(data, "app.py")
        artefact = read_artefact(data, "app.py")
    except Invalid as refused:
        assert refused.place
        return
    graph = definition.graph
    assert artefact.graph == graph
    known = [step.id for step in graph.steps]
    assert len(known) == len(set(known))
    assert {each.source for each in graph.edges} | {each.target for each in graph.edges} <= set(known)
    assert {each.source for each in graph.data} | {each.target for each in graph.data} <= set(known)
    lines = definition.text.count("\n") + 1
    assert all(1 <= step.line <= lines for step in graph.steps)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(["requests", "==", "1.0", ">=", " ", "\\\n", "\n", "-r", "--hash=sha256:a", "# /// script\n", "# ///\n",
                         "# ", "[x]", ";", "python_version", "@", "https://u:p@h/", "dependencies", "=", "[", "]", '"', "'", "project", "é"]),
        max_size=30,
    ),
    st.sampled_from(["requirements.txt", "pyproject.toml", "a.py"]),
)  # fmt: skip
def test_any_list_of_packages_gives_a_result_or_a_refusal(pieces: list[str], name: str) -> None:
    try:
        asked = read_dependencies("".join(pieces).encode(), name)
    except Invalid as refused:
        assert refused.place
        return
    assert "u:p" not in repr(asked)
