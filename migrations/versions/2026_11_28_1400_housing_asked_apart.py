"""Real estate and the provident fund are asked of two agencies now, where it was one.

Only questions that are still to be answered change hands: what was answered stays with who answered it. The agency that
is no more would never be asked again, and whoever waits for it would wait for ever.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "r0400"
down_revision: str | None = "r0310"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute(
        "UPDATE checks SET partner = CASE item WHEN 'real_estate' THEN 'natural_resources' ELSE 'housing_fund' END "
        "WHERE partner = 'housing' AND status IN ('requested', 'dispatched', 'unavailable')"
    )


def downgrade() -> None:
    op.execute(
        "UPDATE checks SET partner = 'housing' WHERE item IN ('real_estate', 'provident_fund') "
        "AND status IN ('requested', 'dispatched', 'unavailable')"
    )
