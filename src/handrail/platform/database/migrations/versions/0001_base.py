"""Revisions, audit, vault and identity."""

from typing import Final

from alembic import op

revision = "0001"
down_revision = None

_TABLES: Final = (
    """
        CREATE TABLE revision (
            topic TEXT PRIMARY KEY,
            value BIGINT NOT NULL
        )
    """,
    """
        CREATE TABLE audit_event (
            id TEXT PRIMARY KEY,
            at BIGINT NOT NULL,
            actor_kind TEXT NOT NULL,
            actor_id TEXT NOT NULL,
            actor_name TEXT NOT NULL,
            action TEXT NOT NULL,
            subject TEXT NOT NULL,
            body TEXT NOT NULL,
            seq BIGINT UNIQUE,
            prev_hash TEXT,
            hash TEXT
        )
    """,
    "CREATE INDEX audit_event_unsealed ON audit_event (at, id) WHERE seq IS NULL",
    "CREATE INDEX audit_event_subject ON audit_event (subject, id)",
    "CREATE INDEX audit_event_actor ON audit_event (actor_id, id)",
    """
        CREATE TABLE audit_checkpoint (
            seq BIGINT PRIMARY KEY,
            at BIGINT NOT NULL,
            hash TEXT NOT NULL,
            signer TEXT NOT NULL,
            signature TEXT NOT NULL
        )
    """,
    """
        CREATE TABLE vault_version (
            name TEXT NOT NULL,
            environment TEXT NOT NULL,
            version BIGINT NOT NULL,
            key_id TEXT NOT NULL,
            wrapped_key TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            actor_kind TEXT NOT NULL,
            actor_id TEXT NOT NULL,
            actor_name TEXT NOT NULL,
            PRIMARY KEY (name, environment, version)
        )
    """,
    """
        CREATE TABLE vault_field (
            name TEXT NOT NULL,
            environment TEXT NOT NULL,
            version BIGINT NOT NULL,
            field TEXT NOT NULL,
            sealed TEXT NOT NULL,
            PRIMARY KEY (name, environment, version, field),
            FOREIGN KEY (name, environment, version) REFERENCES vault_version (name, environment, version)
        )
    """,
    """
        CREATE TABLE person (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            display_name TEXT NOT NULL,
            status TEXT NOT NULL,
            created_at BIGINT NOT NULL
        )
    """,
    """
        CREATE TABLE person_password (
            person_id TEXT PRIMARY KEY REFERENCES person (id),
            hash TEXT NOT NULL,
            set_at BIGINT NOT NULL
        )
    """,
    """
        CREATE TABLE team (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            title TEXT NOT NULL,
            created_at BIGINT NOT NULL
        )
    """,
    # team_id is a team's id, or '*' for all teams: hence no foreign key.
    """
        CREATE TABLE role_binding (
            person_id TEXT NOT NULL REFERENCES person (id),
            role TEXT NOT NULL,
            team_id TEXT NOT NULL,
            expires_at BIGINT,
            created_at BIGINT NOT NULL,
            PRIMARY KEY (person_id, role, team_id)
        )
    """,
    """
        CREATE TABLE session (
            token_hash TEXT PRIMARY KEY,
            person_id TEXT NOT NULL REFERENCES person (id),
            authenticated_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL
        )
    """,
    "CREATE INDEX session_person ON session (person_id)",
    """
        CREATE TABLE api_token (
            id TEXT PRIMARY KEY,
            person_id TEXT NOT NULL REFERENCES person (id),
            name TEXT NOT NULL,
            secret_hash TEXT NOT NULL,
            scopes TEXT,
            created_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL,
            last_used_at BIGINT,
            revoked_at BIGINT
        )
    """,
    "CREATE INDEX api_token_person ON api_token (person_id)",
    """
        CREATE TABLE invitation (
            id TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            token_hash TEXT NOT NULL UNIQUE,
            bindings TEXT NOT NULL,
            created_by TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL,
            used_at BIGINT,
            used_by TEXT,
            revoked_at BIGINT
        )
    """,
    """
        CREATE TABLE sign_in_attempt (
            id TEXT PRIMARY KEY,
            subject TEXT NOT NULL,
            at BIGINT NOT NULL
        )
    """,
    "CREATE INDEX sign_in_attempt_subject ON sign_in_attempt (subject, at)",
    "CREATE INDEX sign_in_attempt_at ON sign_in_attempt (at)",
)


def upgrade() -> None:
    for statement in _TABLES:
        op.execute(statement)
