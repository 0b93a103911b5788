"""Runs the steps on the connection that ``schema.migrate`` opened, in its transaction."""

from __future__ import annotations

from alembic import context

from monitor.storage.rows import Row

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Row.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
