"""Calls by hub and minute, by app and hour, the newest calls of each hub, and when a connection was last used."""

from alembic import op

revision = "0008"
down_revision = "0007"

_COUNTS = """
    calls BIGINT NOT NULL,
    errors BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    limited BIGINT NOT NULL,
"""


def upgrade() -> None:
    clustered = "WITHOUT ROWID" if op.get_bind().dialect.name == "sqlite" else ""
    op.execute(f"""
        CREATE TABLE hub_minute (
            hub_id TEXT NOT NULL,
            minute BIGINT NOT NULL,
            {_COUNTS}
            PRIMARY KEY (hub_id, minute)
        ) {clustered}
    """)
    op.execute("CREATE INDEX hub_minute_minute ON hub_minute (minute)")
    # kind is `refusal` (the hub refused) or `cause` (why a call ended in an error).
    op.execute(f"""
        CREATE TABLE hub_code (
            hub_id TEXT NOT NULL,
            minute BIGINT NOT NULL,
            kind TEXT NOT NULL,
            code TEXT NOT NULL,
            calls BIGINT NOT NULL,
            PRIMARY KEY (hub_id, minute, kind, code)
        ) {clustered}
    """)
    op.execute("CREATE INDEX hub_code_minute ON hub_code (minute)")
    op.execute(f"""
        CREATE TABLE hub_tail (
            hub_id TEXT NOT NULL,
            number BIGINT NOT NULL,
            started_at BIGINT NOT NULL,
            app_id TEXT NOT NULL,
            environment TEXT NOT NULL,
            connection TEXT NOT NULL,
            operation TEXT NOT NULL,
            status INTEGER NOT NULL,
            code TEXT NOT NULL,
            duration_us BIGINT,
            request_id TEXT,
            PRIMARY KEY (hub_id, number)
        ) {clustered}
    """)
    op.execute(f"""
        CREATE TABLE rollup_app_hour (
            app_id TEXT NOT NULL,
            hour BIGINT NOT NULL,
            {_COUNTS}
            PRIMARY KEY (app_id, hour)
        ) {clustered}
    """)
    op.execute("CREATE INDEX rollup_app_hour_hour ON rollup_app_hour (hour)")
    op.execute(f"""
        CREATE TABLE connection_seen (
            connection TEXT NOT NULL PRIMARY KEY,
            minute BIGINT NOT NULL
        ) {clustered}
    """)
    # What is stored already counts here too. Which hub it came from is not known.
    op.execute("""
        INSERT INTO rollup_app_hour (app_id, hour, calls, errors, refused, limited)
        SELECT s.app_id, r.hour, SUM(r.calls), SUM(r.errors), SUM(r.refused), SUM(r.limited)
        FROM (
            SELECT series_id, minute / 60 AS hour, calls, errors, refused, limited FROM rollup_minute
            UNION ALL
            SELECT series_id, hour, calls, errors, refused, limited FROM rollup_hour
        ) AS r
        JOIN signal_series AS s ON s.id = r.series_id
        WHERE s.app_id <> ''
        GROUP BY s.app_id, r.hour
    """)
    op.execute("""
        INSERT INTO connection_seen (connection, minute)
        SELECT s.connection, MAX(r.minute)
        FROM (
            SELECT series_id, minute FROM rollup_minute WHERE calls > refused + limited
            UNION ALL
            SELECT series_id, hour * 60 FROM rollup_hour WHERE calls > refused + limited
        ) AS r
        JOIN signal_series AS s ON s.id = r.series_id
        WHERE s.connection <> ''
        GROUP BY s.connection
    """)
