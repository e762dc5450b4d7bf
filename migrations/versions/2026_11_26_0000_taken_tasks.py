"""A task says who of the staff sees to it, and since when.

Expand step: two columns that may be empty, and an index for a person's own list.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "r0210"
down_revision: str | None = "r0160"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("application_steps", sa.Column("taken_by", sa.Uuid(), nullable=True))
    op.add_column("application_steps", sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f("application_steps_taken_check"), "application_steps", "(taken_by IS NULL) = (taken_at IS NULL)"
    )
    op.create_index(
        "application_steps_taken_by_idx",
        "application_steps",
        ["taken_by"],
        postgresql_where=sa.text("taken_by IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "application_steps_taken_by_idx",
        table_name="application_steps",
        postgresql_where=sa.text("taken_by IS NOT NULL"),
    )
    op.drop_constraint(op.f("application_steps_taken_check"), "application_steps")
    op.drop_column("application_steps", "taken_at")
    op.drop_column("application_steps", "taken_by")
