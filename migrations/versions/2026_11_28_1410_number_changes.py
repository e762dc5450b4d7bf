"""Standards and parameters as they change: drafted by one person, put in force by another.

Expand step: a table of changes, and two columns of what is in force. A number that is set anew from the same first day
supersedes the row before instead of changing it: the unique keys hold among the rows that stand.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.keys import KEYS_ROLE

revision: str = "r0410"
down_revision: str | None = "r0331"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KEYS = {
    "standards": ("program", "area", "area_class", "valid_from"),
    "parameters": ("program", "name", "area", "valid_from"),
}


def upgrade() -> None:
    op.create_table(
        "number_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("program", sa.String(length=32), nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("document_number", sa.String(length=100), nullable=False),
        sa.Column("document_title", sa.String(length=200), nullable=False),
        sa.Column("issuer", sa.String(length=100), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("drafted_by", sa.Uuid(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reject_reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(status = 'draft') = (decided_by IS NULL)", name=op.f("number_changes_decided_check")),
        sa.CheckConstraint(
            "decided_by <> drafted_by OR status = 'rejected'", name=op.f("number_changes_four_eyes_check")
        ),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("number_changes_validity_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("number_changes_pkey")),
    )
    op.create_index(
        "number_changes_one_draft_key",
        "number_changes",
        ["kind", "program", "area", "name", "valid_from"],
        unique=True,
        postgresql_where=sa.text("status = 'draft'"),
    )
    op.create_index("number_changes_area_id_idx", "number_changes", ["area", "id"])
    op.execute(f"GRANT SELECT, UPDATE (reject_reason_sealed) ON number_changes TO {KEYS_ROLE}")
    for table, key in _KEYS.items():
        op.add_column(table, sa.Column("change_id", sa.Uuid(), nullable=True))
        op.add_column(table, sa.Column("superseded_by", sa.Uuid(), nullable=True))
        op.create_index(
            f"{table}_standing_key", table, key, unique=True, postgresql_where=sa.text("superseded_by IS NULL")
        )
        op.drop_constraint(f"{table}_{'_'.join(key)}_key", table, type_="unique")


def downgrade() -> None:
    for table, key in _KEYS.items():
        op.execute(f"DELETE FROM {table} WHERE superseded_by IS NOT NULL")  # noqa: S608 # nosec B608
        op.create_unique_constraint(op.f(f"{table}_{'_'.join(key)}_key"), table, key)
        op.drop_index(f"{table}_standing_key", table_name=table)
        op.drop_column(table, "superseded_by")
        op.drop_column(table, "change_id")
    op.drop_table("number_changes")
