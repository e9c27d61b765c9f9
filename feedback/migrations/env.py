"""Run the steps on the connection that `feedback.migrate` hands over."""

from alembic import context

from feedback.migrate import VERSION_TABLE
from feedback.records.writing_schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    # SQLite too can undo a half-done schema change.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
