"""What refers to a row that may be deleted is found by an index.

An erasure at night, or a member taken out of a draft, has PostgreSQL look for whatever refers to what goes: without an
index through the whole table, once for each row. The authorisations of a household's members are read with every
submission besides. Expand step: nothing else changes.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "r0540"
down_revision: str | None = "r0530"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_FOLLOWED = (
    ("appraisals", "review_id"),
    ("authorisations", "member_id"),
    ("award_adjustments", "recomputed_id"),
    ("award_amounts", "adjustment_id"),
    ("correction_requests", "application_id"),
    ("decisions", "assessment_id"),
    ("decisions", "review_id"),
    ("legal_holds", "application_id"),
    ("line_settlements", "payroll_id"),
    ("opinions", "assessment_id"),
    ("pay_exclusions", "award_id"),
    ("payrolls", "of_payroll_id"),
    ("promises", "member_id"),
    ("promises", "signed_by_member_id"),
    ("recomputed_awards", "award_id"),
    ("recovery_months", "award_id"),
    ("send_backs", "review_id"),
    ("visits", "review_id"),
)


def upgrade() -> None:
    """Add them."""
    for table, column in _FOLLOWED:
        op.create_index(op.f(f"{table}_{column}_idx"), table, [column])


def downgrade() -> None:
    """Drop them."""
    for table, column in reversed(_FOLLOWED):
        op.drop_index(op.f(f"{table}_{column}_idx"), table_name=table)
