"""What follows where a promise was not true: for the grant, the award, and whoever promised."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.applications.clocks import StepKind
from app.applications.commands import (
    papers_open_to,
    sign_authorisation,
    start_draft,
    withdraw_application,
    withdraw_promise,
)
from app.applications.errors import (
    PromiseBroken,
    PromiseNotOpen,
)
from app.applications.events import ApplicationAccepted, PromiseFoundBroken
from app.applications.promise_lifecycle import Settlement, Status
from app.applications.promise_models import Promise
from app.applications.queries import get_application, get_whole_application
from app.awards.adjusting import Lower, approve_adjustment, keep_award, propose_adjustment
from app.awards.commands import hear_recipient, open_award_of, stop_award
from app.awards.errors import NothingToKeep
from app.awards.jobs import review_broken_promise
from app.awards.lifecycle import AdjustGround, StopGround
from app.core.clock import today
from app.core.ids import new_id
from app.identity.actors import SYSTEM
from app.letters.contents import gather, open_letter
from app.letters.jobs import write_letter
from app.letters.kinds import Kind, Occasion
from app.letters.models import Letter
from app.notices.jobs import end_notices
from app.review.commands import confirm, give_opinion
from app.review.jobs import start_review
from tests.applications.promises.cases import accepted_with, draft_of, find_out, promise_for, promises_of
from tests.builders.applications import VILLAGE, Household, build_draft, build_household, fill_in
from tests.builders.hearings import hear_about_less, hear_and_stop
from tests.builders.review import (
    build_office,
    decide,
    decide_as,
    open_kinds,
    opine,
    verify,
    visit,
)


async def _surveyed(database, office):
    case, promise = await accepted_with(database, office)
    event = ApplicationAccepted(subject=case.id, county="532529", applicant_id=case.applicant.id)
    await start_review(database, event)
    await verify(database, case)
    await visit(database, case, office)
    return case, promise


async def _granted(database, office, clock):
    case, promise = await _surveyed(database, office)
    await opine(database, case, office)
    clock.advance(_days(8))
    await end_notices(database)
    decision = await decide(database, case, office)
    async with database.unit_of_work() as db:
        award = await open_award_of(db, case.id, decision.id)
    return case, promise, award


def _days(number):
    return timedelta(days=number)


def _again(case):
    """The same people, listed anew."""
    return Household(case.applicant, tuple((new_id(), details) for _, details in case.household.members))


def _broken_event(case, promise):
    return PromiseFoundBroken(subject=case.id, county="532529", applicant_id=case.applicant.id, promise_id=promise.id)


async def _with_a_spouse_who_broke_one(database):
    """Make a draft whose second member broke a promise in a household of her own; nobody has signed in it."""
    office = await build_office(database)
    case, promise = await accepted_with(database, office)
    await find_out(database, office, case, promise, kept=False)
    broke = case.household.members[0][1]
    async with database.unit_of_work() as db:
        await withdraw_application(db, case.applicant, case.id)
        household = await build_household(db)
        spouse = household.members[1][0], type(broke)("spouse", broke.name, broke.id_number)
        household = Household(household.applicant, (household.members[0], spouse))
        draft = await start_draft(db, household.applicant, "living_allowance", VILLAGE)
        await fill_in(db, household, draft)
    return household, draft.id


async def _open_to(database, application_id):
    async with database.reading() as db:
        return await papers_open_to(db, await get_whole_application(db, SYSTEM, application_id))


async def _authorise(database, household, application_id, place):
    member, details = household.members[place]
    async with database.unit_of_work() as db:
        await sign_authorisation(
            db, household.applicant, application_id, member, signer_member_id=member, signer_name=details.name,
            signer_id_number=details.id_number,
        )  # fmt: skip


async def test_on_a_broken_promise_nothing_is_granted(database, opened):
    office = await build_office(database)
    case, promise = await _surveyed(database, office)
    await find_out(database, office, case, promise, kept=False)

    with pytest.raises(PromiseBroken):
        await opine(database, case, office)
    async with database.unit_of_work() as db:
        review = await give_opinion(
            db, office.reviewer, case.id, favourable=False, statement="承诺不实。（测试）", reasons={}
        )
    assert review.status == "with_county"
    decision = await decide_as(database, office.confirmer, case, "refuse")
    async with database.reading() as db:
        application = await get_application(db, SYSTEM, case.id)
        said = await gather(db, application, Occasion(Kind.REFUSED, case.id, decision.id), today(db.clock))
    assert [text for text in said.findings if "承诺与事实不符" in text], "the letter tells it beside the conditions"

    (row,) = await promises_of(database, case.id)
    assert (row.status, row.settlement, row.settled_by) == (Status.SETTLED, Settlement.REFUSED, office.confirmer.id)


async def test_a_promise_found_broken_after_the_opinion_holds_up_the_decision(database, opened, clock):
    office = await build_office(database)
    case, promise = await _surveyed(database, office)
    await opine(database, case, office)
    clock.advance(_days(8))
    await end_notices(database)
    await find_out(database, office, case, promise, kept=False)

    with pytest.raises(PromiseBroken):
        async with database.unit_of_work() as db:
            await confirm(db, office.confirmer, case.id)


async def test_a_grant_does_not_end_the_task_and_a_stop_does(database, opened, clock):
    office = await build_office(database)
    case, _, award = await _granted(database, office, clock)
    assert StepKind.PROMISE_CHECK in await open_kinds(database, case)

    async with database.unit_of_work() as db:
        await hear_and_stop(
            db, office.county_1, office.confirmer, award.id, StopGround.REQUEST, last_month=date(2026, 12, 1)
        )

    assert StepKind.PROMISE_CHECK not in await open_kinds(database, case)


@pytest.mark.parametrize("settlement", [Settlement.STOPPED, Settlement.REDUCED, Settlement.KEPT])
async def test_of_a_granted_award_the_county_decides_what_follows(database, opened, clock, settlement):
    office = await build_office(database)
    case, promise, award = await _granted(database, office, clock)
    with pytest.raises(NothingToKeep):
        async with database.unit_of_work() as db:
            await keep_award(db, office.confirmer, award.id, reason="没有待决定的事项。（测试）")
    await find_out(database, office, case, promise, kept=False)
    await review_broken_promise(database, _broken_event(case, promise))
    await review_broken_promise(database, _broken_event(case, promise))
    assert StepKind.BROKEN_PROMISE in await open_kinds(database, case)

    reduced = settlement is Settlement.REDUCED
    said = {"about": "reduce"} if reduced else {"about": "stop", "ground": StopGround.FRAUD}
    async with database.unit_of_work() as db:
        if reduced:
            less = Lower(
                AdjustGround.FRAUD, award.monthly_amount_fen - 100, date(2027, 1, 1), "承诺事项经核实不属实（测试）"
            )
            await propose_adjustment(db, office.county_1, award.id, less)
        await hear_recipient(db, office.county_1, award.id, opinion="承认（测试）", heard_on=today(db.clock), **said)
    async with database.unit_of_work() as db:
        if settlement is Settlement.STOPPED:
            month = date(2026, 12, 1)
            why = "承诺事项经核实不属实（测试）"
            await stop_award(db, office.confirmer, award.id, ground=StopGround.FRAUD, reason=why, last_month=month)
        elif settlement is Settlement.REDUCED:
            await approve_adjustment(db, office.confirmer, award.id)
        else:
            await keep_award(db, office.confirmer, award.id, reason="不影响待遇。（测试）")

    (row,) = await promises_of(database, case.id)
    assert (row.status, row.settlement) == (Status.SETTLED, settlement)
    assert StepKind.BROKEN_PROMISE not in await open_kinds(database, case)
    await review_broken_promise(database, _broken_event(case, promise))  # told again, it is settled
    assert StepKind.BROKEN_PROMISE not in await open_kinds(database, case)


async def test_a_promise_found_broken_after_less_was_proposed_is_not_settled_by_it(database, opened, clock):
    office = await build_office(database)
    case, promise, award = await _granted(database, office, clock)
    async with database.unit_of_work() as db:
        why = "隐瞒就业收入，经核实属实（测试）"
        less = Lower(AdjustGround.FRAUD, award.monthly_amount_fen - 100, date(2027, 1, 1), why)
        await propose_adjustment(db, office.county_1, award.id, less)
        await hear_about_less(db, office.county_1, award.id)
    clock.advance(_days(1))
    await find_out(database, office, case, promise, kept=False)
    await review_broken_promise(database, _broken_event(case, promise))

    async with database.unit_of_work() as db:
        await approve_adjustment(db, office.confirmer, award.id)

    (row,) = await promises_of(database, case.id)
    assert (row.status, row.settlement) == (Status.BROKEN, None)
    assert StepKind.BROKEN_PROMISE in await open_kinds(database, case)


async def test_what_was_found_is_told_in_writing(database, opened):
    office = await build_office(database)
    case, promise = await accepted_with(database, office)
    await find_out(database, office, case, promise, kept=False)

    await write_letter(database, _broken_event(case, promise))

    async with database.reading() as db:
        (letter,) = (await db.execute(select(Letter))).scalars()
        assert open_letter(db, letter)["points"] == ["经函询医院。（测试）"]


async def test_who_broke_a_promise_before_cannot_promise_again_nor_can_the_household(database, opened):
    office = await build_office(database)
    case, promise = await accepted_with(database, office)
    await find_out(database, office, case, promise, kept=False)
    again = _again(case)
    async with database.unit_of_work() as db:
        await withdraw_application(db, case.applicant, case.id)
        draft = await build_draft(db, again)

    async with database.reading() as db:
        whole = await get_whole_application(db, SYSTEM, draft.id)
        assert await papers_open_to(db, whole) == []
    with pytest.raises(PromiseNotOpen):
        await promise_for(database, again, draft.id)


async def test_a_number_that_was_typed_in_does_not_tell_whether_its_owner_broke_a_promise(database, opened):
    household, draft = await _with_a_spouse_who_broke_one(database)

    before = await _open_to(database, draft)
    await _authorise(database, household, draft, 0)
    by_herself = await _open_to(database, draft)
    await _authorise(database, household, draft, 1)

    assert before == by_herself == ["diagnosis", "receipt"]
    assert await _open_to(database, draft) == []
    with pytest.raises(PromiseNotOpen):
        await promise_for(database, household, draft)


async def test_what_was_promised_ends_when_who_broke_a_promise_authorises(database, opened):
    household, draft = await _with_a_spouse_who_broke_one(database)
    await promise_for(database, household, draft)
    await _authorise(database, household, draft, 0)
    assert [row.status for row in await promises_of(database, draft)] == [Status.PROMISED]

    await _authorise(database, household, draft, 1)

    assert [row.status for row in await promises_of(database, draft)] == [Status.WITHDRAWN]


async def test_who_broke_one_herself_needs_to_sign_nothing_to_be_known(database, opened):
    office = await build_office(database)
    case, promise = await accepted_with(database, office)
    await find_out(database, office, case, promise, kept=False)
    async with database.unit_of_work() as db:
        await withdraw_application(db, case.applicant, case.id)
        draft = await start_draft(db, case.applicant, "living_allowance", VILLAGE)

    assert await _open_to(database, draft.id) == []


async def test_two_live_promises_for_one_paper_cannot_be(database, opened):
    household, application = await draft_of(database)
    made = await promise_for(database, household, application)
    async with database.unit_of_work() as db:
        await withdraw_promise(db, household.applicant, application, made.id)
    await promise_for(database, household, application)

    with pytest.raises(IntegrityError):
        async with database.unit_of_work() as db:
            await db.execute(
                update(Promise).where(Promise.id == made.id).values(status=Status.PROMISED, withdrawn_at=None)
            )
