"""Exports: lists that leave the product as a file, asked for by one person and approved by another.

Expand step: one new table. The file itself is kept nowhere.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "r0080"
down_revision: str | None = "r0030"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "exports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("month", sa.Date(), nullable=True),
        sa.Column("filter_status", sa.String(length=32), nullable=True),
        sa.Column("columns", postgresql.JSONB(), nullable=False),
        sa.Column("unmasked", postgresql.JSONB(), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", _INSTANT, nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", _INSTANT, nullable=True),
        sa.Column("rejected_by", sa.Uuid(), nullable=True),
        sa.Column("rejected_at", _INSTANT, nullable=True),
        sa.Column("reject_reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", _INSTANT, nullable=True),
        sa.Column("downloads", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "approved_by <> requested_by AND rejected_by <> requested_by", name=op.f("exports_second_person_check")
        ),
        sa.CheckConstraint(
            "(status = 'approved') = (approved_by IS NOT NULL AND approved_at IS NOT NULL AND expires_at IS NOT NULL)",
            name=op.f("exports_approved_check"),
        ),
        sa.CheckConstraint(
            "downloads BETWEEN 0 AND 3 AND (downloads = 0 OR status = 'approved')",
            name=op.f("exports_downloads_check"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("exports_pkey")),
    )
    op.create_index(op.f("exports_division_id_idx"), "exports", ["division", "id"])
    op.create_index(op.f("exports_requested_by_id_idx"), "exports", ["requested_by", "id"])
    # Who seals anew what lies under an old key.
    op.execute("GRANT SELECT, UPDATE (reason_sealed, reject_reason_sealed) ON exports TO dibao_keys")


def downgrade() -> None:
    op.drop_table("exports")
