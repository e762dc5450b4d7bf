"""Wrong second facts are counted by the limits that count wrong passwords; the table of guesses is not needed any more.

The code before counts in it with every look-up by number: end its processes first.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "r0331"
down_revision: str | None = "r0330"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.drop_table("guesses")


def downgrade() -> None:
    op.create_table(
        "guesses",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("guesses_pkey")),
    )
    op.create_index(op.f("guesses_since_idx"), "guesses", ["since"], unique=False)
