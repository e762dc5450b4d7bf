"""Sessions that can be ended all at once, second factors of staff, devices.

Expand step: new tables, and columns the code of before neither writes nor misses. `sessions.authenticated_at` stays
null in sessions of before: whoever reads takes `created_at` in its place. Counts of guesses begin anew: their keys are
keyed hashes from now on.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "r0030"
down_revision: str | None = "r0050"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "session_epochs",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", name=op.f("session_epochs_pkey")),
    )
    op.create_table(
        "second_factors",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("confirmed_at", _INSTANT, nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("reset_by", sa.Uuid(), nullable=True),
        sa.Column("reset_asked_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("second_factors_staff_id_fkey")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("second_factors_pkey")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("code_index", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("used_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("recovery_codes_staff_id_fkey")),
        sa.PrimaryKeyConstraint("code_index", name=op.f("recovery_codes_pkey")),
    )
    op.create_index(op.f("recovery_codes_staff_id_idx"), "recovery_codes", ["staff_id"])
    # Who seals anew what lies under an old key.
    op.execute("GRANT SELECT, UPDATE (secret_sealed) ON second_factors TO dibao_keys")
    op.add_column("sessions", sa.Column("epoch", sa.Integer(), server_default="0", nullable=False))
    op.add_column("sessions", sa.Column("scope", sa.String(length=16), server_default="full", nullable=False))
    op.add_column("sessions", sa.Column("device_index", sa.LargeBinary(), nullable=True))
    op.add_column("sessions", sa.Column("authenticated_at", _INSTANT, nullable=True))
    op.create_index(op.f("sessions_subject_id_device_index_idx"), "sessions", ["subject_id", "device_index"])
    op.add_column("one_time_codes", sa.Column("device_index", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("one_time_codes", "device_index")
    op.drop_index(op.f("sessions_subject_id_device_index_idx"), table_name="sessions")
    for column in ("authenticated_at", "device_index", "scope", "epoch"):
        op.drop_column("sessions", column)
    op.drop_index(op.f("recovery_codes_staff_id_idx"), table_name="recovery_codes")
    for table in ("recovery_codes", "second_factors", "session_epochs"):
        op.drop_table(table)
