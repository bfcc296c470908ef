"""App, connector and connection manifests: what is taken, what is refused and how it is said."""

import dataclasses
import json
from typing import Any

import pytest
import yaml
from tests.rigs.manifests import APP, CONNECTION, CONNECTOR, changed

from handrail.language.manifest import (
    KINDS,
    AppManifest,
    ConnectionManifest,
    ConnectorManifest,
    ManifestInvalid,
    Problem,
    document_of,
    manifest_of,
    parse_app,
    parse_connection,
    parse_connector,
    parse_manifest,
)

ALL = {"App": APP, "Connector": CONNECTOR, "Connection": CONNECTION}


def problems(document: dict[str, Any]) -> list[Problem]:
    with pytest.raises(ManifestInvalid) as caught:
        parse_manifest(json.dumps(document, indent=1), "f.yaml")
    return list(caught.value.problems)


def one_problem(document: dict[str, Any]) -> Problem:
    found = problems(document)
    assert len(found) == 1, found
    return found[0]


def test_an_app_is_read() -> None:
    app = parse_app(yaml.safe_dump(APP))
    assert (app.name, app.team, app.owner, app.deputy) == ("invoice-approver", "finance-ops", "ada", "grace")
    assert app.connections[0].operations == ("chat.postMessage",)
    assert app.constants == {"channel": "C123", "limit": "1.5", "dry": "true"}


def test_an_app_needs_only_who_and_what_for() -> None:
    text = "apiVersion: handrail.dev/v1\nkind: App\nmetadata: {name: a}\nspec: {team: t, owner: o, purpose: Try.}\n"
    app = parse_app(text)
    assert (app.title, app.deputy, app.platform, app.connections) == (None, None, "other", ())


def test_constants_keep_the_text_they_were_written_with() -> None:
    text = yaml.safe_dump(changed(APP, "/spec/constants")) + "  constants: {a: 1.50, b: 007, c: no, d: TRUE}\n"
    assert parse_app(text).constants == {"a": "1.50", "b": "007", "c": "no", "d": "TRUE"}


def test_a_connector_has_defaults_for_what_it_does_not_say() -> None:
    spec = {"version": "1.0.0", "operations": []}
    connector = parse_connector(json.dumps({**CONNECTOR, "spec": spec}))
    assert connector.credential.kind == "none"
    assert (connector.limits.calls_per_minute, connector.timeout_ms, connector.retries.attempts) == (600, 15000, 2)


def test_a_connection_is_read() -> None:
    connection = parse_connection(json.dumps(CONNECTION))
    assert (connection.network, connection.region, connection.limits.calls_per_minute) == ("public", None, 20)


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_manifest_survives_being_written_and_read(kind: str) -> None:
    made = parse_manifest(json.dumps(ALL[kind]))
    document = document_of(made)
    assert manifest_of(type(made), document) == made
    assert parse_manifest(yaml.safe_dump(document)) == made


def test_every_part_declares_all_its_fields() -> None:
    for cls in (AppManifest, ConnectorManifest, ConnectionManifest):
        for field in dataclasses.fields(cls):
            kind, about, _ = field.metadata["handrail"]
            assert kind.words()
            assert about.endswith(".")


@pytest.mark.parametrize(
    ("pointer", "value", "code", "said"),
    [
        ("/apiVersion", "handrail.dev/v2", "field_value", "it must be handrail.dev/v1"),
        ("/metadata/name", "Slack Prod", "field_value", "write slack-prod"),
        ("/spec/timeout_ms", 5, "field_unknown", "Did you mean 'timeoutMs'"),
        ("/spec/colour", "red", "field_unknown", "There is no field 'colour'"),
        ("/spec/version", ..., "field_missing", "version is missing in spec"),
        ("/spec/version", 1.1, "field_type", 'Write it in quotes: "1.1"'),
        ("/spec/version", "1.0", "field_value", "Write it like 1.0.0"),
        ("/spec/version", "01.0.0", "field_value", "no version"),
        ("/spec/title", "", "field_value", "title is empty"),
        ("/spec/title", None, "field_type", "here is nothing"),
        ("/spec/title", "x" * 201, "field_value", "201 characters"),
        ("/spec/dataClasses", ["internal", "secrt"], "field_value", "Did you mean 'secret'"),
        ("/spec/dataClasses", ["internal", "internal"], "field_value", "listed twice"),
        ("/spec/dataClasses", "internal", "field_type", "must be a list"),
        ("/spec/timeoutMs", 0, "field_value", "from 1 to 600000"),
        ("/spec/timeoutMs", 1000.0, "field_type", "plain digits"),
        ("/spec/timeoutMs", True, "field_type", "must be a whole number"),
        ("/spec/timeoutMs", "1000", "field_type", "must be a whole number; here is text"),
        ("/spec/retries/on", ["4xx"], "field_value", "it must be connect-failure"),
        ("/spec/credential", {"kind": "header"}, "field_value", "needs the header's name"),
        ("/spec/credential", {"kind": "bearer", "header": "x-key"}, "field_value", "has its own header"),
        ("/spec/credential", {"kind": "header", "header": "Host"}, "field_value", "The gateway sets host itself"),
        ("/spec/credential", {"kind": "header", "header": "X-Handrail-App"}, "field_value", "sets x-handrail-app"),
        ("/spec/credential", {"kind": "header", "header": "x y"}, "field_value", "no header name"),
        ("/spec/credential", {"kind": "basic", "prefix": "Basic"}, "field_value", "has no prefix"),
        ("/spec/credential", {"kind": "bearer", "prefix": "a\r\nx: y"}, "field_value", "no prefix"),
        ("/spec/operations/0/idempotent", "no", "field_type", "must be true or false"),
        ("/spec/operations/0/method", "post", "field_value", "Did you mean 'POST'"),
        ("/spec/operations/0/price", {"micros": 1.5, "currency": "EUR"}, "field_type", "plain digits"),
        ("/spec/operations/0/price", {"micros": 1, "currency": "euro"}, "field_value", "4 characters"),
        ("/spec/operations/0/dataClasses", ["pci"], "field_value", "which the connector does not allow"),
        ("/spec/operations/1/name", "chat.postMessage", "field_value", "listed twice"),
        ("/spec/operations/0/path", ..., "field_missing", "path is missing in entry 1 of operations"),
        ("/spec/operations/0/requestSchema", {"$ref": "https://x/y"}, "field_value", "only refer to itself"),
        ("/spec/operations/0/requestSchema", {"maximum": 2**53}, "field_value", "Not every JSON reader"),
        ("/spec/operations/0/requestSchema", True, "field_type", "must be a JSON Schema"),
        ("/spec/operations/0", "chat.postMessage", "field_type", "must be a set of fields"),
        ("/spec/operations", {}, "field_type", "must be a list"),
        ("/spec", [], "field_type", "spec must be a set of fields; here is a list"),
    ],
)
def test_a_connector_with_one_mistake_is_told_that_one(pointer: str, value: Any, code: str, said: str) -> None:
    problem = one_problem(changed(CONNECTOR, pointer, value))
    assert problem.code == code
    assert said in f"{problem.detail} {problem.fix}"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("chat", "must begin with /"),
        ("/a//b", "//"),
        ("/a/../b", ". or .."),
        ("/./a", ". or .."),
        ("/a/%2e%2e/b", "'%'"),
        ("/a?b=c", "'?'"),
        ("/a#b", "'#'"),
        ("/a\\b", "'\\\\'"),
        ("/a/", "ends with /"),
        ("/a/{b}.json", "whole segment"),
        ("/a/{}", "whole segment"),
        ("/a/{b", "whole segment"),
        ("/a/{b}/{b}", "stands twice"),
        ("/a b", "no path may have"),
        ("/é", "no path may have"),
        ("/a/b\n", "no path may have"),
        ("/" + "a" * 512, "513 characters"),
    ],
)
def test_a_path_that_is_no_template_is_refused(path: str, said: str) -> None:
    assert said in one_problem(changed(CONNECTOR, "/spec/operations/0/path", path)).detail


@pytest.mark.parametrize("path", ["/", "/a", "/v1/things:search", "/{a}/b/{c_2}", "/a.b/~c", "/...", "/a..b"])
def test_a_path_of_whole_segments_is_taken(path: str) -> None:
    connector = parse_connector(json.dumps(changed(CONNECTOR, "/spec/operations/0/path", path)))
    assert connector.operations[0].path == path


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        ("GET /a/{x}", "GET /a/{y}", "/a/x"),
        ("GET /a/{x}/c", "GET /a/b/{y}", "/a/b/c"),
        ("GET /a", "GET /a", "/a"),
        ("GET /a/{x}", "GET /a/b", ""),
        ("GET /a/{x}", "POST /a/{y}", ""),
        ("GET /a/{x}", "GET /a/{x}/b", ""),
        ("GET /a/b", "GET /a/c", ""),
        ("GET /A", "GET /a", ""),
    ],
)
def test_paths_that_one_request_could_mean_both_are_refused(first: str, second: str, clash: str) -> None:
    operations = [
        {"name": name, "method": route.split()[0], "path": route.split()[1]}
        for name, route in (("one", first), ("two", second))
    ]
    document = changed(CONNECTOR, "/spec/operations", operations)
    if not clash:
        parse_connector(json.dumps(document))
        return
    problem = one_problem(document)
    assert problem.detail.startswith(f"{clash} could mean two or one")
    assert problem.pointer == "/spec/operations/1/path"


@pytest.mark.parametrize(
    ("pointer", "value", "said"),
    [
        ("/metadata/name", "healthz", "The hub answers at /healthz itself"),
        ("/spec/network", "internal", "it must be public or private"),
        ("/spec/upstream", "ftp://x", "must begin with https:// or http://"),
        ("/spec/upstream", "HTTPS://x.com", "scheme in lower case"),
        ("/spec/upstream", "https://x.com/a?b", "a query"),
        ("/spec/upstream", "https://x.com/#b", "a fragment"),
        ("/spec/upstream", "https://x.com/../b", ". or .."),
        ("/spec/upstream", "https://x.com/%2e", "an escape"),
        ("/spec/upstream", "https://x.com:99999", "host or port"),
        ("/spec/upstream", "https://x..com", "host or port"),
        ("/spec/upstream", "https://[::gg]", "no address of the form"),
        ("/spec/upstream", "http://127.0.0.1:1", "no public address"),
        ("/spec/upstream", "http://10.0.0.1", "no public address"),
        ("/spec/upstream", "http://[::1]/", "no public address"),
        ("/spec/upstream", "http://localhost", "this machine"),
        ("/spec/upstream", "http://api.localhost:80", "this machine"),
        ("/spec/upstream", "http://169.254.169.254", "never an upstream"),
        ("/spec/upstream", "http://2130706433", "a number that some readers take"),
        ("/spec/upstream", "http://0x7f.1", "a number that some readers take"),
        ("/spec/upstream", "http://127.1", "a number that some readers take"),
    ],
)
def test_a_connection_with_one_mistake_is_told_that_one(pointer: str, value: str, said: str) -> None:
    assert said in one_problem(changed(CONNECTION, pointer, value)).detail


def test_an_upstream_with_a_password_is_refused_without_repeating_it() -> None:
    problem = one_problem(changed(CONNECTION, "/spec/upstream", "https://ada:hunter2@x.com/"))
    assert "a password in it" in problem.detail
    assert "hunter2" not in str(problem)


@pytest.mark.parametrize("upstream", ["http://127.0.0.1:8080/base", "http://localhost:1", "https://[::1]"])
def test_a_private_network_may_be_this_machine(upstream: str) -> None:
    document = changed(changed(CONNECTION, "/spec/upstream", upstream), "/spec/network", "private")
    assert parse_connection(json.dumps(document)).upstream == upstream


def test_link_local_addresses_are_refused_on_a_private_network_too() -> None:
    document = changed(CONNECTION, "/spec/upstream", "http://169.254.169.254")
    assert "never" in one_problem(changed(document, "/spec/network", "private")).detail


@pytest.mark.parametrize(
    ("pointer", "value", "said"),
    [
        ("/spec/owner", ..., "owner is missing"),
        ("/spec/deputy", "ada", "a deputy is somebody else"),
        ("/spec/egress", ["https://x.com"], "no host name"),
        ("/spec/egress", ["X.com"], "no host name"),
        ("/spec/constants", {"a b": 1}, "cannot name a constant"),
        ("/spec/constants", {"a": [1]}, "here is a list"),
        ("/spec/constants", {"a": None}, "here is nothing"),
        ("/spec/connections", [{"connection": "a"}, {"connection": "a"}], "listed twice"),
    ],
)
def test_an_app_with_one_mistake_is_told_that_one(pointer: str, value: Any, said: str) -> None:
    assert said in one_problem(changed(APP, pointer, value)).detail


def test_a_manifest_of_another_kind_is_named_and_nothing_else() -> None:
    with pytest.raises(ManifestInvalid, match="it must be Connector"):
        parse_connector(json.dumps(APP))


def test_a_list_is_no_manifest() -> None:
    with pytest.raises(ManifestInvalid, match="must be a set of fields") as caught:
        parse_manifest("- a\n- b\n")
    assert caught.value.fix.startswith("Begin with apiVersion")
    assert caught.value.place == "manifest.yaml:1:1"


def test_everything_wrong_is_told_in_the_order_of_the_document() -> None:
    text = """apiVersion: handrail.dev/v1
kind: Connector
metadata: {name: slack}
spec:
  version: 1.10
  timeout_ms: 10
  operations:
    - name: a
      method: get
      path: /a
    - {name: b, method: GET}
"""
    with pytest.raises(ManifestInvalid) as caught:
        parse_connector(text, "slack.yaml")
    assert [(problem.place, problem.code, problem.pointer) for problem in caught.value.problems] == [
        ("slack.yaml:5:12", "field_type", "/spec/version"),
        ("slack.yaml:6:3", "field_unknown", "/spec/timeout_ms"),
        ("slack.yaml:9:15", "field_value", "/spec/operations/0/method"),
        ("slack.yaml:11:7", "field_missing", "/spec/operations/1"),
    ]
