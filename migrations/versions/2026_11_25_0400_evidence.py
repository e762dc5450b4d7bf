"""Evidence: for whom, why and what of an act; the Merkle tree over all records and its signed checkpoints.

Expand and backfill in one: every new column has a default, so that processes of the version before go on writing;
records of before get the case they are about where it is their object. Their words about a look at a reporter, which
stood in `purpose`, move into `detail`: from now on `purpose` is a code.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.rights import make_append_only

revision: str = "r0040"
down_revision: str | None = "r0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEYS_ROLE = "dibao_keys"  # seals anew what lies under an old key
APPEND_ONLY = ("audit_leaves", "audit_tiles", "audit_checkpoints", "audit_keys")
_INSTANT = sa.DateTime(timezone=True)
_IDS = postgresql.ARRAY(sa.Uuid())

_WORDS = """
    UPDATE audit_records SET detail = detail || jsonb_build_object('words', purpose), purpose = 'complaint_handling'
    WHERE action = 'complaint.view_reporter'
"""
_PURPOSES = """
    UPDATE audit_records SET detail = detail || jsonb_build_object('program', purpose), purpose = 'verification'
    WHERE action IN ('checks.open', 'check.answer_manually')
"""
_CASES = """
    UPDATE audit_records AS r SET applications = ARRAY[a.id], citizens = ARRAY[a.applicant_id]
    FROM applications AS a WHERE r.object_type = 'application' AND r.object_id = a.id
"""
_LOOKS = """
    UPDATE audit_records SET look = true, purpose = coalesce(purpose, 'casework')
    WHERE action LIKE '%.read' OR action IN ('assessment.preview', 'payroll.take_roster', 'complaint.view_reporter')
"""


def upgrade() -> None:
    for column in (
        sa.Column("actor_division", sa.String(length=12), nullable=True),
        sa.Column("actor_level", sa.String(length=16), nullable=True),
        sa.Column("look", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("object_version", sa.Integer(), nullable=True),
        sa.Column("citizens", _IDS, server_default="{}", nullable=False),
        sa.Column("applications", _IDS, server_default="{}", nullable=False),
        sa.Column("before_digest", sa.LargeBinary(), nullable=True),
        sa.Column("after_digest", sa.LargeBinary(), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("reason_digest", sa.LargeBinary(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), server_default="", nullable=False),
        sa.Column(
            "txid", sa.BigInteger(), server_default=sa.text("(pg_current_xact_id()::text)::bigint"), nullable=False
        ),
    ):
        op.add_column("audit_records", column)
    for statement in (_WORDS, _PURPOSES, _CASES, _LOOKS):
        op.execute(statement)
    op.create_check_constraint("look_has_purpose", "audit_records", "NOT look OR purpose IS NOT NULL")
    op.create_check_constraint("purpose_is_code", "audit_records", "purpose ~ '^[a-z_]{1,32}$'")
    op.create_index(op.f("audit_records_txid_id_idx"), "audit_records", ["txid", "id"], unique=False)
    for name in ("citizens", "applications"):
        op.create_index(
            f"audit_records_{name}_idx",
            "audit_records",
            [name],
            unique=False,
            postgresql_using="gin",
            postgresql_where=sa.text(f"{name} <> '{{}}'"),
        )
    _create_tree()
    make_append_only(*APPEND_ONLY)
    op.execute(f"GRANT SELECT, UPDATE (reason_sealed) ON audit_records TO {KEYS_ROLE}")


def _create_tree() -> None:
    op.create_table(
        "audit_leaves",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("audit_leaves_pkey")),
        info={"append_only": True},
    )
    op.create_index("audit_leaves_record_id_key", "audit_leaves", ["record_id"], unique=True)
    op.create_table(
        "audit_tiles",
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "position", name=op.f("audit_tiles_pkey")),
        info={"append_only": True},
    )
    op.create_table(
        "audit_checkpoints",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("key_id", sa.String(length=8), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("edge", sa.LargeBinary(), nullable=False),
        sa.Column("last_txid", sa.BigInteger(), nullable=False),
        sa.Column("last_record_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("audit_checkpoints_pkey")),
        info={"append_only": True},
    )
    op.create_table(
        "audit_keys",
        sa.Column("id", sa.String(length=8), nullable=False),
        sa.Column("verifier_key", sa.Text(), nullable=False),
        sa.Column("since", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("audit_keys_pkey")),
        info={"append_only": True},
    )


def downgrade() -> None:
    op.execute(f"REVOKE SELECT, UPDATE (reason_sealed) ON audit_records FROM {KEYS_ROLE}")
    op.drop_table("audit_keys")
    op.drop_table("audit_checkpoints")
    op.drop_table("audit_tiles")
    op.drop_index("audit_leaves_record_id_key", table_name="audit_leaves")
    op.drop_table("audit_leaves")
    for name in ("applications", "citizens"):
        op.drop_index(
            f"audit_records_{name}_idx",
            table_name="audit_records",
            postgresql_using="gin",
            postgresql_where=sa.text(f"{name} <> '{{}}'"),
        )
    op.drop_index(op.f("audit_records_txid_id_idx"), table_name="audit_records")
    op.drop_constraint(op.f("audit_records_purpose_is_code_check"), "audit_records", type_="check")
    op.drop_constraint(op.f("audit_records_look_has_purpose_check"), "audit_records", type_="check")
    for column in (
        "txid", "salt", "reason_digest", "reason_sealed", "after_digest", "before_digest", "applications", "citizens",
        "object_version", "look", "actor_level", "actor_division",
    ):  # fmt: skip
        op.drop_column("audit_records", column)
