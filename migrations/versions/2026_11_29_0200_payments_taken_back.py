"""What of a claim the bank took back itself, after it was ordered: it is asked of nobody else.

Expand step: two columns that begin at nothing, and the conditions that count them in.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "r0740"
down_revision: str | None = "r0680"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_BEFORE = {
    ("recoveries", "rest"): "repaid_fen >= 0 AND written_off_fen >= 0 AND repaid_fen + written_off_fen <= total_fen",
    ("recoveries", "repaid"): "(status = 'repaid') = (repaid_fen = total_fen)",
    ("recovery_months", "amount"): "amount_fen > 0 AND amount_fen <= paid_fen",
}
_AFTER = {
    ("recoveries", "rest"): "repaid_fen >= 0 AND written_off_fen >= 0 AND taken_back_fen >= 0 "
    "AND repaid_fen + written_off_fen + taken_back_fen <= total_fen",
    ("recoveries", "repaid"): "(status = 'repaid') = (repaid_fen + taken_back_fen = total_fen)",
    ("recovery_months", "amount"): "amount_fen > 0 AND amount_fen <= paid_fen "
    "AND taken_back_fen BETWEEN 0 AND amount_fen",
}


def _replace(conditions: dict[tuple[str, str], str]) -> None:
    for (table, name), condition in conditions.items():
        op.drop_constraint(op.f(f"{table}_{name}_check"), table, type_="check")
        op.create_check_constraint(op.f(f"{table}_{name}_check"), table, condition)


def upgrade() -> None:
    for table in ("recoveries", "recovery_months"):
        op.add_column(table, sa.Column("taken_back_fen", sa.BigInteger(), server_default="0", nullable=False))
    _replace(_AFTER)


def downgrade() -> None:
    _replace(_BEFORE)
    for table in ("recovery_months", "recoveries"):
        op.drop_column(table, "taken_back_fen")
