"""Requests for correction, in the citizen's words and with what became of them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "r0130"
down_revision: str | None = "r0120"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "correction_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("citizen_id", sa.Uuid(), nullable=False),
        sa.Column("object_type", sa.String(length=16), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("wrong_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("right_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_provisional", sa.Boolean(), nullable=False),
        sa.Column("due_basis", sa.String(length=64), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("remedies", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'requested') = (decided_at IS NULL)", name=op.f("correction_requests_decided_check")
        ),
        sa.CheckConstraint(
            "(status = 'refused') = (reason_sealed IS NOT NULL)", name=op.f("correction_requests_refused_check")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("correction_requests_application_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("correction_requests_pkey")),
    )
    op.create_index("correction_requests_citizen_id_id_idx", "correction_requests", ["citizen_id", "id"])
    op.create_index("correction_requests_division_status_idx", "correction_requests", ["division", "status"])
    op.create_index(
        "correction_requests_one_open_per_field_key",
        "correction_requests",
        ["application_id", "object_id", "field"],
        unique=True,
        postgresql_where=sa.text("status = 'requested'"),
    )
    op.execute("GRANT SELECT, UPDATE (wrong_sealed, right_sealed, reason_sealed) ON correction_requests TO dibao_keys")
    op.execute("GRANT SELECT, DELETE ON correction_requests TO dibao_eraser")


def downgrade() -> None:
    op.drop_table("correction_requests")
