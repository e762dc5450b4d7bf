"""What this stage does when something has happened in it: the letter that is due, once, though a job runs twice."""

from app.core.clock import legal_date, today
from app.core.db import Database, ReadSession
from app.core.money import fen_to_yuan
from app.core.months import read_month
from app.disbursement.events import PaymentFailed
from app.identity.actors import SYSTEM
from app.letters.commands import issue_letter
from app.letters.contents import Said
from app.letters.kinds import Kind, Occasion
from app.letters.wording import label, write_day, write_month
from app.overpayments.commands import take_off_reversed
from app.overpayments.events import RecoveryCorrected, RecoveryOrdered, RecoveryProposed
from app.overpayments.laws import laws_of
from app.overpayments.models import Recovery
from app.overpayments.queries import get_recovery, list_months
from app.review.basis import remedies_of


async def correct_recovery(database: Database, event: PaymentFailed) -> None:
    """Claim no more what the bank took back: of a line that was never paid there is nothing to take off."""
    async with database.unit_of_work() as db:
        await take_off_reversed(db, event.subject, read_month(event.month), event.line_id)


async def write_letter_of_recovery(
    database: Database, event: RecoveryProposed | RecoveryOrdered | RecoveryCorrected
) -> None:
    """Tell the household in writing what is claimed, later that it is ordered, with reasons and remedies, and what the
    bank took back since."""
    kind = Kind.CLAIMED_BACK if isinstance(event, RecoveryProposed) else Kind.ORDERED_BACK
    async with database.unit_of_work() as db:
        recovery, _ = await get_recovery(db, SYSTEM, event.recovery_id)
        cause = event.line_id if isinstance(event, RecoveryCorrected) else recovery.id
        occasion = Occasion(kind, event.application_id, cause)
        await issue_letter(db, occasion, said=await _said(db, recovery, kind))


async def _said(db: ReadSession, recovery: Recovery, kind: Kind) -> Said:
    on = today(db.clock)
    months = (await list_months(db, [recovery.id]))[recovery.id]
    points = [
        f"{write_month(each.month)}：已发放{fen_to_yuan(each.paid_fen)}元，其中应退回{fen_to_yuan(each.amount_fen)}元。"
        for each in months
    ]
    points += [
        f"第{place}期：{part['due_on']}前退回{fen_to_yuan(part['amount_fen'])}元。"
        for place, part in enumerate(recovery.instalments, start=1)
    ]
    if recovery.taken_back_fen:
        points.append(
            f"银行已退回原发放款项{fen_to_yuan(recovery.taken_back_fen)}元，该部分不再要求退回，原决定相应更正；"
            f"尚应退回{fen_to_yuan(recovery.outstanding_fen)}元。"
        )
    values = {
        "recovery": recovery.number,
        "total": fen_to_yuan(recovery.total_fen),
        "ground": label("recoveries", recovery.ground),
        "reason": db.vault.open("recoveries.reason", recovery.id, recovery.reason_sealed),
        "heard_on": write_day(recovery.heard_on) if recovery.heard_on else None,
        "decided_on": write_day(legal_date(recovery.decided_at)) if recovery.decided_at else None,
    }
    remedies = remedies_of(on) if kind is Kind.ORDERED_BACK else []
    return Said(laws_of(recovery.ground, on), remedies, values, points)
