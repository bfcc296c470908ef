"""SQL of environments, connectors and connections."""

from typing import Final

from sqlalchemy import text

ENVIRONMENTS: Final = text("SELECT id, name, kind, region FROM environment ORDER BY kind DESC, name")
ENVIRONMENT: Final = text("SELECT id, name, kind, region FROM environment WHERE name = :name")

CONNECTOR_ID: Final = text("SELECT id FROM connector WHERE name = :name")
INSERT_CONNECTOR: Final = text("INSERT INTO connector (id, name, created_at) VALUES (:id, :name, :now)")
INSERT_VERSION: Final = text("""
    INSERT INTO connector_version (id, connector_id, version, digest, document, created_at, created_by)
    VALUES (:id, :connector_id, :version, :digest, :document, :now, :created_by)
""")
VERSIONS: Final = text("""
    SELECT v.id AS version_id, v.document, v.digest, v.created_at AS version_at, v.created_by
    FROM connector_version v JOIN connector c ON c.id = v.connector_id
    WHERE :name = '' OR c.name = :name
    ORDER BY c.name, v.created_at, v.id
""")

_CONNECTION: Final = """
    SELECT n.id, n.name, n.upstream, n.region, n.network, n.credential, n.calls_per_minute, n.burst,
        n.updated_at, n.updated_by, n.removed_at,
        e.id AS environment_id, e.name AS environment_name, e.kind AS environment_kind,
        e.region AS environment_region,
        v.id AS version_id, v.document, v.digest, v.created_at AS version_at, v.created_by
    FROM connection n
    JOIN environment e ON e.id = n.environment_id
    JOIN connector_version v ON v.id = n.connector_version_id
"""
CONNECTIONS: Final = text(f"""{_CONNECTION}
    WHERE n.removed_at IS NULL AND (:environment = '' OR e.name = :environment)
    ORDER BY n.name
""")
CONNECTION_BY_NAME: Final = text(f"{_CONNECTION} WHERE n.name = :name")
CONNECTION_BY_ID: Final = text(f"{_CONNECTION} WHERE n.id = :id")
FIRST_CONNECTION: Final = text("SELECT MIN(created_at) FROM connection WHERE removed_at IS NULL")
INSERT_CONNECTION: Final = text("""
    INSERT INTO connection (id, name, environment_id, connector_version_id, upstream, region, network, credential,
        calls_per_minute, burst, created_at, updated_at, updated_by)
    VALUES (:id, :name, :environment_id, :version_id, :upstream, :region, :network, :credential,
        :calls_per_minute, :burst, :now, :now, :by)
""")
UPDATE_CONNECTION: Final = text("""
    UPDATE connection SET connector_version_id = :version_id, upstream = :upstream, region = :region,
        network = :network, credential = :credential, calls_per_minute = :calls_per_minute, burst = :burst,
        updated_at = :now, updated_by = :by
    WHERE id = :id
""")
REMOVE_CONNECTION: Final = text("""
    UPDATE connection SET removed_at = :now, updated_at = :now, updated_by = :by WHERE id = :id
""")
CONNECTORS_OF_CONNECTIONS: Final = text("""
    SELECT n.name, c.name AS connector
    FROM connection n
    JOIN connector_version v ON v.id = n.connector_version_id
    JOIN connector c ON c.id = v.connector_id
""")
CREDENTIAL_USES: Final = text("""
    SELECT n.name, n.credential, e.name AS environment
    FROM connection n JOIN environment e ON e.id = n.environment_id
    WHERE n.removed_at IS NULL AND n.credential IS NOT NULL
    ORDER BY n.name
""")
