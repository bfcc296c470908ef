"""Sources, on both databases: registering, leases, what a look notes, and what a failure leaves behind."""

import json
import threading
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from handrail.kernel.canonical import sha256
from handrail.kernel.clock import SECOND
from handrail.kernel.errors import Forbidden
from handrail.kernel.secret import Secret
from handrail.platform.database import Database, Work
from handrail.registry import audit, catalog
from handrail.registry.catalog import Assurance
from handrail.registry.identity import Caller, Team, add_team
from handrail.registry.vault import Vault
from handrail.runtime import sources
from handrail.runtime.sources import File, Instance, NewSource, Reading, State, Unauthorised, Unreachable
from handrail.runtime.sources.schedule import delay_us

EXAMPLES = Path(__file__).parents[2] / "examples" / "node-red"
FLOWS = json.loads((EXAMPLES / "flows.json").read_text())
EDITED = json.loads((EXAMPLES / "flows-edited.json").read_text())


class Builder:
    """Stands where a Node-RED would: answers what a test says, and keeps which credential it was shown."""

    def __init__(self, flows: list[dict] = FLOWS) -> None:
        self.flows = flows
        self.fails: Exception | None = None
        self.shown: list[str | None] = []
        self.read = 0
        self.holds = threading.Event()
        self.holds.set()

    def __call__(self, _instance: Instance, credential: Secret | None, known: Mapping[str, str]) -> Reading:
        self.shown.append(credential.reveal() if credential else None)
        self.holds.wait(20)
        if self.fails:
            raise self.fails
        data = json.dumps({"flows": self.flows, "rev": "1"}).encode()
        version = sha256(data)
        self.read += known.get("flows.json") != version
        return Reading((File("flows.json", version, None if known.get("flows.json") == version else data),))


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault.open(tmp_path / "vault.key")


@pytest.fixture
def steward(make_person) -> Caller:
    return make_person("sam", ("steward", "*"))


@pytest.fixture
def stranger(database: Database, make_person) -> Caller:
    """Return a builder of another team."""
    with database.begin() as work:
        other = add_team(work, audit.SYSTEM, "sales", "Sales")
    return make_person("eve", ("builder", other.id))


@pytest.fixture
def app(database: Database, make_person, team: Team) -> str:
    builder = make_person("ada", ("builder", team.id))
    with database.begin() as work:
        return catalog.register(work, builder, "standup", team=team.name).name


def wanted(app: str, **more: object) -> NewSource:
    given = {"name": "shop-floor", "platform": "node-red", "url": "http://127.0.0.1:1880", "network": "private"}
    return NewSource(**{**given, "app": app, **more})


def added(database: Database, vault: Vault, caller: Caller, new: NewSource, token: str = "") -> str:
    with database.begin() as work:
        return sources.add(work, caller, vault, new, Secret(token) if token else None).instance.id


def running(work: Work, app: str, caller: Caller) -> list[catalog.Running]:
    return catalog.running_of(work, catalog.find_app(work, caller, app).id)


def test_a_look_makes_the_live_definition_the_running_version(
    database: Database, vault: Vault, steward: Caller, app: str
) -> None:
    builder = Builder()
    source = added(database, vault, steward, wanted(app), "read-token")
    found = sources.poll_now(database, vault, source, builder)
    assert builder.shown == ["read-token"]
    assert (found.state, found.bindings[0].state, found.failures) == (State.OK, State.OK, 0)
    with database.read() as work:
        assert catalog.find_app(work, steward, app).assurance is Assurance.OBSERVED
        (first,) = running(work, app, steward)
    assert first.source is Assurance.OBSERVED
    assert first.set_by == "source shop-floor"


def test_an_edit_is_another_running_version_and_undoing_it_is_the_first_again(
    database: Database, vault: Vault, steward: Caller, app: str
) -> None:
    builder = Builder()
    source = added(database, vault, steward, wanted(app))
    digests = []
    for flows in (FLOWS, EDITED, FLOWS):
        builder.flows = flows
        sources.poll_now(database, vault, source, builder)
        with database.read() as work:
            digests.append(running(work, app, steward)[0].digest)
    assert digests[0] == digests[2] != digests[1]
    with database.read() as work:
        assert len(catalog.versions(work, catalog.find_app(work, steward, app).id)) == 2


def test_an_unchanged_definition_is_only_confirmed(database: Database, vault: Vault, steward: Caller, app: str) -> None:
    source = added(database, vault, steward, wanted(app))
    builder = Builder()
    sources.poll_now(database, vault, source, builder)
    with database.read() as work:
        (first,) = running(work, app, steward)
        events = len(audit.listing(work))
    time.sleep(0.002)
    # The editor moves a step: nothing that anybody approved has changed.
    builder.flows = [{**node, "x": node["x"] + 20} if "x" in node else node for node in FLOWS]
    sources.poll_now(database, vault, source, builder)
    with database.read() as work:
        (second,) = running(work, app, steward)
        assert len(audit.listing(work)) == events
    assert (second.digest, second.since) == (first.digest, first.since)
    assert second.seen_at > first.seen_at


@pytest.mark.parametrize(
    ("error", "state"),
    [(Unreachable("nothing answers"), State.UNREACHABLE), (Unauthorised("401"), State.UNAUTHORISED)],
)
def test_a_failure_is_a_state_with_its_beginning_and_what_runs_is_kept(
    database: Database, vault: Vault, steward: Caller, app: str, error: Exception, state: State
) -> None:
    builder = Builder()
    source = added(database, vault, steward, wanted(app))
    read = sources.poll_now(database, vault, source, builder)
    builder.fails = error
    first = sources.poll_now(database, vault, source, builder)
    second = sources.poll_now(database, vault, source, builder)
    assert (first.state, first.message, first.failures) == (state, str(error), 1)
    assert (second.since, second.failures) == (first.since, 2)
    assert second.read_at == read.read_at
    with database.read() as work:
        assert len(running(work, app, steward)) == 1
        changes = audit.listing(work, action="source.state_changed")
    assert [(each.facts["from"], each.facts["to"]) for each in changes] == [
        ("ok", state.value),
        ("waiting", "ok"),
    ]
    builder.fails = None
    assert sources.poll_now(database, vault, source, builder).state is State.OK


def test_a_tab_that_is_gone_is_named_and_the_other_apps_are_still_read(
    database: Database, vault: Vault, steward: Caller, make_person, team: Team, app: str
) -> None:
    owner = make_person("ada", ("builder", team.id))
    second_tab = [
        {"id": "stock", "type": "tab", "label": "Stock alert"},
        {"id": "tick", "type": "inject", "z": "stock", "x": 1, "y": 1, "wires": [[]]},
    ]
    builder = Builder([*FLOWS, *second_tab])
    source = added(database, vault, steward, wanted(app, part="Stand-up reminder"))
    with database.begin() as work:
        catalog.register(work, owner, "stock-alert", team=team.name)
        sources.bind(work, steward, "shop-floor", app="stock-alert", part="stock")
    found = sources.poll_now(database, vault, source, builder)
    assert [each.state for each in found.bindings] == [State.OK, State.OK]
    builder.flows = FLOWS
    found = sources.poll_now(database, vault, source, builder)
    states = {each.app: each for each in found.bindings}
    assert (states[app].state, states["stock-alert"].state) == (State.OK, State.MISSING)
    assert "no such flow" in states["stock-alert"].message
    assert states["stock-alert"].seen_at is not None


def test_another_tabs_edit_does_not_change_an_app(database: Database, vault: Vault, steward: Caller, app: str) -> None:
    builder = Builder()
    source = added(database, vault, steward, wanted(app, part="standup"))
    sources.poll_now(database, vault, source, builder)
    with database.read() as work:
        (first,) = running(work, app, steward)
    builder.flows = [*FLOWS, {"id": "other", "type": "tab", "label": "Other"}]
    sources.poll_now(database, vault, source, builder)
    with database.read() as work:
        assert running(work, app, steward)[0].digest == first.digest


def test_an_answer_that_is_no_definition_is_unreadable_not_an_empty_app(
    database: Database, vault: Vault, steward: Caller, app: str
) -> None:
    source = added(database, vault, steward, wanted(app))
    found = sources.poll_now(database, vault, source, Builder([{"error": "try again"}]))
    assert found.bindings[0].state is State.UNREADABLE
    assert found.bindings[0].message
    with database.read() as work:
        assert running(work, app, steward) == []


def test_an_emptied_builder_is_seen_as_another_version(
    database: Database, vault: Vault, steward: Caller, app: str
) -> None:
    builder = Builder()
    source = added(database, vault, steward, wanted(app))
    sources.poll_now(database, vault, source, builder)
    with database.read() as work:
        (before,) = running(work, app, steward)
    builder.flows = []
    assert sources.poll_now(database, vault, source, builder).bindings[0].state is State.OK
    with database.read() as work:
        assert running(work, app, steward)[0].digest != before.digest


def test_two_workers_never_look_at_one_source_at_once(
    database: Database, vault: Vault, steward: Caller, app: str
) -> None:
    builder = Builder()
    builder.holds.clear()
    source = added(database, vault, steward, wanted(app))
    stop = threading.Event()
    workers = [threading.Thread(target=sources.poll_forever, args=(database, vault, stop, builder)) for _ in range(3)]
    for worker in workers:
        worker.start()
    try:
        deadline = time.monotonic() + 20
        while not builder.shown and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(1.5)
        assert len(builder.shown) == 1
        with pytest.raises(sources.SourceBusy):
            sources.poll_now(database, vault, source, builder)
    finally:
        builder.holds.set()
        stop.set()
        for worker in workers:
            worker.join(20)
    with database.read() as work:
        assert sources.by_id(work, source).state is State.OK


def test_a_worker_that_slept_through_its_lease_writes_nothing(
    database: Database, vault: Vault, steward: Caller, app: str
) -> None:
    source = added(database, vault, steward, wanted(app))
    late, punctual = Builder(FLOWS), Builder(EDITED)
    late.holds.clear()
    sleeper = threading.Thread(target=sources.poll_now, args=(database, vault, source, late))
    sleeper.start()
    while not late.shown:
        time.sleep(0.01)
    clock = database.clock
    # An hour later the lease has ended and somebody else has looked.
    database.clock = lambda: clock() + 3600 * SECOND
    sources.poll_now(database, vault, source, punctual)
    with database.read() as work:
        (seen,) = running(work, app, steward)
    late.holds.set()
    sleeper.join(20)
    with database.read() as work:
        assert running(work, app, steward)[0].digest == seen.digest


def test_a_worker_looks_again_and_again_at_the_stated_interval(
    database: Database, vault: Vault, steward: Caller, app: str
) -> None:
    builder = Builder()
    added(database, vault, steward, wanted(app, interval_s=1))
    stop = threading.Event()
    worker = threading.Thread(target=sources.poll_forever, args=(database, vault, stop, builder))
    worker.start()
    time.sleep(3.5)
    stop.set()
    worker.join(20)
    assert 2 <= len(builder.shown) <= 4


def test_failures_back_off_up_to_a_minute_and_no_further() -> None:
    waits = [delay_us(3, failures) / SECOND for failures in range(12)]
    assert 3 <= waits[0] < 3.4
    assert 3 <= waits[1] < 3.4
    assert 6 <= waits[2] < 6.7
    assert all(wait < 67 for wait in waits)
    assert delay_us(300, 5) >= 300 * SECOND


def test_the_credential_is_sealed_and_shown_to_nobody(
    database: Database, vault: Vault, steward: Caller, app: str
) -> None:
    from sqlalchemy import text

    added(database, vault, steward, wanted(app), "canary-token")
    with database.read() as work:
        found = sources.find(work, steward, "shop-floor")
        stored = work.scalar(text("SELECT credential FROM builder_instance"))
        events = audit.listing(work)
    assert stored
    assert "canary-token" not in f"{stored}{found}{events}"


def test_only_who_may_watch_adds_a_source(
    database: Database, vault: Vault, make_person, team: Team, stranger: Caller, app: str
) -> None:
    builder = make_person("ada", ("builder", team.id))
    with database.begin() as work, pytest.raises(Forbidden):
        sources.add(work, builder, vault, wanted(app), None)
    with database.begin() as work, pytest.raises(catalog.AppUnknown):
        sources.add(work, stranger, vault, wanted(app), None)


def test_another_teams_source_does_not_exist(
    database: Database, vault: Vault, steward: Caller, stranger: Caller, app: str
) -> None:
    added(database, vault, steward, wanted(app))
    with database.read() as work:
        assert sources.listing(work, stranger) == []
        with pytest.raises(sources.SourceUnknown):
            sources.find(work, stranger, "shop-floor")
        assert [each.instance.name for each in sources.listing(work, steward)] == ["shop-floor"]


def test_an_app_is_watched_once_in_an_environment(database: Database, vault: Vault, steward: Caller, app: str) -> None:
    added(database, vault, steward, wanted(app))
    with database.begin() as work, pytest.raises(sources.SourceBindingTaken):
        sources.add(work, steward, vault, wanted(app, name="another"), None)
    with database.begin() as work, pytest.raises(sources.SourceNameTaken):
        sources.add(work, steward, vault, wanted(app, environment="sandbox"), None)
    with database.begin() as work:
        sources.add(work, steward, vault, wanted(app, name="other", environment="sandbox"), None)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("platform", "node-blue", "source_platform_unknown"),
        ("url", "ftp://127.0.0.1/", "source_url_invalid"),
        ("url", "http://ada:hunter2@127.0.0.1:1880", "source_url_invalid"),
        ("url", "http://127.0.0.1:1880/?token=hunter2", "source_url_invalid"),
        ("url", "http://[::1", "source_url_invalid"),
        ("network", "any", "source_field_invalid"),
        ("network", "loopback", "source_field_invalid"),
        ("interval_s", 0, "source_field_invalid"),
        ("name", "Shop Floor", "name_invalid"),
    ],
)
def test_what_makes_no_sense_is_refused_without_repeating_a_secret(
    database: Database, vault: Vault, steward: Caller, app: str, field: str, value: object, code: str
) -> None:
    from handrail.kernel.errors import Invalid

    with database.begin() as work, pytest.raises(Invalid) as refused:
        sources.add(work, steward, vault, wanted(app, **{field: value}), None)
    assert refused.value.code == code
    assert refused.value.fix
    assert "hunter2" not in f"{refused.value.message}{refused.value.fix}"


def test_removing_a_source_leaves_what_was_seen_and_lowers_the_assurance(
    database: Database, vault: Vault, steward: Caller, app: str
) -> None:
    source = added(database, vault, steward, wanted(app), "canary-token")
    sources.poll_now(database, vault, source, Builder())
    with database.begin() as work:
        sources.remove(work, steward, "shop-floor")
    with database.read() as work:
        assert sources.listing(work, steward) == []
        assert len(running(work, app, steward)) == 1
        assert catalog.find_app(work, steward, app).assurance is Assurance.DECLARED
    with pytest.raises(sources.SourceUnknown):
        sources.poll_now(database, vault, source, Builder())


def test_a_source_removed_during_a_look_leaves_nothing_behind(
    database: Database, vault: Vault, steward: Caller, app: str
) -> None:
    source = added(database, vault, steward, wanted(app))
    builder = Builder()
    builder.holds.clear()
    ended: list[type[BaseException]] = []

    def look() -> None:
        try:
            sources.poll_now(database, vault, source, builder)
        except sources.SourceUnknown:
            ended.append(sources.SourceUnknown)

    worker = threading.Thread(target=look)
    worker.start()
    while not builder.shown:
        time.sleep(0.01)
    with database.begin() as work:
        sources.remove(work, steward, "shop-floor")
    builder.holds.set()
    worker.join(20)
    assert ended == [sources.SourceUnknown]
    with database.read() as work:
        assert running(work, app, steward) == []
