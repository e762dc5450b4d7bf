"""The job queue's own tables, as the release of PgQueuer in the lock file writes them.

A new release that changes them ships `pgq upgrade`; its statements become a migration of ours, in their turn.
"""

from alembic import op
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment


def create_queue() -> None:
    """Create the queue's tables, type, function and trigger."""
    _execute_script(QueryBuilderEnvironment().build_install_query())


def drop_queue() -> None:
    """Remove them."""
    _execute_script(QueryBuilderEnvironment().build_uninstall_query())


def _execute_script(script: str) -> None:
    # Several statements at once: SQLAlchemy prepares each, which PostgreSQL does for one statement only.
    op.get_bind().connection.dbapi_connection.run_async(lambda driver: driver.execute(script))  # type: ignore[union-attr]
