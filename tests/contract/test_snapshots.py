"""What a hub is handed: only what it asked for, and nothing twice."""

import base64
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from tests.rigs.install import People, Size, app_name, fill

from handrail.governance import lifecycle
from handrail.kernel.clock import now_us
from handrail.kernel.secret import Secret
from handrail.platform.database import Database
from handrail.registry import access, catalog, connectors
from handrail.registry.vault import Vault
from handrail.runtime import edge
from handrail.runtime import hub as hubs
from handrail.runtime.edge.hub import Hub as EdgeHub
from handrail.runtime.edge.places import prepare
from handrail.runtime.hub import SnapshotSource

TLS_PARTS = {"envoy/listeners-tls.json", "envoy/routes-tls.json"}


class Rig:
    """A small registry, a source of snapshots, and one hub's agent without its network."""

    def __init__(self, database: Database, folder: Path, **options: object) -> None:
        self.database = database
        vault = Vault.open(folder / "vault.key")
        self.places = edge.places_of(folder / "hub-home")
        prepare(self.places)
        with database.begin() as work:
            access.ensure_signing_keys(work, vault)
            signing_key = hubs.ensure_signing_key(work, vault)
            token = hubs.local_hub(work)
            hubs.bind_key(work, hubs.hub_by_token(work, token.reveal()), edge.public_key(self.places))
            self.hub = hubs.hub_by_token(work, token.reveal())
        size = Size(apps=3, connections=2, operations=2, grants=2, credentials=1)
        self.people: People = fill(database, vault, size, "http://127.0.0.1:9")
        self.source = SnapshotSource(
            database, vault, public_url="http://serve.test", hub_url="http://hub.test", hours=24
        )
        self.enrolment = edge.Enrolment("http://serve.test", Secret("hrh_x"), self.hub.id, signing_key)
        address = edge.Address("127.0.0.1", 8780)
        self.agent = EdgeHub(self.places, self.enrolment, address, edge.Options(**options), lambda: None)

    def snapshot(self, have: frozenset[str] = frozenset(), **more: bool) -> dict:
        return self.source.snapshot(self.hub, have, **more)


@pytest.fixture
def rig(database: Database, tmp_path: Path):
    made = Rig(database, tmp_path)
    yield made
    edge.clear(made.places.home)


def digests(snapshot: dict) -> frozenset[str]:
    return frozenset(json.loads(snapshot["manifest"])["parts"].values())


def sent(snapshot: dict) -> set[str]:
    return {name for name, text in snapshot["parts"].items() if text is not None}


def test_only_a_hub_with_a_certificate_gets_the_routes_of_host_names(rig: Rig) -> None:
    plain = rig.snapshot(tls=False)
    assert not TLS_PARTS & plain["parts"].keys()
    whole = rig.snapshot(digests(plain), tls=True)
    assert sent(whole) == TLS_PARTS
    assert whole["parts"].keys() == plain["parts"].keys() | TLS_PARTS


def test_a_hold_sends_the_list_of_held_apps_and_nothing_else(rig: Rig) -> None:
    before = rig.snapshot()
    with rig.database.begin() as work:
        access.quarantine(work, rig.people.steward, app_name(1), "Looking into it.")
    assert sent(rig.snapshot(digests(before))) == {"envoy/quarantine.json"}


def test_an_ended_approval_sends_the_routes_and_nothing_else(rig: Rig) -> None:
    before = rig.snapshot()
    with rig.database.begin() as work:
        here = connectors.find_environment(work, "production")
        app = catalog.find_app(work, rig.people.reviewer, app_name(1))
        digest = catalog.versions(work, app.id, here.id)[0].digest
        lifecycle.revoke(work, rig.people.reviewer, app.name, here.name, digest, "No longer needed.")
    assert sent(rig.snapshot(digests(before))) == {"envoy/routes.json", "envoy/routes-tls.json"}


def test_the_agent_opens_what_the_control_plane_sealed(rig: Rig) -> None:
    rig.agent.take(rig.snapshot(tls=False))
    assert {path.name for path in rig.places.xds.iterdir()} >= {"routes.json", "listeners.json", "quarantine.json"}
    assert "upstream-0" not in json.dumps(rig.snapshot())


def test_a_hub_that_was_given_a_certificate_asks_again_at_once(database: Database, tmp_path: Path) -> None:
    tls = edge.Tls(edge.Address("127.0.0.1", 8443), tmp_path / "cert.pem", tmp_path / "key.pem")
    rig = Rig(database, tmp_path, tls=tls, clock=now_us)
    try:
        rig.agent.take(rig.snapshot(tls=False))
        assert rig.agent.wants_fresh()
        rig.agent.take(rig.snapshot(frozenset(rig.agent.have()), tls=True))
        assert not rig.agent.wants_fresh()
        assert "hub-tls" in (rig.places.xds / "listeners.json").read_text()
    finally:
        edge.clear(rig.places.home)


def test_a_part_that_was_cut_off_is_not_opened() -> None:
    from cryptography.hazmat.primitives import hpke

    from handrail.runtime.edge.errors import SnapshotUnsealable
    from handrail.runtime.edge.sealing import open_part

    key = X25519PrivateKey.generate()
    suite = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
    info = b"\x00".join((b"handrail-part/1", b"hub-1", b"0", b"x.json"))
    for body in (b"not compressed", b""):
        text = base64.urlsafe_b64encode(suite.encrypt(body, key.public_key(), info)).rstrip(b"=").decode()
        with pytest.raises(SnapshotUnsealable):
            open_part(key, "x.json", 0, "hub-1", text)
