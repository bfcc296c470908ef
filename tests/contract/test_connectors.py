"""Connectors, connections and credentials on both databases."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from tests.rigs.manifests import CONNECTION, CONNECTOR, changed

from handrail.kernel.ids import NameInvalid
from handrail.kernel.money import Money
from handrail.kernel.secret import Secret
from handrail.language.manifest import parse_connection, parse_connector
from handrail.platform.database import Database, revisions
from handrail.registry import audit
from handrail.registry.connectors import (
    Connection,
    ConnectionFixed,
    ConnectionInUse,
    ConnectionRemoved,
    ConnectionUnknown,
    ConnectorUnknown,
    ConnectorVersion,
    ConnectorVersionTaken,
    ConnectorVersionUnknown,
    CredentialElsewhere,
    CredentialMismatch,
    CredentialMissing,
    CredentialValueInvalid,
    EnvironmentUnknown,
    apply_connection,
    apply_connector,
    connection_by_id,
    connections,
    connector_versions,
    connectors,
    credentials,
    environments,
    find_connection,
    find_connector,
    find_environment,
    plan_connection,
    plan_connector,
    remove_connection,
    set_credential,
)
from handrail.registry.identity import Caller, RoleMissing
from handrail.registry.vault import Vault

TOKEN = {"token": Secret("canary-7f3a")}


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault.open(tmp_path / "vault.key")


@pytest.fixture
def steward(make_person) -> Caller:
    return make_person("stella", ("steward", "*"))


def connector(database: Database, caller: Caller, *edits: tuple[str, Any]) -> ConnectorVersion:
    document = CONNECTOR
    for pointer, value in edits:
        document = changed(document, pointer, value)
    with database.begin() as work:
        return apply_connector(work, caller, parse_connector(json.dumps(document)))


def connection(database: Database, vault: Vault, caller: Caller, *edits: tuple[str, Any]) -> Connection:
    document = CONNECTION
    for pointer, value in edits:
        document = changed(document, pointer, value)
    with database.begin() as work:
        return apply_connection(work, vault, caller, parse_connection(json.dumps(document)))


def credential(database: Database, vault: Vault, caller: Caller, environment: str = "production") -> int:
    with database.begin() as work:
        return set_credential(work, vault, caller, "slack-bot", environment, TOKEN)


def hub_revision(database: Database) -> int:
    with database.read() as work:
        return revisions.current(work, "hub")


def actions(database: Database) -> list[str]:
    with database.read() as work:
        listed = audit.listing(work)
        return [event.action for event in getattr(listed, "items", listed)]


def test_a_new_install_has_a_sandbox_and_production(database: Database) -> None:
    with database.read() as work:
        found = environments(work)
        assert [(held.name, held.kind, held.region) for held in found] == [
            ("sandbox", "sandbox", "local"),
            ("production", "production", "local"),
        ]
        assert find_environment(work, "sandbox") == found[0]
        with pytest.raises(EnvironmentUnknown, match="staging") as caught:
            find_environment(work, "staging")
    assert caught.value.fix == "There are: sandbox, production."


def test_a_connector_is_stored_as_it_was_declared(database: Database, admin: Caller) -> None:
    made = connector(database, admin)
    with database.read() as work:
        assert find_connector(work, "slack") == made
        assert connectors(work) == [made]
    assert (made.connector, made.version, made.title) == ("slack", "1.0.0", "Slack")
    assert (made.credential_kind, made.credential_header, made.credential_prefix) == (
        "bearer",
        "authorization",
        "Bearer ",
    )
    assert (made.limits.calls_per_minute, made.limits.burst, made.timeout_ms) == (50, 10, 5000)
    assert made.retries.statuses == (429,)
    assert (made.circuit.max_connections, made.circuit.max_pending) == (10, 100)
    post, info = made.operations
    assert (post.data_classes, post.price, post.idempotent) == (("internal",), Money(100, "EUR"), False)
    assert (info.data_classes, info.price, info.idempotent) == (("internal", "pii"), None, True)
    assert made.created_by == "root-admin"


@pytest.mark.parametrize(
    ("rule", "header", "prefix"),
    [
        ({"kind": "none"}, "", ""),
        ({"kind": "basic"}, "authorization", "Basic "),
        ({"kind": "header", "header": "X-Api-Key"}, "x-api-key", ""),
        ({"kind": "header", "header": "Authorization", "prefix": "GenieKey"}, "authorization", "GenieKey "),
        ({"kind": "bearer", "prefix": "token"}, "authorization", "token "),
    ],
)
def test_a_credential_is_carried_as_declared(
    database: Database, admin: Caller, rule: dict[str, str], header: str, prefix: str
) -> None:
    made = connector(database, admin, ("/spec/credential", rule))
    assert (made.credential_header, made.credential_prefix) == (header, prefix)


def test_the_same_version_again_changes_nothing(database: Database, admin: Caller) -> None:
    first = connector(database, admin)
    before = actions(database)
    assert connector(database, admin) == first
    # Defaults that are written out mean the same.
    assert connector(database, admin, ("/spec/circuit/maxPending", 100)) == first
    assert actions(database) == before


def test_a_version_never_changes(database: Database, admin: Caller) -> None:
    first = connector(database, admin)
    connector(database, admin, ("/spec/version", "1.4.2"))
    with pytest.raises(ConnectorVersionTaken, match=r"slack 1\.0\.0") as caught:
        connector(database, admin, ("/spec/timeoutMs", 9000))
    assert caught.value.fix == "Say version: 1.4.3"
    assert caught.value.details["changes"] == ["timeoutMs changes from 5000 to 9000"]
    with database.read() as work:
        assert find_connector(work, "slack", "1.0.0") == first


def test_versions_are_found_by_number_and_the_newest_by_default(database: Database, admin: Caller) -> None:
    for version in ("1.10.0", "1.9.0", "2.0.0-rc.1"):
        connector(database, admin, ("/spec/version", version))
    with database.read() as work:
        assert [held.version for held in connector_versions(work, "slack")] == ["2.0.0-rc.1", "1.10.0", "1.9.0"]
        assert find_connector(work, "slack").version == "2.0.0-rc.1"
        assert [held.version for held in connectors(work)] == ["2.0.0-rc.1"]
        assert find_connector(work, "slack", "1.9.0").version == "1.9.0"
        with pytest.raises(ConnectorVersionUnknown) as caught:
            find_connector(work, "slack", "3.0.0")
        assert "2.0.0-rc.1, 1.10.0, 1.9.0" in caught.value.fix
        for name in ("github", ""):
            with pytest.raises(ConnectorUnknown):
                find_connector(work, name)


def test_a_plan_tells_the_difference_and_writes_nothing(database: Database, admin: Caller) -> None:
    wanted = parse_connector(json.dumps(CONNECTOR))
    with database.read() as work:
        plan = plan_connector(work, admin, wanted)
    assert (plan.outcome, plan.changes) == ("created", ("slack is new, with 2 operations",))
    connector(database, admin)
    newer = changed(changed(CONNECTOR, "/spec/version", "1.1.0"), "/spec/operations/1")
    with database.read() as work:
        assert plan_connector(work, admin, wanted).outcome == "unchanged"
        plan = plan_connector(work, admin, parse_connector(json.dumps(newer)))
        assert [held.version for held in connector_versions(work, "slack")] == ["1.0.0"]
    assert plan.subject == "connector slack 1.1.0"
    assert plan.changes == ("version changes from '1.0.0' to '1.1.0'", "operation users.info is removed")


@pytest.mark.parametrize(
    ("pointer", "value", "same"),
    [
        ("/spec/operations/0/title", "Another title", True),
        ("/spec/operations/0/price", {"micros": 7, "currency": "USD"}, True),
        ("/spec/operations/0/idempotent", True, True),
        ("/spec/timeoutMs", 1, True),
        ("/spec/operations/0/method", "PUT", False),
        ("/spec/operations/0/path", "/chat.post", False),
        ("/spec/operations/0/dataClasses", ["internal", "pii"], False),
        ("/spec/operations/0/requestSchema", {"type": "object"}, False),
        ("/spec/operations/0/responseSchema", {"type": "object"}, False),
    ],
)
def test_the_interface_digest_is_over_what_an_app_can_notice(
    database: Database, admin: Caller, pointer: str, value: Any, same: bool
) -> None:
    before = connector(database, admin).operations[0].interface_digest
    after = connector(database, admin, ("/spec/version", "1.0.1"), (pointer, value)).operations[0].interface_digest
    assert before.startswith("sha256:")
    assert (before == after) is same


def test_the_interface_digest_of_inherited_classes_follows_the_connector(database: Database, admin: Caller) -> None:
    first = connector(database, admin).operations[1].interface_digest
    wider = connector(
        database, admin, ("/spec/version", "1.0.1"), ("/spec/dataClasses", ["pii", "internal", "phi"])
    ).operations[1]
    turned = connector(
        database, admin, ("/spec/version", "1.0.2"), ("/spec/dataClasses", ["pii", "internal"])
    ).operations[1]
    assert first != wider.interface_digest
    assert first == turned.interface_digest


def test_a_connection_is_stored_as_it_was_declared(
    database: Database, vault: Vault, admin: Caller, steward: Caller
) -> None:
    version = connector(database, admin)
    credential(database, vault, admin)
    before = hub_revision(database)
    made = connection(database, vault, steward, ("/spec/upstream", "https://Slack.com:443/api/"))
    assert (made.name, made.environment.name, made.connector_version) == ("slack-production", "production", version)
    assert (made.upstream, made.region, made.network) == ("https://slack.com/api", "local", "public")
    assert (made.credential, made.calls_per_minute, made.burst) == ("slack-bot", 20, 20)
    assert made.data_classes == ("internal", "pii")
    assert hub_revision(database) == before + 1
    with database.read() as work:
        assert find_connection(work, "slack-production") == made
        assert connection_by_id(work, made.id) == made
        assert connections(work) == connections(work, "production") == [made]
        assert connections(work, "sandbox") == []


@pytest.mark.parametrize(
    ("limits", "calls_per_minute", "burst"),
    [({}, 50, 10), ({"burst": 5}, 50, 5), ({"callsPerMinute": 9}, 9, 9), ({"callsPerMinute": 9, "burst": 3}, 9, 3)],
)
def test_a_connection_may_change_limits(
    database: Database, vault: Vault, admin: Caller, limits: dict[str, int], calls_per_minute: int, burst: int
) -> None:
    connector(database, admin)
    credential(database, vault, admin)
    made = connection(database, vault, admin, ("/spec/limits", limits))
    assert (made.calls_per_minute, made.burst) == (calls_per_minute, burst)


def test_the_same_connection_again_changes_nothing(database: Database, vault: Vault, admin: Caller) -> None:
    connector(database, admin)
    credential(database, vault, admin)
    first = connection(database, vault, admin)
    before = hub_revision(database), actions(database)
    assert connection(database, vault, admin, ("/spec/region", "local")) == first
    assert (hub_revision(database), actions(database)) == before


def test_a_changed_connection_keeps_its_id(database: Database, vault: Vault, admin: Caller) -> None:
    connector(database, admin)
    connector(database, admin, ("/spec/version", "1.1.0"))
    credential(database, vault, admin)
    first = connection(database, vault, admin)
    edits = (("/spec/version", "1.1.0"), ("/spec/upstream", "https://example.com"))
    document = CONNECTION
    for pointer, value in edits:
        document = changed(document, pointer, value)
    with database.read() as work:
        plan = plan_connection(work, vault, admin, parse_connection(json.dumps(document)))
    assert plan.changes == (
        "version changes from '1.0.0' to '1.1.0'",
        "upstream changes from 'https://slack.com/api' to 'https://example.com'",
    )
    second = connection(database, vault, admin, *edits)
    assert (second.id, second.connector_version.version) == (first.id, "1.1.0")
    assert actions(database).count("connection.applied") == 2


def test_a_connection_stays_in_its_environment_and_with_its_connector(
    database: Database, vault: Vault, admin: Caller
) -> None:
    connector(database, admin)
    connector(database, admin, ("/metadata/name", "other"))
    for environment in ("production", "sandbox"):
        credential(database, vault, admin, environment)
    connection(database, vault, admin)
    with pytest.raises(ConnectionFixed, match="environment production") as caught:
        connection(database, vault, admin, ("/spec/environment", "sandbox"))
    assert caught.value.fix.endswith("slack-production-sandbox.")
    with pytest.raises(ConnectionFixed, match="connector slack"):
        connection(database, vault, admin, ("/spec/connector", "other"))


def test_a_connection_names_things_that_exist(database: Database, vault: Vault, admin: Caller) -> None:
    with pytest.raises(ConnectorUnknown):
        connection(database, vault, admin)
    connector(database, admin)
    with pytest.raises(ConnectorVersionUnknown):
        connection(database, vault, admin, ("/spec/version", "9.0.0"))
    with pytest.raises(EnvironmentUnknown):
        connection(database, vault, admin, ("/spec/environment", "staging"))


def test_a_connection_never_uses_the_credential_of_another_environment(
    database: Database, vault: Vault, admin: Caller
) -> None:
    connector(database, admin)
    with pytest.raises(CredentialMissing) as missing:
        connection(database, vault, admin)
    assert missing.value.fix == (
        "Set it first: handrail credential set slack-bot --environment production --field token=-"
    )
    credential(database, vault, admin, "sandbox")
    with pytest.raises(CredentialElsewhere, match="belongs to sandbox, not to production"):
        connection(database, vault, admin)
    credential(database, vault, admin, "production")
    connection(database, vault, admin)


def test_a_credential_must_fit_the_connector(database: Database, vault: Vault, admin: Caller) -> None:
    connector(database, admin)
    connector(database, admin, ("/spec/version", "2.0.0"), ("/spec/credential", {"kind": "basic"}))
    connector(database, admin, ("/spec/version", "3.0.0"), ("/spec/credential", {"kind": "none"}))
    credential(database, vault, admin)
    with pytest.raises(CredentialMissing, match="needs a credential"):
        connection(database, vault, admin, ("/spec/credential", ...))
    with pytest.raises(CredentialMismatch, match="password and username; slack-bot has token"):
        connection(database, vault, admin, ("/spec/version", "2.0.0"))
    with pytest.raises(CredentialMismatch, match="uses no credential"):
        connection(database, vault, admin, ("/spec/version", "3.0.0"))
    connection(database, vault, admin, ("/spec/version", "3.0.0"), ("/spec/credential", ...))


def test_a_new_value_must_fit_the_connections_that_use_it(database: Database, vault: Vault, admin: Caller) -> None:
    connector(database, admin)
    credential(database, vault, admin)
    connection(database, vault, admin)
    with database.begin() as work, pytest.raises(CredentialMismatch):
        set_credential(work, vault, admin, "slack-bot", "production", {"value": Secret("x")})
    with database.begin() as work:
        set_credential(work, vault, admin, "slack-bot", "sandbox", {"value": Secret("x")})


def test_credentials_are_listed_without_their_values(database: Database, vault: Vault, admin: Caller) -> None:
    connector(database, admin)
    before = hub_revision(database)
    assert [credential(database, vault, admin), credential(database, vault, admin)] == [1, 2]
    assert hub_revision(database) == before + 2
    connection(database, vault, admin)
    credential(database, vault, admin, "sandbox")
    with database.read() as work:
        listed = credentials(work, vault)
        assert vault.reveal(work, "slack-bot", "production") == TOKEN
    assert [(held.environment, held.version, held.fields, held.used_by, held.created_by) for held in listed] == [
        ("production", 2, ("token",), ("slack-production",), "root-admin"),
        ("sandbox", 1, ("token",), (), "root-admin"),
    ]
    assert "canary-7f3a" not in repr(listed)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"token": ""},
        {"token": "canary\r\nx-admin: 1"},
        {"token": "canary\0"},
        {"token": "canär"},
        {"canary token": "x"},
        {"username": "a:b", "password": "canary"},
    ],
)
def test_a_value_that_no_header_may_have_is_refused_and_not_repeated(
    database: Database, vault: Vault, admin: Caller, fields: dict[str, str]
) -> None:
    held = {name: Secret(value) for name, value in fields.items()}
    with database.begin() as work, pytest.raises(CredentialValueInvalid) as caught:
        set_credential(work, vault, admin, "slack-bot", "production", held)
    assert "canar" not in f"{caught.value} {caught.value.fix} {caught.value.place}"


def test_a_credential_belongs_to_a_known_environment_and_has_a_name(
    database: Database, vault: Vault, admin: Caller
) -> None:
    with database.begin() as work:
        with pytest.raises(EnvironmentUnknown):
            set_credential(work, vault, admin, "slack-bot", "staging", TOKEN)
        with pytest.raises(NameInvalid):
            set_credential(work, vault, admin, "Slack Bot", "production", TOKEN)


def test_a_removed_connection_is_gone_and_its_name_taken(database: Database, vault: Vault, admin: Caller) -> None:
    connector(database, admin)
    credential(database, vault, admin)
    made = connection(database, vault, admin)
    asked: list[str] = []

    def used(_work: object, connection_id: str) -> list[str]:
        asked.append(connection_id)
        return ["invoice-approver"]

    with database.begin() as work, pytest.raises(ConnectionInUse, match="used by 1 app") as caught:
        remove_connection(work, admin, made.name, used)
    assert "invoice-approver" in caught.value.fix
    assert asked == [made.id]
    before = hub_revision(database)
    with database.begin() as work:
        remove_connection(work, admin, made.name, lambda _work, _connection: [])
    assert hub_revision(database) == before + 1
    with database.read() as work:
        assert connections(work) == []
        assert credentials(work, vault)[0].used_by == ()
        for find, key in ((find_connection, made.name), (connection_by_id, made.id)):
            with pytest.raises(ConnectionUnknown):
                find(work, key)
    with pytest.raises(ConnectionRemoved):
        connection(database, vault, admin)
    assert "connection.removed" in actions(database)


@pytest.mark.parametrize("role", ["viewer", "builder", "reviewer", "finance", "auditor"])
def test_only_stewards_and_admins_change_connectors(database: Database, vault: Vault, make_person, role: str) -> None:
    caller = make_person("bob", (role, "*"))
    with pytest.raises(RoleMissing, match="steward or admin"):
        connector(database, caller)
    with pytest.raises(RoleMissing):
        connection(database, vault, caller)
    with pytest.raises(RoleMissing):
        credential(database, vault, caller)
    with database.begin() as work, pytest.raises(RoleMissing):
        remove_connection(work, caller, "x", lambda _work, _connection: [])


def test_two_who_apply_the_same_version_at_once_make_one(database: Database, admin: Caller) -> None:
    outcomes: list[str] = []

    def apply(timeout_ms: int) -> None:
        try:
            outcomes.append(connector(database, admin, ("/spec/timeoutMs", timeout_ms)).version)
        except ConnectorVersionTaken as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=apply, args=(1000 + number % 2,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["1.0.0"] * 3 + ["connector_version_taken"] * 3
