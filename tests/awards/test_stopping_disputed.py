"""While what was found is disputed and its agency has time to answer, no award is stopped or lowered on it."""

import asyncio
from datetime import timedelta

import pytest

from app.awards.adjusting import Lower, approve_adjustment, propose_adjustment
from app.awards.commands import hear_recipient, stop_award
from app.awards.errors import FindingDisputed
from app.awards.lifecycle import AdjustGround, AdjustmentStatus, Status, StopGround
from app.core.clock import today
from app.core.months import first_of_month, next_month
from app.identity.actors import Role
from app.verification.commands import TicketAnswer, send_dispute, take_back_dispute
from app.verification.dispute_lifecycle import SentWay
from app.verification.dispute_lifecycle import Status as DisputeStatus
from app.verification.errors import VerificationClosed
from tests.awards.test_disputed import as_it_stands, dispute_it, reviewed
from tests.builders.campaigns import HERE
from tests.builders.disputes import enter_letter
from tests.builders.people import build_staff

ON_FINDINGS = [StopGround.INCOME, StopGround.PROPERTY, StopGround.MEMBERS, StopGround.FRAUD]


class Office:
    """The county's people, and what they do about one award."""

    def __init__(self, database, granted):
        self.database, self.granted = database, granted

    async def open(self):
        async with self.database.unit_of_work() as db:
            self.handler = await build_staff(db, Role.COUNTY_HANDLER, HERE)
            self.confirmer = await build_staff(db, Role.COUNTY_CONFIRMER, HERE)
        return self

    async def hear(self, about="stop", ground=StopGround.PROPERTY):
        async with self.database.unit_of_work() as db:
            heard = {"about": about, "opinion": "车已转让（测试）", "heard_on": today(db.clock)}
            await hear_recipient(db, self.handler, self.granted.award.id, ground=ground, **heard)

    async def stop(self, ground=StopGround.PROPERTY):
        async with self.database.unit_of_work() as db:
            last = first_of_month(today(db.clock))
            last = max(last, self.granted.award.from_month)
            award = self.granted.award.id
            return await stop_award(
                db, self.confirmer, award, ground=ground, reason="名下有车，没有申报（测试）", last_month=last
            )

    async def propose(self, ground=AdjustGround.PROPERTY):
        async with self.database.unit_of_work() as db:
            month = max(next_month(first_of_month(today(db.clock))), self.granted.award.from_month)
            await propose_adjustment(
                db, self.handler, self.granted.award.id, Lower(ground, 100, month, "名下有车，没有申报（测试）")
            )
        await self.hear("reduce", None)

    async def approve(self):
        async with self.database.unit_of_work() as db:
            return await approve_adjustment(db, self.confirmer, self.granted.award.id)

    async def send(self, dispute):
        async with self.database.unit_of_work() as db:
            await send_dispute(db, self.handler, dispute.id, today(db.clock), SentWay.POST)


async def build_disputed(database):
    """A household whose car is disputed, and the county's people, who have heard it about a stop on any ground."""
    granted, _ = await reviewed(database)
    dispute, office = await dispute_it(database, granted), await Office(database, granted).open()
    for ground in StopGround:
        await office.hear(ground=ground)
    return office, dispute


@pytest.mark.parametrize("ground", ON_FINDINGS)
async def test_nothing_is_stopped_on_what_is_disputed_and_the_refusal_says_until_when(database, ground):
    office, dispute = await build_disputed(database)
    await office.send(dispute)

    with pytest.raises(FindingDisputed) as refused:
        await office.stop(ground)

    assert refused.value.detail == "dispute_answer_until"
    assert refused.value.values == {"count": 1, "until": dispute.due_on.isoformat()}
    assert (await as_it_stands(database, dispute)).status == DisputeStatus.OPEN


@pytest.mark.parametrize("ground", [StopGround.DEATH, StopGround.REQUEST])
async def test_a_death_or_the_households_own_wish_waits_for_no_agency(database, ground):
    office, _ = await build_disputed(database)

    assert (await office.stop(ground)).status == Status.STOPPED


async def test_the_agencys_letter_ends_the_wait(database):
    office, dispute = await build_disputed(database)
    await office.send(dispute)
    async with database.unit_of_work() as db:
        await enter_letter(db, office.handler, dispute.id, TicketAnswer.UPHELD)

    assert (await office.stop()).status == Status.STOPPED


async def test_a_dispute_that_is_taken_back_ends_the_wait(database):
    office, dispute = await build_disputed(database)
    granted = office.granted
    async with database.unit_of_work() as db:
        await take_back_dispute(db, granted.household.applicant, granted.case, dispute.id)

    assert (await office.stop()).status == Status.STOPPED


async def test_an_agency_that_lets_its_days_pass_holds_nothing_up_any_more(database, clock):
    office, dispute = await build_disputed(database)
    await office.send(dispute)
    clock.advance(dispute.due_on - today(clock))
    with pytest.raises(FindingDisputed):
        await office.stop()
    clock.advance(timedelta(days=1))

    assert (await office.stop()).status == Status.STOPPED


async def test_what_lay_at_the_county_is_not_taken_from_the_agencys_days(database, clock):
    office, dispute = await build_disputed(database)
    clock.advance(dispute.due_on - today(clock) + timedelta(days=30))
    with pytest.raises(FindingDisputed) as unsent:
        await office.stop()
    await office.send(dispute)

    with pytest.raises(FindingDisputed) as sent:
        await office.stop()

    assert (unsent.value.detail, unsent.value.values) == ("dispute_letter_unsent", {"count": 1})
    assert sent.value.values["until"] > (today(clock) + timedelta(days=13)).isoformat()


async def test_less_is_not_decided_on_what_is_disputed(database):
    office, dispute = await build_disputed(database)
    await office.send(dispute)
    await office.propose()

    with pytest.raises(FindingDisputed):
        await office.approve()

    async with database.unit_of_work() as db:
        await enter_letter(db, office.handler, dispute.id, TicketAnswer.UPHELD)
    assert (await office.approve()).status == AdjustmentStatus.APPROVED


async def test_less_for_work_that_was_refused_rests_on_nothing_that_was_found(database):
    office, _ = await build_disputed(database)
    await office.propose(AdjustGround.WORK_REFUSED)

    assert (await office.approve()).status == AdjustmentStatus.APPROVED


async def test_of_a_stop_and_a_dispute_at_the_same_moment_one_is_refused(database):
    granted, _ = await reviewed(database)
    office = await Office(database, granted).open()
    await office.hear()

    came = await asyncio.gather(office.stop(), dispute_it(database, granted), return_exceptions=True)

    assert [type(each) for each in came if isinstance(each, Exception)] in ([FindingDisputed], [VerificationClosed])
