"""SQL of builder instances, sources and bindings."""
# ruff: noqa: S608 - the only text put together is of this file

from typing import Final

from sqlalchemy import String, bindparam, text

# Typed, because PostgreSQL compares no text with an empty list of nothing.
_TEAMS: Final = bindparam("teams", expanding=True, type_=String())
# Whether an app is bound to a definition: by what it is called, by its name, or with everything that is there.
_BOUND: Final = """EXISTS (
    SELECT 1 FROM source_binding AS o
    WHERE o.instance_id = f.instance_id AND (o.part = f.part OR o.part = f.name OR o.part = '')
)"""
_SOURCE: Final = f"""
    SELECT i.id, i.name, i.platform, i.url, i.network, i.region, i.team_id, i.owner_id, i.credential, i.interval_s,
        i.rules, team.name AS team, owner.name AS owner,
        s.state, s.since, s.message, s.failures, s.polled_at, s.read_at, s.next_at, s.listed_at,
        (SELECT COUNT(*) FROM source_found AS f WHERE f.instance_id = i.id AND f.gone_at IS NULL) AS found,
        (SELECT COUNT(*) FROM source_found AS f
            WHERE f.instance_id = i.id AND f.gone_at IS NULL AND NOT {_BOUND}) AS unregistered,
        (SELECT COUNT(*) FROM source_found AS f
            WHERE f.instance_id = i.id AND f.gone_at IS NOT NULL AND {_BOUND}) AS vanished
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
        rules, created_at, created_by)
    VALUES (:id, :name, :platform, :url, :network, :region, :team_id, :owner_id, :credential, :interval_s,
        :rules, :created_at, :created_by)
""")
INSERT_SOURCE: Final = text("""
    INSERT INTO source (instance_id, state, since, message, failures, polled_at, read_at, next_at, lease_holder,
        lease_until)
    VALUES (:instance_id, :state, :since, '', 0, NULL, NULL, :next_at, '', 0)
""")
SET_RULES: Final = text("UPDATE builder_instance SET rules = :rules, interval_s = :interval_s WHERE id = :id")
DELETE_INSTANCE: Final = text("DELETE FROM builder_instance WHERE id = :id")
DELETE_SOURCE: Final = text("DELETE FROM source WHERE instance_id = :id")
DELETE_FOUND: Final = text("DELETE FROM source_found WHERE instance_id = :id")
DELETE_BINDINGS: Final = text("DELETE FROM source_binding WHERE instance_id = :id")

BINDINGS: Final = text("""
    SELECT b.id, b.instance_id, b.app_id, app.name AS app, b.environment_id, e.name AS environment, b.part, b.state,
        b.since, b.message, b.seen_at, b.version, b.author, b.changes, b.changes_of, d.until AS drift_until
    FROM source_binding AS b
    JOIN app ON app.id = b.app_id
    JOIN environment AS e ON e.id = b.environment_id
    LEFT JOIN running AS r ON r.app_id = b.app_id AND r.environment_id = b.environment_id
    LEFT JOIN drift_grace AS d
        ON d.app_id = b.app_id AND d.environment_id = b.environment_id AND d.digest = r.digest AND d.ended_at IS NULL
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
MARK_VERSION: Final = text("""
    UPDATE source_binding SET version = :version, author = :author, changes = :changes, changes_of = :changes_of
    WHERE id = :id
""")

_FOUND: Final = """
    part, name, path, inner_id AS "inner", version, digest, active, updated_at, author, first_seen, last_seen, missed,
    gone_at, registration, problem
"""
FOUND: Final = text(f"SELECT {_FOUND} FROM source_found WHERE instance_id = :instance_id ORDER BY part")
KEEP_FOUND: Final = text("""
    INSERT INTO source_found (instance_id, part, name, path, inner_id, version, digest, active, updated_at, author,
        first_seen, last_seen, missed, gone_at, registration, problem)
    VALUES (:instance_id, :part, :name, :path, :inner, :version, :digest, :active, :updated_at, :author,
        :now, :now, 0, NULL, :registration, :problem)
    ON CONFLICT (instance_id, part) DO UPDATE SET
        name = excluded.name, path = excluded.path, inner_id = excluded.inner_id, version = excluded.version,
        digest = excluded.digest, active = excluded.active, updated_at = excluded.updated_at,
        author = excluded.author, last_seen = excluded.last_seen, missed = 0, gone_at = NULL,
        registration = excluded.registration, problem = excluded.problem
""")
MISS_FOUND: Final = text("""
    UPDATE source_found SET missed = missed + 1, last_seen = CASE WHEN missed = 0 THEN :seen ELSE last_seen END,
        gone_at = CASE WHEN missed + 1 >= :gone_after THEN :now ELSE gone_at END
    WHERE instance_id = :instance_id AND part = :part AND gone_at IS NULL
""")
FORGET_FOUND: Final = text("DELETE FROM source_found WHERE instance_id = :instance_id AND gone_at < :before")

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
LONGER: Final = text("UPDATE source SET lease_until = :until WHERE instance_id = :id AND lease_holder = :holder")
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
        listed_at = COALESCE(:listed_at, listed_at),
        lease_holder = '',
        lease_until = 0
    WHERE instance_id = :instance_id AND lease_holder = :holder
""")
