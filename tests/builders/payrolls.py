"""Payrolls in any state, made by the stage's own commands, and a bank in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from app.core.db import Database, WriteSession
from app.disbursement.commands import approve_payroll, build_payroll, release_payroll, submit_payroll
from app.disbursement.models import PayLine, Payroll
from app.disbursement.queries import get_payroll, list_lines
from app.identity.actors import SYSTEM, Actor, Role
from app.partners.base import PartnerUnavailable
from app.partners.paying_bank.base import (
    BatchRefused,
    BatchState,
    BatchStatus,
    FailureKind,
    LineReceipt,
    PaymentOrder,
    Receipts,
)
from tests.builders.awards import COUNTY
from tests.builders.people import build_staff

DECEMBER = date(2026, 12, 1)
JANUARY = date(2027, 1, 1)


@dataclass(frozen=True)
class Office:
    """The people of one county who bring a payroll to the bank."""

    handler: Actor
    confirmer: Actor
    finance: Actor


async def build_office(db: WriteSession, county: str = COUNTY) -> Office:
    """Employ them."""
    roles = (Role.COUNTY_HANDLER, Role.COUNTY_CONFIRMER, Role.FINANCE)
    return Office(*[await build_staff(db, role, county.ljust(12, "0")) for role in roles])


async def build_approved(db: WriteSession, office: Office, month: date = DECEMBER) -> Payroll:
    """Make a payroll that another person approved."""
    payroll = await build_payroll(db, office.handler, program="living_allowance", month=month)
    await submit_payroll(db, office.handler, payroll.id)
    return await approve_payroll(db, office.confirmer, payroll.id)


async def build_released(db: WriteSession, office: Office, month: date = DECEMBER) -> Payroll:
    """Make a payroll that was released."""
    payroll = await build_approved(db, office, month)
    return await release_payroll(db, office.finance, payroll.id)


async def lines_of(database: Database, payroll: Payroll) -> Sequence[PayLine]:
    """Return all lines of a payroll."""
    async with database.reading() as db:
        return await list_lines(db, payroll, status=None, after=None, limit=100_000)


async def reload(database: Database, payroll: Payroll) -> Payroll:
    """Return the payroll as it stands now."""
    async with database.reading() as db:
        return await get_payroll(db, SYSTEM, payroll.id)


def paid(line: PayLine, on: date = date(2026, 12, 8)) -> LineReceipt:
    """Say that the bank paid a line."""
    return LineReceipt(str(line.id), line.amount_fen, True, f"T{line.id.hex[-12:]}", on)


def failed(line: PayLine, kind: FailureKind = FailureKind.NEED_CITIZEN_FIX, code: str = "A02") -> LineReceipt:
    """Say that the bank did not."""
    return LineReceipt(str(line.id), line.amount_fen, False, failure=kind, bank_code=code)


@dataclass
class BankInMemory:
    """Keeps the promise of `PayingBank`; `silent` and `refuses` make it misbehave."""

    code: ClassVar[str] = "paying_bank"
    batches: dict[str, tuple[tuple[PaymentOrder, ...], int]] = field(default_factory=dict)
    submissions: list[str] = field(default_factory=list)
    silent: bool = False
    loses_answers: bool = False
    refuses: str | None = None
    guilty: str | None = None
    bad_accounts: frozenset[str] = frozenset()
    working: bool = False

    async def submit_batch(self, batch_id: str, lines: Sequence[PaymentOrder], total_fen: int) -> None:
        self.submissions.append(batch_id)
        if self.silent:
            raise PartnerUnavailable(self.code, "timeout")
        if self.refuses:
            raise BatchRefused(batch_id, self.refuses, self.guilty)
        content = (tuple(lines), total_fen)
        if self.batches.setdefault(batch_id, content) != content:
            raise BatchRefused(batch_id, "other_content")
        if self.loses_answers:
            raise PartnerUnavailable(self.code, "timeout")

    async def query_batch(self, batch_id: str) -> BatchStatus:
        if self.silent:
            raise PartnerUnavailable(self.code, "timeout")
        if batch_id not in self.batches:
            return BatchStatus(batch_id, BatchState.UNKNOWN)
        if self.working:
            return BatchStatus(batch_id, BatchState.RECEIVED)
        return BatchStatus(batch_id, BatchState.DONE, tuple(map(self._result, self.batches[batch_id][0])))

    def read_receipts(self, body: bytes) -> Receipts:
        raise PartnerUnavailable(self.code, "garbage")

    def _result(self, order: PaymentOrder) -> LineReceipt:
        if order.account in self.bad_accounts:
            failure = FailureKind.NEED_CITIZEN_FIX
            return LineReceipt(order.line_id, order.amount_fen, False, failure=failure, bank_code="A02")
        serial = f"T{order.line_id.replace('-', '')[-12:]}"
        return LineReceipt(order.line_id, order.amount_fen, True, serial, date(2026, 12, 8))
