"""SQL of builder instances, sources and bindings."""

from typing import Final

from sqlalchemy import String, bindparam, text

# Typed, because PostgreSQL compares no text with an empty list of nothing.
_TEAMS: Final = bindparam("teams", expanding=True, type_=String())
_SOURCE: Final = """
    SELECT i.id, i.name, i.platform, i.url, i.network, i.region, i.team_id, i.owner_id, i.credential, i.interval_s,
        team.name AS team, owner.name AS owner,
        s.state, s.since, s.message, s.failures, s.polled_at, s.read_at
    FROM builder_instance AS i
    JOIN source AS s ON s.instance_id = i.id
    JOIN team ON team.id = i.team_id
    JOIN person AS owner ON owner.id = i.owner_id
"""
_VISIBLE: Final = "(:all_teams = 1 OR i.team_id IN :teams)"

LISTING: Final = text(f"{_SOURCE} WHERE {_VISIBLE} ORDER BY i.name").bindparams(_TEAMS)
BY_NAME: Final = text(f"{_SOURCE} WHERE i.name = :name AND {_VISIBLE}").bindparams(_TEAMS)
BY_ID: Final = text(f"{_SOURCE} WHERE i.id = :id")
NAME_EXISTS: Final = text("SELECT 1 FROM builder_instance WHERE name = :name")

INSERT_INSTANCE: Final = text("""
    INSERT INTO builder_instance (id, name, platform, url, network, region, team_id, owner_id, credential, interval_s,
        created_at, created_by)
    VALUES (:id, :name, :platform, :url, :network, :region, :team_id, :owner_id, :credential, :interval_s,
        :created_at, :created_by)
""")
INSERT_SOURCE: Final = text("""
    INSERT INTO source (instance_id, state, since, message, failures, polled_at, read_at, next_at, lease_holder,
        lease_until)
    VALUES (:instance_id, :state, :since, '', 0, NULL, NULL, :next_at, '', 0)
""")
DELETE_INSTANCE: Final = text("DELETE FROM builder_instance WHERE id = :id")
DELETE_SOURCE: Final = text("DELETE FROM source WHERE instance_id = :id")
DELETE_BINDINGS: Final = text("DELETE FROM source_binding WHERE instance_id = :id")

BINDINGS: Final = text("""
    SELECT b.id, b.instance_id, b.app_id, app.name AS app, b.environment_id, e.name AS environment, b.part, b.state,
        b.since, b.message, b.seen_at
    FROM source_binding AS b
    JOIN app ON app.id = b.app_id
    JOIN environment AS e ON e.id = b.environment_id
    WHERE b.instance_id = :instance_id
    ORDER BY app.name, e.name
""")
BOUND: Final = text("""
    SELECT i.name FROM source_binding AS b JOIN builder_instance AS i ON i.id = b.instance_id
    WHERE b.app_id = :app_id AND b.environment_id = :environment_id
""")
INSERT_BINDING: Final = text("""
    INSERT INTO source_binding (id, instance_id, app_id, environment_id, part, state, since, message, seen_at,
        created_at)
    VALUES (:id, :instance_id, :app_id, :environment_id, :part, :state, :now, '', NULL, :now)
""")
OTHER_SOURCES: Final = text("""
    SELECT COUNT(*) FROM source_binding WHERE app_id = :app_id AND instance_id <> :instance_id
""")
MARK_BINDING: Final = text("""
    UPDATE source_binding SET
        since = CASE WHEN state = :state THEN since ELSE :now END,
        state = :state,
        message = :message,
        seen_at = COALESCE(:seen_at, seen_at)
    WHERE id = :id
""")

SILENT: Final = text("""
    SELECT i.id AS source_id, i.name AS source, i.platform, i.owner_id, owner.name AS owner,
        app.id AS app_id, app.name AS app, app.title, app.owner_id AS app_owner_id, app.team_id, team.name AS team,
        e.name AS environment,
        CASE WHEN s.state = 'ok' THEN b.state ELSE s.state END AS state,
        CASE WHEN s.state = 'ok' THEN b.message ELSE s.message END AS message,
        COALESCE(b.seen_at, b.created_at) AS since, b.seen_at IS NOT NULL AS read_once
    FROM source_binding AS b
    JOIN builder_instance AS i ON i.id = b.instance_id
    JOIN source AS s ON s.instance_id = i.id
    JOIN person AS owner ON owner.id = i.owner_id
    JOIN app ON app.id = b.app_id AND app.stage <> 'retired'
    JOIN team ON team.id = app.team_id
    JOIN environment AS e ON e.id = b.environment_id
    WHERE COALESCE(b.seen_at, b.created_at) + :intervals_us * i.interval_s < :now
    ORDER BY i.name, app.name, e.name
""")
LEASE: Final = text("SELECT lease_holder FROM source WHERE instance_id = :id")
NEXT_AT: Final = text("SELECT MIN(CASE WHEN lease_until > next_at THEN lease_until ELSE next_at END) FROM source")
# The outer conditions are read again after another worker's lock: two never hold one lease.
CLAIM_DUE: Final = text("""
    UPDATE source SET lease_holder = :holder, lease_until = :until
    WHERE next_at <= :now AND lease_until <= :now AND instance_id = (
        SELECT instance_id FROM source WHERE next_at <= :now AND lease_until <= :now ORDER BY next_at LIMIT 1
    )
    RETURNING instance_id
""")
CLAIM_ONE: Final = text("""
    UPDATE source SET lease_holder = :holder, lease_until = :until
    WHERE instance_id = :id AND lease_until <= :now
    RETURNING instance_id
""")
# Only the lease's holder may write what it found: a worker that slept through its lease is late.
MARK_SOURCE: Final = text("""
    UPDATE source SET
        since = CASE WHEN state = :state THEN since ELSE :now END,
        state = :state,
        message = :message,
        failures = :failures,
        polled_at = :now,
        read_at = COALESCE(:read_at, read_at),
        next_at = :next_at,
        lease_holder = '',
        lease_until = 0
    WHERE instance_id = :instance_id AND lease_holder = :holder
""")
