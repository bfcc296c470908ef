"""What a closure is taken over."""

from dataclasses import replace

import pytest

from handrail.language.closure import ClosureAmbiguous, ClosureInput, take_closure

GIVEN = ClosureInput(
    root_source_digest="sha256:aa",
    reachable=frozenset({("n8n:workflow:1", "sha256:bb")}),
    operations=frozenset({("slack", "chat.postMessage", "sha256:cc")}),
    connections=frozenset({("slack", "id-1")}),
    scopes=frozenset({"read"}),
    egress=frozenset({"a.test"}),
    data_classes=frozenset({"internal"}),
    constants={"A": "1"},
    unknown=frozenset({"n8n:env:X"}),
)


def test_a_digest_names_its_algorithm() -> None:
    assert take_closure(GIVEN).digest.startswith("c1:sha256:")
    assert len(take_closure(GIVEN).digest) == len("c1:sha256:") + 64


@pytest.mark.parametrize(
    "other",
    [
        replace(GIVEN, root_source_digest="sha256:ab"),
        replace(GIVEN, reachable=frozenset({("n8n:workflow:1", "sha256:bc")})),
        replace(GIVEN, operations=frozenset({("slack", "chat.postMessage", "sha256:cd")})),
        replace(GIVEN, connections=frozenset({("slack", "id-2")})),
        replace(GIVEN, scopes=frozenset()),
        replace(GIVEN, egress=frozenset({"b.test"})),
        replace(GIVEN, data_classes=frozenset({"public"})),
        replace(GIVEN, constants={"A": "2"}),
        replace(GIVEN, unknown=frozenset()),
    ],
)
def test_every_part_counts(other: ClosureInput) -> None:
    assert take_closure(other).digest != take_closure(GIVEN).digest


def test_case_and_a_final_dot_of_a_host_do_not_count() -> None:
    assert take_closure(replace(GIVEN, egress=frozenset({"A.test."}))) == take_closure(GIVEN)


@pytest.mark.parametrize(
    "other",
    [
        replace(GIVEN, reachable=frozenset({("r", "sha256:1"), ("r", "sha256:2")})),
        replace(GIVEN, operations=frozenset({("slack", "x", "sha256:1"), ("slack", "x", "sha256:2")})),
        replace(GIVEN, connections=frozenset({("slack", "id-1"), ("slack", "id-2")})),
    ],
)
def test_two_forms_of_one_thing_are_refused(other: ClosureInput) -> None:
    with pytest.raises(ClosureAmbiguous):
        take_closure(other)
