"""Letters for evidence: who outside a household was asked what about whom, and what came of it.

Expand step: one new table, a column without a value, letters to nobody of the household, and a wider rule.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.keys import KEYS_ROLE
from app.retention import ERASER_ROLE
from migrations.rights import keep_within_reach, lift_reach

revision: str = "r0840"
down_revision: str | None = "r0830"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_INSTANT = sa.DateTime(timezone=True)
_SEALED = (
    "addressee_name_sealed, addressee_address_sealed, words_sealed, answers_sealed, remarks_sealed, set_aside_sealed"
)
_PAPERS = "EXISTS (SELECT 1 FROM documents WHERE documents.upload_id = uploads.id)"
_SCANS = "EXISTS (SELECT 1 FROM checks WHERE checks.scan_upload_id = uploads.id)"
_ANSWERS = "EXISTS (SELECT 1 FROM evidence_letters WHERE evidence_letters.scan_upload_id = uploads.id)"


def _uploads(*kept: str) -> str:
    return f"owner_id = :owner OR (:owner IS NULL AND (:everywhere OR owner_id = :actor OR {' OR '.join(kept)}))"


def upgrade() -> None:
    op.create_table(
        "evidence_letters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("authorisation_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("addressee_kind", sa.String(length=32), nullable=False),
        sa.Column("addressee_form", sa.String(length=16), nullable=False),
        sa.Column("addressee_name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("addressee_address_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("asked", postgresql.JSONB(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("law", postgresql.JSONB(), nullable=False),
        sa.Column("answer_days", sa.SmallInteger(), nullable=False),
        sa.Column("answer_basis", sa.String(length=255), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", _INSTANT, nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("sent_way", sa.String(length=16), nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("answer_by_provisional", sa.Boolean(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("answers_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("remarks_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("scan_upload_id", sa.Uuid(), nullable=True),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.Column("entered_at", _INSTANT, nullable=True),
        sa.Column("set_aside_by", sa.Uuid(), nullable=True),
        sa.Column("set_aside_at", _INSTANT, nullable=True),
        sa.Column("set_aside_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(sent_on IS NULL) = (visit_id IS NULL) AND (sent_on IS NULL) = (answer_by IS NULL)",
            name=op.f("evidence_letters_sent_check"),
        ),
        sa.CheckConstraint(
            "sent_on IS NOT NULL OR status IN ('written', 'discarded', 'cancelled')",
            name=op.f("evidence_letters_sent_first_check"),
        ),
        sa.CheckConstraint(
            "(status = 'answered') = (received_on IS NOT NULL) AND (received_on IS NULL) = (entered_by IS NULL) "
            "AND (received_on IS NULL) = (answers_sealed IS NULL)",
            name=op.f("evidence_letters_answered_check"),
        ),
        sa.CheckConstraint(
            "(set_aside_by IS NULL) = (set_aside_sealed IS NULL)", name=op.f("evidence_letters_set_aside_check")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("evidence_letters_application_id_fkey")
        ),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("evidence_letters_review_id_fkey")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("evidence_letters_visit_id_fkey")),
        sa.ForeignKeyConstraint(
            ["authorisation_id", "application_id", "member_id"],
            ["authorisations.id", "authorisations.application_id", "authorisations.member_id"],
            name="evidence_letters_authorised_fkey",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("evidence_letters_pkey")),
    )
    for columns in (
        ["application_id", "id"],
        ["authorisation_id", "application_id", "member_id"],
        ["review_id"],
        ["visit_id"],
    ):
        op.create_index(op.f(f"evidence_letters_{'_'.join(columns)}_idx"), "evidence_letters", columns)
    op.create_index(
        "evidence_letters_due_idx", "evidence_letters", ["answer_by"], postgresql_where=sa.text("status = 'sent'")
    )
    op.create_index(
        "evidence_letters_scan_idx",
        "evidence_letters",
        ["scan_upload_id"],
        postgresql_where=sa.text("scan_upload_id IS NOT NULL"),
    )
    op.execute(f"GRANT SELECT, UPDATE ({_SEALED}) ON evidence_letters TO {KEYS_ROLE}")
    op.execute(f"GRANT SELECT, DELETE ON evidence_letters TO {ERASER_ROLE}")
    keep_within_reach(
        "evidence_letters",
        "division BETWEEN :low AND :high AND (:owner IS NULL OR "
        "EXISTS (SELECT 1 FROM applications WHERE applications.id = evidence_letters.application_id))",
    )
    op.add_column("opinions", sa.Column("evidence_sealed", sa.LargeBinary(), nullable=True))
    op.execute(f"GRANT UPDATE (evidence_sealed) ON opinions TO {KEYS_ROLE}")
    op.alter_column("letters", "citizen_id", existing_type=sa.Uuid(), nullable=True)
    lift_reach("uploads")
    keep_within_reach("uploads", _uploads(_PAPERS, _SCANS, _ANSWERS))


def downgrade() -> None:
    lift_reach("uploads")
    keep_within_reach("uploads", _uploads(_PAPERS, _SCANS))
    op.execute("DELETE FROM letters WHERE citizen_id IS NULL")
    op.alter_column("letters", "citizen_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_column("opinions", "evidence_sealed")
    op.drop_table("evidence_letters")
