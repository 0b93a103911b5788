"""Runs the steps on the connection that ``schema.migrate`` opened, in its transaction."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy.types import TypeDecorator

from monitor.storage.rows import Row


def plain_type(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Write our types into a new step as the plain ones they rest on, so that the step stands alone."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Row.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=plain_type,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
