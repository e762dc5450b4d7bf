"""A promise in the place of a paper: told, signed, seen to, and what follows where it was not true."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.applications.clocks import StepKind
from app.applications.commands import (
    Word,
    accept_application,
    make_promise,
    papers_open_to,
    put_member,
    remove_member,
    return_application,
    sign_authorisation,
    start_draft,
    submit_application,
    verify_promise,
    withdraw_application,
    withdraw_promise,
    words_of,
)
from app.applications.errors import (
    ApplicationNotFound,
    MemberNotFound,
    PaperPromised,
    PromiseBroken,
    PromiseNotFound,
    PromiseNotOpen,
    SignatureMismatch,
)
from app.applications.events import ApplicationAccepted, ApplicationSubmitted, PromiseFoundBroken
from app.applications.promise_lifecycle import LIFECYCLE, Action, Settlement, Status
from app.applications.promise_models import Promise
from app.applications.promise_queries import list_promises
from app.applications.promise_terms import PROVES, VERSION
from app.applications.queries import get_whole_application
from app.awards.adjusting import Lower, approve_adjustment, keep_award, propose_adjustment
from app.awards.commands import hear_recipient, open_award_of, stop_award
from app.awards.errors import NothingToKeep
from app.awards.jobs import review_broken_promise
from app.awards.lifecycle import AdjustGround, StopGround
from app.core.clock import today
from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.core.ids import new_id
from app.identity.actors import SYSTEM, Role
from app.letters.contents import open_letter
from app.letters.jobs import write_letter, write_letters_of_promises
from app.letters.models import Letter
from app.notices.jobs import end_notices
from app.reference.commands import LocalParameter, put_parameter
from app.reference.errors import ParameterInvalid
from app.reference.procedure import PROMISABLE
from app.review.commands import confirm, give_opinion
from app.review.jobs import start_review
from tests.builders.applications import VILLAGE, Household, build_draft, build_household, build_submitted, fill_in
from tests.builders.people import make_id_number
from tests.builders.review import (
    Case,
    build_office,
    decide,
    decide_as,
    open_kinds,
    opine,
    steps_of,
    verify,
    visit,
)

# Written a second time, by hand: status × action → target and who.
CONFIRMERS = {Role.COUNTY_CONFIRMER, Role.TOWNSHIP_CONFIRMER}
ALLOWED = {
    ("promised", "withdraw"): ("withdrawn", {Role.APPLICANT}),
    ("promised", "find_kept"): ("kept", {Role.TOWNSHIP_HANDLER}),
    ("promised", "find_broken"): ("broken", {Role.TOWNSHIP_HANDLER}),
    ("broken", "settle"): ("settled", CONFIRMERS),
}
FACT = "户主患慢性病，长期服药。（测试）"


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("role", Role)
def test_every_step_is_allowed_or_refused(status, action, role):
    target, roles = ALLOWED.get((status, action), (None, set()))
    if target is None:
        with pytest.raises(StepNotAllowed):
            LIFECYCLE.step(status, action, role)
    elif role not in roles:
        with pytest.raises(RoleNotAllowed):
            LIFECYCLE.step(status, action, role)
    else:
        assert LIFECYCLE.step(status, action, role).target == target


@pytest.fixture
async def opened(database):
    """Let the county open it for two kinds of paper."""
    async with database.unit_of_work() as db:
        papers = ["diagnosis", "receipt"]
        await put_parameter(
            db, LocalParameter("procedure", "promised_papers", "532529000000", papers, "测试", date(2026, 1, 1))
        )


def word_of(household, **given) -> Word:
    member, details = household.members[0]
    values = {
        "kind": "diagnosis",
        "member_id": member,
        "fact": FACT,
        "why": "诊断医院在外省。（测试）",
        "terms_version": VERSION,
        "signer_member_id": member,
        "signer_name": details.name,
        "signer_id_number": details.id_number,
    }
    return Word(**{**values, **given})


async def _draft(database):
    async with database.unit_of_work() as db:
        household = await build_household(db)
        return household, (await build_draft(db, household)).id


async def _promise(database, household, application_id, **given):
    async with database.unit_of_work() as db:
        return await make_promise(db, household.applicant, application_id, word_of(household, **given))


async def _accepted(database, office):
    """Make an accepted case with a promise."""
    household, application = await _draft(database)
    promise = await _promise(database, household, application)
    async with database.unit_of_work() as db:
        await submit_application(db, household.applicant, application, truth_promised=True)
        await accept_application(db, office.handler, application, relative_of_staff=False)
    return Case(application, household, office.handler), promise


async def _surveyed(database, office):
    case, promise = await _accepted(database, office)
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


async def _find(database, office, case, promise, *, kept):
    async with database.unit_of_work() as db:
        return await verify_promise(
            db, office.handler, case.id, promise.id, kept=kept, way="letter", finding="经函询医院。（测试）"
        )


async def _promises(database, application_id):
    async with database.reading() as db:
        return list(await list_promises(db, application_id))


def _broken_event(case, promise):
    return PromiseFoundBroken(subject=case.id, county="532529", applicant_id=case.applicant.id, promise_id=promise.id)


async def test_no_paper_can_be_promised_for_until_the_place_has_said_so(database):
    household, application = await _draft(database)

    with pytest.raises(PromiseNotOpen):
        await _promise(database, household, application)

    assert await _promises(database, application) == []


async def test_a_place_opens_it_for_papers_that_there_are(database):
    for value in (["entrustment"], "diagnosis", ["receipt", "receipt"], [1], {"diagnosis": True}):
        with pytest.raises(ParameterInvalid):
            async with database.unit_of_work() as db:
                await put_parameter(
                    db, LocalParameter("procedure", "promised_papers", "532529000000", value, "测试", date(2026, 1, 1))
                )


def test_each_paper_says_what_it_must_prove():
    assert set(PROVES) == PROMISABLE


async def test_a_promise_keeps_what_was_promised_by_whom_and_by_which_words(database, opened):
    household, application = await _draft(database)

    made = await _promise(database, household, application)
    again = await _promise(database, household, application)

    (row,) = await _promises(database, application)
    assert row.id == made.id == again.id
    assert (row.status, row.terms_version, row.method) == (Status.PROMISED, VERSION, "electronic")
    assert row.signed_by_member_id == household.members[0][0]
    async with database.reading() as db:
        assert words_of(db, row)["fact"] == FACT


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"kind": "agreement"}, PromiseNotOpen),  # which the place has not opened
        ({"terms_version": "2025-1"}, PromiseNotOpen),
        ({"signer_name": "测试乙"}, SignatureMismatch),
        ({"signer_id_number": "53990019800101001X"}, SignatureMismatch),
        ({"member_id": new_id()}, MemberNotFound),
    ],
)
async def test_what_is_not_open_told_or_signed_rightly_is_no_promise(database, opened, given, refusal):
    household, application = await _draft(database)
    if "signer_id_number" in given:
        given = {"signer_id_number": make_id_number()}

    with pytest.raises(refusal):
        await _promise(database, household, application, **given)

    assert await _promises(database, application) == []


async def test_a_child_cannot_promise(database, opened):
    household, application = await _draft(database)
    child, details = household.members[2]

    with pytest.raises(SignatureMismatch):
        await _promise(
            database,
            household,
            application,
            signer_member_id=child,
            signer_name=details.name,
            signer_id_number=details.id_number,
        )


async def test_a_promise_taken_back_may_be_made_again(database, opened):
    household, application = await _draft(database)
    made = await _promise(database, household, application)

    async with database.unit_of_work() as db:
        await withdraw_promise(db, household.applicant, application, made.id)
    second = await _promise(database, household, application)

    assert [row.status for row in await _promises(database, application)] == [Status.WITHDRAWN, Status.PROMISED]
    assert second.id != made.id


async def test_a_promise_ends_with_the_member_who_signed_it(database, opened):
    household, application = await _draft(database)
    spouse, details = household.members[1]
    signed = {"signer_member_id": spouse, "signer_name": details.name, "signer_id_number": details.id_number}
    await _promise(database, household, application, **signed)
    async with database.unit_of_work() as db:
        version = (await get_whole_application(db, household.applicant, application)).version
        other = type(details)("spouse", "测试丁", make_id_number(date(1983, 3, 4)))
        await put_member(db, household.applicant, application, spouse, other, seen=version)

    (row,) = await _promises(database, application)
    assert row.status == Status.WITHDRAWN
    async with database.unit_of_work() as db:
        version = (await get_whole_application(db, household.applicant, application)).version
        await remove_member(db, household.applicant, application, spouse, seen=version)
    assert await _promises(database, application) == []


async def test_nobody_elses_promise_can_be_taken_back(database, opened):
    household, application = await _draft(database)
    made = await _promise(database, household, application)
    stranger, other = await _draft(database)

    async with database.unit_of_work() as db:
        with pytest.raises(ApplicationNotFound):
            await withdraw_promise(db, stranger.applicant, application, made.id)
        with pytest.raises(PromiseNotFound):
            await withdraw_promise(db, stranger.applicant, other, made.id)


async def test_the_acceptance_goes_on_without_the_paper(database, opened):
    office = await build_office(database)
    household, application = await _draft(database)
    await _promise(database, household, application)
    async with database.unit_of_work() as db:
        await submit_application(db, household.applicant, application, truth_promised=True)
    with pytest.raises(PaperPromised):
        async with database.unit_of_work() as db:
            await return_application(db, office.handler, application, missing=["诊断证明"], papers=["diagnosis"])

    async with database.unit_of_work() as db:
        await accept_application(db, office.handler, application, relative_of_staff=False)

    step = (await steps_of(database, application))[StepKind.PROMISE_CHECK]
    assert step.due_on == date(2026, 12, 21)  # twenty working days from 23 November


async def test_a_paper_nobody_promised_for_may_be_asked_for(database, opened):
    office = await build_office(database)
    async with database.unit_of_work() as db:
        application = await build_submitted(db)
    async with database.unit_of_work() as db:
        returned = await return_application(
            db, office.handler, application.id, missing=["诊断证明"], papers=["diagnosis"]
        )

    assert returned.status == "supplement_requested"
    assert StepKind.PROMISE_CHECK not in await steps_of(database, application.id)


async def test_the_household_is_given_in_writing_what_it_was_told_and_promised(database, opened):
    office = await build_office(database)
    case, promise = await _accepted(database, office)
    event = ApplicationSubmitted(subject=case.id, county="532529", applicant_id=case.applicant.id)

    await write_letters_of_promises(database, event)
    await write_letters_of_promises(database, event)

    async with database.reading() as db:
        (letter,) = (await db.execute(select(Letter))).scalars()
        body = open_letter(db, letter)
    assert (letter.cause_id, body["points"]) == (promise.id, [FACT])
    assert PROVES["diagnosis"].zh in "".join(body["before"])
    assert "二倍以下的罚款" in "".join(body["before"])
    assert VERSION in "".join(body["before"])


async def test_a_kept_promise_ends_the_task(database, opened):
    office = await build_office(database)
    case, promise = await _accepted(database, office)

    found = await _find(database, office, case, promise, kept=True)

    assert (found.status, found.way, found.verified_by) == (Status.KEPT, "letter", office.handler.id)
    assert StepKind.PROMISE_CHECK not in await open_kinds(database, case)
    with pytest.raises(StepNotAllowed):
        await _find(database, office, case, promise, kept=False)


async def test_the_task_stays_until_all_promises_were_seen_to(database, opened):
    office = await build_office(database)
    household, application = await _draft(database)
    first = await _promise(database, household, application)
    second = await _promise(database, household, application, kind="receipt")
    async with database.unit_of_work() as db:
        await submit_application(db, household.applicant, application, truth_promised=True)
    case = Case(application, household, office.handler)
    with pytest.raises(StepNotAllowed):  # what is not accepted yet may still be taken back
        await _find(database, office, case, first, kept=True)
    async with database.unit_of_work() as db:
        await accept_application(db, office.handler, application, relative_of_staff=False)

    await _find(database, office, case, first, kept=True)
    assert StepKind.PROMISE_CHECK in await open_kinds(database, case)
    await _find(database, office, case, second, kept=True)
    assert StepKind.PROMISE_CHECK not in await open_kinds(database, case)


async def test_of_an_application_that_ended_no_promise_is_seen_to(database, opened):
    office = await build_office(database)
    case, promise = await _accepted(database, office)
    async with database.unit_of_work() as db:
        await withdraw_application(db, case.applicant, case.id)

    with pytest.raises(StepNotAllowed):
        await _find(database, office, case, promise, kept=False)
    assert await open_kinds(database, case) == set()


async def test_on_a_broken_promise_nothing_is_granted(database, opened):
    office = await build_office(database)
    case, promise = await _surveyed(database, office)
    await _find(database, office, case, promise, kept=False)

    with pytest.raises(PromiseBroken):
        await opine(database, case, office)
    async with database.unit_of_work() as db:
        review = await give_opinion(
            db, office.reviewer, case.id, favourable=False, statement="承诺不实。（测试）", reasons={}
        )
    assert review.status == "with_county"
    await decide_as(database, office.confirmer, case, "refuse")

    (row,) = await _promises(database, case.id)
    assert (row.status, row.settlement, row.settled_by) == (Status.SETTLED, Settlement.REFUSED, office.confirmer.id)


async def test_a_promise_found_broken_after_the_opinion_holds_up_the_decision(database, opened, clock):
    office = await build_office(database)
    case, promise = await _surveyed(database, office)
    await opine(database, case, office)
    clock.advance(_days(8))
    await end_notices(database)
    await _find(database, office, case, promise, kept=False)

    with pytest.raises(PromiseBroken):
        async with database.unit_of_work() as db:
            await confirm(db, office.confirmer, case.id)


async def test_a_grant_does_not_end_the_task_and_a_stop_does(database, opened, clock):
    office = await build_office(database)
    case, _, award = await _granted(database, office, clock)
    assert StepKind.PROMISE_CHECK in await open_kinds(database, case)

    async with database.unit_of_work() as db:
        await hear_recipient(
            db, office.county_1, award.id, about="stop", opinion="没有意见（测试）", heard_on=today(db.clock)
        )
        await stop_award(
            db, office.confirmer, award.id, ground=StopGround.REQUEST, reason="本人申请", last_month=date(2026, 12, 1)
        )

    assert StepKind.PROMISE_CHECK not in await open_kinds(database, case)


@pytest.mark.parametrize("settlement", [Settlement.STOPPED, Settlement.REDUCED, Settlement.KEPT])
async def test_of_a_granted_award_the_county_decides_what_follows(database, opened, clock, settlement):
    office = await build_office(database)
    case, promise, award = await _granted(database, office, clock)
    with pytest.raises(NothingToKeep):
        async with database.unit_of_work() as db:
            await keep_award(db, office.confirmer, award.id, reason="没有待决定的事项。（测试）")
    await _find(database, office, case, promise, kept=False)
    await review_broken_promise(database, _broken_event(case, promise))
    await review_broken_promise(database, _broken_event(case, promise))
    assert StepKind.BROKEN_PROMISE in await open_kinds(database, case)

    about = "reduce" if settlement is Settlement.REDUCED else "stop"
    async with database.unit_of_work() as db:
        if settlement is Settlement.REDUCED:
            less = Lower(AdjustGround.FRAUD, award.monthly_amount_fen - 100, date(2027, 1, 1), "承诺不实（测试）")
            await propose_adjustment(db, office.county_1, award.id, less)
        await hear_recipient(
            db, office.county_1, award.id, about=about, opinion="承认（测试）", heard_on=today(db.clock)
        )
    async with database.unit_of_work() as db:
        if settlement is Settlement.STOPPED:
            month = date(2026, 12, 1)
            await stop_award(db, office.confirmer, award.id, ground=StopGround.FRAUD, reason="不实", last_month=month)
        elif settlement is Settlement.REDUCED:
            await approve_adjustment(db, office.confirmer, award.id)
        else:
            await keep_award(db, office.confirmer, award.id, reason="不影响待遇。（测试）")

    (row,) = await _promises(database, case.id)
    assert (row.status, row.settlement) == (Status.SETTLED, settlement)
    assert StepKind.BROKEN_PROMISE not in await open_kinds(database, case)
    await review_broken_promise(database, _broken_event(case, promise))  # told again, it is settled
    assert StepKind.BROKEN_PROMISE not in await open_kinds(database, case)


async def test_what_was_found_is_told_in_writing(database, opened):
    office = await build_office(database)
    case, promise = await _accepted(database, office)
    await _find(database, office, case, promise, kept=False)

    await write_letter(database, _broken_event(case, promise))

    async with database.reading() as db:
        (letter,) = (await db.execute(select(Letter))).scalars()
        assert open_letter(db, letter)["points"] == ["经函询医院。（测试）"]


async def test_who_broke_a_promise_before_cannot_promise_again_nor_can_the_household(database, opened):
    office = await build_office(database)
    case, promise = await _accepted(database, office)
    await _find(database, office, case, promise, kept=False)
    again = _again(case)
    async with database.unit_of_work() as db:
        await withdraw_application(db, case.applicant, case.id)
        draft = await build_draft(db, again)

    async with database.reading() as db:
        whole = await get_whole_application(db, SYSTEM, draft.id)
        assert await papers_open_to(db, whole) == []
    with pytest.raises(PromiseNotOpen):
        await _promise(database, again, draft.id)


async def _with_a_spouse_who_broke_one(database):
    """Make a draft whose second member broke a promise in a household of her own; nobody has signed in it."""
    office = await build_office(database)
    case, promise = await _accepted(database, office)
    await _find(database, office, case, promise, kept=False)
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


async def test_a_number_that_was_typed_in_does_not_tell_whether_its_owner_broke_a_promise(database, opened):
    household, draft = await _with_a_spouse_who_broke_one(database)

    before = await _open_to(database, draft)
    await _authorise(database, household, draft, 0)
    by_herself = await _open_to(database, draft)
    await _authorise(database, household, draft, 1)

    assert before == by_herself == ["diagnosis", "receipt"]
    assert await _open_to(database, draft) == []
    with pytest.raises(PromiseNotOpen):
        await _promise(database, household, draft)


async def test_what_was_promised_ends_when_who_broke_a_promise_authorises(database, opened):
    household, draft = await _with_a_spouse_who_broke_one(database)
    await _promise(database, household, draft)
    await _authorise(database, household, draft, 0)
    assert [row.status for row in await _promises(database, draft)] == [Status.PROMISED]

    await _authorise(database, household, draft, 1)

    assert [row.status for row in await _promises(database, draft)] == [Status.WITHDRAWN]


async def test_who_broke_one_herself_needs_to_sign_nothing_to_be_known(database, opened):
    office = await build_office(database)
    case, promise = await _accepted(database, office)
    await _find(database, office, case, promise, kept=False)
    async with database.unit_of_work() as db:
        await withdraw_application(db, case.applicant, case.id)
        draft = await start_draft(db, case.applicant, "living_allowance", VILLAGE)

    assert await _open_to(database, draft.id) == []


async def test_two_live_promises_for_one_paper_cannot_be(database, opened):
    household, application = await _draft(database)
    made = await _promise(database, household, application)
    async with database.unit_of_work() as db:
        await withdraw_promise(db, household.applicant, application, made.id)
    await _promise(database, household, application)

    with pytest.raises(IntegrityError):
        async with database.unit_of_work() as db:
            await db.execute(
                update(Promise).where(Promise.id == made.id).values(status=Status.PROMISED, withdrawn_at=None)
            )
