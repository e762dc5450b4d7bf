"""Partners that may ask whether somebody receives assistance, what they asked, and what they were told.

Expand step: three new tables.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.keys import KEYS_ROLE
from app.retention import ERASER_ROLE
from migrations.rights import keep_within_reach, make_append_only

revision: str = "r0610"
down_revision: str | None = "r0551"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_INSTANT = sa.DateTime(timezone=True)
_TABLES = ("query_partners", "status_queries", "status_query_lines")


def upgrade() -> None:
    _create_partners()
    _create_queries()
    _create_lines()
    op.execute(f"GRANT SELECT, UPDATE (answer_sealed) ON status_query_lines TO {KEYS_ROLE}")
    for table in ("status_queries", "status_query_lines"):
        op.execute(f"GRANT SELECT, DELETE ON {table} TO {ERASER_ROLE}")
        make_append_only(table)
    overseen = "division BETWEEN :low AND :high AND :owner IS NULL"
    keep_within_reach("query_partners", f"id = :actor OR {overseen}")
    keep_within_reach("status_queries", f"partner_id = :actor OR {overseen}")
    keep_within_reach(
        "status_query_lines",
        "partner_id = :actor OR division BETWEEN :low AND :high AND (:owner IS NULL OR citizen_id = :owner)",
    )


def _create_partners() -> None:
    op.create_table(
        "query_partners",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("purposes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("secret_index", sa.LargeBinary(), nullable=False),
        sa.Column("most_per_day", sa.Integer(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=True),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("status_since", _INSTANT, nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("code ~ '^[a-z][a-z_]{2,31}$'", name=op.f("query_partners_code_check")),
        sa.CheckConstraint("most_per_day > 0", name=op.f("query_partners_most_per_day_check")),
        sa.CheckConstraint("counted BETWEEN 0 AND most_per_day", name=op.f("query_partners_counted_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("query_partners_pkey")),
        sa.UniqueConstraint("code", name=op.f("query_partners_code_key")),
    )
    op.create_index(op.f("query_partners_division_id_idx"), "query_partners", ["division", "id"])


def _create_queries() -> None:
    op.create_table(
        "status_queries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("basis", sa.String(length=32), nullable=False),
        sa.Column("persons", sa.SmallInteger(), nullable=False),
        sa.Column("recipients", sa.SmallInteger(), nullable=False),
        sa.Column("asked_at", _INSTANT, nullable=False),
        sa.CheckConstraint(
            "persons > 0 AND recipients BETWEEN 0 AND persons", name=op.f("status_queries_persons_check")
        ),
        sa.ForeignKeyConstraint(["partner_id"], ["query_partners.id"], name=op.f("status_queries_partner_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("status_queries_pkey")),
    )
    op.create_index(op.f("status_queries_partner_id_id_idx"), "status_queries", ["partner_id", "id"])
    op.create_index(op.f("status_queries_division_id_idx"), "status_queries", ["division", "id"])
    op.create_index(op.f("status_queries_asked_at_idx"), "status_queries", ["asked_at"])


def _create_lines() -> None:
    op.create_table(
        "status_query_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("query_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("id_number_index", sa.LargeBinary(), nullable=False),
        sa.Column("citizen_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("application_id", sa.Uuid(), nullable=True),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("recipient", sa.Boolean(), nullable=False),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", _INSTANT, nullable=False),
        sa.CheckConstraint("recipient = (application_id IS NOT NULL)", name=op.f("status_query_lines_recipient_check")),
        sa.ForeignKeyConstraint(["query_id"], ["status_queries.id"], name=op.f("status_query_lines_query_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("status_query_lines_pkey")),
        sa.UniqueConstraint("query_id", "position", name=op.f("status_query_lines_query_id_position_key")),
    )
    for column in ("citizen_id", "member_id", "asked_at"):
        op.create_index(op.f(f"status_query_lines_{column}_idx"), "status_query_lines", [column])


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
