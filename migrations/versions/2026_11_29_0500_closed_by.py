"""A step says who has done it: whoever acts may do so without having taken it.

Expand step: a column that may be empty, and an index for a person's own. Of what was closed before, nobody kept who did
it; it goes on counting for who had taken it.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "r0906"
down_revision: str | None = "r0905"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("application_steps", sa.Column("closed_by", sa.Uuid(), nullable=True))
    op.create_index(
        "application_steps_closed_by_idx",
        "application_steps",
        ["closed_by"],
        postgresql_where=sa.text("closed_by IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "application_steps_closed_by_idx",
        table_name="application_steps",
        postgresql_where=sa.text("closed_by IS NOT NULL"),
    )
    op.drop_column("application_steps", "closed_by")
