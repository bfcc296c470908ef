"""The vault's SQL."""

from typing import Final

from sqlalchemy import text

LAST_VERSION: Final = text("""
    SELECT MAX(version) FROM vault_version WHERE name = :name AND environment = :environment
""")
INSERT_VERSION: Final = text("""
    INSERT INTO vault_version
        (name, environment, version, key_id, wrapped_key, created_at, actor_kind, actor_id, actor_name)
    VALUES
        (:name, :environment, :version, :key_id, :wrapped_key, :now, :actor_kind, :actor_id, :actor_name)
""")
INSERT_FIELD: Final = text("""
    INSERT INTO vault_field (name, environment, version, field, sealed)
    VALUES (:name, :environment, :version, :field, :sealed)
""")
VERSION: Final = text("""
    SELECT version, key_id, wrapped_key FROM vault_version
    WHERE name = :name AND environment = :environment
      AND (CAST(:version AS BIGINT) IS NULL OR version = :version)
    ORDER BY version DESC LIMIT 1
""")
FIELDS: Final = text("""
    SELECT field, sealed FROM vault_field
    WHERE name = :name AND environment = :environment AND version = :version ORDER BY field
""")
LISTING: Final = text("""
    SELECT v.name, v.environment, v.version, v.key_id, v.created_at, v.actor_name, f.field
    FROM vault_version v JOIN vault_field f
      ON f.name = v.name AND f.environment = v.environment AND f.version = v.version
    WHERE v.version = (
        SELECT MAX(o.version) FROM vault_version o WHERE o.name = v.name AND o.environment = v.environment
    )
    ORDER BY v.name, v.environment, f.field
""")
OTHER_KEYS: Final = text("""
    SELECT name, environment, version, key_id, wrapped_key FROM vault_version WHERE key_id <> :key_id
""")
REWRAP: Final = text("""
    UPDATE vault_version SET key_id = :key_id, wrapped_key = :wrapped_key
    WHERE name = :name AND environment = :environment AND version = :version
""")
KEY_IDS: Final = text("SELECT DISTINCT key_id FROM vault_version ORDER BY key_id")
