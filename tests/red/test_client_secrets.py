"""A client's secret and an app's private key are never stored, logged or repeated."""

import json
import logging
from pathlib import Path

import pytest
import sqlalchemy as sa
from joserfc.jwk import ECKey
from tests.rigs.governed import World, build_world

from handrail.platform.database import Database


@pytest.fixture
def world(database: Database, tmp_path: Path, make_person, team) -> World:
    made = build_world(database, tmp_path, make_person, team)
    made.connect()
    made.register()
    made.approved()
    return made


def dump(database: Database) -> str:
    """Return everything that the database holds, as text."""
    tables = sa.inspect(database.engine).get_table_names()
    with database.read() as work:
        rows = [row for table in tables for row in work.all(sa.text(f'SELECT * FROM "{table}"'))]  # noqa: S608 - our own tables
        return "\n".join(str(dict(row)) for row in rows)


def test_a_secret_is_shown_once_and_kept_as_a_hash(http, world: World, token_of, caplog) -> None:
    headers = token_of(world.ada)
    with caplog.at_level(logging.DEBUG):
        made = http.post("/api/v1/apps/standup/clients", json={}, headers=headers).json()
        secret = made["secret"]
        form = {"grant_type": "client_credentials", "client_id": made["id"], "client_secret": secret}
        answers = [
            http.post("/oauth/token", data=form),
            http.post("/oauth/token", data=form | {"client_secret": secret + "x"}),
            http.post("/oauth/token", data=form | {"client_secret": secret, "client_id": "nobody"}),
            http.post("/oauth/token", data=form | {"scope": "x"}),
            http.post("/oauth/token", data={"grant_type": secret}),
            http.get("/api/v1/apps/standup/clients", headers=headers),
            http.get("/api/v1/apps/standup", headers=headers),
        ]
    token = answers[0].json()["access_token"]
    texts = [answer.text for answer in answers[1:4]] + [answers[5].text, answers[6].text, caplog.text]
    assert not any(secret in text or token in text for text in texts)
    kept = dump(world.database)
    assert secret not in kept
    assert token not in kept


def test_a_private_key_that_was_sent_by_mistake_is_refused_and_forgotten(http, world: World, token_of, caplog) -> None:
    private = ECKey.generate_key("P-256").as_dict(private=True)
    with caplog.at_level(logging.DEBUG):
        answer = http.post("/api/v1/apps/standup/clients", json={"publicKey": private}, headers=token_of(world.ada))
    assert (answer.status_code, answer.json()["code"]) == (422, "public_key_invalid")
    for text in (answer.text, caplog.text, dump(world.database)):
        assert private["d"] not in text
        assert private["x"] not in text


def test_private_signing_keys_are_in_no_answer_and_in_no_clear_row(http, http_context, world: World) -> None:
    published = http.get("/production/.well-known/jwks.json").text
    with world.database.read() as work:
        (row,) = work.all(sa.text("SELECT private_sealed, kid FROM signing_key WHERE kind = 'production'"))
    opened = http_context.vault.unseal(row["private_sealed"], f"signing-key:{row['kid']}")
    private = json.loads(opened)["d"]
    assert private not in published
    assert private not in dump(world.database)
