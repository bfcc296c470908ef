"""Client assertions that must not pass: replayed, confused, forged, misdirected, overdue."""

import base64
import hmac
import json
import time
from datetime import timedelta
from pathlib import Path

import pytest
from joserfc.jwk import ECKey, RSAKey
from tests.rigs.assertions import TYPE, assertion, claims_of, key_client, request, signed
from tests.rigs.governed import ADDRESSES, World, build_world

from handrail.kernel.secret import Secret
from handrail.platform.database import Database
from handrail.registry import access
from handrail.registry.access import TokenRequest

KEY = ECKey.generate_key("P-256")
OTHER = ECKey.generate_key("P-256")


@pytest.fixture
def world(database: Database, tmp_path: Path, make_person, team) -> World:
    made = build_world(database, tmp_path, make_person, team)
    made.connect()
    made.register()
    made.approved()
    return made


@pytest.fixture
def client_id(world: World) -> str:
    made = key_client(world, KEY).client.id
    assert world.token(assertion(KEY, made)).expires_in == 300
    return made


def encoded(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def test_an_assertion_is_used_once(world: World, client_id: str) -> None:
    sent = assertion(KEY, client_id)
    world.token(sent)
    for _ in range(2):
        with pytest.raises(access.AssertionReplayed):
            world.token(sent)


def test_an_assertion_that_was_refused_later_on_is_used_up_too(world: World, client_id: str) -> None:
    with world.database.begin() as work:
        access.quarantine(work, world.sam, "standup", "to be sure")
    sent = assertion(KEY, client_id)
    with pytest.raises(access.Quarantined):
        world.token(sent)
    with world.database.begin() as work:
        access.lift_quarantine(work, world.sam, "standup")
    with pytest.raises(access.AssertionReplayed):
        world.token(sent)


def test_no_signature_is_no_signature(world: World, client_id: str) -> None:
    claims = encoded(claims_of(client_id))
    good = signed(KEY, claims_of(client_id))
    for compact in (
        f"{encoded({'alg': 'none'})}.{claims}.",
        f"{encoded({'alg': 'None'})}.{claims}.",
        f"{encoded({'alg': 'none'})}.{claims}.{good.rpartition('.')[2]}",
        f"{encoded({'alg': 'ES256'})}.{claims}.",
        f"{encoded({'typ': 'JWT'})}.{claims}.{good.rpartition('.')[2]}",
        f"{encoded({'alg': 'ES256'})}.{claims}.{base64.urlsafe_b64encode(bytes(64)).rstrip(b'=').decode()}",
        f"{good.rpartition('.')[0]}.{signed(KEY, claims_of(client_id)).rpartition('.')[2]}",
    ):
        with pytest.raises((access.AssertionInvalid, access.ClientRefused)):
            world.token(request(compact))


def test_the_public_key_is_no_hmac_secret(world: World, client_id: str) -> None:
    for material in (KEY.as_pem(private=False), json.dumps(KEY.as_dict(private=False)).encode()):
        signed_part = f"{encoded({'alg': 'HS256'})}.{encoded(claims_of(client_id))}"
        mac = hmac.digest(material, signed_part.encode(), "sha256")
        compact = f"{signed_part}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
        with pytest.raises(access.AssertionInvalid):
            world.token(request(compact))


def test_another_algorithm_or_a_foreign_key_does_not_pass(world: World, client_id: str) -> None:
    rsa = RSAKey.generate_key(2048)
    for key, algorithm in ((OTHER, "ES256"), (rsa, "RS256"), (rsa, "PS256"), (ECKey.generate_key("P-384"), "ES384")):
        with pytest.raises(access.AssertionInvalid):
            world.token(assertion(key, client_id, algorithm=algorithm))


def test_an_rsa_key_takes_rs256_alone(world: World) -> None:
    rsa = RSAKey.generate_key(2048)
    client_id = key_client(world, rsa).client.id
    assert world.token(assertion(rsa, client_id, algorithm="RS256"))
    for algorithm in ("PS256", "RS384", "RS512"):
        with pytest.raises(access.AssertionInvalid):
            world.token(assertion(rsa, client_id, algorithm=algorithm))


def test_a_key_in_the_header_is_not_looked_at(world: World, client_id: str) -> None:
    for header in (
        {"jwk": OTHER.as_dict(private=False)},
        {"jku": "http://127.0.0.1:1/keys"},
        {"kid": "../../../../dev/null"},
        {"x5u": "http://127.0.0.1:1/cert"},
        {"crit": ["handrail"], "handrail": True},
    ):
        with pytest.raises(access.AssertionInvalid):
            world.token(request(signed(OTHER, claims_of(client_id), header=header)))


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "https://elsewhere.example/oauth/token"},
        {"aud": None},
        {"aud": ADDRESSES.issuer("sandbox")},
        {"aud": ADDRESSES.audience("production")},
        {"aud": [ADDRESSES.token_endpoint, "https://elsewhere.example"]},
        {"aud": []},
        {"aud": {"a": 1}},
        {"iss": "somebody"},
        {"iss": None},
        {"exp": None},
        {"exp": 0},
        {"exp": timedelta(seconds=-120)},
        {"exp": timedelta(hours=1)},
        {"exp": "tomorrow"},
        {"exp": True},
        {"exp": 1e300},
        {"nbf": timedelta(seconds=300)},
        {"iat": timedelta(seconds=300)},
        {"jti": None},
        {"jti": ""},
        {"jti": "x" * 256},
        {"jti": "a\x00b"},
        {"jti": 7},
    ],
    ids=str,
)
def test_a_wrong_claim_is_refused(world: World, client_id: str, changed: dict) -> None:
    now = int(time.time())
    claims = {
        name: now + int(value.total_seconds()) if isinstance(value, timedelta) else value
        for name, value in changed.items()
    }
    with pytest.raises(access.AssertionInvalid):
        world.token(assertion(KEY, client_id, **claims))


def test_one_client_does_not_speak_for_another(world: World, client_id: str) -> None:
    other = key_client(world, OTHER).client.id
    with pytest.raises(access.AssertionInvalid):
        world.token(assertion(KEY, other))
    with pytest.raises(access.ClientRefused):
        world.token(request(signed(KEY, claims_of(client_id)), client_id=other))
    with pytest.raises(access.AssertionInvalid):
        world.token(assertion(KEY, client_id, iss=other))


def test_a_revoked_client_and_a_secret_client_sign_nothing(world: World, client_id: str) -> None:
    secret = world.secret_client()
    with pytest.raises(access.ClientRefused):
        world.token(assertion(KEY, secret.client.id))
    with pytest.raises(access.ClientRefused):
        world.token(TokenRequest("client_credentials", client_id, Secret("")))
    with world.database.begin() as work:
        access.revoke_client(work, world.ada, "standup", client_id)
    with pytest.raises(access.ClientRefused):
        world.token(assertion(KEY, client_id))


@pytest.mark.parametrize(
    "compact",
    [
        "",
        ".",
        "..",
        "a.b.c",
        "x" * 20_000,
        f"{encoded({'alg': 'ES256'})}.{base64.urlsafe_b64encode(b'[' * 4000).decode()}.AAAA",
        f"{encoded({'alg': 'ES256'})}.{encoded({'sub': 'a' + chr(0)})}.AAAA",
        f"{encoded({'alg': 'ES256'})}.{encoded({'sub': chr(0xD800)})}.AAAA",
        f"{encoded({'alg': 'ES256'})}.{encoded({'sub': {'a': 1}})}.AAAA",
        f"{encoded([1])}.{encoded([1])}.AAAA",
        "é.é.é",
    ],
    ids=lambda value: value[:20],
)
def test_rubbish_is_refused_without_a_crash(world: World, http, compact: str) -> None:
    with pytest.raises(access.TokenRefusal):
        world.token(request(compact))
    form = {"grant_type": "client_credentials", "client_assertion_type": TYPE, "client_assertion": compact}
    assert 400 <= http.post("/oauth/token", data=form).status_code < 500


def test_a_replay_that_races_passes_once(world: World, client_id: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    sent = assertion(KEY, client_id)

    def attempt(_: int) -> bool:
        try:
            return bool(world.token(sent))
        except access.AssertionReplayed:
            return False

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(attempt, range(8))) == 1
