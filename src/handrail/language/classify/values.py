"""Personal, health, payment data and secrets in a text, by checksum, well-formedness or the words before them.

Every pattern is linear in the text's length: runs begin where the characters before them can't belong to them, and
what stands between a word and its value is bounded.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from handrail.language.classify.addresses import ADDRESS, is_sample_address
from handrail.language.classify.fields import classify_field
from handrail.language.classify.model import DataClass, Detection, Label, Tag
from handrail.language.classify.placeholders import GAP, is_expression
from handrail.language.classify.secrets import pointer_segment, secrets_in


@dataclass(frozen=True, slots=True)
class _Detector:
    """One kind of value.

    Attributes:
        marks: Texts in lower case of which one stands in every text that holds it; empty when only a digit tells.
        pattern: Finds it; the group `v`, where there is one, is the value.
        check: Returns whether it is certain, or None when it is something else.
    """

    kind: str
    tag: Tag
    data_class: DataClass
    marks: tuple[str, ...]
    pattern: re.Pattern[str]
    check: Callable[[str, re.Match[str]], bool | None]


# length of an IBAN by country (ISO 13616)
_IBAN_TABLE: Final = """
AD24 AE23 AT20 BE16 BG22 BH22 BR29 CH21 CY28 CZ24 DE22 DK18 EE20 ES24 FI18 FR27 GB22 GI23 GR27 HR21 HU28 IE22 IL23 IS26
IT27 KW30 LI21 LT20 LU20 LV21 MC27 MT31 NL18 NO15 PL28 PT25 QA29 RO24 RS22 SA24 SE24 SI19 SK24 SM27 TR26 UA29
"""
_IBAN_LENGTHS: Final = {each[:2]: int(each[2:]) for each in _IBAN_TABLE.split()}
_SAMPLE_IBANS: Final = frozenset(
    {"DE89370400440532013000", "GB82WEST12345698765432", "GB29NWBK60161331926819", "FR1420041010050500013M02606"}
)
# cards that payment providers print in their documentation
_SAMPLE_CARDS: Final = frozenset(
    {
        "4242424242424242",
        "4111111111111111",
        "4012888888881881",
        "4000056655665556",
        "5555555555554444",
        "5105105105105100",
        "5200828282828210",
        "2223003122003222",
        "378282246310005",
        "371449635398431",
        "6011111111111117",
        "6011000990139424",
        "3056930009020004",
        "36227206271667",
        "3566002020360505",
        "30569309025904",
        "38520000023237",
    }
)
_CARD: Final = re.compile(
    r"(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}"
    r"|3(?:0[0-5]|[68]\d)\d{11}|6(?:011|5\d\d|4[4-9]\d)\d{12}|35\d{14})"
)
_SAMPLE_SSNS: Final = frozenset({"078051120", "123456789", "219099999", "457555462"})
_FILES_WORDS: Final = """
png jpg jpeg gif svg webp css js ts py json html htm md pdf ico mp4 sh zip
"""
_FILES: Final = frozenset(_FILES_WORDS.split())
_NOT_DIGITS: Final = re.compile(r"\D+")
_CONTEXT: Final = 48
_CARD_WORDS: Final = re.compile(r"(?i)card|visa|mastercard|amex|kreditkarte|tarjeta|carte\b|\bpan\b|\bcc\b")
_BETWEEN: Final = r"[^\w\n\[]{0,6}(?:(?:no|nr|number|nummer|id|is|ist|on|am)\b[^\w\n\[]{0,4}){0,2}"


def classify_text(text: str) -> tuple[Detection, ...]:
    """Return what a text holds, by place, without overlaps."""
    taken: list[Detection] = []
    for found in (*_secrets(text), *_values(text)):
        if not any(found.start < each.end and each.start < found.end for each in taken[-_NEAR:]):
            taken.append(found)
    return tuple(_apart(sorted(taken, key=lambda each: (each.start, -each.end))))


_NEAR: Final = 4
_DIGIT_OR_AT: Final = re.compile(r"[\d@]")  # one of them stands in every value


def classify_values(value: Any) -> tuple[tuple[str, Detection | Label], ...]:
    """Return what a JSON value holds, as (JSON pointer, what stands there): sample data, for example.

    A field whose name tells (`salary`) counts when it holds something; a text counts for each value found in it.
    """
    return tuple(_look(value, None, ""))


def _look(value: Any, label: Label | None, pointer: str) -> Iterator[tuple[str, Detection | Label]]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _look(each, classify_field(key), f"{pointer}/{pointer_segment(key)}")
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _look(each, label, f"{pointer}/{index}")
    elif value is not None and not isinstance(value, bool):
        text = str(value)
        found = classify_text(text)
        if label and not found and not is_expression(text) and not GAP.fullmatch(text.strip()):
            yield pointer, label
        yield from ((pointer, each) for each in found)


def _apart(found: list[Detection]) -> Iterator[Detection]:
    end = 0
    for each in found:
        if each.start >= end:
            yield each
            end = each.end


def _secrets(text: str) -> Iterator[Detection]:
    for kind, start, end, certain in secrets_in(text):
        yield Detection(kind, "secret", "restricted", start, end, certain)


def _values(text: str) -> Iterator[Detection]:
    if not _DIGIT_OR_AT.search(text):
        return
    lowered = text.lower()
    for each in _DETECTORS:
        if each.marks and not any(mark in lowered for mark in each.marks):
            continue
        for match in each.pattern.finditer(text):
            group = "v" if "v" in each.pattern.groupindex else 0
            certain = each.check(text, match)
            if certain is not None:
                yield Detection(each.kind, each.tag, each.data_class, match.start(group), match.end(group), certain)


def _email(_text: str, match: re.Match[str]) -> bool | None:
    last = match[0].rpartition(".")[2].lower()
    if not last.isalpha() or len(last) < 2 or last in _FILES:
        return None
    return not is_sample_address(match[0])


def _phone(_text: str, match: re.Match[str]) -> bool | None:
    digits = _NOT_DIGITS.sub("", match["v"])
    if not 7 <= len(digits) <= 15:
        return None
    return len(set(digits)) > 3 and "555" not in digits[:-4][-4:] and "123456" not in digits


def _iban(_text: str, match: re.Match[str]) -> bool | None:
    held = match[0].replace(" ", "").upper()
    if len(held) != _IBAN_LENGTHS.get(held[:2]):
        return None
    moved = held[4:] + held[:4]
    if int("".join(str(int(each, 36)) for each in moved)) % 97 != 1:
        return None
    return held not in _SAMPLE_IBANS


def _card(text: str, match: re.Match[str]) -> bool | None:
    digits = re.sub(r"[ -]", "", match[0])
    if not _CARD.fullmatch(digits) or not _luhn(digits):
        return None
    if digits in _SAMPLE_CARDS or len(set(digits)) <= 3:
        return False
    grouped = digits != match[0]
    return grouped or bool(_CARD_WORDS.search(text, max(0, match.start() - _CONTEXT), match.start()))


def _luhn(digits: str) -> bool:
    total = 0
    for index, each in enumerate(reversed(digits)):
        number = int(each) * (1 + index % 2)
        total += number - 9 if number > 9 else number
    return total % 10 == 0


def _ssn(_text: str, match: re.Match[str]) -> bool | None:
    digits = _NOT_DIGITS.sub("", match["v"])
    if digits[:3] in {"000", "666"} or digits[0] == "9" or digits[3:5] == "00" or digits[5:] == "0000":
        return None
    return digits not in _SAMPLE_SSNS


def _sure(_text: str, match: re.Match[str]) -> bool | None:
    return True if any(map(str.isdigit, match["v"])) else None


def _after(words: str, value: str, before: str = r"(?<![\w:] )(?<!\w)") -> re.Pattern[str]:
    return re.compile(rf"(?i){before}(?:{words}){_BETWEEN}(?P<v>{value})")


_DATE: Final = r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}\.? [a-zä]{3,9}\.? \d{4}|[a-z]{3,9} \d{1,2},? \d{4}"
_DETECTORS: Final = (
    _Detector(
        "iban", "pci", "restricted", (), re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}(?!\w)"), _iban
    ),
    _Detector("card-number", "pci", "restricted", (), re.compile(r"(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w-])"), _card),
    _Detector(
        "card-code",
        "pci",
        "restricted",
        ("cv", "security code"),
        _after(r"cvv2?|cvc2?|card security code", r"\d{3,4}(?!\d)"),
        _sure,
    ),
    _Detector(
        "email",
        "pii",
        "confidential",
        ("@",),
        ADDRESS,
        _email,
    ),
    _Detector(
        "national-id",
        "pii",
        "restricted",
        ("ssn", "social"),
        _after(r"ssn|social security(?: number)?", r"\d{3}[- ]?\d{2}[- ]?\d{4}(?!\d)"),
        _ssn,
    ),
    _Detector(
        "birth-date",
        "pii",
        "restricted",
        ("birth", "born", "dob", "geb", "nac", "naissance", "nascita"),
        _after(
            r"date of birth|birth ?date|birthday|born|dob|geburtsdatum|geburtstag|geboren|geb\.|fecha de nacimiento"
            r"|date de naissance|data di nascita",
            _DATE,
        ),
        _sure,
    ),
    _Detector(
        "passport",
        "pii",
        "restricted",
        ("pass", "pasaporte"),
        _after(r"passport|reisepass|pasaporte|passeport", r"[a-z]{0,2}\d[a-z0-9]{5,8}(?!\w)"),
        _sure,
    ),
    _Detector(
        "tax-id",
        "pii",
        "restricted",
        ("tax", "steuer", "itin"),
        _after(r"tax[ -]?id|tax (?:number|no)|steuer-?id|steuernummer|itin|tin", r"\d[\d /-]{7,13}\d(?!\w)"),
        _sure,
    ),
    _Detector(
        "diagnosis",
        "phi",
        "restricted",
        ("diagnos", "icd", "dx"),
        _after(r"diagnos[ei]s?|icd(?:-?10)?(?: code)?|dx", r"[A-TV-Z]\d{2}(?:\.\d{1,2})?(?!\w)"),
        _sure,
    ),
    _Detector(
        "phone",
        "pii",
        "confidential",
        ("+",),
        re.compile(r"(?<![\w+./=-])(?P<v>\+\d(?:[ ()./-]{0,2}\d){6,14})(?![\w-])"),
        _phone,
    ),
    _Detector(
        "phone",
        "pii",
        "confidential",
        ("phone", "tel", "mob", "fax", "handy", "whatsapp", "call", "cell"),
        _after(
            r"(?:tele|mobile )?phone|tel\.?|mobile|mobil|fax|handy|telefon|tel[eé]fono|whatsapp|call|cell",
            r"\(?\d(?:[ ()./-]{0,2}\d){6,14}(?!\w)",
        ),
        _phone,
    ),
)
