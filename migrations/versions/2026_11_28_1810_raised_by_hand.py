"""Higher amounts by hand: proposed and decided as lower ones are, with how and when it was found that more is due.

Expand step: two columns that may be empty, and a condition that lets more in than the one it replaces.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "r0510"
down_revision: str | None = "r0500"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TABLE = "award_adjustments"
_AMOUNT = "award_adjustments_amount_check"
_HIGHER = {
    "award_adjustments_found_check": "(amount_fen > before_fen) = (found_on IS NOT NULL AND found_by IS NOT NULL)",
    "award_adjustments_raise_ground_check": "amount_fen < before_fen OR ground IN ('income', 'members')",
}


def upgrade() -> None:
    op.add_column(_TABLE, sa.Column("found_by", sa.String(length=16), nullable=True))
    op.add_column(_TABLE, sa.Column("found_on", sa.Date(), nullable=True))
    op.drop_constraint(op.f(_AMOUNT), _TABLE, type_="check")
    op.create_check_constraint(op.f(_AMOUNT), _TABLE, "amount_fen > 0 AND amount_fen <> before_fen")
    for name, rule in _HIGHER.items():
        op.create_check_constraint(op.f(name), _TABLE, rule)


def downgrade() -> None:
    op.execute("DELETE FROM award_adjustments WHERE amount_fen > before_fen AND status <> 'approved'")
    for name in _HIGHER:
        op.drop_constraint(op.f(name), _TABLE, type_="check")
    op.drop_constraint(op.f(_AMOUNT), _TABLE, type_="check")
    op.create_check_constraint(op.f(_AMOUNT), _TABLE, "amount_fen > 0 AND amount_fen < before_fen")
    op.drop_column(_TABLE, "found_on")
    op.drop_column(_TABLE, "found_by")
