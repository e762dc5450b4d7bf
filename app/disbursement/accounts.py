"""The account a line is paid to, as it stood when the payroll was built."""

from typing import Protocol
from uuid import UUID

from app.core.db import ReadSession


class Paid(Protocol):
    """A line, as the mapper has it or as it goes to the bank."""

    @property
    def beneficiary_id(self) -> UUID: ...

    @property
    def account_sealed(self) -> bytes | None: ...


def account_of(db: ReadSession, line: Paid) -> str:
    """Return a line's account in clear; nothing once its period of keeping was over."""
    if line.account_sealed is None:
        return ""
    return db.vault.open("payout_accounts.account", line.beneficiary_id, line.account_sealed)
