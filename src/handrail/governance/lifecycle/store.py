"""SQL of reviews."""
# ruff: noqa: S608 - the only text put together is of this file

from typing import Any, Final

from sqlalchemy import BindParameter, String, bindparam, text

_REVIEW: Final = """
    SELECT r.id, r.version_id, r.app_id, app.name AS app, app.team_id, t.name AS team,
        r.environment_id AS environment, e.name AS environment_name, r.digest, v.number, r.submitted_by,
        s.name AS submitter, r.submitted_at,
        r.owner_id, r.note, r.due_at, r.outcome, COALESCE(r.decided_by, '') AS decided_by,
        COALESCE(d.name, '') AS decider, r.decided_at, r.reason
    FROM review AS r
    JOIN app ON app.id = r.app_id
    JOIN team AS t ON t.id = app.team_id
    JOIN environment AS e ON e.id = r.environment_id
    JOIN app_version AS v ON v.id = r.version_id
    JOIN person AS s ON s.id = r.submitted_by
    LEFT JOIN person AS d ON d.id = r.decided_by
"""
# The scope stands in the query itself: a row of another team is never read.
_VISIBLE: Final = "(:all_teams = 1 OR app.team_id IN :teams)"
_TEAMS: Final[BindParameter[Any]] = bindparam("teams", expanding=True, type_=String)

BY_ID: Final = text(f"{_REVIEW} WHERE r.id = :id AND {_VISIBLE}").bindparams(_TEAMS)
OPEN: Final = text(f"{_REVIEW} WHERE r.app_id = :app_id AND r.environment_id = :environment_id AND r.outcome = 'open'")
LISTING: Final = text(f"""{_REVIEW}
    WHERE {_VISIBLE} AND (:app_id = '' OR r.app_id = :app_id) AND (:me = '' OR r.submitted_by = :me)
        AND (:all_outcomes = 1 OR r.outcome = 'open')
    ORDER BY CASE WHEN r.outcome = 'open' THEN 0 ELSE 1 END, r.due_at, r.id
""").bindparams(_TEAMS)
# A page ends at a review, so that decisions made meanwhile move nothing.
DECIDED: Final = text(f"""{_REVIEW}
    WHERE {_VISIBLE} AND (:app_id = '' OR r.app_id = :app_id) AND (:me = '' OR r.submitted_by = :me)
        AND r.outcome <> 'open'
        AND (:before = '' OR (r.decided_at, r.id) < (SELECT b.decided_at, b.id FROM review AS b WHERE b.id = :before))
    ORDER BY r.decided_at DESC, r.id DESC LIMIT :count
""").bindparams(_TEAMS)
INSERT: Final = text("""
    INSERT INTO review (id, version_id, app_id, environment_id, digest, submitted_by, submitted_at, owner_id, note,
        due_at, outcome, reason)
    VALUES (:id, :version_id, :app_id, :environment_id, :digest, :submitted_by, :submitted_at, :owner_id, :note,
        :due_at, 'open', '')
""")
DECIDE: Final = text("""
    UPDATE review SET outcome = :outcome, decided_by = :decided_by, decided_at = :decided_at, reason = :reason
    WHERE id = :id AND outcome = 'open'
""")
# Everybody who ever submitted this content, and whoever owned the app then.
SUBMITTERS: Final = text("""
    SELECT r.submitted_by, s.name AS submitter, r.owner_id, o.name AS owner
    FROM review AS r
    JOIN app_version AS v ON v.id = r.version_id
    JOIN person AS s ON s.id = r.submitted_by
    JOIN person AS o ON o.id = r.owner_id
    WHERE r.app_id = :app_id AND v.source_digest = :source_digest
""")
_IDS: Final[BindParameter[Any]] = bindparam("ids", expanding=True, type_=String)
# As MAKERS of the catalog and SUBMITTERS, for many reviews at once.
MAKERS_OF_REVIEWS: Final = text("""
    SELECT DISTINCT r.id AS review_id, w.author, w.uploaded_by, app.owner_id
    FROM review AS r
    JOIN app ON app.id = r.app_id
    JOIN app_version AS v ON v.id = r.version_id
    JOIN app_version AS w ON w.app_id = v.app_id AND w.source_digest = v.source_digest
    WHERE r.id IN :ids
""").bindparams(_IDS)
SUBMITTERS_OF_REVIEWS: Final = text("""
    SELECT DISTINCT r.id AS review_id, o.submitted_by, o.owner_id
    FROM review AS r
    JOIN app_version AS v ON v.id = r.version_id
    JOIN app_version AS w ON w.app_id = v.app_id AND w.source_digest = v.source_digest
    JOIN review AS o ON o.version_id = w.id
    WHERE r.id IN :ids
""").bindparams(_IDS)
