import json
import re
from pathlib import Path

import pytest

from handrail.language.importers import read_artefact
from handrail.language.manifest import parse_connection, parse_connector

EXAMPLES = Path(__file__).parents[2] / "examples"
CONNECTORS = sorted((EXAMPLES / "connectors").glob("*.yaml"))
CONNECTIONS = sorted((EXAMPLES / "connections").glob("*.yaml"))
FLOWS = ("flows.json", "flows-edited.json")


@pytest.mark.parametrize("file", CONNECTORS, ids=lambda path: path.stem)
def test_every_example_connector_is_a_sound_manifest(file: Path) -> None:
    assert parse_connector(file.read_text(), file.name).name == file.stem


@pytest.mark.parametrize("file", CONNECTIONS, ids=lambda path: path.stem)
def test_every_example_connection_names_an_example_connector(file: Path) -> None:
    connection = parse_connection(file.read_text(), file.name)
    assert connection.name == file.stem
    connector = EXAMPLES / "connectors" / f"{connection.connector}.yaml"
    assert parse_connector(connector.read_text(), connector.name).version == connection.version


@pytest.mark.parametrize("name", FLOWS)
def test_the_example_flows_are_read_without_a_finding_of_a_secret(name: str) -> None:
    artefact = read_artefact((EXAMPLES / "node-red" / name).read_bytes(), name)
    assert artefact.platform == "node-red"
    assert [finding for finding in artefact.findings if finding.rule == "secret_in_source"] == []
    called = {(step.method, step.path) for step in artefact.graph.steps if step.kind == "http"}
    assert ("POST", "/slack/api/chat.postMessage") in called


def test_the_edited_flow_has_another_digest_and_calls_one_operation_more() -> None:
    first, second = (read_artefact((EXAMPLES / "node-red" / name).read_bytes(), name) for name in FLOWS)
    assert first.source_digest != second.source_digest
    more = {step.path for step in second.graph.steps} - {step.path for step in first.graph.steps}
    assert more == {"/slack/api/chat.postEphemeral"}


def test_the_lock_file_names_no_registry() -> None:
    lock = json.loads((EXAMPLES / "node-red" / "package-lock.json").read_text())
    assert all("resolved" not in package for package in lock["packages"].values())
    wanted = lock["packages"]["node_modules/node-red"]["version"]
    assert re.fullmatch(r"5\.0\.\d+", wanted)
