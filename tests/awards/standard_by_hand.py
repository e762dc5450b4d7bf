"""What a person does about a standard that was left open, and what then holds, waits and is paid."""

from collections import Counter
from contextlib import suppress
from datetime import date

from app.applications.clocks import StepKind
from app.applications.queries import find_open_step
from app.awards.adjusting import (
    actions_offered,
    approve_adjustment,
)
from app.awards.commands import stop_award
from app.awards.lifecycle import Action, AdjustGround, StopGround
from app.awards.queries import get_award
from app.awards.raising import FoundBy, Higher, propose_raise
from app.awards.recomputing_queries import find_open
from app.core.months import write_month
from app.disbursement.errors import NothingToPay
from app.identity.actors import SYSTEM
from tests.builders.hearings import hear_about_stop
from tests.builders.payrolls import build_released, lines_of

# Granted 687.50; by hand 600.00 from December; by the standard of 5,000 yuan the confirmer finds 712.50 due.
AMOUNT, LOWER, LOWEST, DUE, MOST = 68_750, 60_000, 59_999, 71_250, 125_000
NOVEMBER, DECEMBER, JANUARY = date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)
FEBRUARY, MARCH, APRIL, MAY = date(2027, 2, 1), date(2027, 3, 1), date(2027, 4, 1), date(2027, 5, 1)


def by_standard(**given) -> Higher:
    return Higher(
        **{
            "ground": AdjustGround.STANDARD,
            "amount_fen": DUE,
            "from_month": DECEMBER,
            "found_by": FoundBy.REVIEW,
            "found_on": date(2027, 3, 10),
            "reason": "保障标准自2026年12月起提高（测试）",
            **given,
        }
    )


async def propose(database, office, award, what=None):
    async with database.unit_of_work() as db:
        return await propose_raise(db, office.handler, award.id, what or by_standard())


async def approve(database, office, award):
    async with database.unit_of_work() as db:
        return await approve_adjustment(db, office.confirmer, award.id)


async def raise_by_standard(database, office, award, what=None):
    await propose(database, office, award, what)
    return await approve(database, office, award)


async def stop(database, office, award, last_month):
    async with database.unit_of_work() as db:
        await hear_about_stop(db, office.handler, award.id)
    async with database.unit_of_work() as db:
        why = {"ground": StopGround.INCOME, "reason": "家庭收入超过标准（测试）", "last_month": last_month}
        await stop_award(db, office.confirmer, award.id, **why)


async def is_a_task(database, award):
    async with database.reading() as db:
        return await find_open_step(db, award.application_id, StepKind.AWARD_REVIEW) is not None


async def waiting(database, award):
    """Return each month that waits for a person, with what the award amounts to in it."""
    async with database.reading() as db:
        found = await find_open(db, award.id)
    if found is None:
        return []
    return [(write_month(found.from_month), found.before_fen)] + [
        (each["from"], each["before_fen"]) for each in found.further
    ]


async def offered(database, office, award):
    async with database.reading() as db:
        row = await get_award(db, SYSTEM, award.id)
        return [
            {*await actions_offered(db, row, each.role)} & {Action.ADJUST, Action.DECIDE, Action.KEEP}
            for each in (office.handler, office.confirmer)
        ]


def in_march(clock):
    clock.set(clock.now().replace(year=2027, month=3, day=10))


async def pay(database, clock, office, award, months):
    """Pay months, each on its first day; returns what the award was paid for which."""
    paid = Counter()
    for month in months:
        clock.set(clock.now().replace(year=month.year, month=month.month, day=1))
        with suppress(NothingToPay):
            async with database.unit_of_work() as db:
                payroll = await build_released(db, office, month)
            for line in await lines_of(database, payroll):
                paid[line.month] += line.amount_fen
    return paid
