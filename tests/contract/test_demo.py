"""The demo's install: what is in it, that it fills once and whole, and never where somebody works."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from handrail import demo
from handrail.demo import seeding
from handrail.demo.keys import read_keys
from handrail.governance import estate, lifecycle
from handrail.kernel.clock import DAY, HOUR
from handrail.kernel.errors import HandrailError
from handrail.language import leaks
from handrail.platform.database import Database, Work
from handrail.registry import access, audit, catalog, connectors, identity
from handrail.registry.audit import SYSTEM
from handrail.registry.catalog import Assurance, Stage
from handrail.registry.identity import Caller
from handrail.registry.vault import Vault
from handrail.runtime import hub, signals, sources

STAGES = {Stage.OPERATING: 14, Stage.PROTOTYPE: 1, Stage.IDEA: 1, Stage.RETIRED: 1}


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault.open(tmp_path / "vault.key")


@pytest.fixture
def empty(database: Database, vault: Vault) -> Database:
    with database.begin() as work:
        # As `handrail up --demo` opens its home.
        work.now -= 100 * DAY
        access.ensure_signing_keys(work, vault)
        hub.ensure_signing_key(work, vault)
    return database


def fill(database: Database, vault: Vault, home: Path) -> bool:
    def enrol(work: Work) -> None:
        hub.local_hub(work)

    return demo.seed(database, vault, demo.Place(home, "http://127.0.0.1:8780", "http://127.0.0.1:9", enrol))


@pytest.fixture
def filled(empty: Database, vault: Vault, tmp_path: Path) -> Iterator[Database]:
    assert fill(empty, vault, tmp_path)
    yield empty


def tomas(work: Any) -> Caller:
    return identity.caller_of(work, identity.find_person(work, "tomas").id)


def every_state_that_the_portal_shows_is_there(filled: Database, home: Path) -> None:
    with filled.read() as work:
        caller = tomas(work)
        apps = {app.name: app for app in catalog.listing(work, caller, with_retired=True)}
        assert Counter(app.stage for app in apps.values()) == STAGES
        assert Counter(app.team for app in apps.values()) == {"finance": 7, "support": 4, "sales": 6}
        assert sum(app.assurance is Assurance.OBSERVED for app in apps.values()) == 5
        assert sorted(name for name, app in apps.items() if not app.deputy) == ["cash-forecast", "payout-check"]
        gone = {person.name for person in identity.people(work) if person.status == "disabled"}
        assert [name for name, app in apps.items() if app.owner in gone] == ["old-lead-sync"]
        held = {name for name, app in apps.items() if access.hold_of(work, app.id)}
        assert held == {"commission-sheet"}
        assert len(connectors.connectors(work)) == 6
        assert Counter(each.environment.name for each in connectors.connections(work)) == {
            "production": 6,
            "sandbox": 2,
        }
        assert all(each.title and "demo" in each.title for each in connectors.connectors(work))
        assert all("demo" in source.instance.name for source in sources.listing(work, caller))
        # Everything that operates runs what was approved, and is approved now.
        for app in apps.values():
            if app.stage is Stage.OPERATING:
                (running,) = catalog.running_of(work, app.id)
                approval = access.live_approval(work, app.id, running.environment, running.digest)
                assert approval is not None, app.name
                assert approval.superseded_at is None
    assert set(read_keys(home).clients) >= {name for name, app in apps.items() if app.stage is Stage.OPERATING}


def the_estate_holds_what_nobody_registered(filled: Database, home: Path) -> None:
    with filled.read() as work:
        seen = estate.overview(work, tomas(work))
        assert {each.name for each in seen.origins} == {"finance-share", "sales-share", "support-share"}
        assert {"n8n", "node-red", "power-automate", "logic-apps"} <= {each.platform for each in seen.by_platform}
        assert 0 < seen.registered < seen.found
        assert seen.new > 0
        assert seen.unreadable >= 1
        assert any(each["across"] for each in seen.worst)
        assert {"leaks", "register", "keys", "duplicates", "unreadable"} <= {each.kind for each in seen.do_first}
        assert estate.unchecked(work, 1, leaks.default_boundary()) == []
        found = estate.definitions(work, tomas(work), estate.Asked(registered=True, limit=200))
        assert {each.linked_by for each in found.items} == {"content"}


def the_open_review_has_42_of_its_48_hours_and_the_refused_one_a_reason(filled: Database, home: Path) -> None:
    with filled.read() as work:
        found = lifecycle.reviews(work, tomas(work), closed=True)
        (waiting,) = [review for review in found if review.outcome is lifecycle.Outcome.OPEN]
        assert (waiting.app, waiting.number, waiting.submitter) == ("invoice-approver", 2, "mara")
        assert 41 * HOUR < waiting.due_at - work.now <= 42 * HOUR
        assert "10,000" in waiting.note
        told = lifecycle.dossier(work, waiting)
        assert all(check.passed for check in told.checks if check.required)
        assert any("10000" in change.text or "10,000" in change.text for change in told.changes)
        (refused,) = [review for review in found if review.outcome is lifecycle.Outcome.REFUSED]
        assert (refused.app, refused.decider) == ("quote-to-order", "priya")
        assert "#deals" in refused.reason


def the_audit_log_is_in_order_and_its_chain_holds(filled: Database, home: Path) -> None:
    with filled.begin() as work:
        while audit.seal(work):
            pass
    with filled.read() as work:
        assert audit.verify(work).fault is None
        events = audit.listing(work, limit=1000)
        times = [event.at for event in events]
        assert times == sorted(times, reverse=True)
        assert work.now - times[-1] > 50 * DAY
        assert times[0] <= work.now
        assert events[0].action == "demo.filled"


def four_weeks_of_calls_with_refusals_by_code_and_costs(filled: Database, home: Path) -> None:
    codes: Counter[str] = Counter()
    with filled.read() as work:
        for app in catalog.listing(work, tomas(work)):
            report = signals.calls(work, app.id, work.now - 28 * DAY, work.now)
            for operation in report.operations:
                codes.update(operation.refusals)
            if app.stage is Stage.OPERATING:
                assert report.state == "ok", app.name
                assert sum(money.micros for operation in report.operations for money in operation.cost) > 0
                assert {money.currency for operation in report.operations for money in operation.cost} <= {"EUR"}
    assert codes["grant_missing"] > 10
    assert codes["quarantined"] > 5


def test_the_company_is_all_there_and_moves_in_once(filled: Database, vault: Vault, tmp_path: Path) -> None:
    # One filling takes seconds, so the checks share it.
    for check in (
        every_state_that_the_portal_shows_is_there,
        the_estate_holds_what_nobody_registered,
        the_open_review_has_42_of_its_48_hours_and_the_refused_one_a_reason,
        the_audit_log_is_in_order_and_its_chain_holds,
        four_weeks_of_calls_with_refusals_by_code_and_costs,
    ):
        check(filled, tmp_path)
    keys = read_keys(tmp_path)
    assert fill(filled, vault, tmp_path) is False
    assert read_keys(tmp_path) == keys


def test_a_failure_in_the_middle_leaves_an_empty_install_and_the_next_start_fills_it(
    empty: Database, vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def power_cut(*_: Any) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(seeding, "write_history", power_cut)
        with pytest.raises(KeyboardInterrupt):
            fill(empty, vault, tmp_path)
    with empty.read() as work:
        assert (identity.people(work), identity.is_made_up(work)) == ([], False)
    assert fill(empty, vault, tmp_path)


def test_made_up_people_never_come_between_real_ones(empty: Database, vault: Vault, tmp_path: Path) -> None:
    with empty.begin() as work:
        identity.add_person(work, SYSTEM, "ada", "Ada")
    with pytest.raises(HandrailError) as refused:
        fill(empty, vault, tmp_path)
    assert (refused.value.code, str(tmp_path) in refused.value.fix) == ("demo_home_taken", True)
    with empty.read() as work:
        assert [person.name for person in identity.people(work)] == ["ada"]
        assert not identity.is_made_up(work)
