"""Agencies that are asked by files: batches of questions, their lines, and the files of answers.

Expand step: three new tables, and an index of what waits for a file.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.retention import ERASER_ROLE
from migrations.rights import keep_within_reach

revision: str = "r0700"
down_revision: str | None = "r0720"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_batches()
    _create_lines()
    _create_files()
    op.create_index(
        "checks_to_gather_idx",
        "checks",
        ["county", "partner", "item", "next_attempt_at"],
        postgresql_where=sa.text("mode = 'batch' AND status = 'requested' AND ticket IS NULL"),
    )
    # Workings, for who watches the agencies; a citizen is told of his own case by its report and timeline.
    keep_within_reach("check_batches", "division BETWEEN :low AND :high AND :owner IS NULL")
    keep_within_reach("check_batch_files", "division BETWEEN :low AND :high AND :owner IS NULL")
    keep_within_reach("check_batch_lines", "division BETWEEN :low AND :high AND :owner IS NULL")
    op.execute(f"GRANT SELECT, DELETE ON check_batch_lines TO {ERASER_ROLE}")


def _create_batches() -> None:
    op.create_table(
        "check_batches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("partner", sa.String(length=32), nullable=False),
        sa.Column("item", sa.String(length=32), nullable=False),
        sa.Column("serial", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("opened_at", _INSTANT, nullable=False),
        sa.Column("sent_at", _INSTANT, nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("next_at", _INSTANT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_failure", sa.String(length=16), nullable=True),
        sa.Column("files", sa.SmallInteger(), nullable=False),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("check_batches_pkey")),
        sa.UniqueConstraint("serial", name=op.f("check_batches_serial_key")),
    )
    op.create_index(op.f("check_batches_division_opened_at_idx"), "check_batches", ["division", "opened_at"])
    op.create_index(
        "check_batches_due_idx", "check_batches", ["next_at"], postgresql_where=sa.text("next_at IS NOT NULL")
    )


def _create_lines() -> None:
    op.create_table(
        "check_batch_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=True),
        sa.Column("file", sa.SmallInteger(), nullable=True),
        sa.Column("settled_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("check_batch_lines_application_id_fkey")
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["check_batches.id"], name=op.f("check_batch_lines_batch_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("check_batch_lines_pkey")),
        sa.UniqueConstraint("batch_id", "check_id", name=op.f("check_batch_lines_batch_id_check_id_key")),
    )
    op.create_index(op.f("check_batch_lines_application_id_idx"), "check_batch_lines", ["application_id"])
    op.create_index(
        "check_batch_lines_one_open_key",
        "check_batch_lines",
        ["check_id"],
        unique=True,
        postgresql_where=sa.text("status = 'open'"),
    )


def _create_files() -> None:
    op.create_table(
        "check_batch_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("bad", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("found_at", _INSTANT, nullable=False),
        sa.Column("read_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["check_batches.id"], name=op.f("check_batch_files_batch_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("check_batch_files_pkey")),
        sa.UniqueConstraint("batch_id", "number", name=op.f("check_batch_files_batch_id_number_key")),
    )


def downgrade() -> None:
    op.drop_index("checks_to_gather_idx", table_name="checks")
    for table in ("check_batch_files", "check_batch_lines", "check_batches"):
        op.drop_table(table)
