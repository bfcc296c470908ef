"""Tells a live value from one that stands in for it: a gap to be filled in, a toy, a sample of a documentation."""

import re
from collections import Counter
from itertools import pairwise
from math import log2
from typing import Final

GAP: Final = re.compile(
    r"<[^<>]*>|\[secret: [a-z-]+\]|[xX*.•_-]*|.*(?:YOUR|INSERT|REPLACE|_HERE|PLACEHOLDER).*"
    r"|(?i:your|enter your|enter the|insert|replace|put your)[ _-].*",
    re.DOTALL,
)
EXPRESSION: Final = re.compile(r"\{\{|\$\{|\$\(|<%|\{%")
_MICROSOFT: Final = re.compile(r"@(?:\{|[A-Za-z]+\()|\[[A-Za-z]+\(")
# words that say "not the real one", wherever they stand between other words
_SAYS_SO: Final = re.compile(
    r"(?i)(?:^|[^a-z])(?:your|insert|replace|put|enter|placeholder|example|sample|dummy|fake|mock|redacted|hidden"
    r"|masked|removed|todo|tbd|null|none|undefined|changeme|change[_ -]?(?:me|this|it)|fill[_ -]?(?:me|in)"
    r"|my[_ -]?(?:api|token|secret|key|password|access))(?:$|[^a-z])"
    r"|(?i:your[_ -]?(?:api|token|secret|key|pass|own|access|bot|client)|(?:key|token|secret|password|id)[_ -]?here)"
    r"|\.{3}|…|\*{3}|•{2}|x{4}|X{4}|<[^<>]*>|\[[A-Za-z _-]+\]|EXAMPLE|_HERE|YOUR"
)
_TOY_WORDS: Final = (
    "abc abcd abcde abcdef abcdefg abcdefgh accesstoken admin administrator anonymous apikey bar baz bearer "
    "changeme default demo dev development false foo foobar geheim guest hello helloworld key letmein local "
    "myapikey mykey mypassword mysecret mytoken none null pass passw passwd password passwort private pssword "
    "public pw pwd qwerty qwertz root sandbox secret secrets somekey somesecret sometoken string supersecret test "
    "tester testing text thepassword thisisasecret token topsecret true user username value welcome world xyz "
)
_TOYS: Final = frozenset(_TOY_WORDS.split())
_LONGEST: Final = 4096
_NOT_LETTERS: Final = re.compile(r"[^a-z]+")
_LEET: Final = str.maketrans("@013$", "aoies")
_SEQUENCE: Final = "01234567890123456789abcdefghijklmnopqrstuvwxyz"
_WORDS: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_NAME: Final = re.compile(r"=?[A-Za-z]+(?:[ _.:/-][A-Za-z]+)*+")
_PLACE: Final = re.compile(
    r"(?i)https?://|[a-z]:\\|\.{0,2}/(?:[a-z0-9_.-]+/)*[a-z0-9_-]+\.[a-z]{2,4}$|[^@\s]+@[^@\s]+\.[a-z]{2,}$"
)
_UUID: Final = re.compile(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_expression(text: str, platform: str = "") -> bool:
    """Tell whether a builder's platform works the text out when the flow runs."""
    if EXPRESSION.search(text):
        return True
    return platform in {"power-automate", "logic-apps"} and bool(_MICROSOFT.match(text))


def is_placeholder(text: str) -> bool:
    """Tell whether a text only stands where a secret belongs."""
    held = text.strip()
    return not held or bool(GAP.fullmatch(held) or _SAYS_SO.search(held)) or _is_toy(held)


def looks_random(text: str) -> bool:
    """Tell whether a text reads like a generated key: long, mixed, without words or order."""
    if not 12 <= len(text) <= _LONGEST or any(map(str.isspace, text)) or is_placeholder(text) or _PLACE.match(text):
        return False
    if _NAME.fullmatch(text) and not _switches_case(text):
        return False
    return _bits(text) >= (2.8 if len(text) < 20 else 3.0)


def looks_live(text: str, kind: str) -> bool:
    """Tell whether a person would take a value in a field for secrets of this kind for a live one."""
    if len(text) > _LONGEST or is_placeholder(text) or _PLACE.match(text):
        return False
    if kind == "password":
        return (len(text) >= 6 and not _NAME.fullmatch(text)) or looks_random(text)
    return looks_random(text)


def is_uuid(text: str) -> bool:
    """Tell whether a text has the form of a UUID."""
    return bool(_UUID.fullmatch(text))


def _is_toy(text: str) -> bool:
    lowered = text.lower()
    letters = _NOT_LETTERS.sub("", lowered)
    if letters in _TOYS or _NOT_LETTERS.sub("", lowered.translate(_LEET)) in _TOYS:
        return True
    if len(set(lowered)) <= 3:
        return True
    solid = re.sub(r"[^a-z0-9]+", "", lowered)
    return _in_order(solid) * 2 >= len(solid)


def _in_order(text: str) -> int:
    """Return how many characters stand in runs of at least four that count up or repeat."""
    total = run = 0
    for one, two in pairwise(text):
        if ord(two) - ord(one) in {0, 1} or (one, two) == ("9", "0"):
            run += 1
            continue
        total += run + 1 if run >= 3 else 0
        run = 0
    return total + (run + 1 if run >= 3 else 0)


def _switches_case(text: str) -> bool:
    """Tell random letters from words: in words, few letters change case, and most begin after a mark."""
    pieces = _WORDS.findall(text)
    return len(pieces) * 3 > len(text)


def _bits(text: str) -> float:
    """Return the Shannon entropy in bits for each character."""
    size = len(text)
    return -sum(n / size * log2(n / size) for n in Counter(text).values())
