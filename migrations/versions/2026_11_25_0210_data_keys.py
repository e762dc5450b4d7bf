"""Data keys per division, sealing anew, and what was still in clear about a household.

Expand: `data_keys` and `resealings` are new; `members.name` and `applications.answers` get sealed columns beside them
and may be null. Backfill is the worker's: it seals the rows that are in clear and empties the old columns, while work
goes on. Enforce comes with a later release: the old columns are dropped, `members.name_sealed` becomes not null.
The code before reads neither name nor answers of a row that the new code has written: end its processes first.

`dibao_keys` is who seals anew. It may overwrite ciphertext, also in tables that are append-only for the application,
and not one other column of theirs. That harms no evidence: whoever works as this role alone can only destroy a text,
never put another in its place, because a value opens only for the row it was sealed for, under a key that is not in the
database; a decision and an assessment carry the digest of their content beside it; and the audit record of a retired
key says how many values were moved. The web processes do not work as this role.

Revision ID: r0010
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.core.db import APPLICATION_ROLE

revision: str = "r0010"
down_revision: str | None = "r0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEYS_ROLE = "dibao_keys"

SEALED = {
    "applications": ("address_sealed", "missing_sealed", "ended_reason_sealed", "answers_sealed", "answers"),
    "members": ("id_number_sealed", "profile_sealed", "name_sealed", "name"),
    "payout_accounts": ("account_sealed",),
    "citizens": ("phone_sealed", "id_number_sealed"),
    "one_time_codes": ("phone_sealed", "code_sealed"),
    "kept_answers": ("answer_sealed",),
    "messages": ("phone_sealed",),
    "webhook_endpoints": ("secret_sealed", "previous_secret_sealed"),
    "complaints": ("text_sealed", "answer_sealed"),
    "complaint_reporters": ("name_sealed", "phone_sealed"),
    "objections": ("statement_sealed", "name_sealed", "phone_sealed"),
    "checks": ("facts_sealed", "entered_facts_sealed", "note_sealed"),
    "household_reports": ("fields_sealed",),
    "visits": ("findings_sealed",),
    "appraisals": ("conclusion_sealed",),
    "assessments": ("body_sealed",),
    "opinions": ("statement_sealed", "reasons_sealed"),
    "send_backs": ("reason_sealed",),
    "decisions": ("body_sealed",),
    "awards": ("stop_reason_sealed",),
    "award_hearings": ("opinion_sealed",),
    "payrolls": ("reject_reason_sealed",),
    "pay_lines": ("account_sealed",),
    "line_settlements": ("reason_sealed",),
}


def upgrade() -> None:
    op.create_table(
        "data_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("division", sa.String(length=6), nullable=False),
        sa.Column("suite", sa.SmallInteger(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("usable_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "retired_at IS NULL OR replaced_at IS NOT NULL", name=op.f("data_keys_replaced_before_retired_check")
        ),
        sa.CheckConstraint(
            "destroyed_at IS NULL OR retired_at IS NOT NULL", name=op.f("data_keys_retired_before_destroyed_check")
        ),
        sa.CheckConstraint(
            "(destroyed_at IS NOT NULL) = (length(wrapped) = 0)", name=op.f("data_keys_overwritten_check")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("data_keys_pkey")),
    )
    op.create_index(
        "data_keys_one_active_key",
        "data_keys",
        ["division"],
        unique=True,
        postgresql_where=sa.text("replaced_at IS NULL"),
    )
    op.create_table(
        "resealings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("division", sa.String(length=6), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(length=64), nullable=False),
        sa.Column("after", sa.String(length=128), nullable=True),
        sa.Column("barrier", sa.BigInteger(), nullable=True),
        sa.Column("resealed", sa.BigInteger(), nullable=False),
        sa.Column("unreadable", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("resealings_pkey")),
    )
    op.create_index(
        "resealings_one_open_key",
        "resealings",
        ["division"],
        unique=True,
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.add_column("members", sa.Column("name_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("applications", sa.Column("answers_sealed", sa.LargeBinary(), nullable=True))
    op.alter_column("members", "name", nullable=True)
    op.alter_column("applications", "answers", nullable=True)
    _give_rights()


def _give_rights() -> None:
    op.execute(
        f"DO $$ BEGIN CREATE ROLE {KEYS_ROLE} NOLOGIN; "
        "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    )
    op.execute(
        f"DO $$ BEGIN EXECUTE format('GRANT {KEYS_ROLE} TO %I', current_user); "
        "EXCEPTION WHEN unique_violation OR invalid_grant_operation THEN NULL; END $$"
    )
    op.execute(f"GRANT USAGE ON SCHEMA public TO {KEYS_ROLE}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON data_keys, resealings TO {KEYS_ROLE}")
    op.execute(f"GRANT SELECT ON divisions, alembic_version TO {KEYS_ROLE}")
    op.execute(f"GRANT INSERT ON audit_records TO {KEYS_ROLE}")
    for table, columns in SEALED.items():
        op.execute(f"GRANT SELECT, UPDATE ({', '.join(columns)}) ON {table} TO {KEYS_ROLE}")
    # The processes make first keys and read all; they replace, retire and destroy none.
    op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON data_keys FROM {APPLICATION_ROLE}")
    op.execute(f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON resealings FROM {APPLICATION_ROLE}")


def downgrade() -> None:
    # What is sealed cannot be brought back into the clear without the keys: the columns stay nullable and are lost.
    for table, columns in SEALED.items():
        op.execute(f"REVOKE SELECT, UPDATE ({', '.join(columns)}) ON {table} FROM {KEYS_ROLE}")
    op.execute(f"REVOKE INSERT ON audit_records FROM {KEYS_ROLE}")
    op.execute(f"REVOKE ALL ON divisions, alembic_version FROM {KEYS_ROLE}")
    op.execute(f"REVOKE USAGE ON SCHEMA public FROM {KEYS_ROLE}")
    op.drop_column("applications", "answers_sealed")
    op.drop_column("members", "name_sealed")
    op.drop_index("resealings_one_open_key", table_name="resealings")
    op.drop_table("resealings")
    op.drop_index("data_keys_one_active_key", table_name="data_keys")
    op.drop_table("data_keys")
