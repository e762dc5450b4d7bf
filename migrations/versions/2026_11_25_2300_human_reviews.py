"""Requests for a person's assessment where a citizen refuses what was only computed."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "r0140"
down_revision: str | None = "r0130"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "human_reviews",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("why_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_by_role", sa.String(length=32), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL) AND (answered_at IS NULL) = (answer_sealed IS NULL)",
            name=op.f("human_reviews_answered_check"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("human_reviews_application_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("human_reviews_pkey")),
    )
    op.create_index("human_reviews_application_id_id_idx", "human_reviews", ["application_id", "id"])
    op.create_index(
        "human_reviews_one_open_key",
        "human_reviews",
        ["application_id"],
        unique=True,
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.execute("GRANT SELECT, UPDATE (why_sealed, answer_sealed) ON human_reviews TO dibao_keys")
    op.execute("GRANT SELECT, DELETE ON human_reviews TO dibao_eraser")


def downgrade() -> None:
    op.drop_table("human_reviews")
