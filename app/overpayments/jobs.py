"""What this stage does when something has happened in it: the letter that is due, once, though a job runs twice."""

from app.core.clock import legal_date, today
from app.core.db import Database, ReadSession
from app.core.money import fen_to_yuan
from app.identity.actors import SYSTEM
from app.letters.commands import issue_letter
from app.letters.contents import Said
from app.letters.kinds import Kind, Occasion
from app.letters.wording import label, write_day, write_month
from app.overpayments.events import RecoveryOrdered, RecoveryProposed
from app.overpayments.laws import laws_of
from app.overpayments.models import Recovery
from app.overpayments.queries import get_recovery, list_months
from app.review.basis import remedies_of


async def write_letter_of_recovery(database: Database, event: RecoveryProposed | RecoveryOrdered) -> None:
    """Tell the household in writing what is claimed, and later that it is ordered, with reasons and remedies."""
    kind = Kind.ORDERED_BACK if isinstance(event, RecoveryOrdered) else Kind.CLAIMED_BACK
    async with database.unit_of_work() as db:
        recovery, _ = await get_recovery(db, SYSTEM, event.recovery_id)
        occasion = Occasion(kind, event.application_id, recovery.id)
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
