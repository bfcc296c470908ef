"""SQL of approvals, grants, quarantine and what the gateway enforces."""
# ruff: noqa: S608 - the only text put together is of this file

from typing import Final

from sqlalchemy import text

_APPROVAL: Final = """
    SELECT a.id, a.app_id, a.environment_id AS environment, e.name AS environment_name, a.digest, v.number,
        a.policy_revision, a.approver, COALESCE(p.name, a.approver) AS approver_name, a.valid_from, a.expires_at,
        a.superseded_at, a.revoked_at, COALESCE(a.carried_from, '') AS carried_from, a.hub_revision
    FROM approval AS a
    JOIN environment AS e ON e.id = a.environment_id
    JOIN app_version AS v
        ON v.app_id = a.app_id AND v.environment_id = a.environment_id AND v.digest = a.digest
    LEFT JOIN person AS p ON p.id = a.approver
"""

INSERT: Final = text("""
    INSERT INTO approval (id, app_id, environment_id, digest, policy_revision, approver, valid_from, expires_at,
        carried_from, hub_revision)
    VALUES (:id, :app_id, :environment_id, :digest, :policy_revision, :approver, :valid_from, :expires_at,
        :carried_from, :hub_revision)
""")
INSERT_GRANT: Final = text("""
    INSERT INTO approval_grant (approval_id, connection_id, operation, interface_digest)
    VALUES (:approval_id, :connection_id, :operation, :interface_digest)
    ON CONFLICT (approval_id, connection_id, operation) DO NOTHING
""")
BY_ID: Final = text(f"{_APPROVAL} WHERE a.id = :id")
LISTING: Final = text(f"""{_APPROVAL}
    WHERE a.app_id = :app_id AND (:environment_id = '' OR a.environment_id = :environment_id)
    ORDER BY a.valid_from DESC, a.id DESC
""")
LIVE: Final = text(f"""{_APPROVAL}
    WHERE a.app_id = :app_id AND a.environment_id = :environment_id AND a.digest = :digest
        AND a.revoked_at IS NULL AND a.valid_from <= :now AND a.expires_at > :now
    ORDER BY a.expires_at DESC LIMIT 1
""")
GRANTS: Final = text("""
    SELECT g.connection_id, c.name AS connection, g.operation
    FROM approval_grant AS g JOIN connection AS c ON c.id = g.connection_id
    WHERE g.approval_id = :approval_id
    ORDER BY c.name, g.operation
""")
SUPERSEDE: Final = text("""
    UPDATE approval SET
        superseded_at = COALESCE(superseded_at, :now),
        expires_at = CASE WHEN expires_at > :ends THEN :ends ELSE expires_at END
    WHERE app_id = :app_id AND environment_id = :environment_id AND id <> :keep
        AND revoked_at IS NULL AND expires_at > :now
    RETURNING digest
""")
REVOKE: Final = text("""
    UPDATE approval SET revoked_at = :now, revoked_by = :revoked_by, ended_at = :now
    WHERE app_id = :app_id AND environment_id = :environment_id AND digest = :digest
        AND revoked_at IS NULL AND expires_at > :now
""")
END_EXPIRED: Final = text("""
    UPDATE approval SET ended_at = :now WHERE ended_at IS NULL AND expires_at <= :now
    RETURNING id, app_id, environment_id, digest
""")
LAPSED: Final = text("""
    SELECT COUNT(*) FROM approval WHERE ended_at IS NULL AND expires_at <= :now
""")

# What drifted may go on under the approval of another version, while that approval holds.
_TOLERATED: Final = """
    SELECT 1 FROM drift_grace AS d
    JOIN approval AS c
        ON c.app_id = d.app_id AND c.environment_id = d.environment_id AND c.digest = d.base_digest
    WHERE d.app_id = r.app_id AND d.environment_id = r.environment_id AND d.digest = r.digest
        AND d.ended_at IS NULL AND d.until > :now
        AND c.revoked_at IS NULL AND c.valid_from <= :now AND c.expires_at > :now
"""
GRACE: Final = text("""
    SELECT until, ended_at FROM drift_grace
    WHERE app_id = :app_id AND environment_id = :environment_id AND digest = :digest
""")
# The end of a drift that is under way: whoever edits again and again gets no more time.
GRACE_FIRST: Final = text("""
    SELECT MIN(until) FROM drift_grace
    WHERE app_id = :app_id AND environment_id = :environment_id AND closed_at IS NULL
""")
CLOSE_GRACES: Final = text("""
    UPDATE drift_grace SET closed_at = :now
    WHERE app_id = :app_id AND environment_id = :environment_id AND closed_at IS NULL
""")
GRACE_LIVE: Final = text("""
    SELECT MAX(d.until) FROM drift_grace AS d
    JOIN approval AS c
        ON c.app_id = d.app_id AND c.environment_id = d.environment_id AND c.digest = d.base_digest
    WHERE d.app_id = :app_id AND d.environment_id = :environment_id AND d.digest = :digest
        AND d.ended_at IS NULL AND d.until > :now
        AND c.revoked_at IS NULL AND c.valid_from <= :now AND c.expires_at > :now
""")
ADD_GRACE: Final = text("""
    INSERT INTO drift_grace (app_id, environment_id, digest, base_digest, since, until, ended_at, closed_at)
    VALUES (:app_id, :environment_id, :digest, :base_digest, :now, :until, NULL, NULL)
    ON CONFLICT (app_id, environment_id, digest) DO NOTHING
""")
# Counted from where the drift began: later edits have its end.
_SHORTER: Final = """
    SELECT MIN(f.since) + :length FROM drift_grace AS f
    WHERE f.app_id = :app_id AND f.environment_id = :environment_id AND f.closed_at IS NULL
"""
SHORTEN_GRACE: Final = text(f"""
    UPDATE drift_grace SET until = ({_SHORTER})
    WHERE app_id = :app_id AND environment_id = :environment_id AND closed_at IS NULL AND until > ({_SHORTER})
""")
END_GRACE: Final = text("""
    UPDATE drift_grace SET ended_at = :now
    WHERE app_id = :app_id AND environment_id = :environment_id AND (:digest = '' OR digest = :digest)
        AND ended_at IS NULL
""")
GRACES_LAPSED: Final = text("SELECT COUNT(*) FROM drift_grace WHERE ended_at IS NULL AND until <= :now")
END_LAPSED_GRACES: Final = text("""
    UPDATE drift_grace SET ended_at = :now WHERE ended_at IS NULL AND until <= :now
    RETURNING app_id, environment_id, digest
""")

# In production a token is for what runs, so nothing is allowed while something unapproved runs there, unless that is
# tolerated: then it may do what the approval before it allows. In a sandbox each token names its candidate.
ALLOWED_KEYS: Final = text(f"""
    SELECT a.app_id, a.digest, g.connection_id, g.operation, g.interface_digest
    FROM approval AS a
    JOIN approval_grant AS g ON g.approval_id = a.id
    JOIN app ON app.id = a.app_id AND app.stage <> 'retired'
    JOIN environment AS e ON e.id = a.environment_id
    WHERE a.environment_id = :environment_id AND a.revoked_at IS NULL
        AND a.valid_from <= :now AND a.expires_at > :now
        AND (e.kind = 'sandbox' OR EXISTS (
            SELECT 1 FROM running AS r
            JOIN approval AS b
                ON b.app_id = r.app_id AND b.environment_id = r.environment_id AND b.digest = r.digest
            WHERE r.app_id = a.app_id AND r.environment_id = a.environment_id
                AND b.revoked_at IS NULL AND b.valid_from <= :now AND b.expires_at > :now
        ) OR EXISTS (
            SELECT 1 FROM running AS r
            WHERE r.app_id = a.app_id AND r.environment_id = a.environment_id AND EXISTS ({_TOLERATED})
        ))
    UNION
    SELECT r.app_id, r.digest, g.connection_id, g.operation, g.interface_digest
    FROM running AS r
    JOIN drift_grace AS t
        ON t.app_id = r.app_id AND t.environment_id = r.environment_id AND t.digest = r.digest
        AND t.ended_at IS NULL AND t.until > :now
    JOIN approval AS a
        ON a.app_id = t.app_id AND a.environment_id = t.environment_id AND a.digest = t.base_digest
    JOIN approval_grant AS g ON g.approval_id = a.id
    JOIN app ON app.id = a.app_id AND app.stage <> 'retired'
    JOIN environment AS e ON e.id = a.environment_id AND e.kind <> 'sandbox'
    WHERE r.environment_id = :environment_id AND a.revoked_at IS NULL
        AND a.valid_from <= :now AND a.expires_at > :now
    ORDER BY 1, 2, 3, 4
""")
# Every running digest without a live approval, with the newest version that has one. In a sandbox an app with any
# approved candidate is not refused as a whole.
REFUSALS: Final = text(f"""
    SELECT app.id AS app_id, app.name, r.digest, rv.id AS running_version, (
        SELECT v.id FROM approval AS b
        JOIN app_version AS v
            ON v.app_id = b.app_id AND v.environment_id = b.environment_id AND v.digest = b.digest
        WHERE b.app_id = r.app_id AND b.environment_id = r.environment_id
            AND b.revoked_at IS NULL AND b.expires_at > :now
        ORDER BY b.valid_from DESC, b.id DESC LIMIT 1
    ) AS approved_version, (
        SELECT MAX(b.expires_at) FROM approval AS b
        WHERE b.app_id = r.app_id AND b.environment_id = r.environment_id AND b.digest = r.digest
            AND b.revoked_at IS NULL
    ) AS expired_at, (
        SELECT MAX(b.revoked_at) FROM approval AS b
        WHERE b.app_id = r.app_id AND b.environment_id = r.environment_id AND b.digest = r.digest
    ) AS revoked_at
    FROM running AS r
    JOIN app ON app.id = r.app_id AND app.stage <> 'retired'
    JOIN app_version AS rv
        ON rv.app_id = r.app_id AND rv.environment_id = r.environment_id AND rv.digest = r.digest
    JOIN environment AS e ON e.id = r.environment_id
    WHERE r.environment_id = :environment_id
        AND (e.kind <> 'sandbox' OR NOT EXISTS (
            SELECT 1 FROM approval AS b
            WHERE b.app_id = r.app_id AND b.environment_id = r.environment_id
                AND b.revoked_at IS NULL AND b.valid_from <= :now AND b.expires_at > :now
        ))
        AND NOT EXISTS (
            SELECT 1 FROM approval AS b
            WHERE b.app_id = r.app_id AND b.environment_id = r.environment_id AND b.digest = r.digest
                AND b.revoked_at IS NULL AND b.valid_from <= :now AND b.expires_at > :now
        )
        AND (e.kind = 'sandbox' OR NOT EXISTS ({_TOLERATED}))
    ORDER BY app.id
""")
ENDED: Final = text("""
    SELECT MAX(CASE WHEN revoked_at IS NULL THEN expires_at END) AS expired_at, MAX(revoked_at) AS revoked_at
    FROM approval WHERE app_id = :app_id AND environment_id = :environment_id AND digest = :digest
""")
NEWEST_APPROVED: Final = text("""
    SELECT v.id FROM approval AS b
    JOIN app_version AS v
        ON v.app_id = b.app_id AND v.environment_id = b.environment_id AND v.digest = b.digest
    WHERE b.app_id = :app_id AND b.environment_id = :environment_id
        AND b.valid_from <= :at AND (b.revoked_at IS NULL OR b.revoked_at > :at) AND b.expires_at > :at
        AND b.digest <> :except_digest
    ORDER BY b.valid_from DESC, b.id DESC LIMIT 1
""")

# Tokens outlive an approval by minutes only, so what ended long ago needs no words at the gateway.
GRANTED_CONNECTIONS: Final = text("""
    SELECT DISTINCT a.app_id, g.connection_id
    FROM approval AS a JOIN approval_grant AS g ON g.approval_id = a.id
    WHERE a.environment_id = :environment_id AND a.expires_at > :since
        AND (a.revoked_at IS NULL OR a.revoked_at > :since)
""")
ENDED_KEYS: Final = text("""
    SELECT DISTINCT a.app_id, a.digest, app.name, v.number, a.revoked_at IS NOT NULL AS revoked
    FROM approval AS a
    JOIN app ON app.id = a.app_id AND app.stage <> 'retired'
    JOIN app_version AS v
        ON v.app_id = a.app_id AND v.environment_id = a.environment_id AND v.digest = a.digest
    WHERE a.environment_id = :environment_id
        AND (a.revoked_at > :since OR (a.revoked_at IS NULL AND a.expires_at > :since AND a.expires_at <= :now))
        AND NOT EXISTS (
            SELECT 1 FROM approval AS b
            WHERE b.app_id = a.app_id AND b.environment_id = a.environment_id AND b.digest = a.digest
                AND b.revoked_at IS NULL AND b.valid_from <= :now AND b.expires_at > :now
        )
    ORDER BY a.app_id, a.digest
""")
APPS_USING: Final = text("""
    SELECT DISTINCT app.name
    FROM approval_grant AS g
    JOIN approval AS a ON a.id = g.approval_id
    JOIN app ON app.id = a.app_id
    WHERE g.connection_id = :connection_id AND a.revoked_at IS NULL AND a.expires_at > :now
        AND app.stage <> 'retired'
    ORDER BY app.name
""")

HOLD: Final = text("""
    SELECT q.app_id, q.reason, COALESCE(p.name, q.placed_by) AS placed_by, q.placed_at
    FROM quarantine AS q LEFT JOIN person AS p ON p.id = q.placed_by
    WHERE q.app_id = :app_id AND q.lifted_at IS NULL
""")
HOLDS: Final = text("SELECT app_id FROM quarantine WHERE lifted_at IS NULL ORDER BY app_id")
PLACE: Final = text("""
    INSERT INTO quarantine (id, app_id, reason, placed_by, placed_at)
    VALUES (:id, :app_id, :reason, :placed_by, :placed_at)
""")
LIFT: Final = text("""
    UPDATE quarantine SET lifted_by = :lifted_by, lifted_at = :now WHERE app_id = :app_id AND lifted_at IS NULL
""")
