"""Since which month the amount holds that hangs about an award.

Expand step: a column without a value, filled by the next step.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.core.db import HOT_ROLE

revision: str = "r0850"
down_revision: str | None = "r0840"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("notices", sa.Column("amount_from", sa.Date(), nullable=True))
    op.execute(f"GRANT SELECT (amount_from) ON notices TO {HOT_ROLE}")
    # The column is empty: nothing to look through while everybody waits.
    op.execute(
        "ALTER TABLE notices ADD CONSTRAINT notices_amount_from_check CHECK "
        "(amount_from IS NULL OR kind = 'award' AND extract(day FROM amount_from) = 1) NOT VALID"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("notices_amount_from_check"), "notices")
    op.drop_column("notices", "amount_from")
