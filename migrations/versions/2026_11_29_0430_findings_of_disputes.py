"""What an agency says otherwise since a finding was disputed is a finding without a campaign.

Expand step: a column may be empty. Processes of the release before write it always, and cannot show an award that has
such a finding: there is none before somebody disputes after the grant, which they refuse.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "r0900"
down_revision: str | None = "r0870"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.alter_column("award_findings", "campaign_id", nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM award_findings WHERE campaign_id IS NULL")
    op.alter_column("award_findings", "campaign_id", nullable=False)
