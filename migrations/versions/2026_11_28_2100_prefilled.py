"""Drafts that registers fill: which of a household's answers stand as a register told them.

An agency may be asked while the draft is still written, once its person has signed. What is thrown away with a draft
takes its questions along; that they were put stays in the audit. Expand step: nothing else changes.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.keys import KEYS_ROLE
from app.retention import ERASER_ROLE

revision: str = "r0615"
down_revision: str | None = "r0610"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_AUTHORISED = "checks_authorisation_id_application_id_member_id_fkey"
_COLUMNS = ["authorisation_id", "application_id", "member_id"]


def _refer(on_delete: str | None) -> None:
    op.drop_constraint(_AUTHORISED, "checks", type_="foreignkey")
    op.create_foreign_key(
        _AUTHORISED, "checks", "authorisations", _COLUMNS, ["id", "application_id", "member_id"], ondelete=on_delete
    )


def upgrade() -> None:
    """Add the column, and let a question go with the signature it rests on."""
    op.add_column("applications", sa.Column("prefilled_sealed", sa.LargeBinary(), nullable=True))
    op.execute(f"GRANT SELECT (prefilled_sealed), UPDATE (prefilled_sealed) ON applications TO {KEYS_ROLE}")
    op.execute(f"GRANT UPDATE (prefilled_sealed) ON applications TO {ERASER_ROLE}")
    _refer("CASCADE")
    op.create_index("checks_authorisation_id_idx", "checks", ["authorisation_id"])


def downgrade() -> None:
    """Take both back."""
    op.drop_index("checks_authorisation_id_idx", table_name="checks")
    _refer(None)
    op.drop_column("applications", "prefilled_sealed")
