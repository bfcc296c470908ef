"""A real Node-RED, watched by a real worker: what is edited in its editor's API is noticed."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.rigs.nodered import NodeRed, example
from tests.rigs.programs import wait_for
from tests.rigs.upstreams import Upstreams

from handrail.kernel.secret import Secret
from handrail.platform.database import Database
from handrail.registry import catalog
from handrail.registry.identity import Caller, Team
from handrail.registry.vault import Vault
from handrail.runtime import sources
from handrail.runtime.sources import NewSource, State

pytestmark = pytest.mark.nodered

NOTICED_WITHIN_S = 10.0


@pytest.fixture(scope="module")
def node_red(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NodeRed]:
    with NodeRed(tmp_path_factory.mktemp("node-red"), example()) as running:
        yield running


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault.open(tmp_path / "vault.key")


@pytest.fixture
def steward(make_person) -> Caller:
    return make_person("sam", ("steward", "*"))


@pytest.fixture
def watch(
    database: Database, vault: Vault, steward: Caller, make_person, team: Team, node_red: NodeRed
) -> Callable[..., str]:
    def start(token: str, **more: object) -> str:
        builder = make_person("ada", ("builder", team.id))
        with database.begin() as work:
            catalog.register(work, builder, "standup", team=team.name)
            given = {"url": node_red.url, "network": "private", "app": "standup", **more}
            new = NewSource("shop-floor", "node-red", **given)
            return sources.add(work, steward, vault, new, Secret(token)).instance.id

    return start


def running_digest(database: Database, steward: Caller) -> str:
    with database.read() as work:
        found = catalog.running_of(work, catalog.find_app(work, steward, "standup").id)
    return found[0].digest if found else ""


def test_an_edit_in_node_red_is_noticed_within_ten_seconds_and_undoing_it_too(
    database: Database, vault: Vault, steward: Caller, node_red: NodeRed, watch
) -> None:
    node_red.deploy(example())
    watch(node_red.read_token, part="Stand-up reminder")
    stop = threading.Event()
    worker = threading.Thread(target=sources.poll_forever, args=(database, vault, stop))
    worker.start()
    try:
        wait_for("the first look", lambda: running_digest(database, steward) != "")
        first = running_digest(database, steward)
        took = []
        for flows, wanted_first in ((example("flows-edited.json"), False), (example(), True)):
            node_red.deploy(flows)
            began = time.monotonic()
            wait_for(
                "the edit to be noticed",
                lambda wanted=wanted_first: (running_digest(database, steward) == first) is wanted,
                NOTICED_WITHIN_S,
            )
            took.append(time.monotonic() - began)
        assert max(took) <= NOTICED_WITHIN_S
    finally:
        stop.set()
        worker.join(30)


def test_an_uploaded_export_and_the_live_definition_are_one_version(
    database: Database, vault: Vault, steward: Caller, make_person, team: Team, node_red: NodeRed, watch
) -> None:
    from handrail.language.importers import read_artefact

    node_red.deploy(example())
    source = watch(node_red.read_token, part="standup")
    builder = make_person("ada", ("builder", team.id))
    artefact = read_artefact(json.dumps(example()).encode(), "flows.json", part="standup")
    with database.begin() as work:
        version, fresh = catalog.upload(work, builder, "standup", "production", artefact)
    assert fresh
    sources.poll_now(database, vault, source)
    assert running_digest(database, steward) == version.digest


def test_a_token_that_may_only_read_is_enough_and_a_wrong_one_is_a_state(
    database: Database, vault: Vault, node_red: NodeRed, watch
) -> None:
    source = watch("no-such-token")
    found = sources.poll_now(database, vault, source)
    assert found.state is State.UNAUTHORISED
    assert "401" in found.message


def test_a_node_red_that_stops_is_unreachable_since_then(
    database: Database, vault: Vault, watch, node_red: NodeRed, tmp_path: Path
) -> None:
    with NodeRed(tmp_path / "short-lived", example()) as other:
        source = watch(other.read_token, url=other.url)
        assert sources.poll_now(database, vault, source).state is State.OK
    found = sources.poll_now(database, vault, source)
    assert found.state is State.UNREACHABLE
    assert found.read_at is not None
    assert found.since > found.read_at


@pytest.mark.shared
def test_a_published_flow_runs_here_when_its_address_is_the_hubs(
    shared_data: Path, node_red: NodeRed, tmp_path: Path
) -> None:
    """The cookbook's 'set the URL of a request': only the host in the address changes, and a token is given."""
    file = shared_data / "flows" / "nodered" / "cookbook_http__set-request-url-template-0.json"
    with Upstreams(tmp_path / "upstreams") as upstreams:
        steps = json.loads(file.read_text().replace("https://jsonplaceholder.typicode.com", upstreams.github))
        for step in steps:
            if step["type"] == "http request":
                step |= {
                    "authType": "bearer",
                    "credentials": {"password": upstreams.credentials["github"]},
                }
        tab = {"id": steps[0]["z"], "type": "tab", "label": "Set the URL of a request"}
        node_red.deploy([tab, *steps])
        node_red.inject(next(step["id"] for step in steps if step["type"] == "inject"))
        wait_for("the call", lambda: upstreams.counts("github").get("GET /posts/2") == 1)
        assert upstreams.seen("github")[-1]["accepted"]
