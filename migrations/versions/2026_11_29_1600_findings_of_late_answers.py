"""A finding about a household with an award names the report that says so.

Expand step: a column may be empty. Data step: findings there are get the report that was the present one when they were
made, those of matches none, for a match issues no report; what a person has settled then counts as seen. Processes of
the release before leave the column empty, and what they settle is compared with what the grant rests on. They cannot
show an award with a finding of a late answer, which they make none of.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "r0931"
down_revision: str | None = "r0922"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_FILL = """
    UPDATE award_findings SET report_id = (
        SELECT household_reports.id FROM household_reports
        JOIN awards ON awards.application_id = household_reports.application_id
        WHERE awards.id = award_findings.award_id AND household_reports.issued_at <= award_findings.found_at
        ORDER BY household_reports.number DESC LIMIT 1
    )
    WHERE found_by IN ('yearly_review', 'half_yearly_review', 'dispute')
"""

_AS_OF_REVIEWS = """
    UPDATE award_findings SET found_by = campaigns.kind, campaign_id = campaigns.id
    FROM campaign_households JOIN campaigns ON campaigns.id = campaign_households.campaign_id
    WHERE campaign_households.finding_id = award_findings.id AND award_findings.found_by = 'late_answer'
"""
_FORGET = """
    WITH forgotten AS (
        DELETE FROM award_findings WHERE found_by = 'late_answer' RETURNING id, award_id
    ), ended AS (
        UPDATE application_steps SET closed_at = now(), outcome = 'kept'
        FROM awards
        WHERE awards.application_id = application_steps.application_id
          AND application_steps.kind = 'award_review' AND application_steps.closed_at IS NULL
          AND awards.id IN (SELECT award_id FROM forgotten)
          AND NOT EXISTS (
            SELECT FROM award_findings WHERE award_findings.award_id = awards.id
              AND award_findings.settlement = 'open' AND award_findings.id NOT IN (SELECT id FROM forgotten)
          )
          AND NOT EXISTS (
            SELECT FROM recomputed_awards WHERE recomputed_awards.award_id = awards.id
              AND recomputed_awards.settlement = 'open'
          )
        RETURNING application_steps.application_id
    )
    UPDATE applications SET version = version + 1 WHERE id IN (SELECT application_id FROM ended)
"""


def upgrade() -> None:
    op.add_column("award_findings", sa.Column("report_id", sa.Uuid(), nullable=True))
    op.execute(_FILL)


def downgrade() -> None:
    """The release before could not show what a late answer brought, and knew none of it. What a review found as well
    is the review's; of the others the county's task ends, unless something else waits."""
    op.execute(_AS_OF_REVIEWS)
    op.execute(_FORGET)
    op.drop_column("award_findings", "report_id")
