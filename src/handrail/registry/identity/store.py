"""SQL of people, teams and roles."""

from typing import Final

from sqlalchemy import String, bindparam, text

INSERT_PERSON: Final = text("""
    INSERT INTO person (id, name, display_name, status, created_at)
    VALUES (:id, :name, :display_name, 'active', :now)
    ON CONFLICT (name) DO NOTHING
""")
PERSON_BY_NAME: Final = text("SELECT * FROM person WHERE name = :name")
PERSON_BY_ID: Final = text("SELECT * FROM person WHERE id = :id")
PEOPLE: Final = text("SELECT * FROM person ORDER BY name")
SET_PROFILE: Final = text("UPDATE person SET display_name = :display_name, time_zone = :time_zone WHERE id = :id")
SET_STATUS: Final = text("UPDATE person SET status = :status WHERE id = :id")

INSERT_TEAM: Final = text("""
    INSERT INTO team (id, name, title, created_at) VALUES (:id, :name, :title, :now)
    ON CONFLICT (name) DO NOTHING
""")
TEAM_BY_NAME: Final = text("SELECT * FROM team WHERE name = :name")
TEAM_BY_ID: Final = text("SELECT * FROM team WHERE id = :id")
TEAMS: Final = text("SELECT * FROM team ORDER BY name")
SET_TITLE: Final = text("UPDATE team SET title = :title WHERE id = :id")
HOLDERS: Final = text("""
    SELECT b.team_id, COUNT(DISTINCT b.person_id) AS people FROM role_binding b JOIN person p ON p.id = b.person_id
    WHERE p.status = 'active' AND (b.expires_at IS NULL OR b.expires_at > :now)
    GROUP BY b.team_id
""")

GRANT: Final = text("""
    INSERT INTO role_binding (person_id, role, team_id, expires_at, created_at)
    VALUES (:person_id, :role, :team_id, :expires_at, :now)
    ON CONFLICT (person_id, role, team_id) DO UPDATE SET expires_at = excluded.expires_at
""")
REVOKE: Final = text("""
    DELETE FROM role_binding WHERE person_id = :person_id AND role = :role AND team_id = :team_id
""")
BINDINGS: Final = text("""
    SELECT role, team_id FROM role_binding
    WHERE person_id = :person_id AND (expires_at IS NULL OR expires_at > :now)
    ORDER BY role, team_id
""")
HELD: Final = text("""
    SELECT b.person_id, b.role, b.team_id, b.expires_at, COALESCE(t.name, b.team_id) AS team_name,
        COALESCE(t.title, b.team_id) AS team_title
    FROM role_binding b LEFT JOIN team t ON t.id = b.team_id
    WHERE (CAST(:person_id AS TEXT) IS NULL OR b.person_id = :person_id)
      AND (b.expires_at IS NULL OR b.expires_at > :now)
    ORDER BY b.person_id, b.role, team_name
""")
WHO_MAY: Final = text("""
    SELECT DISTINCT p.id, p.name, p.display_name, p.status, p.created_at, b.team_id
    FROM role_binding b JOIN person p ON p.id = b.person_id
    WHERE b.role IN :roles AND p.status = 'active' AND (b.expires_at IS NULL OR b.expires_at > :now)
    ORDER BY p.name, b.team_id
""").bindparams(bindparam("roles", expanding=True, type_=String))
OTHER_ADMINS: Final = text("""
    SELECT COUNT(*) FROM role_binding b JOIN person p ON p.id = b.person_id
    WHERE b.role = 'admin' AND b.team_id = '*' AND p.status = 'active' AND p.id <> :person_id
""")
FIRST_ADMIN: Final = text("""
    SELECT MIN(b.created_at) FROM role_binding b JOIN person p ON p.id = b.person_id
    WHERE b.role = 'admin' AND b.team_id = '*' AND p.status = 'active'
""")
# When each of the first two who may do anything got there: one who does nothing cannot be the other pair of eyes.
FIRST_TWO: Final = text("""
    SELECT MIN(b.created_at) AS since FROM role_binding b JOIN person p ON p.id = b.person_id
    WHERE p.status = 'active' AND (b.expires_at IS NULL OR b.expires_at > :now)
    GROUP BY b.person_id ORDER BY since LIMIT 2
""")
DELETE_SESSIONS: Final = text("DELETE FROM session WHERE person_id = :person_id")
REVOKE_TOKENS: Final = text("""
    UPDATE api_token SET revoked_at = :now WHERE person_id = :person_id AND revoked_at IS NULL
""")
