"""Accounts of one person that a flow runs with: when the person leaves, or is somebody else, the flow does too.

Looked at are places that name an account: recipients and senders, calendars, mailboxes, owners, and the names that
builders give their credentials. Not looked at are texts, prompts, code and the data that a request carries.
"""

import re
from collections.abc import Iterator
from typing import Any, Final, Literal

from handrail.language.classify.addresses import ADDRESS, is_free_mail, is_persons_address, is_sample_address
from handrail.language.classify.given_names import GIVEN_NAMES
from handrail.language.classify.model import Account
from handrail.language.classify.placeholders import is_expression
from handrail.language.classify.secrets import pointer_segment

_ADDRESSED_WORDS: Final = """
sendto toemail fromemail toaddress fromaddress to cc bcc cclist bcclist ccemail bccemail ccrecipients torecipients
bccrecipients recipient recipients replyto email emails emailaddress mailto from sender mailbox mailboxaddress
originalmailboxaddress useremail owneremail ownermail attendees requiredattendees optionalattendees invitees
delegatedemail impersonate user userid username account login owner sharewith emailto recipientemail senderemail
notifyemail adminemail toaddresses ccaddresses bccaddresses assignee assignedto requestedby approver
"""
_ADDRESSED: Final = frozenset(_ADDRESSED_WORDS.split())
_OF_A_PERSON_WORDS: Final = """
calendar calendarid calendarname mailbox mailboxaddress originalmailboxaddress delegatedemail impersonate
"""
_OF_A_PERSON: Final = frozenset(_OF_A_PERSON_WORDS.split())
_NAMESPACES: Final = frozenset({"owner", "namespace", "repositoryowner"})
# what a request carries is data, and what a person is asked or told is text
_DATA_WORDS: Final = """
bodyparameters bodyparametersui queryparameters queryparametersui headerparameters headerparametersui jsonbody
body pindata message messages text systemmessage prompt jscode code functioncode content responsebody html subject
description notes options.systemmessage formfields placeholder schema
"""
_DATA: Final = frozenset(_DATA_WORDS.split())
_INNER: Final = frozenset({"value", "values", "__rl", "mode", "parameters", "ui"})
_LABELLED: Final = frozenset({"cachedResultName", "cachedResultUrl"})
_NOT_LETTERS: Final = re.compile(r"[^a-z0-9]+")
_AT: Final = re.compile(r"(?<![\w.@-])([\w.-]{2,40})@([\w.-]{2,40})")
_POSSESSIVE: Final = re.compile(r"\b([A-Z][a-z]{2,14})['’]s\b")  # noqa: RUF001 - builders type either apostrophe
_NOBODYS: Final = frozenset(
    {"company", "client", "customer", "team", "user", "today", "owner", "everyone", "let", "what"}
)
_ONES_OWN: Final = re.compile(r"(?i)\b(?:personal|privat|private|privé|perso|privado|personale)\b")
_NOT_OWN: Final = re.compile(r"(?i)personal access token|private (?:key|app|token|api|network)")
_NAME_WORDS: Final = re.compile(r"[^\W\d_]+")
_CAMEL: Final = re.compile(r"([A-Z][a-z]{2,14})[A-Z]")
_DEPTH_MAX: Final = 100
_CLEAR: Final = 5  # letters from which a name in lower case is no abbreviation


def accounts_in(node: Any, platform: str = "") -> tuple[Account, ...]:
    """Return the personal accounts that one step of a builder's document names, with pointers below it.

    Leave out comments and pinned sample data: they name no account that runs.
    """
    return tuple(_unique(_look(node, "", "", platform, 0)))


def account_of_credential(name: str) -> Literal["freemail", "named_user"] | None:
    """Return whose account the name of a credential gives away (`Gmail account (Anna)`, `x@gmail.com`)."""
    held = name[:200]
    addresses = ADDRESS.findall(held)
    if any(is_free_mail(each) and not is_sample_address(each) for each in addresses):
        return "freemail"
    if any(map(is_persons_address, addresses)):
        return "named_user"
    rest = ADDRESS.sub(" ", held)
    if any(is_persons_address(f"{one}@{two}.x") for one, two in _AT.findall(rest) if _is_somebody(one)):
        return "named_user"
    owners = {each.lower() for each in _POSSESSIVE.findall(rest)}
    if owners - _NOBODYS or (_ONES_OWN.search(rest) and not _NOT_OWN.search(rest)):
        return "named_user"
    return "named_user" if _names_person(rest) else None


def _is_somebody(word: str) -> bool:
    return any(map(str.isalpha, word)) and word.lower() not in {"docker", "node", "db"}


def _names_person(text: str) -> bool:
    words = _NAME_WORDS.findall(text)
    if any(each.lower() in GIVEN_NAMES and (each.istitle() or len(each) >= _CLEAR) for each in words):
        return True
    return any(match[1].lower() in GIVEN_NAMES for match in map(_CAMEL.match, words) if match)


def _is_persons_namespace(text: str) -> bool:
    words = _NAME_WORDS.findall(text[:200])
    return _names_person(text[:200]) or (len(words) > 1 and words[0].lower() in GIVEN_NAMES)


def _look(value: Any, name: str, pointer: str, platform: str, depth: int) -> Iterator[Account]:
    if depth > _DEPTH_MAX:
        return
    if isinstance(value, str):
        yield from _read(value, name, pointer, platform)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _look(each, name, f"{pointer}/{index}", platform, depth + 1)
    elif isinstance(value, dict):
        said = value.get("name")
        beside = _plain(said) if isinstance(said, str) and "value" in value else ""
        for key, each in value.items():
            at = f"{pointer}/{pointer_segment(key)}"
            plain = _plain(key)
            if plain in _DATA or key in _LABELLED:
                continue
            if key == "credentials" and isinstance(each, dict):
                yield from _credentials(each, at)
                continue
            inner = beside if key == "value" and beside else name if plain in _INNER else plain
            yield from _look(each, inner, at, platform, depth + 1)


def _credentials(value: dict[str, Any], pointer: str) -> Iterator[Account]:
    for kind, each in value.items():
        name = each.get("name") if isinstance(each, dict) else each
        at = f"{pointer}/{pointer_segment(kind)}" + ("/name" if isinstance(each, dict) else "")
        whose = account_of_credential(name) if isinstance(name, str) else None
        if whose:
            yield Account(whose, at)


def _read(text: str, name: str, pointer: str, platform: str) -> Iterator[Account]:
    if not name or is_expression(text, platform) or len(text) > 2000:
        return
    persons = name in _OF_A_PERSON
    if persons or name in _ADDRESSED:
        for address in ADDRESS.findall(text):
            if is_free_mail(address) and not is_sample_address(address):
                yield Account("freemail", pointer)
            elif persons and is_persons_address(address):
                yield Account("named_user", pointer)
    if name in _NAMESPACES and "@" not in text and "://" not in text and _is_persons_namespace(text):
        yield Account("named_user", pointer)


def _plain(key: str) -> str:
    return _NOT_LETTERS.sub("", key.rpartition("/")[2].lower())


def _unique(found: Iterator[Account]) -> Iterator[Account]:
    return iter(dict.fromkeys(found))
