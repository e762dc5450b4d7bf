"""An agency may be silent about one of its items only.

Expand step: a column whose default says what an outage without it said, and the key with it. The table has a row for
each county, agency and outage, so that the key is made anew at once.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "r0902"
down_revision: str | None = "r0901"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "agency_outages", sa.Column("item", sa.String(length=32), server_default=sa.text("''"), nullable=False)
    )
    _make_key("county", "partner", "item")


def downgrade() -> None:
    op.execute("DELETE FROM agency_outages WHERE item <> ''")
    _make_key("county", "partner")
    op.drop_column("agency_outages", "item")


def _make_key(*columns: str) -> None:
    op.drop_index("agency_outages_one_open_key", table_name="agency_outages")
    op.create_index(
        "agency_outages_one_open_key",
        "agency_outages",
        list(columns),
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
