"""Awards of which something was paid too much, and claims about it."""

from datetime import date

from app.awards.lifecycle import StopGround
from app.disbursement.commands import settle_receipts
from app.identity.actors import SYSTEM
from app.overpayments.commands import (
    Instalment,
    hear_about_recovery,
    order_recovery,
    propose_recovery,
    receive_repayment,
)
from app.overpayments.lifecycle import Ground
from tests.builders.hearings import hear_and_stop
from tests.builders.payrolls import build_released, lines_of, paid
from tests.builders.standards import build_judged

AMOUNT = 68_750
SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)
TODAY, LATER, LATEST = date(2026, 11, 23), date(2026, 12, 31), date(2027, 1, 31)
COUNTY = "532529"


async def paid_award(database, office, months=(OCTOBER, NOVEMBER)):
    """Make an award since October, paid for some months."""
    async with database.unit_of_work() as db:
        award = await build_judged(db, from_month=OCTOBER)
    await pay(database, office, months)
    return award


async def pay(database, office, months):
    """Pay what is due for some months."""
    for month in months:
        async with database.unit_of_work() as db:
            payroll = await build_released(db, office, month)
        lines = await lines_of(database, payroll)
        async with database.unit_of_work() as db:
            await settle_receipts(db, SYSTEM, str(payroll.id), [paid(line) for line in lines], "paying_bank")


async def stop(database, office, award, *, last=SEPTEMBER, ground=StopGround.FRAUD):
    async with database.unit_of_work() as db:
        await hear_and_stop(db, office.handler, office.confirmer, award.id, ground, last_month=last)


async def propose(database, office, award, months=(), ground=Ground.AFTER_STOP):
    async with database.unit_of_work() as db:
        return await propose_recovery(db, office.handler, award.id, ground, months, "停发后仍有发放（测试）")


async def order(database, office, recovery, parts=None):
    whole = [Instalment(LATER, recovery.total_fen)]
    async with database.unit_of_work() as db:
        await hear_about_recovery(db, office.handler, recovery.id, opinion="同意退回（测试）", heard_on=TODAY)
    async with database.unit_of_work() as db:
        return await order_recovery(db, office.confirmer, recovery.id, parts or whole)


async def receive(database, office, recovery, fen, reference, on=TODAY):
    async with database.unit_of_work() as db:
        return await receive_repayment(
            db, office.finance, recovery.id, amount_fen=fen, received_on=on, reference=reference
        )
