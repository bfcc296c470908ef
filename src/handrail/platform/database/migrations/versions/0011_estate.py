"""What was found in estates, and what checks say of it and of versions."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    blob = "BLOB" if op.get_bind().dialect.name == "sqlite" else "BYTEA"
    # `pass_at` is when the pass that is under way began; `first_complete_at` parts what was there from what came.
    op.execute("""
        CREATE TABLE estate_origin (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            kind TEXT NOT NULL,
            team_id TEXT NOT NULL REFERENCES team (id),
            instance_id TEXT,
            created_by TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            pass_at BIGINT,
            scanned_at BIGINT,
            first_complete_at BIGINT,
            complete_at BIGINT,
            took_ms BIGINT,
            UNIQUE (team_id, name)
        )
    """)
    # A file that could not be read is a row too. `state` is read, unreadable or other (it holds no flow).
    op.execute("""
        CREATE TABLE estate_file (
            origin_id TEXT NOT NULL REFERENCES estate_origin (id),
            path TEXT NOT NULL,
            digest TEXT NOT NULL,
            engine TEXT NOT NULL,
            state TEXT NOT NULL,
            platform TEXT NOT NULL,
            size_bytes BIGINT NOT NULL,
            definitions BIGINT NOT NULL,
            error_code TEXT NOT NULL,
            error_text TEXT NOT NULL,
            error_fix TEXT NOT NULL,
            error_place TEXT NOT NULL,
            first_seen BIGINT NOT NULL,
            seen_at BIGINT NOT NULL,
            gone_at BIGINT,
            PRIMARY KEY (origin_id, path)
        )
    """)
    op.execute("CREATE INDEX estate_file_state ON estate_file (state, origin_id)")
    # Documents without their secrets, compressed: several definitions of a file share one.
    op.execute(f"""
        CREATE TABLE estate_document (
            digest TEXT PRIMARY KEY,
            content {blob} NOT NULL,
            size_bytes BIGINT NOT NULL,
            created_at BIGINT NOT NULL
        )
    """)
    # `exact` is the same for definitions that do the same with the same parameters; `rank` is the order of concern.
    op.execute("""
        CREATE TABLE estate_definition (
            id TEXT PRIMARY KEY,
            origin_id TEXT NOT NULL REFERENCES estate_origin (id),
            path TEXT NOT NULL,
            idx BIGINT NOT NULL,
            platform TEXT NOT NULL,
            name TEXT NOT NULL,
            pointer TEXT NOT NULL,
            file_digest TEXT NOT NULL,
            document_digest TEXT NOT NULL,
            engine TEXT NOT NULL,
            exact TEXT NOT NULL,
            app_id TEXT REFERENCES app (id),
            linked_by TEXT NOT NULL,
            first_seen BIGINT NOT NULL,
            changed_at BIGINT NOT NULL,
            last_seen BIGINT NOT NULL,
            gone_at BIGINT,
            steps BIGINT NOT NULL,
            leaks BIGINT NOT NULL,
            blocks BIGINT NOT NULL,
            warns BIGINT NOT NULL,
            notes BIGINT NOT NULL,
            secrets BIGINT NOT NULL,
            own_keys BIGINT NOT NULL,
            personal BIGINT NOT NULL,
            data_class TEXT NOT NULL,
            rank BIGINT NOT NULL,
            UNIQUE (origin_id, path, idx)
        )
    """)
    op.execute("CREATE INDEX estate_definition_rank ON estate_definition (rank, id)")
    op.execute("CREATE INDEX estate_definition_exact ON estate_definition (exact)")
    op.execute("CREATE INDEX estate_definition_app ON estate_definition (app_id)")
    # `part` is what it shares with others, for the graph of the estate; `detail` is everything that its page shows.
    op.execute(f"""
        CREATE TABLE estate_detail (
            definition_id TEXT PRIMARY KEY REFERENCES estate_definition (id),
            part TEXT NOT NULL,
            detail {blob} NOT NULL
        )
    """)
    op.execute("""
        CREATE TABLE estate_connector (
            definition_id TEXT NOT NULL REFERENCES estate_definition (id),
            connector TEXT NOT NULL,
            PRIMARY KEY (definition_id, connector)
        )
    """)
    op.execute("CREATE INDEX estate_connector_name ON estate_connector (connector)")
    op.execute("""
        CREATE TABLE estate_leak (
            definition_id TEXT NOT NULL REFERENCES estate_definition (id),
            number BIGINT NOT NULL,
            rank BIGINT NOT NULL,
            shown TEXT NOT NULL,
            PRIMARY KEY (definition_id, number)
        )
    """)
    op.execute("CREATE INDEX estate_leak_rank ON estate_leak (rank)")
    op.execute("""
        CREATE TABLE version_findings (
            version_id TEXT PRIMARY KEY REFERENCES app_version (id),
            engine TEXT NOT NULL,
            exact TEXT NOT NULL,
            blocks BIGINT NOT NULL,
            warns BIGINT NOT NULL,
            notes BIGINT NOT NULL,
            findings TEXT NOT NULL,
            computed_at BIGINT NOT NULL
        )
    """)
    op.execute("CREATE INDEX version_findings_exact ON version_findings (exact)")
