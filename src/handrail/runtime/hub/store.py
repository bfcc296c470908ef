"""SQL of hubs."""
# ruff: noqa: S608 - the only text put together is a list of columns

from typing import Final

from sqlalchemy import text

_COLUMNS: Final = """
    id, name, region, public_key, acked_epoch, acked_revision, acked_quarantine, seen_at, problems, created_at
"""

INSERT: Final = text("""
    INSERT INTO hub (
        id, name, region, token_hash, public_key, acked_epoch, acked_revision, acked_quarantine, seen_at, problems,
        created_at, created_by, removed_at
    )
    VALUES (:id, :name, :region, :token_hash, '', -1, -1, -1, NULL, '[]', :now, :by, NULL)
""")
LISTING: Final = text(f"SELECT {_COLUMNS} FROM hub WHERE removed_at IS NULL ORDER BY name")
BY_NAME: Final = text(f"SELECT {_COLUMNS} FROM hub WHERE name = :name AND removed_at IS NULL")
BY_TOKEN: Final = text(f"SELECT {_COLUMNS} FROM hub WHERE token_hash = :token_hash AND removed_at IS NULL")
SET_KEY: Final = text("UPDATE hub SET public_key = :public_key WHERE id = :id")
SET_TOKEN: Final = text("UPDATE hub SET token_hash = :token_hash, public_key = '' WHERE id = :id")
ACK: Final = text("""
    UPDATE hub
    SET acked_epoch = :epoch, acked_revision = :revision, acked_quarantine = :quarantine, seen_at = :now,
        problems = :problems
    WHERE id = :id
""")
SEEN: Final = text("UPDATE hub SET seen_at = :now WHERE id = :id")
REMOVE: Final = text("UPDATE hub SET removed_at = :now WHERE id = :id")
SIGNING_KEY: Final = text("SELECT sealed, public_key FROM hub_signing_key WHERE id = 'snapshot'")
ADD_SIGNING_KEY: Final = text("""
    INSERT INTO hub_signing_key (id, sealed, public_key, created_at) VALUES ('snapshot', :sealed, :public_key, :now)
    ON CONFLICT (id) DO NOTHING
""")
