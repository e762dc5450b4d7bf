"""The roster of a payroll as a file for people: amounts in yuan, accounts masked. Who takes it away is on record."""

import csv
import io
from dataclasses import dataclass
from uuid import UUID

from app.audit.commands import record_look
from app.audit.subjects import Case
from app.core.db import WriteSession
from app.core.money import fen_to_yuan
from app.core.months import write_month
from app.disbursement.queries import get_payroll, list_batch
from app.identity.actors import Actor
from app.identity.masks import mask_account

_HEADER = ("序号", "明细号", "收款人", "账号", "月份", "类型", "金额（元）", "状态")


@dataclass(frozen=True)
class Roster:
    """The number of the payroll and the file."""

    number: str
    content: bytes


async def take_roster(db: WriteSession, actor: Actor, payroll_id: UUID) -> Roster:
    """Return all lines of a payroll as CSV, UTF-8 with byte order mark (spreadsheets need it).

    Raises:
        PayrollNotFound: there is none, or it lies outside the actor's division.
    """
    payroll = await get_payroll(db, actor, payroll_id)
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(_HEADER)
    lines = await list_batch(db, payroll.id)
    for number, line in enumerate(lines, start=1):
        account = db.vault.open("payout_accounts.account", line.beneficiary_id, line.account_sealed)
        month, yuan = write_month(line.month), fen_to_yuan(line.amount_fen)
        rows.writerow((number, line.id, line.payee_name, mask_account(account), month, line.kind, yuan, line.status))
    await record_look(
        db,
        actor,
        "payroll.take_roster",
        "payroll",
        payroll.id,
        cases=[Case(None, line.beneficiary_id) for line in lines],
        county=payroll.county,
        lines=len(lines),
    )
    return Roster(payroll.number, text.getvalue().encode("utf-8-sig"))
