"""Partners that ask by the DCI standard, and their messages.

Expand step: four columns and a new table.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.keys import KEYS_ROLE
from app.retention import ERASER_ROLE
from migrations.rights import keep_within_reach

revision: str = "r0670"
down_revision: str | None = "r0660"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_INSTANT = sa.DateTime(timezone=True)
_ADDED = (
    sa.Column("sender_id", sa.String(length=99), nullable=True),
    sa.Column("key_id", sa.String(length=99), nullable=True),
    sa.Column("public_key", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column("callback_url", sa.Text(), nullable=True),
)


def upgrade() -> None:
    for column in _ADDED:
        op.add_column("query_partners", column.copy())
    op.create_unique_constraint(op.f("query_partners_sender_id_key"), "query_partners", ["sender_id"])
    op.create_check_constraint(
        op.f("query_partners_key_check"),
        "query_partners",
        "(sender_id IS NULL) = (public_key IS NULL) AND (key_id IS NULL) = (public_key IS NULL)",
    )
    _create_messages()
    op.execute(f"GRANT SELECT, UPDATE (request_sealed, answer_sealed) ON registry_messages TO {KEYS_ROLE}")
    op.execute(f"GRANT SELECT, DELETE ON registry_messages TO {ERASER_ROLE}")
    keep_within_reach("registry_messages", "partner_id = :actor OR division BETWEEN :low AND :high AND :owner IS NULL")


def _create_messages() -> None:
    op.create_table(
        "registry_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.String(length=99), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("transaction_id", sa.String(length=99), nullable=False),
        sa.Column("requests", sa.SmallInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("form", sa.String(length=16), nullable=False),
        sa.Column("request_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", _INSTANT, nullable=False),
        sa.Column("answered_at", _INSTANT, nullable=True),
        sa.Column("delivery", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("next_attempt_at", _INSTANT, nullable=True),
        sa.Column("delivered_at", _INSTANT, nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer_sealed IS NULL)", name=op.f("registry_messages_answered_check")
        ),
        sa.CheckConstraint(
            "(delivery = 'delivered') = (delivered_at IS NOT NULL)", name=op.f("registry_messages_delivered_check")
        ),
        sa.ForeignKeyConstraint(["partner_id"], ["query_partners.id"], name=op.f("registry_messages_partner_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("registry_messages_pkey")),
        sa.UniqueConstraint("partner_id", "message_id", name=op.f("registry_messages_partner_id_message_id_key")),
    )
    op.create_index(
        op.f("registry_messages_partner_id_transaction_id_idx"), "registry_messages", ["partner_id", "transaction_id"]
    )
    op.create_index(op.f("registry_messages_received_at_idx"), "registry_messages", ["received_at"])
    op.create_index(
        "registry_messages_due_idx",
        "registry_messages",
        ["next_attempt_at"],
        postgresql_where=sa.text("delivery = 'waiting'"),
    )


def downgrade() -> None:
    op.drop_table("registry_messages")
    op.drop_constraint(op.f("query_partners_key_check"), "query_partners")
    op.drop_constraint(op.f("query_partners_sender_id_key"), "query_partners")
    for column in reversed(_ADDED):
        op.drop_column("query_partners", column.name)
