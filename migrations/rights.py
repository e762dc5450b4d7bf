"""What the application's role may do: everything to rows, nothing to tables; and to some tables only add.

Tables owned by who migrates; the processes work as this role, so that neither a bug nor an injected statement can
change a ledger, an event or an audit record.
"""

from alembic import op

from app.core.db import APPLICATION_ROLE


def create_role() -> None:
    """Create the role where the server does not have it, and let the owner work as it."""
    op.execute(
        f"DO $$ BEGIN CREATE ROLE {APPLICATION_ROLE} NOLOGIN; "
        "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    )
    op.execute(
        f"DO $$ BEGIN EXECUTE format('GRANT {APPLICATION_ROLE} TO %I', current_user); "
        "EXCEPTION WHEN unique_violation OR invalid_grant_operation THEN NULL; END $$"
    )


def grant_all() -> None:
    """Let the role read and write the rows of every table there is now and of those the owner adds later."""
    op.execute(f"GRANT USAGE ON SCHEMA public TO {APPLICATION_ROLE}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APPLICATION_ROLE}")
    op.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APPLICATION_ROLE}")
    op.execute(
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public "
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APPLICATION_ROLE}"
    )


def make_append_only(*tables: str) -> None:
    """Take the right to change or remove rows."""
    for table in tables:
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APPLICATION_ROLE}")
