"""Holds, what is left of erased files, the nights' runs; and who may erase.

`dibao_eraser` removes rows of closed cases, in tables too that are append-only for the application, and empties columns
of rows that something kept longer hangs on. It inserts nothing but tombstones, runs and audit records, and no web
process works as it. What was erased stays provable: the audit's leaves hold digests alone.

Expand: `applications.erased_at` is new; `decisions.body_sealed`, `assessments.body_sealed` and
`pay_lines.account_sealed` may be null, which the code before never writes and only meets in cases that closed years
ago.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.rights import create_role, make_append_only

revision: str = "r0120"
down_revision: str | None = "r0060"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ERASER = "dibao_eraser"
KEYS_ROLE = "dibao_keys"

# What goes as whole rows.
DELETED = (
    "appraisals", "application_steps", "assessments", "authorisations", "award_hearings", "checks", "citizens",
    "claims",
    "complaint_reporters", "complaints", "conflict_registrations", "decision_deliveries", "decisions",
    "declared_relatives", "documents", "household_reports", "line_settlements", "members", "messages", "notices",
    "objections", "one_time_codes", "opinions", "payout_accounts", "refresh_tokens", "reviews", "send_backs",
    "session_epochs", "sessions", "visit_signatures", "visits",
)  # fmt: skip
# What is emptied where the row has to stay; UPDATE of one column is also what locks a row before it goes.
EMPTIED = {
    "applications": (
        "applicant_id", "applicant_name", "number", "lookup_code", "answers_sealed", "answers", "field_versions",
        "address_sealed", "missing_sealed", "ended_reason_sealed", "erased_at", "version",
    ),
    "assessments": ("body_sealed",),
    "audit_records": ("reason_sealed",),
    "awards": ("beneficiary_id", "payee_name", "stop_reason_sealed", "version"),
    "citizens": ("name",),
    "complaints": ("version",),
    "decisions": ("body_sealed",),
    "declared_relatives": ("ended_at",),
    "messages": ("status",),
    "notices": ("applicant_name",),
    "one_time_codes": ("used_at",),
    "pay_lines": ("account_index", "account_sealed", "beneficiary_id", "disputed_word", "payee_name"),
    "sessions": ("revoked_at",),
    "uploads": ("attached_at", "discarded_at"),
}  # fmt: skip
READ = ("divisions", "parameters", "legal_holds", "data_keys", "alembic_version")


def upgrade() -> None:
    op.create_table(
        "legal_holds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("ground", sa.String(length=16), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("placed_by", sa.Uuid(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_reason_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("ground IN ('complaint', 'lawsuit', 'audit')", name=op.f("legal_holds_ground_check")),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by IS NULL) AND (lifted_at IS NULL) = (lifted_reason_sealed IS NULL)",
            name=op.f("legal_holds_lifted_check"),
        ),
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name=op.f("legal_holds_application_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("legal_holds_pkey")),
    )
    op.create_index("legal_holds_division_id_idx", "legal_holds", ["division", "id"])
    op.create_index(
        "legal_holds_standing_idx", "legal_holds", ["application_id"], postgresql_where=sa.text("lifted_at IS NULL")
    )
    op.create_table(
        "erasures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("kept", sa.String(length=32), nullable=False),
        sa.Column("period", sa.String(length=16), nullable=False),
        sa.Column("basis", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name=op.f("erasures_application_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("erasures_pkey")),
        sa.UniqueConstraint("application_id", "kept", name=op.f("erasures_application_id_kept_key")),
    )
    op.create_index("erasures_division_id_idx", "erasures", ["division", "id"])
    op.create_table(
        "retention_runs",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("day", name=op.f("retention_runs_pkey")),
    )
    op.add_column("applications", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.alter_column("decisions", "body_sealed", existing_type=sa.LargeBinary(), nullable=True)
    op.alter_column("assessments", "body_sealed", existing_type=sa.LargeBinary(), nullable=True)
    op.alter_column("pay_lines", "account_sealed", existing_type=sa.LargeBinary(), nullable=True)
    make_append_only("erasures")
    op.execute(f"GRANT SELECT, UPDATE (reason_sealed, lifted_reason_sealed) ON legal_holds TO {KEYS_ROLE}")
    _give_rights()


def _give_rights() -> None:
    create_role(ERASER)
    op.execute(f"GRANT USAGE ON SCHEMA public TO {ERASER}")
    op.execute(f"GRANT SELECT ON {', '.join(READ)} TO {ERASER}")
    op.execute(f"GRANT SELECT, INSERT ON erasures, audit_records TO {ERASER}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON retention_runs TO {ERASER}")
    op.execute(f"GRANT SELECT, DELETE ON {', '.join(DELETED)} TO {ERASER}")
    for table, columns in EMPTIED.items():
        op.execute(f"GRANT SELECT, UPDATE ({', '.join(columns)}) ON {table} TO {ERASER}")


def downgrade() -> None:
    # What was erased cannot come back: the columns stay nullable.
    for table, columns in EMPTIED.items():
        op.execute(f"REVOKE SELECT, UPDATE ({', '.join(columns)}) ON {table} FROM {ERASER}")
    for table in ("audit_records", *READ, *DELETED):
        op.execute(f"REVOKE ALL ON {table} FROM {ERASER}")
    op.execute(f"REVOKE USAGE ON SCHEMA public FROM {ERASER}")
    op.drop_column("applications", "erased_at")
    op.drop_table("retention_runs")
    op.drop_index("erasures_division_id_idx", table_name="erasures")
    op.drop_table("erasures")
    op.drop_index("legal_holds_standing_idx", table_name="legal_holds")
    op.drop_index("legal_holds_division_id_idx", table_name="legal_holds")
    op.drop_table("legal_holds")
