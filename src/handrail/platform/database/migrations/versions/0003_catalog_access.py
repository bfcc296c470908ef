"""Apps, versions, running digests, reviews, approvals, grants, clients, keys and quarantine."""

from alembic import op

revision = "0003"
down_revision = "0002"

_TABLES = (
    """
    CREATE TABLE app (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL,
        team_id TEXT NOT NULL REFERENCES team (id),
        owner_id TEXT NOT NULL REFERENCES person (id),
        deputy_id TEXT REFERENCES person (id),
        purpose TEXT NOT NULL,
        stage TEXT NOT NULL,
        platform TEXT NOT NULL,
        assurance TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        created_by TEXT NOT NULL
    )
    """,
    "CREATE INDEX app_team ON app (team_id)",
    # Every name that any app ever had: names are reserved forever.
    """
    CREATE TABLE app_name (
        name TEXT PRIMARY KEY,
        app_id TEXT NOT NULL REFERENCES app (id),
        reserved_at BIGINT NOT NULL
    )
    """,
    """
    CREATE TABLE blob (
        digest TEXT PRIMARY KEY,
        content TEXT NOT NULL,
        size_bytes BIGINT NOT NULL,
        created_at BIGINT NOT NULL
    )
    """,
    """
    CREATE TABLE app_version (
        id TEXT PRIMARY KEY,
        app_id TEXT NOT NULL REFERENCES app (id),
        environment_id TEXT NOT NULL REFERENCES environment (id),
        number BIGINT NOT NULL,
        digest TEXT NOT NULL,
        status TEXT NOT NULL,
        platform TEXT NOT NULL,
        closure TEXT NOT NULL,
        graph TEXT NOT NULL,
        manifest TEXT NOT NULL,
        source_digest TEXT NOT NULL REFERENCES blob (digest),
        author TEXT NOT NULL,
        uploaded_by TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        UNIQUE (app_id, environment_id, digest),
        UNIQUE (app_id, environment_id, number)
    )
    """,
    "CREATE INDEX app_version_source ON app_version (app_id, source_digest)",
    # A digest may run here that is not approved, so nothing points to an approval.
    """
    CREATE TABLE running (
        app_id TEXT NOT NULL REFERENCES app (id),
        environment_id TEXT NOT NULL REFERENCES environment (id),
        digest TEXT NOT NULL,
        source TEXT NOT NULL,
        since BIGINT NOT NULL,
        seen_at BIGINT NOT NULL,
        set_by TEXT NOT NULL,
        PRIMARY KEY (app_id, environment_id),
        FOREIGN KEY (app_id, environment_id, digest)
            REFERENCES app_version (app_id, environment_id, digest)
    )
    """,
    """
    CREATE TABLE review (
        id TEXT PRIMARY KEY,
        version_id TEXT NOT NULL REFERENCES app_version (id),
        app_id TEXT NOT NULL REFERENCES app (id),
        environment_id TEXT NOT NULL REFERENCES environment (id),
        digest TEXT NOT NULL,
        submitted_by TEXT NOT NULL REFERENCES person (id),
        submitted_at BIGINT NOT NULL,
        owner_id TEXT NOT NULL REFERENCES person (id),
        note TEXT NOT NULL,
        due_at BIGINT NOT NULL,
        outcome TEXT NOT NULL,
        decided_by TEXT REFERENCES person (id),
        decided_at BIGINT,
        reason TEXT NOT NULL
    )
    """,
    # One review at a time for an app in an environment.
    "CREATE UNIQUE INDEX review_open ON review (app_id, environment_id) WHERE outcome = 'open'",
    "CREATE INDEX review_version ON review (version_id)",
    """
    CREATE TABLE approval (
        id TEXT PRIMARY KEY,
        app_id TEXT NOT NULL REFERENCES app (id),
        environment_id TEXT NOT NULL REFERENCES environment (id),
        digest TEXT NOT NULL,
        policy_revision TEXT NOT NULL,
        approver TEXT NOT NULL,
        valid_from BIGINT NOT NULL,
        expires_at BIGINT NOT NULL,
        superseded_at BIGINT,
        revoked_at BIGINT,
        revoked_by TEXT,
        carried_from TEXT REFERENCES approval (id),
        hub_revision BIGINT NOT NULL,
        ended_at BIGINT,
        FOREIGN KEY (app_id, environment_id, digest)
            REFERENCES app_version (app_id, environment_id, digest)
    )
    """,
    "CREATE INDEX approval_app ON approval (app_id, environment_id, digest)",
    "CREATE INDEX approval_live ON approval (environment_id, expires_at) WHERE ended_at IS NULL",
    """
    CREATE TABLE approval_grant (
        approval_id TEXT NOT NULL REFERENCES approval (id),
        connection_id TEXT NOT NULL REFERENCES connection (id),
        operation TEXT NOT NULL,
        interface_digest TEXT NOT NULL,
        PRIMARY KEY (approval_id, connection_id, operation)
    )
    """,
    "CREATE INDEX approval_grant_connection ON approval_grant (connection_id)",
    """
    CREATE TABLE quarantine (
        id TEXT PRIMARY KEY,
        app_id TEXT NOT NULL REFERENCES app (id),
        reason TEXT NOT NULL,
        placed_by TEXT NOT NULL,
        placed_at BIGINT NOT NULL,
        lifted_by TEXT,
        lifted_at BIGINT
    )
    """,
    "CREATE UNIQUE INDEX quarantine_held ON quarantine (app_id) WHERE lifted_at IS NULL",
    """
    CREATE TABLE client (
        id TEXT PRIMARY KEY,
        app_id TEXT NOT NULL REFERENCES app (id),
        environment_id TEXT NOT NULL REFERENCES environment (id),
        kind TEXT NOT NULL,
        public_jwk TEXT,
        secret_hash TEXT,
        created_at BIGINT NOT NULL,
        created_by TEXT NOT NULL,
        last_used_at BIGINT,
        revoked_at BIGINT,
        failures BIGINT NOT NULL,
        failures_since BIGINT NOT NULL
    )
    """,
    "CREATE INDEX client_app ON client (app_id, environment_id)",
    """
    CREATE TABLE assertion_seen (
        client_id TEXT NOT NULL REFERENCES client (id),
        jti TEXT NOT NULL,
        expires_at BIGINT NOT NULL,
        PRIMARY KEY (client_id, jti)
    )
    """,
    "CREATE INDEX assertion_seen_expiry ON assertion_seen (expires_at)",
    """
    CREATE TABLE signing_key (
        kid TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        state TEXT NOT NULL,
        public_jwk TEXT NOT NULL,
        private_sealed TEXT,
        published_revision BIGINT NOT NULL,
        created_at BIGINT NOT NULL,
        activated_at BIGINT,
        retired_at BIGINT,
        dropped_at BIGINT
    )
    """,
    "CREATE UNIQUE INDEX signing_key_active ON signing_key (kind) WHERE state = 'active'",
    "CREATE UNIQUE INDEX signing_key_next ON signing_key (kind) WHERE state = 'next'",
)


def upgrade() -> None:
    for statement in _TABLES:
        op.execute(statement)
