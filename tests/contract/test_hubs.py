"""Hubs: enrolled by an admin, bound to one key, believed about what they enforce."""

import pytest

from handrail.kernel.errors import HandrailError
from handrail.platform.database import Database, revisions
from handrail.registry.identity import Caller
from handrail.runtime import hub as hubs
from handrail.runtime.hub import HubExists, HubKeyFixed, HubTokenInvalid

KEY, OTHER_KEY = "B" * 43, "C" * 43


def enrolled(database: Database, admin: Caller, name: str = "frankfurt") -> str:
    with database.begin() as work:
        return hubs.enrol_hub(work, admin, name)[1].reveal()


def test_a_hub_is_known_by_its_token_alone(database: Database, admin: Caller) -> None:
    token = enrolled(database, admin)
    with database.read() as work:
        assert hubs.hub_by_token(work, token).name == "frankfurt"
        for wrong in ("", token + "x", token[:-1]):
            with pytest.raises(HubTokenInvalid):
                hubs.hub_by_token(work, wrong)


def test_a_name_is_given_once(database: Database, admin: Caller) -> None:
    enrolled(database, admin)
    with pytest.raises(HubExists):
        enrolled(database, admin)


def test_a_stolen_token_cannot_bind_a_second_key(database: Database, admin: Caller) -> None:
    token = enrolled(database, admin)
    with database.begin() as work:
        hubs.bind_key(work, hubs.hub_by_token(work, token), KEY)
    with database.begin() as work:
        hubs.bind_key(work, hubs.hub_by_token(work, token), KEY)
    with pytest.raises(HubKeyFixed), database.begin() as work:
        hubs.bind_key(work, hubs.hub_by_token(work, token), OTHER_KEY)


def test_only_an_admin_or_a_steward_enrols(database: Database, make_person: object) -> None:
    viewer = make_person("vera", ("viewer", "*"))
    with pytest.raises(HandrailError) as refused:
        enrolled(database, viewer)
    assert refused.value.code in {"role_missing", "not_found"}


def test_in_force_is_what_every_live_hub_has_acknowledged(database: Database, admin: Caller) -> None:
    tokens = [enrolled(database, admin, name) for name in ("one", "two")]
    with database.read() as work:
        assert hubs.hub_acknowledged(work) == -1
    with database.begin() as work:
        epoch = revisions.current(work, "epoch")
        for token, revision in zip(tokens, (7, 5), strict=True):
            hub = hubs.hub_by_token(work, token)
            hubs.acknowledge(work, hub, epoch=epoch, revision=revision, quarantine=1, problems=[])
    with database.read() as work:
        assert hubs.hub_acknowledged(work) == 5
        assert hubs.quarantine_acknowledged(work) == 1


def test_a_silent_hub_does_not_hold_up_in_force(database: Database, admin: Caller) -> None:
    tokens = [enrolled(database, admin, name) for name in ("one", "two")]
    with database.begin() as work:
        for token, revision in zip(tokens, (7, 5), strict=True):
            hubs.acknowledge(
                work, hubs.hub_by_token(work, token), epoch=0, revision=revision, quarantine=1, problems=[]
            )
    later = database.clock() + 61_000_000
    database.clock = lambda: later
    with database.begin() as work:
        hubs.seen(work, hubs.hub_by_token(work, tokens[0]))
    with database.read() as work:
        assert hubs.hub_acknowledged(work) == 7


def test_an_acknowledgement_of_an_older_epoch_counts_for_nothing(database: Database, admin: Caller) -> None:
    token = enrolled(database, admin)
    with database.begin() as work:
        hubs.acknowledge(work, hubs.hub_by_token(work, token), epoch=0, revision=9, quarantine=1, problems=[])
        revisions.bump(work, "epoch")
    with database.read() as work:
        assert hubs.hub_acknowledged(work) == -1


def test_a_removed_hub_is_gone_with_its_token(database: Database, admin: Caller) -> None:
    token = enrolled(database, admin)
    with database.begin() as work:
        hubs.remove_hub(work, admin, "frankfurt")
    with database.read() as work:
        assert hubs.hubs(work, admin) == []
        with pytest.raises(HubTokenInvalid):
            hubs.hub_by_token(work, token)


def test_what_a_hub_refused_is_shown(database: Database, admin: Caller) -> None:
    token = enrolled(database, admin)
    with database.begin() as work:
        hubs.acknowledge(
            work, hubs.hub_by_token(work, token), epoch=0, revision=1, quarantine=1, problems=["routes.json: bad regex"]
        )
    with database.read() as work:
        assert hubs.hubs(work, admin)[0].problems == ("routes.json: bad regex",)
