"""The company's own file says what is inside."""

import json
from typing import Any

import pytest
from tests.rigs.sketches import graph_of, node

from handrail.language.leaks import BoundaryInvalid, analyse, default_boundary, read_boundary


def boundary(**document: Any) -> Any:
    return read_boundary(json.dumps(document).encode(), "boundary.json")


def test_names_groups_and_hosts_are_read_out_of_sentences() -> None:
    read = boundary(
        sink_class={
            "internal": ["google workspace (sheets, drive) and Slack", "our own hosts: *.larkspur.test"],
            "public_or_consumer": ["webhook.site and other request bins"],
        }
    )
    assert read.side_of("google-sheets") == read.side_of("slack") == "internal"
    assert read.side_of_host("api.larkspur.test")[0] == "internal"
    assert read.side_of_host("webhook.site")[0] == "public_or_consumer"
    assert read.side_of_host("larkspur.test.evil.dev")[0] == "third_party"
    assert read.unread == ()


def test_what_it_does_not_name_keeps_its_default_and_what_nobody_knows_is_outside() -> None:
    read = boundary(sink_class={"third_party": ["slack"]})
    assert read.side_of("slack") == "third_party"
    assert read.side_of("telegram") == "public_or_consumer"
    assert read.side_of("never-heard-of") == "third_party"


def test_an_entry_in_which_nothing_is_known_is_told() -> None:
    assert boundary(sink_class={"internal": ["the thing in the cellar"]}).unread == ("/sink_class/internal/0",)


def test_only_the_kinds_it_lists_matter() -> None:
    flow = graph_of(
        node("New mail", "gmailTrigger"),
        node("Tell", "telegram", text="={{ $json.subject }}", chatId="42"),
        wires="New mail > Tell",
    )
    assert analyse(flow, boundary(sensitive_source=["employee"])).leaks == ()
    assert len(analyse(flow, boundary(sensitive_source=["mailbox"])).leaks) == 1


def test_data_that_leaves_its_region_is_told_even_to_an_own_system() -> None:
    flow = graph_of(
        node("New mail", "gmailTrigger"), node("Post", "slack", text="={{ $json.subject }}"), wires="New mail > Post"
    )
    assert analyse(flow, default_boundary()).leaks == ()
    (leak,) = analyse(flow, boundary(regions={"gmail": "eu", "slack": "us"})).leaks
    assert (leak.sink, leak.sink_class, leak.label.region) == ("Post", "internal", "eu")
    assert "eu" in leak.why
    assert "us" in leak.why


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b"no json", "boundary.json"),
        (b"[]", "boundary.json"),
        (b'{"sinks": {}}', "boundary.json#/sinks"),
        (b'{"sink_class": {"inside": []}}', "boundary.json#/sink_class/inside"),
        (b'{"sink_class": {"internal": "slack"}}', "boundary.json#/sink_class/internal"),
        (b"[" * 100_000, "boundary.json"),
    ],
)
def test_a_bad_file_is_refused_with_its_place(text: bytes, place: str) -> None:
    with pytest.raises(BoundaryInvalid) as caught:
        read_boundary(text, "boundary.json")
    assert caught.value.place == place
    assert caught.value.fix
