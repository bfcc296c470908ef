"""SQL of the keys that sign tokens."""

from typing import Final

from sqlalchemy import text

_KEY: Final = """
    SELECT kid, kind, state, public_jwk, private_sealed, published_revision, created_at, activated_at, retired_at
    FROM signing_key
"""

LISTING: Final = text(
    f"{_KEY} WHERE state <> 'dropped' AND (:kind = '' OR kind = :kind) ORDER BY kind, created_at, kid"
)
BY_STATE: Final = text(f"{_KEY} WHERE kind = :kind AND state = :state ORDER BY created_at, kid")
INSERT: Final = text("""
    INSERT INTO signing_key (kid, kind, state, public_jwk, private_sealed, published_revision, created_at,
        activated_at)
    VALUES (:kid, :kind, :state, :public_jwk, :private_sealed, :published_revision, :created_at, :activated_at)
""")
ACTIVATE: Final = text("UPDATE signing_key SET state = 'active', activated_at = :now WHERE kid = :kid")
# A retired key signs nothing any more, so its private half goes at once.
RETIRE: Final = text("""
    UPDATE signing_key SET state = 'retired', retired_at = :now, private_sealed = NULL WHERE kid = :kid
""")
DROP: Final = text("""
    UPDATE signing_key SET state = 'dropped', dropped_at = :now
    WHERE kind = :kind AND state = 'retired' AND retired_at < :before
    RETURNING kid
""")
PUBLISHED: Final = text("SELECT published_revision FROM signing_key WHERE kid = :kid")
UNDER_WAY: Final = text("SELECT COUNT(*) FROM signing_key WHERE state IN ('next', 'retired')")
