"""The first schema: every table, the job queue, and what the application's role may do.

Expand step; there is nothing before it.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.queue import create_queue, drop_queue
from migrations.rights import create_role, grant_all, make_append_only

revision: str = "r0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

APPEND_ONLY = (
    "audit_records",
    "events",
    "postings",
    "assessments",
    "appraisals",
    "decisions",
    "objections",
    "opinions",
    "send_backs",
    "visits",
    "decision_deliveries",
    "visit_signatures",
    "line_settlements",
)


def upgrade() -> None:
    create_queue()
    op.create_table(
        "applications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=True),
        sa.Column("lookup_code", sa.String(length=16), nullable=True),
        sa.Column("program", sa.String(length=32), nullable=False),
        sa.Column("form_version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("applicant_id", sa.Uuid(), nullable=False),
        sa.Column("applicant_name", sa.Text(), nullable=False),
        sa.Column("area_class", sa.String(length=8), nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("field_versions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("missing_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("ended_reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("relative_of_staff", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("supplement_requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decide_by", sa.Date(), nullable=True),
        sa.Column("decide_by_provisional", sa.Boolean(), nullable=False),
        sa.Column("extended_reason", sa.String(length=32), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("applications_pkey")),
    )
    op.create_index(op.f("applications_applicant_id_idx"), "applications", ["applicant_id"], unique=False)
    op.create_index(op.f("applications_division_status_idx"), "applications", ["division", "status"], unique=False)
    op.create_index("applications_number_key", "applications", ["number"], unique=True)
    op.create_table(
        "audit_records",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=True),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("actor_role", sa.String(length=32), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("object_type", sa.String(length=32), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("trace", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("audit_records_pkey")),
        info={"append_only": True},
    )
    op.create_index(op.f("audit_records_county_at_idx"), "audit_records", ["county", "at"], unique=False)
    op.create_index(op.f("audit_records_object_id_at_idx"), "audit_records", ["object_id", "at"], unique=False)
    op.create_table(
        "calendar_days",
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.CheckConstraint("area ~ '^[0-9]{12}$'", name=op.f("calendar_days_area_check")),
        sa.PrimaryKeyConstraint("area", "day", name=op.f("calendar_days_pkey")),
    )
    op.create_table(
        "calendar_years",
        sa.Column("year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("announced", sa.Boolean(), nullable=False),
        sa.Column("days_from", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint("days_from IN ('package', 'rows')", name=op.f("calendar_years_days_from_check")),
        sa.PrimaryKeyConstraint("year", name=op.f("calendar_years_pkey")),
    )
    op.create_table(
        "citizens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_index", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("id_number_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id_number_index", sa.LargeBinary(), nullable=True),
        sa.Column("real_name_proved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("citizens_pkey")),
    )
    op.create_index("citizens_id_number_index_key", "citizens", ["id_number_index"], unique=True)
    op.create_index("citizens_phone_index_key", "citizens", ["phone_index"], unique=True)
    op.create_table(
        "claims",
        sa.Column("kind", sa.String(length=48), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("claims_pkey")),
    )
    op.create_index(op.f("claims_application_id_idx"), "claims", ["application_id"], unique=False)
    op.create_table(
        "complaints",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("code_index", sa.LargeBinary(), nullable=False),
        sa.Column("category", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("application_number", sa.String(length=32), nullable=True),
        sa.Column("application_id", sa.Uuid(), nullable=True),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_provisional", sa.Boolean(), nullable=False),
        sa.Column("due_basis", sa.String(length=64), nullable=True),
        sa.Column("assigned_to", sa.Uuid(), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("complaints_pkey")),
    )
    op.create_index(op.f("complaints_application_id_idx"), "complaints", ["application_id"], unique=False)
    op.create_index(op.f("complaints_assigned_to_idx"), "complaints", ["assigned_to"], unique=False)
    op.create_index(op.f("complaints_division_status_idx"), "complaints", ["division", "status"], unique=False)
    op.create_index(
        "complaints_due_idx",
        "complaints",
        ["county", "due_on"],
        unique=False,
        postgresql_where=sa.text("status IN ('received', 'assigned')"),
    )
    op.create_index("complaints_number_key", "complaints", ["number"], unique=True)
    op.create_table(
        "divisions",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("parent_code", sa.Text(), nullable=True),
        sa.Column("urban", sa.Boolean(), nullable=True),
        sa.Column("successor_code", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint("code ~ '^[1-9][0-9]{11}$'", name=op.f("divisions_code_check")),
        sa.CheckConstraint(
            "level IN ('province', 'prefecture', 'county', 'township', 'village')", name=op.f("divisions_level_check")
        ),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("divisions_validity_check")),
        sa.PrimaryKeyConstraint("code", "valid_from", name=op.f("divisions_pkey")),
    )
    op.create_index(op.f("divisions_parent_code_code_idx"), "divisions", ["parent_code", "code"], unique=False)
    op.create_table(
        "events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "txid", sa.BigInteger(), server_default=sa.text("(pg_current_xact_id()::text)::bigint"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("events_pkey")),
        sa.UniqueConstraint("subject", "sequence", name=op.f("events_subject_sequence_key")),
        info={"append_only": True},
    )
    op.create_index(op.f("events_occurred_at_idx"), "events", ["occurred_at"], unique=False, postgresql_using="brin")
    op.create_index(op.f("events_txid_id_idx"), "events", ["txid", "id"], unique=False)
    op.create_table(
        "guesses",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("guesses_pkey")),
    )
    op.create_index(op.f("guesses_since_idx"), "guesses", ["since"], unique=False)
    op.create_table(
        "kept_answers",
        sa.Column("scope", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("kept_answers_pkey")),
    )
    op.create_index(op.f("kept_answers_kept_at_idx"), "kept_answers", ["kept_at"], unique=False)
    op.create_table(
        "limit_counts",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("limit_counts_pkey")),
    )
    op.create_index(op.f("limit_counts_ends_at_idx"), "limit_counts", ["ends_at"], unique=False)
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("citizen_id", sa.Uuid(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("template", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("queued_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("messages_pkey")),
    )
    op.create_index(op.f("messages_citizen_id_idx"), "messages", ["citizen_id"], unique=False)
    op.create_index(
        "messages_due_idx",
        "messages",
        ["next_attempt_at"],
        unique=False,
        postgresql_where=sa.text("status = 'waiting'"),
    )
    op.create_index("messages_event_id_template_key", "messages", ["event_id", "template"], unique=True)
    op.create_table(
        "one_time_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_index", sa.LargeBinary(), nullable=False),
        sa.Column("code_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("one_time_codes_pkey")),
    )
    op.create_index(
        op.f("one_time_codes_phone_index_created_at_idx"), "one_time_codes", ["phone_index", "created_at"], unique=False
    )
    op.create_table(
        "parameters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("program", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("area ~ '^[0-9]{12}$'", name=op.f("parameters_area_check")),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("parameters_validity_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("parameters_pkey")),
        sa.UniqueConstraint(
            "program", "name", "area", "valid_from", name=op.f("parameters_program_name_area_valid_from_key")
        ),
    )
    op.create_table(
        "payout_accounts",
        sa.Column("citizen_id", sa.Uuid(), nullable=False),
        sa.Column("holder_name", sa.Text(), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("account_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("account_index", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("citizen_id", name=op.f("payout_accounts_pkey")),
    )
    op.create_index(op.f("payout_accounts_account_index_idx"), "payout_accounts", ["account_index"], unique=False)
    op.create_table(
        "payrolls",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("program", sa.String(length=32), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("seq", sa.SmallInteger(), nullable=False),
        sa.Column("of_payroll_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column("excluded_count", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("built_by", sa.Uuid(), nullable=False),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rejected_by", sa.Uuid(), nullable=True),
        sa.Column("rejected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reject_reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("released_by", sa.Uuid(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ask_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("check_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("extract(day FROM month) = 1", name=op.f("payrolls_month_check")),
        sa.ForeignKeyConstraint(["of_payroll_id"], ["payrolls.id"], name=op.f("payrolls_of_payroll_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("payrolls_pkey")),
        sa.UniqueConstraint(
            "county", "program", "month", "kind", "seq", name=op.f("payrolls_county_program_month_kind_seq_key")
        ),
    )
    op.create_index(
        "payrolls_ask_after_idx",
        "payrolls",
        ["ask_after"],
        unique=False,
        postgresql_where=sa.text("ask_after IS NOT NULL"),
    )
    op.create_index(
        "payrolls_check_after_idx",
        "payrolls",
        ["check_after"],
        unique=False,
        postgresql_where=sa.text("check_after IS NOT NULL"),
    )
    op.create_index(op.f("payrolls_division_id_idx"), "payrolls", ["division", "id"], unique=False)
    op.create_index("payrolls_number_key", "payrolls", ["number"], unique=True)
    op.create_index(
        "payrolls_one_regular_key",
        "payrolls",
        ["county", "program", "month"],
        unique=True,
        postgresql_where=sa.text("kind = 'regular' AND status <> 'rejected'"),
    )
    op.create_table(
        "postings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("debit", sa.String(length=64), nullable=False),
        sa.Column("credit", sa.String(length=64), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("cause_type", sa.String(length=16), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("postings_amount_check")),
        sa.CheckConstraint("debit <> credit", name=op.f("postings_sides_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("postings_pkey")),
        sa.UniqueConstraint("cause_id", "cause_type", name=op.f("postings_cause_id_cause_type_key")),
        info={"append_only": True},
    )
    op.create_index(op.f("postings_credit_idx"), "postings", ["credit"], unique=False)
    op.create_index(op.f("postings_debit_idx"), "postings", ["debit"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("sessions_pkey")),
    )
    op.create_index(op.f("sessions_subject_id_idx"), "sessions", ["subject_id"], unique=False)
    op.create_table(
        "staff",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("staff_pkey")),
        sa.UniqueConstraint("username", name=op.f("staff_username_key")),
    )
    op.create_index(op.f("staff_division_idx"), "staff", ["division"], unique=False)
    op.create_table(
        "standards",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("program", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("area_class", sa.Text(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("per", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint("area ~ '^[0-9]{12}$'", name=op.f("standards_area_check")),
        sa.CheckConstraint("period IN ('month', 'year')", name=op.f("standards_period_check")),
        sa.CheckConstraint("amount_fen > 0", name=op.f("standards_amount_check")),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("standards_validity_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("standards_pkey")),
        sa.UniqueConstraint(
            "program", "area", "area_class", "valid_from", name=op.f("standards_program_area_area_class_valid_from_key")
        ),
    )
    op.create_table(
        "uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=64), nullable=True),
        sa.Column("stored_size", sa.Integer(), nullable=True),
        sa.Column("stored_sha256", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tidied_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("uploads_pkey")),
    )
    op.create_index(
        "uploads_expiring_idx", "uploads", ["created_at"], unique=False, postgresql_where=sa.text("attached_at IS NULL")
    )
    op.create_index(
        "uploads_unattached_idx", "uploads", ["owner_id"], unique=False, postgresql_where=sa.text("attached_at IS NULL")
    )
    op.create_index(
        "uploads_untidied_idx", "uploads", ["completed_at"], unique=False, postgresql_where=sa.text("tidied_at IS NULL")
    )
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("county_low", sa.String(length=6), nullable=False),
        sa.Column("county_high", sa.String(length=6), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("event_types", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("previous_secret_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("previous_secret_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("status_reason", sa.String(length=32), nullable=True),
        sa.Column("status_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("webhook_endpoints_pkey")),
    )
    op.create_index(op.f("webhook_endpoints_division_idx"), "webhook_endpoints", ["division"], unique=False)
    op.create_index(op.f("webhook_endpoints_status_idx"), "webhook_endpoints", ["status"], unique=False)
    op.create_table(
        "application_steps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("responsible", sa.String(length=16), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.String(length=64), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("application_steps_application_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("application_steps_pkey")),
    )
    op.create_index(
        "application_steps_application_id_position_key",
        "application_steps",
        ["application_id", "position"],
        unique=True,
    )
    op.create_index(
        "application_steps_due_idx",
        "application_steps",
        ["county", "due_on"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "application_steps_one_open_per_kind_key",
        "application_steps",
        ["application_id", "kind"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "assessments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("program", sa.String(length=32), nullable=False),
        sa.Column("judged_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("monthly_amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("members_counted", sa.SmallInteger(), nullable=False),
        sa.Column("parameter_versions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name=op.f("assessments_application_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("assessments_pkey")),
        info={"append_only": True},
    )
    op.create_index(
        op.f("assessments_application_id_made_at_idx"), "assessments", ["application_id", "made_at"], unique=False
    )
    op.create_table(
        "complaint_reporters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("citizen_index", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name=op.f("complaint_reporters_complaint_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("complaint_reporters_pkey")),
        sa.UniqueConstraint("complaint_id", name=op.f("complaint_reporters_complaint_id_key")),
    )
    op.create_index(
        op.f("complaint_reporters_citizen_index_idx"), "complaint_reporters", ["citizen_index"], unique=False
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("media_type", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name=op.f("documents_application_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("documents_pkey")),
    )
    op.create_index("documents_application_id_upload_id_key", "documents", ["application_id", "upload_id"], unique=True)
    op.create_table(
        "household_reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("fields_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("household_reports_application_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("household_reports_pkey")),
        sa.UniqueConstraint("application_id", "number", name=op.f("household_reports_application_id_number_key")),
    )
    op.create_index(
        "household_reports_one_current_key",
        "household_reports",
        ["application_id"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_table(
        "members",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("relation", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id_number_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id_number_index", sa.LargeBinary(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("profile_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name=op.f("members_application_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("members_pkey")),
    )
    op.create_index(
        "members_application_id_id_number_index_key", "members", ["application_id", "id_number_index"], unique=True
    )
    op.create_index(op.f("members_county_id_number_index_idx"), "members", ["county", "id_number_index"], unique=False)
    op.create_table(
        "notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("program", sa.String(length=32), nullable=False),
        sa.Column("applicant_name", sa.Text(), nullable=False),
        sa.Column("members_count", sa.SmallInteger(), nullable=False),
        sa.Column("monthly_amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("ends_provisional", sa.Boolean(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name=op.f("notices_application_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("notices_pkey")),
        sa.UniqueConstraint("application_id", "kind", "round", name=op.f("notices_application_id_kind_round_key")),
    )
    op.create_index(op.f("notices_division_id_idx"), "notices", ["division", "id"], unique=False)
    op.create_index(
        "notices_due_idx",
        "notices",
        ["ends_on"],
        unique=False,
        postgresql_where=sa.text("status = 'posted' AND kind = 'opinion'"),
    )
    op.create_table(
        "refresh_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("successor_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("refresh_tokens_session_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("refresh_tokens_pkey")),
    )
    op.create_index(op.f("refresh_tokens_session_id_idx"), "refresh_tokens", ["session_id"], unique=False)
    op.create_table(
        "reviews",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("re_survey_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("county_visit_required_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("county_visit_reason", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name=op.f("reviews_application_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("reviews_pkey")),
        sa.UniqueConstraint("application_id", name=op.f("reviews_application_id_key")),
    )
    op.create_index(op.f("reviews_division_status_idx"), "reviews", ["division", "status"], unique=False)
    op.create_table(
        "upload_parts",
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["uploads.id"], name=op.f("upload_parts_upload_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("upload_id", "number", name=op.f("upload_parts_pkey")),
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("event_type", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("attempts_before", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("queued_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["webhook_endpoints.id"], name=op.f("webhook_deliveries_endpoint_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("webhook_deliveries_pkey")),
    )
    op.create_index(
        "webhook_deliveries_due_idx",
        "webhook_deliveries",
        ["next_attempt_at"],
        unique=False,
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_index(
        "webhook_deliveries_endpoint_id_event_id_key", "webhook_deliveries", ["endpoint_id", "event_id"], unique=True
    )
    op.create_table(
        "appraisals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("township_staff", sa.SmallInteger(), nullable=False),
        sa.Column("village_officials", sa.SmallInteger(), nullable=False),
        sa.Column("informed_members", sa.SmallInteger(), nullable=False),
        sa.Column("representatives", sa.SmallInteger(), nullable=False),
        sa.Column("supports", sa.Boolean(), nullable=False),
        sa.Column("conclusion_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name=op.f("appraisals_application_id_fkey")),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("appraisals_review_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("appraisals_pkey")),
        info={"append_only": True},
    )
    op.create_index(op.f("appraisals_application_id_idx"), "appraisals", ["application_id"], unique=False)
    op.create_table(
        "authorisations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("signed_by_member_id", sa.Uuid(), nullable=False),
        sa.Column("text_version", sa.String(length=16), nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("authorisations_application_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("authorisations_member_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("authorisations_pkey")),
        sa.UniqueConstraint(
            "id", "application_id", "member_id", name=op.f("authorisations_id_application_id_member_id_key")
        ),
    )
    op.create_index(op.f("authorisations_application_id_idx"), "authorisations", ["application_id"], unique=False)
    op.create_index(
        "authorisations_one_live_per_member_key",
        "authorisations",
        ["member_id"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("program", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("monthly_amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("members_counted", sa.SmallInteger(), nullable=False),
        sa.Column("first_month", sa.Date(), nullable=True),
        sa.Column("basis", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("remedies", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("parameter_versions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name=op.f("decisions_application_id_fkey")),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessments.id"], name=op.f("decisions_assessment_id_fkey")),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("decisions_review_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("decisions_pkey")),
        sa.UniqueConstraint("application_id", name=op.f("decisions_application_id_key")),
        info={"append_only": True},
    )
    op.create_index(op.f("decisions_division_decided_at_idx"), "decisions", ["division", "decided_at"], unique=False)
    op.create_index("decisions_number_key", "decisions", ["number"], unique=True)
    op.create_table(
        "objections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("code_index", sa.LargeBinary(), nullable=False),
        sa.Column("statement_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("objections_notice_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("objections_pkey")),
        info={"append_only": True},
    )
    op.create_index(op.f("objections_notice_id_idx"), "objections", ["notice_id"], unique=False)
    op.create_index("objections_number_key", "objections", ["number"], unique=True)
    op.create_table(
        "opinions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("favourable", sa.Boolean(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("statement_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("reasons_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name=op.f("opinions_application_id_fkey")),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessments.id"], name=op.f("opinions_assessment_id_fkey")),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("opinions_review_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("opinions_pkey")),
        sa.UniqueConstraint("review_id", "round", name=op.f("opinions_review_id_round_key")),
        info={"append_only": True},
    )
    op.create_index(op.f("opinions_application_id_idx"), "opinions", ["application_id"], unique=False)
    op.create_table(
        "send_backs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("sent_by", sa.Uuid(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name=op.f("send_backs_application_id_fkey")),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("send_backs_review_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("send_backs_pkey")),
        info={"append_only": True},
    )
    op.create_index(op.f("send_backs_application_id_idx"), "send_backs", ["application_id"], unique=False)
    op.create_table(
        "visits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("authority", sa.String(length=16), nullable=False),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("findings_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name=op.f("visits_application_id_fkey")),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("visits_review_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("visits_pkey")),
        info={"append_only": True},
    )
    op.create_index(op.f("visits_application_id_idx"), "visits", ["application_id"], unique=False)
    op.create_table(
        "webhook_attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status_code", sa.SmallInteger(), nullable=True),
        sa.Column("error", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["webhook_deliveries.id"], name=op.f("webhook_attempts_delivery_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("webhook_attempts_pkey")),
    )
    op.create_index(
        "webhook_attempts_delivery_id_number_key", "webhook_attempts", ["delivery_id", "number"], unique=True
    )
    op.create_table(
        "awards",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("beneficiary_id", sa.Uuid(), nullable=False),
        sa.Column("payee_name", sa.Text(), nullable=False),
        sa.Column("program", sa.String(length=32), nullable=False),
        sa.Column("monthly_amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("members_count", sa.SmallInteger(), nullable=False),
        sa.Column("from_month", sa.Date(), nullable=False),
        sa.Column("to_month", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("suspended_reason", sa.String(length=32), nullable=True),
        sa.Column("resumed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stop_ground", sa.String(length=16), nullable=True),
        sa.Column("stop_reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("freed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(status = 'stopped') = (to_month IS NOT NULL)", name=op.f("awards_stopped_check")),
        sa.CheckConstraint("extract(day FROM from_month) = 1", name=op.f("awards_from_month_check")),
        sa.CheckConstraint("monthly_amount_fen > 0", name=op.f("awards_amount_check")),
        sa.CheckConstraint("to_month IS NULL OR extract(day FROM to_month) = 1", name=op.f("awards_to_month_check")),
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name=op.f("awards_application_id_fkey")),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("awards_decision_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("awards_pkey")),
        sa.UniqueConstraint("application_id", name=op.f("awards_application_id_key")),
        sa.UniqueConstraint("decision_id", name=op.f("awards_decision_id_key")),
    )
    op.create_index(op.f("awards_beneficiary_id_idx"), "awards", ["beneficiary_id"], unique=False)
    op.create_index(op.f("awards_county_program_status_idx"), "awards", ["county", "program", "status"], unique=False)
    op.create_index(op.f("awards_division_status_idx"), "awards", ["division", "status"], unique=False)
    op.create_index(
        "awards_to_free_idx",
        "awards",
        ["to_month"],
        unique=False,
        postgresql_where=sa.text("status = 'stopped' AND freed_at IS NULL"),
    )
    op.create_table(
        "checks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=32), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("partner", sa.String(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("authorisation_id", sa.Uuid(), nullable=False),
        sa.Column("operator", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("ticket", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("attempts_before", sa.Integer(), nullable=False),
        sa.Column("last_failure", sa.String(length=16), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=True),
        sa.Column("facts_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entered_outcome", sa.String(length=8), nullable=True),
        sa.Column("entered_facts_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(outcome IS NOT NULL AND outcome = 'hit') = (facts_sealed IS NOT NULL)",
            name=op.f("checks_facts_when_hit_check"),
        ),
        sa.CheckConstraint(
            "(status = 'answered') = (outcome IS NOT NULL)", name=op.f("checks_outcome_when_answered_check")
        ),
        sa.CheckConstraint("purpose <> '' AND operator <> ''", name=op.f("checks_grounds_check")),
        sa.CheckConstraint(
            "(entered_by IS NULL) = (entered_outcome IS NULL) AND (answered_by IS NULL OR answered_by = entered_by)",
            name=op.f("checks_entered_by_somebody_check"),
        ),
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name=op.f("checks_application_id_fkey")),
        sa.ForeignKeyConstraint(
            ["authorisation_id", "application_id", "member_id"],
            ["authorisations.id", "authorisations.application_id", "authorisations.member_id"],
            name=op.f("checks_authorisation_id_application_id_member_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("checks_pkey")),
        sa.UniqueConstraint(
            "application_id", "member_id", "item", "round", name=op.f("checks_application_id_member_id_item_round_key")
        ),
    )
    op.create_index(op.f("checks_division_status_idx"), "checks", ["division", "status"], unique=False)
    op.create_index(
        "checks_due_idx",
        "checks",
        ["next_attempt_at"],
        unique=False,
        postgresql_where=sa.text("next_attempt_at IS NOT NULL"),
    )
    op.create_table(
        "decision_deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("decision_deliveries_decision_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("decision_deliveries_pkey")),
        sa.UniqueConstraint("decision_id", name=op.f("decision_deliveries_decision_id_key")),
        info={"append_only": True},
    )
    op.create_table(
        "visit_signatures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("signer_kind", sa.String(length=16), nullable=False),
        sa.Column("signer_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("visit_signatures_application_id_fkey")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("visit_signatures_visit_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("visit_signatures_pkey")),
        sa.UniqueConstraint("visit_id", "signer_id", name=op.f("visit_signatures_visit_id_signer_id_key")),
        info={"append_only": True},
    )
    op.create_index(op.f("visit_signatures_application_id_idx"), "visit_signatures", ["application_id"], unique=False)
    op.create_table(
        "award_hearings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.String(length=16), nullable=False),
        sa.Column("heard_on", sa.Date(), nullable=False),
        sa.Column("heard_by", sa.Uuid(), nullable=False),
        sa.Column("opinion_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("award_hearings_award_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("award_hearings_pkey")),
    )
    op.create_index(op.f("award_hearings_award_id_idx"), "award_hearings", ["award_id"], unique=False)
    op.create_table(
        "pay_exclusions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("payroll_id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("months", sa.SmallInteger(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("pay_exclusions_award_id_fkey")),
        sa.ForeignKeyConstraint(["payroll_id"], ["payrolls.id"], name=op.f("pay_exclusions_payroll_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("pay_exclusions_pkey")),
    )
    op.create_index(
        op.f("pay_exclusions_payroll_id_award_id_idx"), "pay_exclusions", ["payroll_id", "award_id"], unique=True
    )
    op.create_table(
        "pay_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("payroll_id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("program", sa.String(length=32), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("cause", sa.String(length=36), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("beneficiary_id", sa.Uuid(), nullable=False),
        sa.Column("payee_name", sa.Text(), nullable=False),
        sa.Column("bank_code", sa.String(length=16), nullable=False),
        sa.Column("account_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("account_index", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("failure", sa.String(length=16), nullable=True),
        sa.Column("failure_code", sa.String(length=16), nullable=True),
        sa.Column("transaction_no", sa.String(length=200), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dispute", sa.String(length=32), nullable=True),
        sa.Column("disputed_word", sa.Text(), nullable=True),
        sa.CheckConstraint("(kind = 'reissue') = (cause <> 'entitlement')", name=op.f("pay_lines_cause_check")),
        sa.CheckConstraint(
            "(status = 'paid') = (transaction_no IS NOT NULL AND paid_on IS NOT NULL)",
            name=op.f("pay_lines_paid_check"),
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("pay_lines_amount_check")),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("pay_lines_award_id_fkey")),
        sa.ForeignKeyConstraint(["payroll_id"], ["payrolls.id"], name=op.f("pay_lines_payroll_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("pay_lines_pkey")),
        sa.UniqueConstraint("award_id", "month", "cause", name=op.f("pay_lines_award_id_month_cause_key")),
        sa.UniqueConstraint(
            "county",
            "program",
            "beneficiary_id",
            "month",
            "cause",
            name=op.f("pay_lines_county_program_beneficiary_id_month_cause_key"),
        ),
    )
    op.create_index(op.f("pay_lines_beneficiary_id_id_idx"), "pay_lines", ["beneficiary_id", "id"], unique=False)
    op.create_index(op.f("pay_lines_payroll_id_id_idx"), "pay_lines", ["payroll_id", "id"], unique=False)
    op.create_table(
        "line_settlements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("payroll_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("status_before", sa.String(length=16), nullable=False),
        sa.Column("dispute", sa.String(length=32), nullable=True),
        sa.Column("words", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("transaction_no", sa.String(length=200), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("settled_by", sa.Uuid(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["pay_lines.id"], name=op.f("line_settlements_line_id_fkey")),
        sa.ForeignKeyConstraint(["payroll_id"], ["payrolls.id"], name=op.f("line_settlements_payroll_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("line_settlements_pkey")),
        info={"append_only": True},
    )
    op.create_index(op.f("line_settlements_line_id_idx"), "line_settlements", ["line_id"], unique=False)
    create_role()
    grant_all()
    make_append_only(*APPEND_ONLY)


def downgrade() -> None:
    op.drop_index(op.f("line_settlements_line_id_idx"), table_name="line_settlements")
    op.drop_table("line_settlements")
    op.drop_index(op.f("pay_lines_payroll_id_id_idx"), table_name="pay_lines")
    op.drop_index(op.f("pay_lines_beneficiary_id_id_idx"), table_name="pay_lines")
    op.drop_table("pay_lines")
    op.drop_index(op.f("pay_exclusions_payroll_id_award_id_idx"), table_name="pay_exclusions")
    op.drop_table("pay_exclusions")
    op.drop_index(op.f("award_hearings_award_id_idx"), table_name="award_hearings")
    op.drop_table("award_hearings")
    op.drop_index(op.f("visit_signatures_application_id_idx"), table_name="visit_signatures")
    op.drop_table("visit_signatures")
    op.drop_table("decision_deliveries")
    op.drop_index("checks_due_idx", table_name="checks", postgresql_where=sa.text("next_attempt_at IS NOT NULL"))
    op.drop_index(op.f("checks_division_status_idx"), table_name="checks")
    op.drop_table("checks")
    op.drop_index(
        "awards_to_free_idx", table_name="awards", postgresql_where=sa.text("status = 'stopped' AND freed_at IS NULL")
    )
    op.drop_index(op.f("awards_division_status_idx"), table_name="awards")
    op.drop_index(op.f("awards_county_program_status_idx"), table_name="awards")
    op.drop_index(op.f("awards_beneficiary_id_idx"), table_name="awards")
    op.drop_table("awards")
    op.drop_index("webhook_attempts_delivery_id_number_key", table_name="webhook_attempts")
    op.drop_table("webhook_attempts")
    op.drop_index(op.f("visits_application_id_idx"), table_name="visits")
    op.drop_table("visits")
    op.drop_index(op.f("send_backs_application_id_idx"), table_name="send_backs")
    op.drop_table("send_backs")
    op.drop_index(op.f("opinions_application_id_idx"), table_name="opinions")
    op.drop_table("opinions")
    op.drop_index("objections_number_key", table_name="objections")
    op.drop_index(op.f("objections_notice_id_idx"), table_name="objections")
    op.drop_table("objections")
    op.drop_index("decisions_number_key", table_name="decisions")
    op.drop_index(op.f("decisions_division_decided_at_idx"), table_name="decisions")
    op.drop_table("decisions")
    op.drop_index(
        "authorisations_one_live_per_member_key",
        table_name="authorisations",
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.drop_index(op.f("authorisations_application_id_idx"), table_name="authorisations")
    op.drop_table("authorisations")
    op.drop_index(op.f("appraisals_application_id_idx"), table_name="appraisals")
    op.drop_table("appraisals")
    op.drop_index("webhook_deliveries_endpoint_id_event_id_key", table_name="webhook_deliveries")
    op.drop_index(
        "webhook_deliveries_due_idx", table_name="webhook_deliveries", postgresql_where=sa.text("status = 'pending'")
    )
    op.drop_table("webhook_deliveries")
    op.drop_table("upload_parts")
    op.drop_index(op.f("reviews_division_status_idx"), table_name="reviews")
    op.drop_table("reviews")
    op.drop_index(op.f("refresh_tokens_session_id_idx"), table_name="refresh_tokens")
    op.drop_table("refresh_tokens")
    op.drop_index(
        "notices_due_idx", table_name="notices", postgresql_where=sa.text("status = 'posted' AND kind = 'opinion'")
    )
    op.drop_index(op.f("notices_division_id_idx"), table_name="notices")
    op.drop_table("notices")
    op.drop_index(op.f("members_county_id_number_index_idx"), table_name="members")
    op.drop_index("members_application_id_id_number_index_key", table_name="members")
    op.drop_table("members")
    op.drop_index(
        "household_reports_one_current_key",
        table_name="household_reports",
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.drop_table("household_reports")
    op.drop_index("documents_application_id_upload_id_key", table_name="documents")
    op.drop_table("documents")
    op.drop_index(op.f("complaint_reporters_citizen_index_idx"), table_name="complaint_reporters")
    op.drop_table("complaint_reporters")
    op.drop_index(op.f("assessments_application_id_made_at_idx"), table_name="assessments")
    op.drop_table("assessments")
    op.drop_index(
        "application_steps_one_open_per_kind_key",
        table_name="application_steps",
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index(
        "application_steps_due_idx", table_name="application_steps", postgresql_where=sa.text("closed_at IS NULL")
    )
    op.drop_index("application_steps_application_id_position_key", table_name="application_steps")
    op.drop_table("application_steps")
    op.drop_index(op.f("webhook_endpoints_status_idx"), table_name="webhook_endpoints")
    op.drop_index(op.f("webhook_endpoints_division_idx"), table_name="webhook_endpoints")
    op.drop_table("webhook_endpoints")
    op.drop_index("uploads_untidied_idx", table_name="uploads", postgresql_where=sa.text("tidied_at IS NULL"))
    op.drop_index("uploads_unattached_idx", table_name="uploads", postgresql_where=sa.text("attached_at IS NULL"))
    op.drop_index("uploads_expiring_idx", table_name="uploads", postgresql_where=sa.text("attached_at IS NULL"))
    op.drop_table("uploads")
    op.drop_table("standards")
    op.drop_index(op.f("staff_division_idx"), table_name="staff")
    op.drop_table("staff")
    op.drop_index(op.f("sessions_subject_id_idx"), table_name="sessions")
    op.drop_table("sessions")
    op.drop_index(op.f("postings_debit_idx"), table_name="postings")
    op.drop_index(op.f("postings_credit_idx"), table_name="postings")
    op.drop_table("postings")
    op.drop_index(
        "payrolls_one_regular_key",
        table_name="payrolls",
        postgresql_where=sa.text("kind = 'regular' AND status <> 'rejected'"),
    )
    op.drop_index("payrolls_number_key", table_name="payrolls")
    op.drop_index(op.f("payrolls_division_id_idx"), table_name="payrolls")
    op.drop_index(
        "payrolls_check_after_idx", table_name="payrolls", postgresql_where=sa.text("check_after IS NOT NULL")
    )
    op.drop_index("payrolls_ask_after_idx", table_name="payrolls", postgresql_where=sa.text("ask_after IS NOT NULL"))
    op.drop_table("payrolls")
    op.drop_index(op.f("payout_accounts_account_index_idx"), table_name="payout_accounts")
    op.drop_table("payout_accounts")
    op.drop_table("parameters")
    op.drop_index(op.f("one_time_codes_phone_index_created_at_idx"), table_name="one_time_codes")
    op.drop_table("one_time_codes")
    op.drop_index("messages_event_id_template_key", table_name="messages")
    op.drop_index("messages_due_idx", table_name="messages", postgresql_where=sa.text("status = 'waiting'"))
    op.drop_index(op.f("messages_citizen_id_idx"), table_name="messages")
    op.drop_table("messages")
    op.drop_index(op.f("limit_counts_ends_at_idx"), table_name="limit_counts")
    op.drop_table("limit_counts")
    op.drop_index(op.f("kept_answers_kept_at_idx"), table_name="kept_answers")
    op.drop_table("kept_answers")
    op.drop_index(op.f("guesses_since_idx"), table_name="guesses")
    op.drop_table("guesses")
    op.drop_index(op.f("events_txid_id_idx"), table_name="events")
    op.drop_index(op.f("events_occurred_at_idx"), table_name="events", postgresql_using="brin")
    op.drop_table("events")
    op.drop_index(op.f("divisions_parent_code_code_idx"), table_name="divisions")
    op.drop_table("divisions")
    op.drop_index("complaints_number_key", table_name="complaints")
    op.drop_index(
        "complaints_due_idx", table_name="complaints", postgresql_where=sa.text("status IN ('received', 'assigned')")
    )
    op.drop_index(op.f("complaints_division_status_idx"), table_name="complaints")
    op.drop_index(op.f("complaints_assigned_to_idx"), table_name="complaints")
    op.drop_index(op.f("complaints_application_id_idx"), table_name="complaints")
    op.drop_table("complaints")
    op.drop_index(op.f("claims_application_id_idx"), table_name="claims")
    op.drop_table("claims")
    op.drop_index("citizens_phone_index_key", table_name="citizens")
    op.drop_index("citizens_id_number_index_key", table_name="citizens")
    op.drop_table("citizens")
    op.drop_table("calendar_years")
    op.drop_table("calendar_days")
    op.drop_index(op.f("audit_records_object_id_at_idx"), table_name="audit_records")
    op.drop_index(op.f("audit_records_county_at_idx"), table_name="audit_records")
    op.drop_table("audit_records")
    op.drop_index("applications_number_key", table_name="applications")
    op.drop_index(op.f("applications_division_status_idx"), table_name="applications")
    op.drop_index(op.f("applications_applicant_id_idx"), table_name="applications")
    op.drop_table("applications")
    drop_queue()
