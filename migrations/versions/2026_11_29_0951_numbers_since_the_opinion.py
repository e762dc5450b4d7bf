"""Awards are marked whose decision rests on numbers that were replaced between opinion and decision; and a standard may
be the ground of a higher amount, where what it means for an award was left to a person.

The worker works the marked awards out anew, each once, and takes the mark away. Expand step: a column with a default,
a partial index, and a check that lets more pass. Safe while the old code runs.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "r0951"
down_revision: str | None = "r0941"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TABLE, _CHECK = "award_adjustments", "award_adjustments_raise_ground_check"
# What was decided on within an hour before an assessment may not have been seen by it (`list_changes_after`); one that
# an award was worked out for already changes nothing again.
MARK = """
    UPDATE awards SET numbers_due = true
    FROM decisions
    JOIN assessments ON assessments.id = decisions.assessment_id
    WHERE decisions.id = awards.decision_id AND awards.taken_over_from IS NULL
      AND EXISTS (
        SELECT FROM number_changes
        WHERE number_changes.status = 'in_force'
          AND number_changes.area IN (
            rpad(left(awards.division, 2), 12, '0'),
            rpad(left(awards.division, 4), 12, '0'),
            rpad(left(awards.division, 6), 12, '0')
          )
          AND (
            number_changes.decided_at >= assessments.made_at - interval '1 hour'
            OR number_changes.valid_from > assessments.judged_on
            OR number_changes.valid_to >= assessments.judged_on
          )
          AND NOT EXISTS (
            SELECT FROM recomputed_awards
            WHERE recomputed_awards.change_id = number_changes.id AND recomputed_awards.award_id = awards.id
          )
      )
"""


def upgrade() -> None:
    op.add_column("awards", sa.Column("numbers_due", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.execute(MARK)
    op.create_index("awards_numbers_due_idx", "awards", ["id"], postgresql_where=sa.text("numbers_due"))
    op.drop_constraint(op.f(_CHECK), _TABLE, type_="check")
    op.create_check_constraint(
        op.f(_CHECK), _TABLE, "amount_fen < before_fen OR ground IN ('income', 'members', 'standard')"
    )


def downgrade() -> None:
    # The check stays as wide as it is: what was decided meanwhile stays decided, and is sealed anew with other rows;
    # the release before writes nothing that only the wider one lets pass.
    op.drop_index("awards_numbers_due_idx", table_name="awards")
    op.drop_column("awards", "numbers_due")
