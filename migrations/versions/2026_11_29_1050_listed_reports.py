"""The list of reports of a county finds those that stand by an index.

Expand step: an index over the reports that are not superseded, one a case.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "r0911"
down_revision: str | None = "r0910"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index(
        "household_reports_listed_idx",
        "household_reports",
        ["division"],
        postgresql_where=sa.text("superseded_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("household_reports_listed_idx", table_name="household_reports")
