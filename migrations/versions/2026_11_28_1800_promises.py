"""Promises that stand for papers, and what became of them.

Expand step: one new table.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.keys import KEYS_ROLE
from app.retention import ERASER_ROLE
from migrations.rights import keep_within_reach

revision: str = "r0500"
down_revision: str | None = "r0460"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_INSTANT = sa.DateTime(timezone=True)
_SEALED = "fact_sealed, why_sealed, finding_sealed, settled_reason_sealed"


def upgrade() -> None:
    op.create_table(
        "promises",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("fact_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("why_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("terms_version", sa.String(length=16), nullable=False),
        sa.Column("signed_by_member_id", sa.Uuid(), nullable=False),
        sa.Column("signer_index", sa.LargeBinary(), nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("signed_at", _INSTANT, nullable=False),
        sa.Column("withdrawn_at", _INSTANT, nullable=True),
        sa.Column("way", sa.String(length=16), nullable=True),
        sa.Column("finding_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("verified_by", sa.Uuid(), nullable=True),
        sa.Column("verified_at", _INSTANT, nullable=True),
        sa.Column("settlement", sa.String(length=16), nullable=True),
        sa.Column("settled_reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_at", _INSTANT, nullable=True),
        sa.CheckConstraint(
            "(status IN ('promised', 'withdrawn')) = (verified_at IS NULL)", name=op.f("promises_verified_check")
        ),
        sa.CheckConstraint("(status = 'settled') = (settlement IS NOT NULL)", name=op.f("promises_settled_check")),
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name=op.f("promises_application_id_fkey")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("promises_member_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_member_id"],
            ["members.id"],
            name=op.f("promises_signed_by_member_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("promises_pkey")),
    )
    op.create_index(op.f("promises_application_id_idx"), "promises", ["application_id"])
    op.create_index(
        "promises_one_live_per_paper_key",
        "promises",
        ["application_id", "member_id", "kind"],
        unique=True,
        postgresql_where=sa.text("status = 'promised'"),
    )
    op.create_index(
        "promises_broken_by_idx",
        "promises",
        ["signer_index"],
        postgresql_where=sa.text("status IN ('broken', 'settled')"),
    )
    op.execute(f"GRANT SELECT, UPDATE ({_SEALED}) ON promises TO {KEYS_ROLE}")
    op.execute(f"GRANT SELECT, DELETE ON promises TO {ERASER_ROLE}")
    keep_within_reach(
        "promises",
        "division BETWEEN :low AND :high AND (:owner IS NULL OR "
        "EXISTS (SELECT 1 FROM applications WHERE applications.id = promises.application_id))",
    )


def downgrade() -> None:
    op.drop_table("promises")
