"""Which steps send data somewhere, and on which side of the company that is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from handrail.language.classify import account_of_credential
from handrail.language.graph import Step
from handrail.language.leaks.boundary import Boundary
from handrail.language.leaks.index import Index
from handrail.language.leaks.model import SinkClass
from handrail.language.leaks.recipients import recipients_of
from handrail.language.leaks.systems import known_host, markers, system_named

_IN_TENANT: Final = frozenset({"own-ai"})
_MODEL_EDGES: Final = ("ai_languageModel", "ai_embedding", "ai_vectorStore", "ai_retriever")
_NO_DATA_SENT: Final = frozenset({"delete", "typing", "chat_action", "sendChatAction"})
_CHAT_WRITTEN: Final = re.compile(r"\bchatId[\"']?\s{0,4}[:=]\s{0,4}[\"']?-?\d{3,}")
_RECEIVER: Final = re.compile(r"(?:chat_id|chatId|\bto)[\"']?\s{0,4}[:=]\s{0,4}[\"']?[-+@\w]{4,}")
_BACK_MAX: Final = 400  # steps that are looked at before a step
_FIRST_HOLE: Final = re.compile(r"^=?\s*(?:[a-z]+://)?\s*(?:\{\{|@\{|@[a-z])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sink:
    """Where a step sends data.

    Attributes:
        side: Which class of place.
        destination: In words.
        why: Why it counts as that.
        system: The system, for telling data that comes back to where it was.
        answers: Whether it answers whoever started the flow, on the same channel.
        fixed: Whether the receiver is written down, not taken from the data.
        published: Whether it is a place for content made to be seen.
        open: Whether anybody who knows the address gets what is sent.
        unresolved: Where the address stands that nobody can tell; empty otherwise.
    """

    side: SinkClass
    destination: str
    why: str = ""
    system: str = ""
    answers: bool = False
    fixed: bool = False
    published: bool = False
    open: bool = False
    unresolved: str = ""


def place_of(step: Step) -> str:
    """Return the system of a step: of a raw HTTP call, the one its host belongs to."""
    if step.kind == "http" or step.connector == "http":
        for host in step.hosts:
            known = known_host(host, step.path or "")
            if known and known.system:
                return known.system
        return "http"
    return step.connector or ""


def sink_of(index: Index, step: Step, place: str, boundary: Boundary) -> Sink | None:
    """Return where a step sends data; None when it sends none."""
    if step.kind == "trigger":
        return _tools_offered(index, step)
    if step.disabled or step.kind in {"code", "config", "comment"}:
        return None
    if _is_answer(step):
        return _answer(index)
    model = None
    if step.kind == "llm" or (step.kind in {"action", "subnode"} and _models(index, step)):
        model = _model(index, step, place, boundary)
    if model or step.kind == "logic" or not place:
        return model
    raw = step.kind == "http" or place == "http"
    return _http(index, step, place, boundary) if raw else _system(index, step, place, boundary)


def _system(index: Index, step: Step, place: str, boundary: Boundary) -> Sink | None:
    system = system_named(place)
    side = boundary.side_of(place)
    why = "your boundary says so" if place in boundary.systems else ""
    for marker, marked, reason in markers():
        if any(marker in each.lower() for each in step.credential_refs):
            side, why = marked, f"the credential's name says {reason}"  # type: ignore[assignment]
    for host in (*step.hosts, *_configured(index, step)):
        said = known_host(host)
        if host in boundary.hosts or "mcp" in system.groups or (said and not said.system):
            side, _, why = boundary.side_of_host(host)
    personal = next(
        (each for each in step.credential_refs if account_of_credential(each.partition("/")[2]) == "freemail"), ""
    )
    if "mail" in system.groups:
        return _mail(step, place, side)
    if personal and side == "internal":
        side, why = "personal_account", "its credential is a personal account"
    published = bool(system.groups & {"social", "publishing"})
    fixed = not any(field in {"chatId", "recipientPhoneNumber"} and "{{" in text for field, text in _last_fields(step))
    if "messengers" in system.groups:
        if index.graph.platform == "node-red":
            fixed = _receiver_written_before(index, step)
        return Sink(side, place, why, place, answers=not fixed, fixed=fixed)
    return Sink(side, place, why, place, published=published, fixed=True)


def _configured(index: Index, step: Step) -> Iterator[str]:
    """Yield the hosts of the Node-RED configuration nodes that a step uses: a broker, a server."""
    if index.graph.platform == "node-red" and step.credential_refs:
        for each in index.graph.steps:
            if each.kind == "config" and f"{each.type}/{each.name}" in step.credential_refs:
                yield from each.hosts


def _receiver_written_before(index: Index, step: Step) -> bool:
    """Tell whether code before a Node-RED sender writes another chat into the message."""
    seen = {step.id}
    waiting = [step.id]
    while waiting and len(seen) < _BACK_MAX:
        for before in index.before[waiting.pop()]:
            held = index.steps[before]
            if before in seen or held.kind not in {"code", "logic"}:
                continue
            seen.add(before)
            if any(_CHAT_WRITTEN.search(each.text) for each in held.inputs):
                return True
            waiting.append(before)
    return False


def _mail(step: Step, place: str, side: SinkClass) -> Sink:
    personal, chosen = recipients_of(step)
    if personal:
        return Sink("personal_account", "a personal mailbox", "the address is a free mailbox", place, fixed=True)
    inside: SinkClass = "internal" if side != "personal_account" else side
    return Sink(inside, place, "", place, answers=chosen, fixed=not chosen)


def _last_fields(step: Step) -> Iterator[tuple[str, str]]:
    for each in step.inputs:
        yield each.field.rsplit("/", 1)[-1], each.text


def _is_answer(step: Step) -> bool:
    kind = step.type.rsplit(".", 1)[-1]
    if step.type == "Response":
        return step.kind != "trigger"
    return kind in {"respondToWebhook", "http response"} or step.type == "http.response"


def _answer(index: Index) -> Sink | None:
    entrances = [each for each in index.steps.values() if each.kind == "trigger" and _is_entrance(each)]
    if not entrances or all(_is_authenticated(each) for each in entrances):
        return None
    why = "anybody who knows the address gets the answer"
    return Sink("public_or_consumer", "whoever calls the endpoint", why, "webhook", answers=True, open=True)


def _is_entrance(step: Step) -> bool:
    if step.type == "Request":
        # The same trigger starts a flow from an app of the tenant or by a button; those are no addresses.
        return step.connector in {"webhook", None}
    return step.connector == "webhook" or step.type.rsplit(".", 1)[-1] in {"webhook", "http in", "request"}


def _is_authenticated(step: Step) -> bool:
    return any(
        (field == "authentication" and text not in {"", "none"})
        or (field == "triggerAuthenticationType" and text.lower() not in {"", "all"})
        for field, text in _last_fields(step)
    )


def endpoint_of(step: Step) -> Sink | None:
    """Return the endpoint that hands out what the flow ends with; None unless a trigger is one that asks nobody."""
    if step.kind != "trigger":
        return None
    if step.connector == "chat" and step.operation == "public":
        return Sink("public_or_consumer", "whoever opens the chat", "it asks nobody who they are", "chat")
    answers = any(field == "responseMode" and text == "lastNode" for field, text in _last_fields(step))
    if not answers or not _is_entrance(step) or _is_authenticated(step):
        return None
    why = "anybody who knows the address gets what the last step gives"
    return Sink("public_or_consumer", "whoever calls the endpoint", why, "webhook")


def _tools_offered(index: Index, step: Step) -> Sink | None:
    """An MCP server answers with what its tools read."""
    if not any(kind == "ai_tool" for kind, _ in index.beneath[step.id]) or _is_authenticated(step):
        return None
    return Sink(
        "public_or_consumer",
        "whoever connects to the MCP server",
        "it asks nobody who they are",
        "mcp-server",
        open=True,
    )


def _models(index: Index, step: Step) -> list[Step]:
    return [index.steps[key] for kind, key in index.beneath[step.id] if kind in _MODEL_EDGES]


def _model(index: Index, step: Step, place: str, boundary: Boundary) -> Sink | None:
    """A step that asks a model sends what it asks to whoever runs the model."""
    asked = [each for each in (place, *(each.connector or "" for each in _models(index, step))) if each]
    if not asked:
        return None
    sides = [(boundary.side_of(each), each) for each in asked]
    outside = [each for each in sides if each[0] != "internal"]
    side, name = outside[0] if outside else sides[0]
    return Sink(side, name, "a language model of somebody else" if outside else "", name, fixed=True)


def _http(index: Index, step: Step, place: str, boundary: Boundary) -> Sink | None:
    hosts = step.hosts or _hosts_set_before(index, step)
    if hosts:
        host = hosts[0]
        side, system, why = boundary.side_of_host(host, step.path or "")
        group = system_named(system or place).groups
        published = bool(group & {"social", "publishing"})
        talks = "messengers" in group and not _writes_receiver(step) and "webhooks" not in (step.path or "")
        return Sink(side, host, why or "", system or host, answers=talks, fixed=not talks, published=published)
    pointer = _address_pointer(step)
    if _from_request(index, step):
        why = "the request that starts the flow chooses the address"
        return Sink("public_or_consumer", "an address from the incoming request", why, "", unresolved="")
    return Sink("third_party", "an address that only the run knows", "", "", unresolved=pointer or step.pointer)


def _writes_receiver(step: Step) -> bool:
    """Tell whether a call to a messenger writes down who gets it."""
    if _RECEIVER.search(" ".join(each.text for each in step.inputs)):
        return True
    return any(
        each.field.rsplit("/", 1)[-1] in {"chat_id", "chatId", "to"} and each.text and not each.references
        for each in step.inputs
    )


def _hosts_set_before(index: Index, step: Step) -> tuple[str, ...]:
    """Return the one host that the code or fields just before write down."""
    for key in index.before[step.id]:
        before = index.steps[key]
        if before.kind == "code" and len(before.hosts) == 1:
            return before.hosts
    return ()


def _address_pointer(step: Step) -> str:
    return next((step.pointer + each.field for each in step.inputs if _is_address(each.field)), "")


def _is_address(field: str) -> bool:
    return field == "/args/0" or field.rsplit("/", 1)[-1].lower() in {"url", "uri", "endpoint", "baseurl"}


def _from_request(index: Index, step: Step) -> bool:
    """Tell whether the host is taken from what started the flow."""
    for each in step.inputs:
        if not _is_address(each.field) or not each.references:
            continue
        if index.graph.platform != "python" and not _FIRST_HOLE.match(each.text):
            continue
        first = each.references[0]
        if first.kind == "step":
            return _request_at(index, first.name)
        if first.kind == "item":
            return _request_before(index, step.id)
    return False


def _request_at(index: Index, key: str) -> bool:
    step = index.steps.get(key)
    return step is not None and (_is_entrance(step) or (step.kind == "logic" and _request_before(index, key)))


def _request_before(index: Index, key: str) -> bool:
    """Tell whether only steps that pass data on stand between a step and an endpoint's request."""
    seen = {key}
    waiting = [key]
    while waiting and len(seen) < _BACK_MAX:
        for before in index.before[waiting.pop()]:
            if before in seen:
                continue
            seen.add(before)
            step = index.steps[before]
            if _is_entrance(step):
                return True
            if step.kind == "logic":
                waiting.append(before)
    return False
