"""SQL of apps and their names."""

from typing import Any, Final

from sqlalchemy import BindParameter, String, bindparam, text

_APP: Final = """
    SELECT app.id, app.name, app.title, app.team_id, team.name AS team, app.owner_id, owner.name AS owner,
        owner.display_name AS owner_name, CASE WHEN owner.status = 'active' THEN 1 ELSE 0 END AS owner_active,
        COALESCE(app.deputy_id, '') AS deputy_id, COALESCE(deputy.name, '') AS deputy,
        COALESCE(deputy.display_name, '') AS deputy_name,
        app.purpose, app.stage, app.platform, app.assurance, app.created_at
    FROM app
    JOIN team ON team.id = app.team_id
    JOIN person AS owner ON owner.id = app.owner_id
    LEFT JOIN person AS deputy ON deputy.id = app.deputy_id
"""
# The scope stands in the query itself: a row of another team is never read.
_VISIBLE: Final = "(:all_teams = 1 OR app.team_id IN :teams)"
_TEAMS: Final[BindParameter[Any]] = bindparam("teams", expanding=True, type_=String)

BY_ID: Final = text(f"{_APP} WHERE app.id = :id")
BY_NAME: Final = text(f"{_APP} WHERE app.name = :name AND {_VISIBLE}").bindparams(_TEAMS)
BY_OLD_NAME: Final = text(f"""{_APP}
    JOIN app_name ON app_name.app_id = app.id
    WHERE app_name.name = :name AND {_VISIBLE}
""").bindparams(_TEAMS)
LISTING: Final = text(f"""{_APP}
    WHERE {_VISIBLE} AND (:stage = '' OR app.stage = :stage) AND (:team = '' OR team.name = :team)
        AND (:with_retired = 1 OR app.stage <> 'retired')
    ORDER BY app.name
""").bindparams(_TEAMS)
NAMES: Final = text(f"SELECT app.name FROM app WHERE {_VISIBLE}").bindparams(_TEAMS)  # noqa: S608 - same

FIRST: Final = text("SELECT MIN(created_at) FROM app")
INSERT: Final = text("""
    INSERT INTO app (id, name, title, team_id, owner_id, deputy_id, purpose, stage, platform, assurance,
        created_at, created_by)
    VALUES (:id, :name, :title, :team_id, :owner_id, :deputy_id, :purpose, :stage, :platform, :assurance,
        :created_at, :created_by)
""")
RESERVE: Final = text("""
    INSERT INTO app_name (name, app_id, reserved_at) VALUES (:name, :app_id, :reserved_at)
    ON CONFLICT (name) DO NOTHING
""")
RESERVED_BY: Final = text("SELECT app_id FROM app_name WHERE name = :name")
UPDATE: Final = text("""
    UPDATE app SET name = :name, title = :title, team_id = :team_id, owner_id = :owner_id, deputy_id = :deputy_id,
        purpose = :purpose
    WHERE id = :id
""")
SET_STAGE: Final = text("UPDATE app SET stage = :stage WHERE id = :id")
SET_ASSURANCE: Final = text("UPDATE app SET assurance = :assurance WHERE id = :id")
SET_PLATFORM: Final = text("UPDATE app SET platform = :platform WHERE id = :id")
IDS_BY_NAME: Final = text(
    f"SELECT app.id, app.name FROM app WHERE app.name IN :names AND {_VISIBLE}"  # noqa: S608 - same
).bindparams(bindparam("names", expanding=True, type_=String), _TEAMS)
NAMES_BY_ID: Final = text("SELECT id, name FROM app WHERE id IN :ids").bindparams(
    bindparam("ids", expanding=True, type_=String)
)
