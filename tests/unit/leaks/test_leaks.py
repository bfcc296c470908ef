"""Where data goes: one reason a test."""

from typing import Any

import pytest
from tests.rigs.sketches import graph_of, node

from handrail.language.graph import Graph
from handrail.language.leaks import Boundary, Leak, analyse, default_boundary

MAIL = node("New mail", "gmailTrigger")
MODEL = node("Model", "lmChatOpenAi")
ASK = node("Ask", "chainLlm", text="={{ $json.text }}")
ASKED = "Model ~languageModel~ Ask"


def leaks(graph: Graph, boundary: Boundary | None = None) -> set[tuple[str, str, str]]:
    found = analyse(graph, boundary or default_boundary()).leaks
    return {(each.source, each.sink, each.sink_class) for each in found if not each.implicit}


def only(graph: Graph) -> Leak:
    (leak,) = analyse(graph, default_boundary()).leaks
    return leak


def test_a_mail_that_a_chain_asks_a_model_about_leaves() -> None:
    graph = graph_of(MAIL, ASK, MODEL, wires=f"New mail > Ask\n{ASKED}")
    leak = only(graph)
    assert (leak.source, leak.sink, leak.sink_class) == ("New mail", "Ask", "third_party")
    assert leak.path == ("New mail", "Ask")
    assert leak.destination == "openai"
    assert leak.pointer == "/nodes/1/parameters/text"


def test_a_model_in_the_own_tenant_is_inside() -> None:
    own = node("Model", "lmChatAzureOpenAi")
    assert leaks(graph_of(MAIL, ASK, own, wires=f"New mail > Ask\n{ASKED}")) == set()


def test_data_goes_on_from_a_models_answer() -> None:
    tell = node("Tell", "telegram", text="={{ $json.output }}", chatId="42")
    graph = graph_of(MAIL, ASK, MODEL, tell, wires=f"New mail > Ask\nAsk > Tell\n{ASKED}")
    assert ("New mail", "Tell", "public_or_consumer") in leaks(graph)


def test_an_expression_that_names_a_step_needs_no_wire() -> None:
    wait, tell = (
        node("Wait", "wait"),
        node("Tell", "telegram", text="={{ $('New mail').item.json.subject }}", chatId="4"),
    )
    graph = graph_of(MAIL, wait, tell, wires="New mail > Wait\nWait > Tell")
    assert leaks(graph) == {("New mail", "Tell", "public_or_consumer")}


@pytest.mark.parametrize("text", ["Done.", "={{ $json.id }}", "={{ $json.message.id }} at {{ $json.date }}"])
def test_a_constant_a_key_or_a_time_is_no_leak(text: str) -> None:
    tell = node("Tell", "telegram", text=text, chatId="42")
    assert leaks(graph_of(MAIL, tell, wires="New mail > Tell")) == set()


def test_unwired_steps_do_not_leak_and_a_disabled_trigger_still_does() -> None:
    tell = node("Tell", "telegram", text="={{ $json.subject }}", chatId="42")
    assert leaks(graph_of(MAIL, tell)) == set()
    off = node("New mail", "gmailTrigger", disabled=True)
    assert leaks(graph_of(off, tell, wires="New mail > Tell")) == {("New mail", "Tell", "public_or_consumer")}


def test_an_answer_to_the_same_person_is_no_leak_a_copy_to_another_chat_is() -> None:
    heard = node("Heard", "telegramTrigger", updates=["message"])
    answer = node("Say", "telegram", text="={{ $json.message.text }}", chatId="={{ $json.message.chat.id }}")
    copy = node("Say", "telegram", text="={{ $json.message.text }}", chatId="-100200300")
    assert leaks(graph_of(heard, answer, wires="Heard > Say")) == set()
    assert leaks(graph_of(heard, copy, wires="Heard > Say")) == {("Heard", "Say", "public_or_consumer")}


def test_what_somebody_types_into_a_chat_window_is_their_own() -> None:
    chat = node("Chat", "chatTrigger")
    assert leaks(graph_of(chat, ASK, MODEL, wires=f"Chat > Ask\n{ASKED}")) == set()


SHEET: dict[str, Any] = {"operation": "read", "documentId": "1AbC"}


@pytest.mark.parametrize(
    ("sheet", "prompt", "leaves"),
    [
        ("Customers", "={{ $json.remarks }}", True),
        ("Rows", "={{ $json.email }}", True),
        ("Rows", "={{ $json.topic }}", False),
        ("Blog ideas", "={{ $json.idea }}", False),
    ],
)
def test_a_sheet_holds_what_its_name_and_fields_say(sheet: str, prompt: str, *, leaves: bool) -> None:
    rows, ask = node(sheet, "googleSheets", **SHEET), node("Ask", "chainLlm", text=prompt)
    assert bool(leaks(graph_of(rows, ask, MODEL, wires=f"{sheet} > Ask\n{ASKED}"))) is leaves


def test_a_field_about_a_thing_is_no_leak_of_a_record_known_by_a_persons_field() -> None:
    rows = node("Rows", "googleSheets", **SHEET)
    mail = node("Greet", "gmail", sendTo="={{ $json.email }}", message="Hello")
    ask = node("Ask", "chainLlm", text="={{ $json.topic }}")
    graph = graph_of(rows, mail, ask, MODEL, wires=f"Rows > Greet\nRows > Ask\n{ASKED}")
    assert leaks(graph) == set()


def test_a_file_from_a_drive_is_private_unless_it_is_made_to_be_seen() -> None:
    for name, expected in (("Download contract", True), ("Download video", False)):
        file = node(name, "googleDrive", operation="download")
        hear = node("Hear", "openAi", resource="audio", operation="transcribe")
        assert bool(leaks(graph_of(file, hear, wires=f"{name} > Hear"))) is expected


def test_content_for_a_public_place_is_published_not_leaked() -> None:
    file = node("Download file", "googleDrive", operation="download")
    write = node("Write", "openAi", resource="text", operation="message", prompt="={{ $json.text }}")
    post = node("Post", "twitter", text="={{ $json.text }}")
    assert leaks(graph_of(file, write, post, wires="Download file > Write\nWrite > Post")) == set()


def test_data_that_comes_back_to_its_own_system_is_no_leak() -> None:
    pay = node("Payments", "stripe", resource="charge", operation="getAll")
    fit, store = (
        node("Runs", "strava", operation="getAll"),
        node("Rename", "strava", operation="update", name="={{ $json.n }}"),
    )
    assert leaks(graph_of(fit, store, wires="Runs > Rename")) == set()
    assert leaks(graph_of(pay, store, wires="Payments > Rename")) == {("Payments", "Rename", "third_party")}


def test_the_host_of_a_raw_call_tells_its_side() -> None:
    for url, side in (
        ("https://api.hubapi.com/crm/v3/objects", set()),
        ("https://crm.local/new", set()),
        ("https://api.your-company.com/new", set()),
        ("https://hooks.example.net/in", set()),
        ("https://collector.dev/in", {("New mail", "Send", "third_party")}),
        ("https://webhook.site/1234", {("New mail", "Send", "public_or_consumer")}),
    ):
        send = node("Send", "httpRequest", method="POST", url=url, jsonBody='={"s": "{{ $json.subject }}"}')
        assert leaks(graph_of(MAIL, send, wires="New mail > Send")) == side, url


def test_an_address_that_the_request_chooses_is_anybodys() -> None:
    hook = node("Order", "webhook", path="order", httpMethod="POST")
    send = node(
        "Send", "httpRequest", method="POST", url="={{ $json.body.callback }}", jsonBody="={{ $json.body.email }}"
    )
    assert leaks(graph_of(hook, send, wires="Order > Send")) == {("Order", "Send", "public_or_consumer")}


def test_an_address_that_only_the_run_knows_is_unresolved_not_a_leak() -> None:
    send = node("Send", "httpRequest", method="POST", url="={{ $env.TARGET }}/in", jsonBody="={{ $json.subject }}")
    report = analyse(graph_of(MAIL, send, wires="New mail > Send"), default_boundary())
    assert report.leaks == ()
    assert [(each.step, each.pointer) for each in report.unresolved] == [("Send", "/nodes/1/parameters/url")]


def test_an_endpoint_that_asks_nobody_answers_everybody() -> None:
    hook = node("Ask us", "webhook", path="people", responseMode="responseNode")
    asked = node("Ask us", "webhook", path="people", responseMode="responseNode", authentication="headerAuth")
    staff = node("Staff", "bambooHr", operation="getAll")
    tell = node("Tell", "respondToWebhook", respondWith="allIncomingItems")
    wires = "Ask us > Staff\nStaff > Tell"
    assert leaks(graph_of(hook, staff, tell, wires=wires)) == {("Staff", "Tell", "public_or_consumer")}
    assert leaks(graph_of(asked, staff, tell, wires=wires)) == set()


def test_tools_answer_through_their_agent_and_through_an_open_mcp_server() -> None:
    search = node("Find", "googleCalendarTool", operation="getAll")
    agent, server = node("Agent", "agent", text="={{ $json.q }}"), node("Server", "mcpTrigger", path="cal")
    graph = graph_of(search, agent, MODEL, wires="Find ~tool~ Agent\nModel ~languageModel~ Agent")
    assert leaks(graph) == {("Find", "Agent", "third_party")}
    assert leaks(graph_of(search, server, wires="Find ~tool~ Server")) == {("Find", "Server", "public_or_consumer")}
    make = node("Make", "googleCalendarTool", operation="create")
    assert leaks(graph_of(make, server, wires="Make ~tool~ Server")) == set()


def test_a_credentials_name_gives_free_hosting_away() -> None:
    rows = node("Customers", "googleSheets", **SHEET)
    keep = node("Keep", "mySql", operation="insert", credential="db4free account")
    own = node("Keep", "mySql", operation="insert", credential="Warehouse")
    assert leaks(graph_of(rows, keep, wires="Customers > Keep")) == {("Customers", "Keep", "third_party")}
    assert leaks(graph_of(rows, own, wires="Customers > Keep")) == set()


def test_a_free_mailbox_is_a_personal_account_a_placeholder_is_not() -> None:
    staff = node("Staff", "bambooHr", operation="getAll")
    for to, expected in (
        ("lena.berg77@gmail.com", {("Staff", "Mail", "personal_account")}),
        ("yourmail@gmail.com", set()),
        ("={{ $json.workEmail }}", set()),
        ("hr@larkspur.example", set()),
    ):
        mail = node("Mail", "gmail", sendTo=to, message="={{ $json.salary }}")
        assert leaks(graph_of(staff, mail, wires="Staff > Mail")) == expected, to


def test_a_decision_on_data_is_told_apart() -> None:
    staff = node("Staff", "bambooHr", operation="getAll")
    decide = node("Ill?", "if", conditions={"string": [{"value1": "={{ $json.absence }}", "value2": "ill"}]})
    ping = node("Ping", "httpRequest", method="POST", url="https://collector.dev/in", jsonBody='{"hello": true}')
    report = analyse(graph_of(staff, decide, ping, wires="Staff > Ill?\nIll? > Ping"), default_boundary())
    assert [(each.sink, each.implicit, each.path) for each in report.leaks] == [
        ("Ping", True, ("Staff", "Ill?", "Ping"))
    ]


def test_circles_end() -> None:
    loop = node("Loop", "splitInBatches")
    tell = node("Tell", "telegram", text="={{ $json.subject }}", chatId="42")
    graph = graph_of(MAIL, loop, tell, wires="New mail > Loop\nLoop > Tell\nTell > Loop\nLoop > Loop")
    assert leaks(graph) == {("New mail", "Tell", "public_or_consumer")}


def test_the_cut_ends_the_leaks_that_it_says_it_ends() -> None:
    merge = node("Compose", "set", values={"string": [{"name": "text", "value": "={{ $json.subject }}"}]})
    one = node("One", "telegram", text="={{ $json.text }}", chatId="42")
    two = node("Two", "discord", content="={{ $json.text }}")
    graph = graph_of(MAIL, merge, one, two, wires="New mail > Compose\nCompose > One\nCompose > Two")
    cuts = {each.cut for each in analyse(graph, default_boundary()).leaks}
    (cut,) = cuts
    assert cut is not None
    assert (cut.step, cut.ends) == ("Compose", 2)
    assert cut.pointer == "/nodes/1/parameters/values/string/0/value"
    assert "subject" in cut.text


def test_labels_say_what_each_step_carries() -> None:
    tidy = node("Tidy", "set", values={"string": [{"name": "t", "value": "={{ $json.text }}"}]})
    report = analyse(graph_of(MAIL, tidy, wires="New mail > Tidy"), default_boundary())
    assert {step: [label.what for label in each] for step, each in report.labels.items()} == {
        "New mail": ["mail"],
        "Tidy": ["mail"],
    }


def test_an_unknown_system_is_a_third_party() -> None:
    odd = node("Odd", "somethingNew", message="={{ $json.subject }}")
    assert leaks(graph_of(MAIL, odd, wires="New mail > Odd")) == {("New mail", "Odd", "third_party")}
