"""Questions about a real name are kept like any other question to an agency, before they are put.

Expand step: one new table.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.retention import ERASER_ROLE
from migrations.rights import keep_within_reach

revision: str = "r0100"
down_revision: str | None = "r0090"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "identity_questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("citizen_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=32), nullable=False),
        sa.Column("partner", sa.String(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("authorisation", sa.String(length=32), nullable=False),
        sa.Column("operator", sa.Uuid(), nullable=False),
        sa.Column("asked_at", _INSTANT, nullable=False),
        sa.Column("answered_at", _INSTANT, nullable=True),
        sa.Column("same", sa.Boolean(), nullable=True),
        sa.CheckConstraint("purpose = 'real_name'", name=op.f("identity_questions_purpose_check")),
        sa.CheckConstraint(
            "authorisation = 'own_request' AND operator = citizen_id", name=op.f("identity_questions_grounds_check")
        ),
        sa.CheckConstraint("(answered_at IS NULL) = (same IS NULL)", name=op.f("identity_questions_answered_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("identity_questions_pkey")),
    )
    op.create_index("identity_questions_citizen_id_idx", "identity_questions", ["citizen_id"])
    op.execute(f"GRANT SELECT, DELETE, UPDATE (answered_at) ON identity_questions TO {ERASER_ROLE}")
    keep_within_reach("identity_questions", ":everywhere OR citizen_id = :owner")


def downgrade() -> None:
    op.drop_table("identity_questions")
