"""What hangs about awards is brought in line with what households receive.

Until now a notice went on saying what was granted, whatever was raised or reduced later. A step of its own, so that
only its rows are locked while it lasts. What was taken down stays as it was read then.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "r0860"
down_revision: str | None = "r0850"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("""
        UPDATE notices
        SET amount_from = coalesce(latest.from_month, awards.from_month),
            monthly_amount_fen = coalesce(latest.amount_fen, notices.monthly_amount_fen)
        FROM awards
        LEFT JOIN LATERAL (
            SELECT from_month, amount_fen FROM award_amounts
            WHERE award_amounts.award_id = awards.id ORDER BY seq DESC LIMIT 1
        ) AS latest ON true
        WHERE awards.application_id = notices.application_id
          AND notices.kind = 'award' AND notices.status IN ('posted', 'objected')
    """)
    op.execute("ALTER TABLE notices VALIDATE CONSTRAINT notices_amount_from_check")


def downgrade() -> None:
    op.execute("""
        UPDATE notices SET monthly_amount_fen = awards.monthly_amount_fen
        FROM awards
        WHERE awards.application_id = notices.application_id
          AND notices.kind = 'award' AND notices.status IN ('posted', 'objected')
    """)
