"""What names and values are taken for."""

import pytest

from handrail.language.classify import classify_field, classify_text, classify_values, redact_values


@pytest.mark.parametrize(
    ("name", "kind", "tag"),
    [
        ("email", "email", "pii"),
        ("customerEmail", "email", "pii"),
        ("E-Mail", "email", "pii"),
        ("first_name", "name", "pii"),
        ("Nachname", "name", "pii"),
        ("Patient Full Name", "name", "pii"),
        ("phone-number", "phone", "pii"),
        ("Téléphone", "phone", "pii"),
        ("Date of birth", "birth-date", "pii"),
        ("geburtsdatum", "birth-date", "pii"),
        ("SSN", "national-id", "pii"),
        ("socialSecurityNumber", "national-id", "pii"),
        ("IBAN", "iban", "pci"),
        ("cardNumber", "card-number", "pci"),
        ("cvv", "card-code", "pci"),
        ("base_salary", "salary", "pii"),
        ("Gehalt", "salary", "pii"),
        ("diagnosis", "diagnosis", "phi"),
        ("patient_id", "patient", "phi"),
        ("passportNo", "passport", "pii"),
        ("tax ID", "tax-id", "pii"),
        ("streetAddress", "address", "pii"),
        ("apiKey", "api-key", "secret"),
        ("x-rapidapi-key", "api-key", "secret"),
    ],
)
def test_a_name_tells(name: str, kind: str, tag: str) -> None:
    label = classify_field(name)
    assert label is not None
    assert (label.kind, label.tag) == (kind, tag)


@pytest.mark.parametrize(
    "name", ["id", "status", "nodes", "emailType", "email_count", "name", "pageToken", "maxTokens", "x" * 500, "", "主"]
)
def test_a_name_that_says_nothing(name: str) -> None:
    assert classify_field(name) is None


FOUND = [
    ("write to anna.berg@nordwind-ag.de now", "email", True),
    ("to jane.doe@example.com", "email", False),
    ("to yourmail@gmail.com", "email", False),
    ("IBAN DE02 1203 0000 0000 2020 51", "iban", True),
    ("DE89370400440532013000", "iban", False),
    ("card 4539 1488 0343 6467", "card-number", True),
    ("pay with 4242424242424242", "card-number", False),
    ("378282246310005", "card-number", False),
    ("SSN: 536-22-8726", "national-id", True),
    ("ssn 123-45-6789", "national-id", False),
    ("call +49 30 9018 2047", "phone", True),
    ("phone: 030 9018 2047", "phone", True),
    ("date of birth: 12.03.1984", "birth-date", True),
    ("geboren am 3. März 1971", "birth-date", True),
    ("passport no C01X00T47", "passport", True),
    ("diagnosis: E11.9", "diagnosis", True),
    ("cvv 737", "card-code", True),
    ("tax id 12 345 678 901", "tax-id", True),
    ("key sk-proj-q7Zk39fJw2Lx81VbN5tYc0Rh", "model-key", True),
]


@pytest.mark.parametrize(("text", "kind", "certain"), FOUND)
def test_a_value_is_found(text: str, kind: str, certain: bool) -> None:
    assert [(each.kind, each.certain) for each in classify_text(text)] == [(kind, certain)]
    found = classify_text(text)[0]
    clean = redact_values({"x": [text]})["x"][0]
    assert text[found.start : found.end] not in clean
    assert f": {kind}]" in clean


@pytest.mark.parametrize(
    "text",
    [
        "normalize.css@8.0.1",
        "icon@2x.png",
        "DE89370400440532013001",
        "4539148803436468",
        "1700000000000",
        "536-22-8726",
        "version 10.2.3.4",
        "2024-01-31T10:00:00Z",
        "the order 20240131 has 12 items",
        "={{ $json.email }}",
        "7dd9d4ef-8412-4add-a0d0-b548ad4564b9",
        "call the API at /v1/items",
        "",
    ],
)
def test_a_value_that_is_none(text: str) -> None:
    assert classify_text(text) == ()


def test_shape_stays_and_expressions_too() -> None:
    value = {
        "email": "anna.berg@nordwind-ag.de",
        "salary": 61000,
        "phones": ["+49 30 9018 2047", ""],
        "diagnosis": "={{ $json.d }}",
        "ok": [True, None, 3, "plain"],
        "anna.berg@nordwind-ag.de": 1,
    }
    assert redact_values(value) == {
        "email": "[pii: email]",
        "salary": "[pii: salary]",
        "phones": ["[pii: phone]", ""],
        "diagnosis": "={{ $json.d }}",
        "ok": [True, None, 3, "plain"],
        "[pii: email]": 1,
    }


def test_a_value_with_structure_is_looked_through() -> None:
    value = {
        "rows": [{"salary": 61000, "note": "write to anna.berg@nordwind-ag.de", "email": "", "dob": "={{ $json.d }}"}]
    }
    assert [(pointer, each.kind) for pointer, each in classify_values(value)] == [
        ("/rows/0/salary", "salary"),
        ("/rows/0/note", "email"),
    ]
