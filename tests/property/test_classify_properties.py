"""Nothing that is detected survives; a second look changes nothing; shape stays; time grows with length."""

import json
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handrail.language.classify import (
    accounts_in,
    classify_field,
    classify_text,
    redact,
    redact_script,
    redact_text,
    redact_values,
)
from handrail.language.classify.redaction import is_open

PIECES = st.sampled_from(
    [
        "anna.berg@nordwind-ag.de",
        "jane.doe@example.com",
        "DE02 1203 0000 0000 2020 51",
        "4539 1488 0343 6467",
        "4242424242424242",
        "SSN 536-22-8726",
        "phone 030 9018 2047",
        "+49 30 9018 2047",
        "born 12.03.1984",
        "passport C01X00T47",
        "diagnosis: E11.9",
        "cvv 737",
        "tax id 12345678901",
        "sk-proj-q7Zk39fJw2Lx81VbN5tYc0Rh",
        "Bearer q7Zk39fJw2Lx81VbN5tYc0Rh",
        "?api_key=q7Zk39fJw2Lx81Vb",
        "password = 'q7Zk39fJw2Lx81Vb'",
        "postgres://a:q7Zk39fJ@h/x",
        "[pii: phone]",
        "[secret: token]",
        "{{ $json.x }}",
        "phone",
        "@",
        "1",
        " ",
        ", ",
        "-",
        "\n",
        "ß",
        "İ",
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=6), max_size=8).map("".join)
NAMES = st.sampled_from(["email", "salary", "apiKey", "note", "id", "IBAN", "dob", "patient"]) | TEXTS
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 10**17) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=10,
)


def _check_nothing_is_left(value: Any, name: str | None = None) -> None:
    if isinstance(value, dict):
        for key, each in value.items():
            assert classify_text(key) == ()
            _check_nothing_is_left(each, key)
    elif isinstance(value, list):
        for each in value:
            _check_nothing_is_left(each, name)
    elif value is not None and not isinstance(value, bool):
        assert classify_text(str(value)) == ()
        if name is not None and not re.search(r"\[(pii|phi|pci|secret): ", name) and classify_field(name):
            assert isinstance(value, str)
            assert is_open(value) or value.startswith("[")


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return [_shape(each) for each in value.values()]
    return [_shape(each) for each in value] if isinstance(value, list) else value is None or isinstance(value, bool)


@given(VALUES)
@settings(max_examples=300, deadline=None)
def test_nothing_detected_survives_and_the_shape_stays(value: Any) -> None:
    clean = redact_values(value)
    _check_nothing_is_left(clean)
    assert redact_values(clean) == clean
    assert _shape(clean) == _shape(value)
    json.dumps(clean)


@given(VALUES)
@settings(max_examples=300, deadline=None)
def test_one_look_at_the_whole_finds_what_a_look_at_each_text_finds(value: Any) -> None:
    before = json.dumps(value)
    clean, found = redact(value, "n8n")
    assert json.dumps(value) == before
    assert redact(clean, "n8n")[0] == clean
    if isinstance(value, str):
        assert clean == redact_text(value)
        assert bool(found) == (clean != value)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_detections_are_in_order_and_apart(text: str) -> None:
    end = 0
    for each in classify_text(text):
        assert end <= each.start < each.end <= len(text)
        end = each.end


SIZE = 60_000
HOSTILE = [
    "a@a.a.a",
    "a@",
    "a.",
    "a.a@",
    "1 ",
    "12-",
    "+1 ",
    "DE12 ",
    "phone ",
    "phone 12345678 ",
    "phone number is ",
    "born on ",
    "AZ",
    "a-b_",
    "sk-",
    "key-",
    "1:",
    "sl.",
    "Aa",
    "your",
    "Q~",
    "://a:",
    "?key=",
    "host=a;",
    "user=",
    "password=",
]


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("look", [classify_text, redact_values, redact_script, lambda text: redact({"a": text}, "n8n")])
def test_time_grows_with_length_only(piece: str, look: Callable[[str], Any]) -> None:
    def spent(size: int) -> float:
        text = piece * (size // len(piece))
        best = float("inf")
        for _again in range(3):
            begin = time.process_time()
            look(text)
            best = min(best, time.process_time() - begin)
        return best

    # eight times the text takes about eight times as long; a square would take 64 times
    assert spent(SIZE) < 24 * max(spent(SIZE // 8), 0.001)


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_field_with_a_hostile_value_is_read_in_time(piece: str) -> None:
    text = piece * (SIZE // len(piece))
    begin = time.process_time()
    redact({"password": text, "x-some-token": text, "name": "cookie", "value": f"auth={text}"}, "n8n")
    accounts_in({"sendTo": text, "credentials": {"a": {"name": text}}, "owner": text})
    plain = time.process_time() - begin
    begin = time.process_time()
    redact({"password": text * 8, "x-some-token": text * 8, "name": "cookie", "value": f"auth={text * 8}"}, "n8n")
    accounts_in({"sendTo": text * 8, "credentials": {"a": {"name": text * 8}}, "owner": text * 8})
    assert time.process_time() - begin < 24 * max(plain, 0.002)
