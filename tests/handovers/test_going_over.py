"""What a hand-over leaves in both counties: the case, its decision, the award, and whose people are in which case."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.applications.claim_queries import list_claims
from app.applications.clocks import StepKind
from app.applications.queries import find_open_step, get_application, list_steps
from app.awards.adjusting import Lower, approve_adjustment, propose_adjustment
from app.awards.commands import hear_recipient, open_award_of
from app.awards.errors import HearingRequired
from app.awards.events import AwardTakenOver
from app.awards.jobs import recompute_opened_award
from app.awards.lifecycle import HANDED_OVER, AdjustGround, Outcome, Settlement, Status
from app.awards.models import AwardAmount
from app.awards.naming import whose
from app.awards.queries import get_amount_in, get_award, list_awards
from app.awards.recomputing_queries import find_open
from app.core.clock import today
from app.core.ids import new_id
from app.events.base import rebuild
from app.events.queries import list_subject_events
from app.handovers.commands import confirm_handover
from app.handovers.events import HandoverCompleted
from app.handovers.jobs import write_letters_of_handover
from app.identity.actors import SYSTEM
from app.letters.contents import open_letter
from app.letters.models import Letter
from app.notices.lifecycle import Kind
from app.notices.models import Notice
from app.notices.queries import list_up
from app.review.queries import get_decision
from app.review.replay import replay_decision
from tests.builders.handovers import THERE, VILLAGE_THERE, accept, build_counties, hand_over, hand_over_back, seen_by
from tests.builders.review import decide
from tests.builders.standards import build_in_force, build_judged, put_in_force, recompute, standard_draft
from tests.builders.unposted import build_child_alone, opine_on_child

NOVEMBER, DECEMBER, JANUARY = date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)
AMOUNT, RAISED, LOWERED = 68_750, 80_000, 55_000
COUNTY_THERE = f"{THERE}000000"


async def amounts_of(database, award_id):
    async with database.reading() as db:
        query = select(AwardAmount).where(AwardAmount.award_id == award_id).order_by(AwardAmount.seq)
        return [(row.from_month, row.amount_fen, row.cause) for row in (await db.execute(query)).scalars()]


async def test_one_award_ends_and_the_other_begins_the_month_after(database):
    async with database.unit_of_work() as db:
        award, counties = await build_judged(db), await build_counties(db)

    done = await hand_over(database, counties, award.id)

    async with database.reading() as db:
        old, new = await get_award(db, SYSTEM, award.id), await get_award(db, SYSTEM, done.new_award_id)
        case = await get_application(db, SYSTEM, new.application_id)
        decision = await get_decision(db, case.id)
        replayed = replay_decision(db, decision)
        claims = [await list_claims(db, each) for each in (award.application_id, case.id)]
        notices = [await list_up(db, each, (Kind.AWARD,)) for each in (award.application_id, case.id)]
        amount = await get_amount_in(db, new.id, DECEMBER)
        waits = await find_open(db, new.id)
        steps = {step.kind: step.outcome for step in await list_steps(db, award.application_id)}
        first = await find_open_step(db, case.id, StepKind.FIRST_PAYMENT)
    assert (old.status, old.to_month, old.stop_ground) == (Status.STOPPED, NOVEMBER, HANDED_OVER)
    assert (new.status, new.from_month, new.to_month, new.taken_over_from) == (Status.ACTIVE, DECEMBER, None, old.id)
    assert (new.county, new.division, case.division, case.status) == (THERE, VILLAGE_THERE, VILLAGE_THERE, "approved")
    assert (amount, waits) == (AMOUNT, None)
    assert replayed.same
    assert (decision.county, decision.decided_by) == (THERE, counties.there.confirmer.id)
    assert [len(each) for each in claims] == [0, 1]
    assert {claim.county for claim in claims[1]} == {THERE}
    assert [[(each.division, each.monthly_amount_fen) for each in found] for found in notices] == [
        [],
        [(VILLAGE_THERE, AMOUNT)],
    ]
    assert steps["hand_over"] == "completed"
    assert first is not None


async def test_what_was_not_posted_is_posted_in_no_further_county_either(database):
    office, case = await build_child_alone(database)
    await opine_on_child(database, office, case)
    decision = await decide(database, case, office)
    async with database.unit_of_work() as db:
        award, counties = await open_award_of(db, case.id, decision.id), await build_counties(db)

    there = await hand_over(database, counties, award.id)
    back = await hand_over_back(database, counties, there.new_award_id)

    async with database.reading() as db:
        notices = (await db.scalars(select(Notice))).all()
    assert (back.status, notices) == ("completed", [])


async def test_each_county_sees_its_own_part_and_no_more(database):
    async with database.unit_of_work() as db:
        award, counties = await build_judged(db), await build_counties(db)
    done = await hand_over(database, counties, award.id)

    seen = {}
    for name, actor in (("here", counties.here.handler), ("there", counties.there.handler)):
        async with seen_by(database, actor).reading() as db:
            seen[name] = {row.id for row in await list_awards(db, actor, status=None, after=None, limit=10)}

    assert seen == {"here": {award.id}, "there": {done.new_award_id}}


async def test_a_higher_standard_there_is_paid_from_the_first_month(database):
    async with database.unit_of_work() as db:
        award, counties = await build_judged(db), await build_counties(db)
        await build_in_force(db, standard_draft(500_000, area=COUNTY_THERE))

    done = await hand_over(database, counties, award.id)

    assert await amounts_of(database, done.new_award_id) == [(DECEMBER, RAISED, "handover")]


@pytest.mark.parametrize(
    ("standard", "told", "amount"), [(500_000, "800.00元", "800.00"), (400_000, "550.00元", "687.50")]
)
async def test_the_letter_there_explains_by_the_numbers_of_the_new_place(database, standard, told, amount):
    async with database.unit_of_work() as db:
        award, counties = await build_judged(db), await build_counties(db)
        await build_in_force(db, standard_draft(standard, area=COUNTY_THERE))
    done = await hand_over(database, counties, award.id)
    async with database.reading() as db:
        [event] = [e for e in await list_subject_events(db, award.id) if e.type == HandoverCompleted.type]

    await write_letters_of_handover(database, rebuild(event.type, event.subject, event.county, event.data))

    async with database.reading() as db:
        new = await get_award(db, SYSTEM, done.new_award_id)
        letter = (await db.scalars(select(Letter).where(Letter.application_id == new.application_id))).one()
        content = open_letter(db, letter)
    explained = "".join(content["after"]).replace(" ", "")
    assert f"按差额计算每月{told}。" in explained
    assert f"每月{amount}元发放" in "".join(content["before"]).replace(" ", "")


async def test_the_letter_there_says_what_its_published_standard_makes_of_later_months(database):
    async with database.unit_of_work() as db:
        award, counties = await build_judged(db), await build_counties(db)
        await build_in_force(db, standard_draft(500_000, area=COUNTY_THERE, valid_from=date(2027, 3, 1)))
    done = await hand_over(database, counties, award.id)
    async with database.reading() as db:
        [event] = [e for e in await list_subject_events(db, award.id) if e.type == HandoverCompleted.type]

    await write_letters_of_handover(database, rebuild(event.type, event.subject, event.county, event.data))

    async with database.reading() as db:
        new = await get_award(db, SYSTEM, done.new_award_id)
        letter = (await db.scalars(select(Letter).where(Letter.application_id == new.application_id))).one()
        content = open_letter(db, letter)
    assert (content["monthly_amount_fen"], content["first_month"]) == (AMOUNT, "2026-12")
    assert content["next_amounts"] == [{"monthly_amount_fen": RAISED, "amount_from": "2027-03"}]
    assert "自2027年3月起800.00元" in "".join(content["before"])


async def test_a_lower_standard_there_lowers_nothing_and_waits_for_a_person(database):
    async with database.unit_of_work() as db:
        award, counties = await build_judged(db), await build_counties(db)
        await build_in_force(db, standard_draft(400_000, area=COUNTY_THERE))

    done = await hand_over(database, counties, award.id)

    assert await amounts_of(database, done.new_award_id) == []  # what was granted goes on
    async with database.reading() as db:
        waits = await find_open(db, done.new_award_id)
        new = await get_award(db, SYSTEM, done.new_award_id)
        step = await find_open_step(db, new.application_id, StepKind.AWARD_REVIEW)
    assert waits is not None
    assert (waits.outcome, waits.from_month, waits.before_fen, waits.after_fen, waits.handover_id) == (
        Outcome.TO_BE_HEARD,
        DECEMBER,
        AMOUNT,
        LOWERED,
        done.id,
    )
    assert (step is not None, new.monthly_amount_fen) == (True, AMOUNT)


async def test_what_is_lower_there_is_decided_as_ever_after_a_hearing(database, clock):
    async with database.unit_of_work() as db:
        award, counties = await build_judged(db), await build_counties(db)
        await build_in_force(db, standard_draft(400_000, area=COUNTY_THERE))
    done = await hand_over(database, counties, award.id)
    lower = Lower(AdjustGround.STANDARD, LOWERED, DECEMBER, "按本县现行标准测算。（测试）")
    people = counties.there

    async with seen_by(database, people.handler).unit_of_work() as db:
        await propose_adjustment(db, people.handler, done.new_award_id, lower)
    with pytest.raises(HearingRequired):
        async with seen_by(database, people.confirmer).unit_of_work() as db:
            await approve_adjustment(db, people.confirmer, done.new_award_id)
    async with seen_by(database, people.handler).unit_of_work() as db:
        said = {"about": "reduce", "opinion": "没有意见。（测试）", "heard_on": today(clock)}
        await hear_recipient(db, people.handler, done.new_award_id, **said)
    async with seen_by(database, people.confirmer).unit_of_work() as db:
        await approve_adjustment(db, people.confirmer, done.new_award_id)

    assert await amounts_of(database, done.new_award_id) == [(DECEMBER, LOWERED, "adjustment")]


async def test_a_later_standard_there_is_worked_out_for_it_as_for_any_award(database):
    async with database.unit_of_work() as db:
        award, counties = await build_judged(db), await build_counties(db)
    done = await hand_over(database, counties, award.id)

    await put_in_force(database, standard_draft(500_000, area=COUNTY_THERE, valid_from=JANUARY))

    assert await amounts_of(database, done.new_award_id) == [(JANUARY, RAISED, "change")]


async def test_a_standard_that_is_approved_while_it_is_confirmed_is_worked_out_for_it(database, clock):
    async with database.unit_of_work() as db:
        award, counties = await build_judged(db), await build_counties(db)
        await build_judged(db, village=VILLAGE_THERE)  # so that the county has something to work out
    handover_id = await accept(database, counties, award.id)
    people = counties.there

    async with seen_by(database, people.confirmer).unit_of_work() as confirming:
        async with database.unit_of_work() as approving:
            change = await build_in_force(approving, standard_draft(500_000, area=COUNTY_THERE))
            clock.advance(timedelta(milliseconds=5))
            done = await confirm_handover(confirming, people.confirmer, handover_id)
        await recompute(database, change)
    async with database.reading() as db:
        new = await get_award(db, SYSTEM, done.new_award_id)
    told = AwardTakenOver(**whose(new), from_award_id=award.id, handover_id=handover_id, from_month="2026-12")
    for _ in range(2):
        await recompute_opened_award(database, told)

    assert await amounts_of(database, done.new_award_id) == [(DECEMBER, RAISED, "change")]


async def test_an_amount_that_a_person_found_goes_over_as_it_is_and_waits_for_one_there(database):
    async with database.unit_of_work() as db:
        award, counties = await build_judged(db), await build_counties(db)
        db.add(_found_by_person(db, award, 40_000))

    done = await hand_over(database, counties, award.id)

    assert await amounts_of(database, done.new_award_id) == [(JANUARY, 40_000, "handover")]
    async with database.reading() as db:
        waits = await find_open(db, done.new_award_id)
        new = await get_award(db, SYSTEM, done.new_award_id)
        step = await find_open_step(db, new.application_id, StepKind.AWARD_REVIEW)
    assert waits is not None
    assert (waits.outcome, waits.reason, waits.settlement) == (
        Outcome.NEEDS_PERSON,
        "decided_by_person",
        Settlement.OPEN,
    )
    assert step is not None


def _found_by_person(db, award, fen):
    return AwardAmount(
        id=new_id(), county=award.county, division=award.division, award_id=award.id, seq=1, from_month=DECEMBER,
        amount_fen=fen, before_fen=award.monthly_amount_fen, cause="adjustment", recorded_by=new_id(),
        recorded_at=db.clock.now(),
    )  # fmt: skip
