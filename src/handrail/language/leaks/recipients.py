"""Who gets a mail: addresses written down, or chosen by the data."""

import re
from typing import Final

from handrail.language.graph import Step

_ADDRESS: Final = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}")
_FREE = frozenset(
    {
        "gmail.com",
        "outlook.com",
        "hotmail.com",
        "yahoo.com",
        "icloud.com",
        "gmx.de",
        "gmx.net",
        "web.de",
        "proton.me",
        "protonmail.com",
        "live.com",
        "aol.com",
        "mail.ru",
        "yandex.ru",
        "qq.com",
        "163.com",
        "googlemail.com",
        "msn.com",
        "me.com",
    }
)
_PLACEHOLDERS = frozenset(
    {
        "yourmail",
        "youremail",
        "your.email",
        "email",
        "mail",
        "example",
        "test",
        "user",
        "name",
        "someone",
        "your_email",
        "your-email",
        "john.doe",
        "jane.doe",
        "foo",
        "bar",
        "abc",
        "xxx",
        "your.name",
        "yourname",
        "myemail",
        "mymail",
    }
)
_FIELDS: Final = frozenset(
    {
        "sendto",
        "toemail",
        "torecipients",
        "to",
        "recipients",
        "emailmessage/to",
        "toaddresses",
        "recipient",
        "cc",
        "bcc",
    }
    | {"ccemail", "bccemail", "cclist", "bcclist"}
)


def recipients_of(step: Step) -> tuple[tuple[str, ...], bool]:
    """Return the addresses that a step's fields of receivers hold, and whether an expression chooses one."""
    addresses: list[str] = []
    chosen = False
    for each in step.inputs:
        if each.field.rsplit("/", 1)[-1].lower() in _FIELDS:
            addresses += _ADDRESS.findall(each.text)
            chosen = chosen or bool(each.references)
    return tuple(addresses), chosen


def is_free_mail(text: str) -> bool:
    """Tell whether a text holds an address of a free mailbox that is no placeholder."""
    return any(
        found.rpartition("@")[2].lower() in _FREE and found.partition("@")[0].lower() not in _PLACEHOLDERS
        for found in _ADDRESS.findall(text)
    )
