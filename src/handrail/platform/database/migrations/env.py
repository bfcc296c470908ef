"""Alembic's entry: runs on the connection that `platform.database.migrate` hands over."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, transaction_per_migration=False)
# No begin_transaction: the unit of work that called us commits.
context.run_migrations()
