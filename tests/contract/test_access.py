"""Clients, signing keys, tokens and quarantine, on both databases."""

import json
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey
from tests.rigs.assertions import assertion, key_client
from tests.rigs.governed import ADDRESSES, World, build_world

from handrail.kernel.clock import DAY, MINUTE, SECOND
from handrail.kernel.errors import Forbidden
from handrail.kernel.secret import Secret
from handrail.platform.database import Database, revisions
from handrail.registry import access, audit, catalog
from handrail.registry.access import KeyState, TokenRequest


@pytest.fixture
def world(database: Database, tmp_path: Path, make_person, team) -> World:
    made = build_world(database, tmp_path, make_person, team)
    made.connect()
    return made


def test_a_token_carries_what_runs_and_nothing_more(world: World) -> None:
    app = world.register()
    version = world.approved()
    issued = world.ask(world.secret_client())
    with world.database.read() as work:
        keys = KeySet.import_key_set(access.jwks(work, "production"))
    token = jwt.decode(issued.token.reveal(), keys, algorithms=["ES256"])
    assert token.header.keys() == {"alg", "kid", "typ"}
    assert token.header["typ"] == "at+jwt"
    assert token.claims.keys() == {"iss", "aud", "sub", "key", "iat", "exp", "jti"}
    assert token.claims["iss"] == "http://127.0.0.1:8700/production"
    assert token.claims["aud"] == "http://127.0.0.1:8780/production"
    assert token.claims["sub"] == app.id
    assert token.claims["key"] == f"{app.id}:production:{version.digest}"
    assert token.claims["exp"] - token.claims["iat"] == issued.expires_in == 300


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (ECKey.generate_key("P-256"), "ES256"),
        (RSAKey.generate_key(2048), "RS256"),
        (OKPKey.generate_key("Ed25519"), "Ed25519"),
    ],
)
def test_a_registered_key_signs_for_its_app(world: World, key, algorithm: str) -> None:
    world.register()
    world.approved()
    client = key_client(world, key)
    for audience in (ADDRESSES.token_endpoint, ADDRESSES.issuer("production"), [ADDRESSES.token_endpoint]):
        sent = assertion(key, client.client.id, algorithm=algorithm, aud=audience)
        assert world.token(sent).expires_in == 300
    with world.database.read() as work:
        (listed,) = access.clients(work, world.ada, "standup")
    assert listed.last_used_at is not None
    assert listed.key_id == key.thumbprint()


def test_production_has_its_own_keys(world: World) -> None:
    world.connect("sandbox")
    world.register()
    world.approved()
    version = world.approved(environment="sandbox")
    world.ask(world.secret_client())
    sandbox = world.ask(world.secret_client(environment="sandbox"), version=version.digest)
    with world.database.read() as work:
        sets = {kind: access.jwks(work, kind)["keys"] for kind in ("sandbox", "production")}
    assert all(
        key["alg"] == "ES256" and key["use"] == "sig" and "d" not in key for held in sets.values() for key in held
    )
    assert not {key["kid"] for key in sets["sandbox"]} & {key["kid"] for key in sets["production"]}
    assert sandbox.claims["iss"] == ADDRESSES.issuer("sandbox")
    with pytest.raises(Exception, match="key"):
        jwt.decode(sandbox.token.reveal(), KeySet.import_key_set({"keys": sets["production"]}), algorithms=["ES256"])


def test_a_sandbox_token_names_its_candidate(world: World) -> None:
    world.connect("sandbox")
    world.register()
    first = world.approved(environment="sandbox")
    draft = world.upload(environment="sandbox", text="Good evening")
    client = world.secret_client(environment="sandbox")
    assert world.ask(client, version="1").claims["key"].endswith(first.digest)
    assert world.ask(client).claims["key"].endswith(first.digest)
    with pytest.raises(access.VersionNotApproved):
        world.ask(client, version=draft.digest)
    with pytest.raises(access.CandidateInvalid):
        world.ask(client, version="7")


def test_production_takes_no_candidate(world: World) -> None:
    world.register()
    version = world.approved()
    with pytest.raises(access.CandidateInvalid):
        world.ask(world.secret_client(), version=version.digest)


def test_an_unapproved_running_version_gets_no_token_but_the_difference(world: World) -> None:
    world.register()
    client = world.secret_client()
    with pytest.raises(access.VersionNotApproved) as refused:
        world.ask(client)
    assert "Nobody knows which version" in refused.value.message
    world.approved()
    assert world.ask(client)
    world.observe(text="Good evening")
    with pytest.raises(access.VersionNotApproved) as refused:
        world.ask(client)
    assert "Since version 1, which is: " in refused.value.message
    assert "step 'Text'" in refused.value.message
    assert refused.value.fix == "Submit it and have it approved: handrail submit standup --environment production"
    assert refused.value.oauth_error == "invalid_grant"


def test_quarantine_stops_tokens_and_lifting_restores_them(world: World) -> None:
    app = world.register()
    world.approved()
    client = world.secret_client()
    with world.database.begin() as work:
        before = revisions.current(work, "quarantine")
        with pytest.raises(access.ReasonMissing):
            access.quarantine(work, world.sam, "standup", "  ")
        with pytest.raises(Forbidden):
            access.quarantine(work, world.ada, "standup", "because")
        access.quarantine(work, world.sam, "standup", "floods the channel")
        assert access.quarantined(work) == (app.id,)
        assert revisions.current(work, "quarantine") == before + 1
        with pytest.raises(access.AlreadyQuarantined):
            access.quarantine(work, world.sam, "standup", "again")
    with pytest.raises(access.Quarantined, match="floods the channel"):
        world.ask(client)
    with world.database.begin() as work:
        access.lift_quarantine(work, world.sam, "standup")
        with pytest.raises(access.NotQuarantined):
            access.lift_quarantine(work, world.sam, "standup")
        assert access.quarantined(work) == ()
    assert world.ask(client)


def test_a_retired_app_can_be_quarantined_and_gets_no_token(world: World) -> None:
    world.register()
    world.approved()
    client = world.secret_client()
    with world.database.begin() as work:
        catalog.retire(work, world.ada, "standup")
        assert access.quarantine(work, world.sam, "standup", "to be sure").by == "sam"
    with pytest.raises(access.AppEnded):
        world.ask(client)


def test_two_secrets_are_live_at_once_and_no_more(world: World) -> None:
    world.register()
    world.approved()
    first, second = world.secret_client(), world.secret_client()
    with pytest.raises(access.ClientLimit):
        world.secret_client()
    assert world.ask(first)
    assert world.ask(second)
    with world.database.begin() as work:
        access.revoke_client(work, world.ada, "standup", first.client.id)
        with pytest.raises(access.ClientUnknown):
            access.revoke_client(work, world.ada, "standup", first.client.id)
    with pytest.raises(access.ClientRefused):
        world.ask(first)
    assert world.secret_client().client.id != second.client.id


def test_extras_are_refused(world: World) -> None:
    world.register()
    world.approved()
    client = world.secret_client()
    with pytest.raises(access.ScopeUnknown):
        world.ask(client, scope="everything")
    with pytest.raises(access.ResourceUnknown):
        world.ask(client, resource="https://elsewhere.example")
    assert world.ask(client, resource=ADDRESSES.audience("production"))
    with pytest.raises(access.GrantTypeUnsupported):
        world.token(TokenRequest("password", client.client.id, client.secret))


def test_wrong_answers_are_throttled_and_the_right_one_still_passes(world: World) -> None:
    world.register()
    world.approved()
    client = world.secret_client()
    wrong = TokenRequest("client_credentials", client.client.id, Secret("guess"))
    for _ in range(20):
        with pytest.raises(access.ClientRefused):
            world.token(wrong)
    with pytest.raises(access.TooManyFailures) as refused:
        world.token(wrong)
    assert 0 < refused.value.details["retry_after_s"] <= 60
    assert world.ask(client)
    with pytest.raises(access.ClientRefused):
        world.token(wrong)


def test_an_unknown_client_is_answered_like_a_wrong_secret(world: World) -> None:
    world.register()
    client = world.secret_client()
    messages = set()
    for client_id in (client.client.id, "nobody", "'; DROP TABLE client; --"):
        with pytest.raises(access.ClientRefused) as refused:
            world.token(TokenRequest("client_credentials", client_id, Secret("guess")))
        messages.add((refused.value.message, refused.value.fix))
    assert len(messages) == 1


def weak_rsa() -> dict[str, str]:
    import base64

    from cryptography.hazmat.primitives.asymmetric import rsa

    numbers = rsa.generate_private_key(65537, 1024).public_key().public_numbers()  # noqa: S505 - weak on purpose
    modulus = base64.urlsafe_b64encode(numbers.n.to_bytes(128, "big")).rstrip(b"=").decode()
    return {"kty": "RSA", "n": modulus, "e": "AQAB"}


def test_only_sound_public_keys_are_registered(world: World) -> None:
    world.register()
    good = ECKey.generate_key("P-256").as_dict(private=False)
    bad = [
        {},
        {"kty": "oct"},
        {**good, "x": good["y"]},
        {**good, "x": 5},
        {**good, "crv": "P-521"},
        ECKey.generate_key("P-384").as_dict(private=False),
        weak_rsa(),
        {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
    ]
    for jwk in bad:
        with pytest.raises(access.PublicKeyInvalid), world.database.begin() as work:
            access.add_key_client(work, world.ada, "standup", "production", jwk)
    with world.database.begin() as work:
        made = access.add_key_client(work, world.ada, "standup", "production", {**good, "kid": "mine", "use": "sig"})
    assert made.secret is None


def test_rotation_waits_for_the_hubs_and_no_token_fails(world: World, admin) -> None:
    world.register()
    world.approved()
    client = world.secret_client()
    before = world.ask(client)

    def published() -> KeySet:
        with world.database.read() as work:
            return KeySet.import_key_set(access.jwks(work, "production"))

    def states() -> list[KeyState]:
        with world.database.read() as work:
            return [key.state for key in access.signing_keys(work, admin) if key.kind == "production"]

    with world.database.begin() as work:
        with pytest.raises(Forbidden):
            access.rotate(work, world.vault, world.ada, "production", lambda _: True)
        step = access.rotate(work, world.vault, admin, "production", lambda _: False)
    assert "is published" in step.steps[0]
    assert "waits until every live hub knows it" in step.waiting
    assert states() == [KeyState.ACTIVE, KeyState.NEXT]
    assert (
        jwt.decode(world.ask(client).token.reveal(), published(), algorithms=["ES256"]).header["kid"]
        == (jwt.decode(before.token.reveal(), published(), algorithms=["ES256"]).header["kid"])
    )
    with world.database.begin() as work:
        assert access.rotation_under_way(work)
        assert access.advance_keys(work, lambda _: False) == []
        assert len(access.advance_keys(work, lambda _: True)) == 1
    assert states() == [KeyState.RETIRED, KeyState.ACTIVE]
    after = world.ask(client)
    for token in (before, after):
        jwt.decode(token.token.reveal(), published(), algorithms=["ES256"])
    clock = world.database.clock
    world.database.clock = lambda: clock() + 7 * MINUTE
    with world.database.begin() as work:
        assert "no longer accepted" in access.advance_keys(work, lambda _: True)[0]
        assert not access.rotation_under_way(work)
    assert states() == [KeyState.ACTIVE]
    with pytest.raises(Exception, match="key"):
        jwt.decode(before.token.reveal(), published(), algorithms=["ES256"])
    with world.database.read() as work:
        actions = [event.action for event in audit.listing(work, action="signing_key")]
    assert set(actions) >= {"signing_key.next", "signing_key.activated", "signing_key.retired", "signing_key.dropped"}


def test_a_private_signing_key_is_never_stored_in_clear(world: World) -> None:
    import sqlalchemy as sa

    with world.database.begin() as work:
        access.ensure_signing_keys(work, world.vault)
        rows = work.all(sa.text("SELECT * FROM signing_key"))
    assert len(rows) == 2
    for row in rows:
        assert row["private_sealed"].startswith("hv1.")
        assert "d" not in json.loads(row["public_jwk"])


def test_old_assertions_are_forgotten(world: World) -> None:
    import sqlalchemy as sa

    world.register()
    world.approved()
    key = ECKey.generate_key("P-256")
    client = key_client(world, key)
    world.token(assertion(key, client.client.id))
    later = DAY // SECOND
    clock = world.database.clock
    world.database.clock = lambda: clock() + DAY
    world.token(assertion(key, client.client.id, offset_s=later))
    with world.database.read() as work:
        assert work.scalar(sa.text("SELECT COUNT(*) FROM assertion_seen")) == 1
