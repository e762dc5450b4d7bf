"""Whether anybody in a household was declared as somebody's relative: answered with yes or no, whoever asks.

Every submission asks, and nearly always the answer is no. A citizen sees no declaration; to look for one, the
transaction had to see everything for the time of one statement, and then its own again. The function works as its
owner, whom no rule on rows concerns, and tells nothing but that there is one. Expand step: nothing else changes.
"""

from collections.abc import Sequence

from alembic import op

from app.core.db import APPLICATION_ROLE

revision: str = "r0520"
down_revision: str | None = "r0510"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# PL/pgSQL, which keeps its plan for as long as the connection lasts.
_FUNCTION = """
    CREATE FUNCTION anyone_declared(indexes bytea[]) RETURNS boolean
    LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        RETURN EXISTS (
            SELECT 1 FROM declared_relatives WHERE id_number_index = ANY (indexes) AND ended_at IS NULL
        );
    END $$
"""


def upgrade() -> None:
    op.execute(_FUNCTION)
    op.execute("REVOKE ALL ON FUNCTION anyone_declared(bytea[]) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION anyone_declared(bytea[]) TO {APPLICATION_ROLE}")


def downgrade() -> None:
    op.execute("DROP FUNCTION anyone_declared(bytea[])")
