import hashlib
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from handrail.kernel.clock import parse_rfc3339
from handrail.kernel.secret import Secret
from handrail.runtime.edge.errors import (
    SnapshotExpired,
    SnapshotForged,
    SnapshotIncomplete,
    SnapshotMalformed,
    SnapshotMisaddressed,
    SnapshotStale,
    SnapshotUnsealable,
)
from handrail.runtime.edge.model import NOWHERE, Enrolment, Position
from handrail.runtime.edge.sealing import open_part, to_base64url
from handrail.runtime.edge.snapshot import require_current, require_newer, verify
from handrail.runtime.hub.sealing import seal_part

SIGNER = Ed25519PrivateKey.generate()
ENROLMENT = Enrolment("http://serve", Secret("t"), "hub-1", to_base64url(SIGNER.public_key().public_bytes_raw()))


def _digest(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _document(parts: dict[str, str] | None = None, **changes: Any) -> dict[str, Any]:
    bodies = {"envoy/routes.json": "sealed"} if parts is None else parts
    manifest = {
        "format": 1,
        "epoch": 3,
        "revision": 7,
        "quarantine_revision": 2,
        "issued_at": "2026-03-01T09:00:00Z",
        "expires_at": "2026-03-02T09:00:00Z",
        "hub": "hub-1",
        "parts": {name: _digest(body) for name, body in bodies.items()},
        **changes,
    }
    text = json.dumps(manifest)
    return {"manifest": text, "signature": to_base64url(SIGNER.sign(text.encode())), "parts": dict(bodies)}


def test_a_genuine_snapshot_is_read() -> None:
    snapshot = verify(_document(), ENROLMENT)
    assert snapshot.manifest.position == Position(3, 7, 2)
    assert snapshot.parts == {"envoy/routes.json": "sealed"}


def test_a_part_that_is_here_already_may_be_left_out() -> None:
    document = _document()
    document["parts"]["envoy/routes.json"] = None
    with pytest.raises(SnapshotIncomplete):
        verify(document, ENROLMENT)
    assert verify(document, ENROLMENT, {_digest("sealed"): "sealed"}).parts == {"envoy/routes.json": "sealed"}


def test_a_changed_manifest_is_refused() -> None:
    document = _document()
    document["manifest"] = document["manifest"].replace('"epoch": 3', '"epoch": 9')
    with pytest.raises(SnapshotForged):
        verify(document, ENROLMENT)


@pytest.mark.parametrize("signature", ["", "!!", "AAAA", to_base64url(b"x" * 64)])
def test_a_bad_signature_is_refused(signature: str) -> None:
    with pytest.raises(SnapshotForged):
        verify({**_document(), "signature": signature}, ENROLMENT)


def test_a_changed_part_is_refused() -> None:
    document = _document()
    document["parts"]["envoy/routes.json"] = "other"
    with pytest.raises(SnapshotIncomplete, match=r"envoy/routes\.json"):
        verify(document, ENROLMENT, {_digest("sealed"): "sealed"})


def test_a_snapshot_for_another_hub_is_refused() -> None:
    with pytest.raises(SnapshotMisaddressed, match="hub-2"):
        verify(_document(hub="hub-2"), ENROLMENT)


@pytest.mark.parametrize(
    "changes",
    [
        {"format": 2},
        {"epoch": "3"},
        {"epoch": True},
        {"revision": -1},
        {"quarantine_revision": None},
        {"expires_at": "tomorrow"},
        {"hub": None, "issued_at": 5},
    ],
)
def test_another_format_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(SnapshotMalformed):
        verify(_document(**changes), ENROLMENT)


@pytest.mark.parametrize("document", [{}, {"manifest": "{}", "signature": "x"}, {"manifest": 1}])
def test_what_is_no_snapshot_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(SnapshotMalformed):
        verify(document, ENROLMENT)


@pytest.mark.parametrize(
    "name",
    [
        "../key.json",
        "envoy/../../key.json",
        "/etc/x.json",
        "envoy/a/b.json",
        "envoy/.x.json",
        "key",
        "a/b.json",
        "x..json",
    ],
)
def test_a_parts_name_never_leads_elsewhere(name: str) -> None:
    with pytest.raises(SnapshotMalformed):
        verify(_document({name: "x"}), ENROLMENT)


@pytest.mark.parametrize("name", ["secrets.json", "envoy/routes-stripe-live.json", "envoy/routes_0.v2.json"])
def test_good_names_pass(name: str) -> None:
    assert verify(_document({name: "x"}), ENROLMENT).parts == {name: "x"}


@pytest.mark.parametrize(
    ("floor", "passes"),
    [
        (NOWHERE, True),
        (Position(3, 7, 2), True),
        (Position(2, 99, 99), True),
        (Position(3, 8, 2), False),
        (Position(3, 7, 3), False),
        (Position(3, 6, 3), False),
        (Position(4, 0, 0), False),
    ],
)
def test_only_what_follows_the_highest_position_is_taken(floor: Position, *, passes: bool) -> None:
    manifest = verify(_document(), ENROLMENT).manifest
    if passes:
        require_newer(manifest, floor)
    else:
        with pytest.raises(SnapshotStale):
            require_newer(manifest, floor)


def test_an_expired_snapshot_is_refused_from_the_moment_on() -> None:
    manifest = verify(_document(), ENROLMENT).manifest
    end = parse_rfc3339("2026-03-02T09:00:00Z")
    require_current(manifest, end - 1)
    with pytest.raises(SnapshotExpired, match=r"2026-03-02T09:00:00\.000Z"):
        require_current(manifest, end)


def test_a_sealed_part_opens_only_for_its_hub_epoch_and_name() -> None:
    key = X25519PrivateKey.generate()
    text = seal_part(key.public_key().public_bytes_raw(), "secrets.json", 3, "hub-1", b"canary")
    assert "canary" not in text
    assert open_part(key, "secrets.json", 3, "hub-1", text) == b"canary"
    flipped = text[:60] + ("A" if text[60] != "A" else "B") + text[61:]
    for other_key, name, epoch, hub, sealed in (
        (X25519PrivateKey.generate(), "secrets.json", 3, "hub-1", text),
        (key, "upstreams.json", 3, "hub-1", text),
        (key, "secrets.json", 4, "hub-1", text),
        (key, "secrets.json", 3, "hub-2", text),
        (key, "secrets.json", 3, "hub-1", flipped),
        (key, "secrets.json", 3, "hub-1", ""),
        (key, "secrets.json", 3, "hub-1", "not base64!"),
    ):
        with pytest.raises(SnapshotUnsealable):
            open_part(other_key, name, epoch, hub, sealed)
