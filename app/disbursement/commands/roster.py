"""The roster of a payroll for people: amounts in yuan, names and accounts masked. Who takes it is on record."""

from dataclasses import dataclass
from uuid import UUID

from app.audit.commands import record_look
from app.audit.purposes import Purpose
from app.audit.subjects import Case
from app.core.clock import SHANGHAI
from app.core.db import WriteSession
from app.core.ids import new_id
from app.core.marked_files import MarkedFile
from app.core.money import fen_to_yuan
from app.core.months import write_month
from app.disbursement.accounts import account_of, paid_to
from app.disbursement.models import Payroll
from app.disbursement.queries import get_payroll, list_batch
from app.identity.actors import Actor
from app.identity.masks import mask_account, mask_name
from app.identity.queries import get_staff

_HEADER = ("序号", "明细号", "收款人", "账号", "月份", "类型", "金额（元）", "状态")


@dataclass(frozen=True)
class Roster:
    """The number of the payroll and the file."""

    number: str
    content: bytes


async def take_roster(db: WriteSession, actor: Actor, payroll_id: UUID) -> Roster:
    """Return all lines of a payroll as CSV, UTF-8 with byte order mark, each with a mark of the file.

    Raises:
        PayrollNotFound: there is none, or it lies outside the actor's division.
    """
    payroll = await get_payroll(db, actor, payroll_id)
    file = f"roster:{payroll.id}:{new_id()}"
    roster = MarkedFile(db.vault, file, await _words(db, actor, payroll), _HEADER)
    lines = await list_batch(db, payroll.id)
    for number, line in enumerate(lines, start=1):
        account = account_of(db, line)
        name, month, yuan = mask_name(paid_to(db, line)), write_month(line.month), fen_to_yuan(line.amount_fen)
        roster.add((number, line.id, name, mask_account(account), month, line.kind, yuan, line.status))
    await record_look(
        db,
        actor,
        "payroll.take_roster",
        "payroll",
        payroll.id,
        cases=[Case(None, line.beneficiary_id) for line in lines],
        county=payroll.county,
        lines=len(lines),
        file=file,
    )
    return Roster(payroll.number, roster.content())


async def _words(db: WriteSession, actor: Actor, payroll: Payroll) -> str:
    taker = (await get_staff(db, actor.id)).username
    at = db.clock.now().astimezone(SHANGHAI).isoformat(timespec="seconds")
    return f"发放台账 {payroll.number}；下载人 {taker}；时间 {at}；用途 {Purpose.DISBURSEMENT}；仅限本用途，不得转交"
