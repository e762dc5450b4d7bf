"""Who died is not heard about what was paid afterwards; who is left of the household is, counted or not."""

from datetime import date

import pytest
from sqlalchemy import update

from app.awards.lifecycle import StopGround
from app.awards.models import Award
from app.overpayments.commands import Instalment, order_recovery
from app.overpayments.errors import RecoveryNotHeard
from app.overpayments.lifecycle import Status
from tests.builders.campaigns import build_granted, build_granted_alone
from tests.overpayments.claims import LATEST, NOVEMBER, pay, propose, stop

DECEMBER = date(2026, 12, 1)


async def claim(database, office, granted):
    """Claim what was paid after the death of one member, who alone was counted for the amount."""
    async with database.unit_of_work() as db:
        await db.execute(update(Award).where(Award.id == granted.award.id).values(members_count=1))
    await pay(database, office, [DECEMBER])
    await stop(database, office, granted.award, last=NOVEMBER, ground=StopGround.DEATH)
    return await propose(database, office, granted.award)


async def order_unheard(database, office, recovery):
    async with database.unit_of_work() as db:
        return await order_recovery(db, office.confirmer, recovery.id, [Instalment(LATEST, recovery.total_fen)])


async def test_who_lives_in_the_household_without_being_counted_is_heard(database, office):
    recovery = await claim(database, office, await build_granted(database))

    with pytest.raises(RecoveryNotHeard):
        await order_unheard(database, office, recovery)


async def test_after_the_death_of_who_lived_alone_nobody_is_waited_for(database, office):
    recovery = await claim(database, office, await build_granted_alone(database))

    assert (await order_unheard(database, office, recovery)).status == Status.ORDERED
