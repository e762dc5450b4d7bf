"""Close relatives declared by staff, the roster of committees, and the register of cases of close relatives.

Expand step: three new tables. Applications flagged by their township before keep `relative_of_staff`; each gets the
registration that the flag stood for, so that the register is whole.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "r0050"
down_revision: str | None = "r0040"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEYS_ROLE = "dibao_keys"  # seals anew what lies under an old key
SEALED = {
    "committee_members": "name_sealed",
    "declared_relatives": "name_sealed, id_number_sealed",
    "conflict_registrations": "who_sealed, withdrawn_reason_sealed",
}
_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_committee_members()
    _create_declared_relatives()
    _create_conflict_registrations()
    for table, columns in SEALED.items():
        op.execute(f"GRANT SELECT, UPDATE ({columns}) ON {table} TO {KEYS_ROLE}")
    # The id of the application serves as that of its registration: one each, and nothing else has it in this table.
    op.execute(
        """
        INSERT INTO conflict_registrations (id, county, division, application_id, found, registered_by, registered_at)
        SELECT id, county, division, id, 'acceptance', '00000000-0000-0000-0000-000000000000',
               coalesce(accepted_at, created_at)
        FROM applications WHERE relative_of_staff
        """
    )


def _create_committee_members() -> None:
    op.create_table(
        "committee_members",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("duty", sa.String(length=16), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", _INSTANT, nullable=False),
        sa.Column("left_at", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("committee_members_pkey")),
    )
    op.create_index(op.f("committee_members_division_idx"), "committee_members", ["division"])


def _create_declared_relatives() -> None:
    op.create_table(
        "declared_relatives",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("person_kind", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("relation", sa.String(length=16), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id_number_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id_number_index", sa.LargeBinary(), nullable=False),
        sa.Column("declared_by", sa.Uuid(), nullable=False),
        sa.Column("declared_at", _INSTANT, nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("declared_relatives_pkey")),
    )
    op.create_index(op.f("declared_relatives_id_number_index_idx"), "declared_relatives", ["id_number_index"])
    op.create_index(
        "declared_relatives_one_live_key",
        "declared_relatives",
        ["person_id", "id_number_index"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _create_conflict_registrations() -> None:
    op.create_table(
        "conflict_registrations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("person_kind", sa.String(length=16), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("relation", sa.String(length=16), nullable=True),
        sa.Column("found", sa.String(length=16), nullable=False),
        sa.Column("who_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("registered_by", sa.Uuid(), nullable=False),
        sa.Column("registered_at", _INSTANT, nullable=False),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", _INSTANT, nullable=True),
        sa.Column("withdrawn_reason_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("conflict_registrations_application_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("conflict_registrations_pkey")),
    )
    op.create_index(op.f("conflict_registrations_application_id_idx"), "conflict_registrations", ["application_id"])
    op.create_index(op.f("conflict_registrations_division_id_idx"), "conflict_registrations", ["division", "id"])
    op.create_index(
        "conflict_registrations_one_per_relation_key",
        "conflict_registrations",
        ["application_id", "member_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )


def downgrade() -> None:
    for table in ("conflict_registrations", "declared_relatives", "committee_members"):
        op.drop_table(table)
