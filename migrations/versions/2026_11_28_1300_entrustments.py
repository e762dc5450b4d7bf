"""Who may apply for somebody who cannot: entrustments, sessions under them, accounts without a telephone.

Expand step: a new table, columns that may be empty, and one that need not be filled any more.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.core.db import HOT_ROLE
from app.keys import KEYS_ROLE
from app.retention import ERASER_ROLE
from migrations.rights import keep_within_reach

revision: str = "r0310"
down_revision: str | None = "r0300"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_GROUNDS = "authorisation IN ('own_request', 'entrustment') AND operator = citizen_id"
_GROUNDS_BEFORE = "authorisation = 'own_request' AND operator = citizen_id"


def upgrade() -> None:
    op.create_table(
        "entrustments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("ground", sa.String(length=16), nullable=False),
        sa.Column("agent_kind", sa.String(length=16), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=True),
        sa.Column("principal_index", sa.LargeBinary(), nullable=False),
        sa.Column("principal_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("record_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_how", sa.String(length=8), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=16), nullable=True),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (principal_id IS NULL)", name=op.f("entrustments_confirmed_check")
        ),
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name=op.f("entrustments_application_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("entrustments_pkey")),
    )
    op.create_index(
        "entrustments_one_standing_key",
        "entrustments",
        ["agent_id", "principal_index"],
        unique=True,
        postgresql_where=sa.text("status IN ('requested', 'in_force')"),
    )
    for columns in (["principal_id"], ["application_id"], ["division", "id"]):
        op.create_index(f"entrustments_{'_'.join(columns)}_idx", "entrustments", columns)
    op.execute(f"GRANT SELECT, UPDATE (principal_sealed, record_sealed) ON entrustments TO {KEYS_ROLE}")
    op.execute(f"GRANT SELECT, DELETE ON entrustments TO {ERASER_ROLE}")
    keep_within_reach(
        "entrustments",
        "division BETWEEN :low AND :high AND (:owner IS NULL OR principal_id = :owner OR agent_id = :owner)",
    )
    op.add_column("sessions", sa.Column("entrustment_id", sa.Uuid(), nullable=True))
    op.create_index("sessions_entrustment_id_idx", "sessions", ["entrustment_id"])
    op.add_column("applications", sa.Column("entrustment_id", sa.Uuid(), nullable=True))
    for table in ("sessions", "applications"):
        op.execute(f"GRANT SELECT (entrustment_id) ON {table} TO {HOT_ROLE}")
    op.alter_column("citizens", "phone_sealed", nullable=True)
    op.alter_column("citizens", "phone_index", nullable=True)
    op.drop_constraint(op.f("identity_questions_grounds_check"), "identity_questions")
    op.create_check_constraint(op.f("identity_questions_grounds_check"), "identity_questions", _GROUNDS)


def downgrade() -> None:
    op.drop_constraint(op.f("identity_questions_grounds_check"), "identity_questions")
    op.create_check_constraint(op.f("identity_questions_grounds_check"), "identity_questions", _GROUNDS_BEFORE)
    op.alter_column("citizens", "phone_index", nullable=False)
    op.alter_column("citizens", "phone_sealed", nullable=False)
    op.drop_column("applications", "entrustment_id")
    op.drop_index("sessions_entrustment_id_idx", table_name="sessions")
    op.drop_column("sessions", "entrustment_id")
    op.drop_table("entrustments")
