"""Who an account belongs to, and how that is compared with whom an award is paid to, with both names sealed.

Both tables keep an index of the same purpose, so that building a payroll stays one statement that opens no name. The
citizen's id goes into it, and only a citizen's own account is ever compared with his own awards. A comparison made once
and kept would have to be made again, in every award, with every change of the account.
"""

from uuid import UUID

from app.applications.models import PAYEES, PayoutAccount
from app.core.crypto import GENERAL, Vault
from app.core.db import ReadSession, WriteSession


def payee_index(vault: Vault, citizen_id: UUID, name: str) -> bytes:
    """Return the index of a citizen's name as account holder and as payee."""
    return vault.owners_index(PAYEES, citizen_id, name)


def put_holder(db: WriteSession, row: PayoutAccount, name: str) -> None:
    """Keep who holds an account."""
    row.holder_name_sealed = db.vault.seal("payout_accounts.holder_name", row.citizen_id, name, division=GENERAL)
    row.holder_name_index, row.holder_name_clear = payee_index(db.vault, row.citizen_id, name), None


def holder_of(db: ReadSession, row: PayoutAccount) -> str:
    """Return who holds an account."""
    if row.holder_name_sealed is None:
        return row.holder_name_clear or ""
    return db.vault.open("payout_accounts.holder_name", row.citizen_id, row.holder_name_sealed)
