"""The names of those who apply and are paid, sealed like those of everybody else in their households.

Expand: each name has a sealed column beside it, and may be null. Backfill is the worker's, as with the names of members
before: when it starts it seals what is in clear, in small transactions, and empties the old columns. Enforce comes with
a later release, which drops them. The code before reads no name that the new code has written: end its processes first.

Accounts and awards keep an index of the name, into which the citizen goes as well, so that a payroll is still built by
one statement. One that is not there yet counts as another name: who builds a payroll before the worker is through finds
these awards left out with that reason, and their month is paid with the next.

A payroll's digest no longer holds names (a sealed one is bound to its award). One between its submission and the bank's
word that it has it would not be what was approved any more: there must be none.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.core.db import HOT_ROLE
from app.keys import KEYS_ROLE
from app.retention import ERASER_ROLE

revision: str = "r0330"
down_revision: str | None = "r0400"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_NAMES = {
    "applications": "applicant_name",
    "awards": "payee_name",
    "citizens": "name",
    "notices": "applicant_name",
    "pay_lines": "payee_name",
    "payout_accounts": "holder_name",
}
_INDEXES = {"awards": "payee_name_index", "payout_accounts": "holder_name_index"}
_ERASED = ("applications", "awards", "notices", "pay_lines")  # emptied where the row stays

_NONE_ON_ITS_WAY = """
    DO $$ BEGIN
        IF EXISTS (
            SELECT 1 FROM payrolls WHERE status IN ('submitted', 'approved')
                OR (status = 'released' AND accepted_at IS NULL)
        ) THEN
            RAISE EXCEPTION 'A payroll is on its way to the bank: let it get there, or reject it, first.';
        END IF;
    END $$
"""


def upgrade() -> None:
    op.execute(_NONE_ON_ITS_WAY)
    for table, name in _NAMES.items():
        op.add_column(table, sa.Column(f"{name}_sealed", sa.LargeBinary(), nullable=True))
        op.alter_column(table, name, nullable=True)
        op.execute(f"GRANT SELECT, UPDATE ({name}_sealed, {name}) ON {table} TO {KEYS_ROLE}")
    for table, index in _INDEXES.items():
        op.add_column(table, sa.Column(index, sa.LargeBinary(), nullable=True))
        op.execute(f"GRANT UPDATE ({index}) ON {table} TO {KEYS_ROLE}")
    for table in _ERASED:
        # What was erased is not a name to be sealed.
        op.execute(f"UPDATE {table} SET {_NAMES[table]} = NULL WHERE {_NAMES[table]} = ''")  # noqa: S608 # nosec B608
        op.execute(f"GRANT UPDATE ({_NAMES[table]}_sealed) ON {table} TO {ERASER_ROLE}")
    op.execute(f"GRANT UPDATE (payee_name_index) ON awards TO {ERASER_ROLE}")
    # Of what is sealed hot reads tell this alone, which hangs out for all to see.
    op.execute(f"GRANT SELECT (applicant_name_sealed) ON notices TO {HOT_ROLE}")


def downgrade() -> None:
    # What is sealed cannot be brought back into the clear without the keys: the columns stay nullable and are lost.
    for table, index in _INDEXES.items():
        op.drop_column(table, index)
    for table, name in _NAMES.items():
        op.execute(f"REVOKE UPDATE ({name}) ON {table} FROM {KEYS_ROLE}")
        op.drop_column(table, f"{name}_sealed")
