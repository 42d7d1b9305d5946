"""Alembic's environment: runs in the connection and transaction that the caller opened."""

import sqlmodel  # noqa: F401 - the column types of the revisions
from alembic import context

from crm_tui.store.tables import every_table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=every_table(),
    render_as_batch=True,
    transactional_ddl=True,
    include_name=lambda name, kind, _parents: kind != "table" or "_fts" not in (name or ""),
)
context.run_migrations()
