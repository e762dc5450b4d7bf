"""Tasks of the county that an earlier version opened for drafts, about which nobody has anything to enter, are ended.

Data step: what `verification/commands/entry.py` would do, for it is not called for a draft that nobody touches. What
was opened for a draft that was handed in since ends as well; with its acceptance a task begins anew, if there is one.
The application's version is raised, as whenever its timeline changes.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "r0922"
down_revision: str | None = "r0921"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_END = """
    WITH ended AS (
        UPDATE application_steps SET closed_at = now(), outcome = 'given_up'
        FROM applications
        WHERE applications.id = application_steps.application_id
          AND application_steps.kind = 'manual_entry' AND application_steps.closed_at IS NULL
          AND applications.status NOT IN ('accepted', 'approved')
        RETURNING application_steps.application_id
    )
    UPDATE applications SET version = version + 1 WHERE id IN (SELECT application_id FROM ended)
"""


def upgrade() -> None:
    op.execute(_END)


def downgrade() -> None:
    """What was ended stays so: nothing is lost that anybody could have done."""
