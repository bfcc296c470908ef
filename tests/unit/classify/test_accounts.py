"""Whose account a flow runs with."""

from typing import Any

import pytest

from handrail.language.classify import account_of_credential, accounts_in

A = "anna.berg"


@pytest.mark.parametrize(
    ("name", "whose"),
    [
        ("Gmail account (John Smith)", "named_user"),
        ("Gmail account anna@nordwind", "named_user"),
        (f"Gmail {A}@nordwind-ag.de", "named_user"),
        (f"Gmail {A}@gmail.com", "freemail"),
        ("Nik's Google", "named_user"),
        ("OpenAI - Philipp", "named_user"),
        ("AlexK1919 Google Sheets", "named_user"),
        ("typeform-harshil", "named_user"),
        ("Personal Airtable", "named_user"),
        ("Gmail account", None),
        ("Google Drive account (automate everything)", None),
        ("Airtable Personal Access Token account", None),
        ("Claude account", None),
        ("Company's Slack", None),
        ("SMTP info@nordwind-ag.de", None),
        ("yourmail@gmail.com", None),
        ("robot@project.iam.gserviceaccount.com", None),
        ("postgres@prod", None),
        ("", None),
        ("x" * 5000, None),
    ],
)
def test_the_name_of_a_credential(name: str, whose: str | None) -> None:
    assert account_of_credential(name) == whose


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        ({"parameters": {"sendTo": f"{A}@gmail.com"}}, [("freemail", "/parameters/sendTo")]),
        ({"parameters": {"sendTo": f"{A}@nordwind-ag.de"}}, []),
        ({"parameters": {"sendTo": "yourmail@gmail.com"}}, []),
        ({"parameters": {"sendTo": "={{ $json.email }}"}}, []),
        (
            {
                "parameters": {
                    "calendar": {"__rl": True, "value": f"{A}@gmail.com", "cachedResultName": f"{A}@gmail.com"}
                }
            },
            [("freemail", "/parameters/calendar/value")],
        ),
        (
            {"parameters": {"calendar": {"value": f"{A}@nordwind-ag.de"}}},
            [("named_user", "/parameters/calendar/value")],
        ),
        ({"parameters": {"calendar": {"value": "team@nordwind-ag.de"}}}, []),
        ({"parameters": {"calendar": {"value": "c_9f@group.calendar.google.com"}}}, []),
        (
            {"inputs": {"parameters": {"emailMessage/To": f"a@x.test;{A}@gmx.de"}}},
            [("freemail", "/inputs/parameters/emailMessage~1To")],
        ),
        ({"parameters": {"bodyParameters": {"parameters": [{"name": "email", "value": f"{A}@gmail.com"}]}}}, []),
        ({"parameters": {"text": f"Mail {A}@gmail.com", "jsCode": f"to = '{A}@gmail.com'"}}, []),
        (
            {"parameters": {"assignments": [{"name": "recipient", "value": f"{A}@gmail.com"}]}},
            [("freemail", "/parameters/assignments/0/value")],
        ),
        (
            {"credentials": {"gmailOAuth2": {"id": "1", "name": "Gmail (Anna)"}}},
            [("named_user", "/credentials/gmailOAuth2/name")],
        ),
        ({"credentials": {"gmail": "Anna"}}, [("named_user", "/credentials/gmail")]),
        ({"parameters": {"owner": {"value": "anna-berg"}}}, [("named_user", "/parameters/owner/value")]),
        ({"parameters": {"owner": {"value": "nordwind"}}}, []),
        ("text", []),
    ],
)
def test_the_places_that_name_an_account(node: Any, expected: list[tuple[str, str]]) -> None:
    assert [(each.value, each.pointer) for each in accounts_in(node)] == expected
