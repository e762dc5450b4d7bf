"""Whom a line is paid to, and into which account, as both stood when the payroll was built."""

from typing import Protocol
from uuid import UUID

from app.core.db import ReadSession


class Named(Protocol):
    """What holds an award's payee: a line, or a difference between two."""

    @property
    def award_id(self) -> UUID: ...

    @property
    def payee_name_sealed(self) -> bytes | None: ...

    @property
    def payee_name_clear(self) -> str | None: ...


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


def paid_to(db: ReadSession, line: Named) -> str:
    """Return a line's payee in clear; nothing once its period of keeping was over."""
    if line.payee_name_sealed is None:
        return line.payee_name_clear or ""
    return db.vault.open("awards.payee_name", line.award_id, line.payee_name_sealed)
