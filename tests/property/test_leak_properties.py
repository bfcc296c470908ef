"""What holds for any flow: the analysis ends, its ways are real, its cuts end what they say."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from handrail.language.graph import DataEdge, Edge, Graph, Input, Reference, Step
from handrail.language.leaks import analyse, default_boundary

TYPES = (
    ("gmail", "action", "message.getAll", "n8n-nodes-base.gmail"),
    ("gmail", "trigger", "message", "n8n-nodes-base.gmailTrigger"),
    ("telegram", "action", "message.sendMessage", "n8n-nodes-base.telegram"),
    ("google-sheets", "action", "sheet.read", "n8n-nodes-base.googleSheets"),
    ("openai", "llm", "text.message", "n8n-nodes-base.openAi"),
    ("slack", "action", "message.post", "n8n-nodes-base.slack"),
    ("strange", "action", "do", "community.strange"),
    (None, "logic", None, "n8n-nodes-base.if"),
    (None, "code", None, "n8n-nodes-base.code"),
)
FIELDS = ("", "id", "email", "text", "topic", "a.b.subject")


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    count = draw(st.integers(1, 12))
    ids = [f"s{number}" for number in range(count)]
    some = st.sampled_from(ids)
    steps = []
    for key in ids:
        connector, kind, operation, type_ = draw(st.sampled_from(TYPES))
        fields = draw(st.lists(st.sampled_from(FIELDS), max_size=2))
        references = tuple(Reference("item", field=field) for field in fields)
        inputs = (Input("/parameters/text", "={{ ... }}", references),) if fields else ()
        steps.append(Step(key, key, kind, type_, connector, operation, pointer=f"/nodes/{key}", inputs=inputs))  # type: ignore[arg-type]
    kinds = st.sampled_from(["main", "main", "main", "error", "ai_tool", "ai_languageModel", "run_after"])
    edges = draw(st.lists(st.builds(Edge, source=some, target=some, kind=kinds), max_size=24))
    data = draw(st.lists(st.builds(DataEdge, source=some, target=some, field=st.sampled_from(FIELDS)), max_size=8))
    return Graph("n8n", draw(st.sampled_from(["Flow", "Customer mails"])), tuple(steps), tuple(edges), data=tuple(data))


@given(graphs())
@settings(max_examples=300, deadline=None)
def test_ways_begin_at_the_source_end_at_the_sink_and_follow_the_graph(graph: Graph) -> None:
    joined = {(each.source, each.target) for each in (*graph.edges, *graph.data)}
    joined |= {(target, source) for source, target in joined}
    for leak in analyse(graph, default_boundary()).leaks:
        assert leak.path[0] == leak.source
        assert leak.path[-1] == leak.sink
        assert len(set(leak.path)) == len(leak.path)
        assert all(pair in joined for pair in pairwise(leak.path))


@given(graphs())
@settings(max_examples=200, deadline=None)
def test_the_same_flow_gives_the_same_report_and_each_leak_once(graph: Graph) -> None:
    first, second = analyse(graph, default_boundary()), analyse(graph, default_boundary())
    assert first == second
    pairs = [(each.source, each.sink) for each in first.leaks]
    assert len(set(pairs)) == len(pairs)
    assert all(each.sink_class != "internal" for each in first.leaks)


@given(graphs())
@settings(max_examples=150, deadline=None)
def test_without_the_step_of_the_cut_the_leak_is_gone(graph: Graph) -> None:
    for leak in analyse(graph, default_boundary()).leaks:
        if leak.implicit:
            continue
        assert leak.cut is not None
        assert leak.cut.step in leak.path[1:]
        rest = Graph(
            graph.platform,
            graph.name,
            tuple(each for each in graph.steps if each.id != leak.cut.step),
            tuple(each for each in graph.edges if leak.cut.step not in {each.source, each.target}),
            data=tuple(each for each in graph.data if leak.cut.step not in {each.source, each.target}),
        )
        left = {(each.source, each.sink) for each in analyse(rest, default_boundary()).leaks if not each.implicit}
        assert (leak.source, leak.sink) not in left


def test_a_flow_of_ten_thousand_steps_is_followed_to_its_end() -> None:
    text = (Input("/parameters/text", "", (Reference("item", field="text"),)),)
    steps = [Step("s0", "s0", "trigger", "n8n-nodes-base.gmailTrigger", "gmail", "message")]
    steps += [Step(f"s{n}", f"s{n}", "logic", "n8n-nodes-base.set", inputs=text) for n in range(1, 10_000)]
    steps.append(
        Step("end", "end", "action", "n8n-nodes-base.telegram", "telegram", "message.sendMessage", inputs=text)
    )
    names = [step.id for step in steps]
    edges = tuple(Edge(one, other) for one, other in pairwise(names))
    (leak,) = analyse(Graph("n8n", "Long", tuple(steps), edges), default_boundary()).leaks
    assert len(leak.path) == len(steps)
