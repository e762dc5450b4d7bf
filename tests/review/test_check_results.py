"""A result that speaks against a household: told before any opinion, objected to with evidence, checked again."""

from datetime import date, timedelta

import pytest

from app.applications.clocks import StepKind
from app.applications.commands.documents import StoredFile
from app.applications.queries import get_application, get_whole_application
from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.core.ids import new_id
from app.facts import Answer, Fact, FactKey, Item, Outcome
from app.identity.actors import SYSTEM, Role
from app.reference.commands import LocalParameter, put_parameter
from app.review.check_result_lifecycle import LIFECYCLE, Action, Status
from app.review.check_result_queries import find_open_check_result, list_check_results
from app.review.commands import findings_of, give_opinion, object_to_result, objection_of, recheck
from app.review.errors import CheckResultNotFound, CheckResultOpen, OpinionAgainstRules, ReasonsMissing
from app.review.jobs import let_results_stand
from app.verification.commands import conclude, record_answer
from app.verification.errors import CheckNotFound
from app.verification.queries import find_current_report, list_checks
from tests.builders.review import (
    build_accepted_case,
    build_office,
    open_kinds,
    opine,
    react,
    steps_of,
    verify,
    visit,
)
from tests.builders.verification import AS_OF, give_up

_CAR = {("self", Item.VEHICLES): {FactKey.VEHICLE_COUNT: 1}}

# Written a second time, by hand: status × action → target and who.
ALLOWED = {
    ("told", "object"): ("objected", {Role.APPLICANT}),
    ("told", "accept"): ("stands", {Role.APPLICANT}),
    ("told", "let_stand"): ("stands", {Role.SYSTEM}),
    ("told", "conclude"): ("concluded", {Role.SYSTEM}),
    ("objected", "recheck"): ("rechecking", {Role.TOWNSHIP_HANDLER}),
    ("rechecking", "conclude"): ("concluded", {Role.SYSTEM}),
    ("rechecking", "conclude_unanswered"): ("not_answered", {Role.SYSTEM}),
    ("not_answered", "conclude"): ("concluded", {Role.SYSTEM}),
}


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


async def _told(database):
    """Make a visited household with a car, where a car is too much; returns office, case and what was told."""
    async with database.unit_of_work() as db:
        limit = {"kinds": ["vehicle"], "count": 0}
        row = LocalParameter("living_allowance", "property.vehicles", "532529000000", limit, "测试", date(2026, 1, 1))
        await put_parameter(db, row)
    office, case = await build_office(database), await build_accepted_case(database)
    await visit(database, case, office)
    await verify(database, case, _CAR)
    return office, case, await _result(database, case)


async def _result(database, case):
    async with database.reading() as db:
        (result,) = await list_check_results(db, case.id)
    return result


async def _object(database, case, result, evidence=()):
    async with database.unit_of_work() as db:
        return await object_to_result(
            db, case.applicant, case.id, result.id, statement="车已于去年转让。（测试）", evidence=evidence
        )


async def _vehicle_check(database, case):
    async with database.reading() as db:
        checks = [c for c in await list_checks(db, case.id) if c.item == Item.VEHICLES]
    return [c for c in checks if c.member_id == case.member("self")][-1]


async def _recheck(database, office, case, result):
    check = await _vehicle_check(database, case)
    async with database.unit_of_work() as db:
        return await recheck(db, office.handler, case.id, result.id, [check.id])


async def _answer_again(database, case, answer: Answer):
    check = await _vehicle_check(database, case)
    async with database.unit_of_work() as db:
        await record_answer(db, SYSTEM, check.id, answer)
    await react(database, case)


async def test_what_speaks_against_a_household_is_told_before_any_opinion(database):
    office, case, result = await _told(database)

    async with database.reading() as db:
        (finding,) = findings_of(db, result)
    assert (result.status, finding["met"]) == (Status.TOLD, False)
    assert result.object_by == date(2026, 11, 30)  # five working days from 23 November
    assert await open_kinds(database, case) == {StepKind.CHECK_OBJECTION}
    with pytest.raises(CheckResultOpen):
        async with database.unit_of_work() as db:
            await give_opinion(db, office.reviewer, case.id, favourable=False, statement="不符合。（测试）", reasons={})


async def test_nothing_is_told_where_nothing_certain_speaks_against_it(database):
    case = await build_accepted_case(database)
    await verify(database, case)

    async with database.reading() as db:
        assert list(await list_check_results(db, case.id)) == []


async def test_a_pension_nobody_declared_that_would_exclude_them_is_told_though_a_person_decides(database):
    office, case = await build_office(database), await build_accepted_case(database)
    await visit(database, case, office)
    await verify(database, case, {("self", Item.SOCIAL_INSURANCE): {FactKey.PENSION_MONTHLY: 286_000}})

    async with database.reading() as db:
        (finding,) = findings_of(db, await _result(database, case))
    assert (finding["rule"], finding["met"]) == ("benefits_declared", None)
    with pytest.raises(CheckResultOpen):
        async with database.unit_of_work() as db:
            await give_opinion(db, office.reviewer, case.id, favourable=True, statement="符合。（测试）", reasons={})


async def test_one_that_would_not_exclude_them_is_for_the_reviewer_to_settle_and_holds_nobody_up(database):
    office, case = await build_office(database), await build_accepted_case(database)
    await visit(database, case, office)
    await verify(database, case, {("self", Item.SOCIAL_INSURANCE): {FactKey.PENSION_MONTHLY: 1_500}})

    async with database.reading() as db:
        assert list(await list_check_results(db, case.id)) == []
    with pytest.raises(ReasonsMissing) as refused:
        async with database.unit_of_work() as db:
            await give_opinion(db, office.reviewer, case.id, favourable=True, statement="符合。（测试）", reasons={})
    assert "/reasons/benefits_declared" in {fault.pointer for fault in refused.value.faults}


async def test_told_again_by_the_same_event_changes_nothing(database):
    _, case, result = await _told(database)

    await react(database, case)

    assert (await _result(database, case)).id == result.id


async def test_who_does_not_object_in_time_lets_it_stand(database, clock):
    office, case, result = await _told(database)
    clock.advance(timedelta(days=7))
    await let_results_stand(database)
    assert (await _result(database, case)).status == Status.TOLD  # 30 November is the last day
    clock.advance(timedelta(days=1))

    await let_results_stand(database)
    await let_results_stand(database)

    assert (await _result(database, case)).status == Status.STANDS
    assert await open_kinds(database, case) == {StepKind.OPINION}
    assert (await steps_of(database, case.id))[StepKind.CHECK_OBJECTION].outcome == "not_objected"
    await opine(database, case, office, favourable=False)
    with pytest.raises(StepNotAllowed):
        await _object(database, case, result)


async def test_a_place_sets_how_long_one_may_object(database):
    async with database.unit_of_work() as db:
        row = LocalParameter("procedure", "check_objection_days", "532500000000", 10, "测试", date(2026, 1, 1))
        await put_parameter(db, row)

    _, _, result = await _told(database)

    assert result.object_by == date(2026, 12, 7)


async def test_after_an_objection_the_township_checks_again_and_the_new_report_counts(database):
    office, case, result = await _told(database)
    file = StoredFile(new_id(), "image/jpeg", 1000, "0" * 64)
    objected = await _object(database, case, result, [file])
    assert objected.status is Status.OBJECTED
    assert await open_kinds(database, case) == {StepKind.RECHECK}
    async with database.reading() as db:
        first = await find_current_report(db, case.id)
        assert objection_of(db, objected) == "车已于去年转让。（测试）"
        (paper,) = (await get_whole_application(db, SYSTEM, case.id)).documents
        assert paper.upload_id == file.upload_id

    await _recheck(database, office, case, result)
    assert await open_kinds(database, case) == {StepKind.VERIFICATION}
    with pytest.raises(CheckResultOpen):
        async with database.unit_of_work() as db:
            await give_opinion(db, office.reviewer, case.id, favourable=False, statement="不符合。（测试）", reasons={})
    await _answer_again(database, case, Answer.none())

    settled = await _result(database, case)
    async with database.reading() as db:
        second = await find_current_report(db, case.id)
        kept = await db.get(type(first), first.id)
    assert (settled.status, settled.still) == (Status.CONCLUDED, False)
    assert (settled.report_id, settled.recheck_report_id) == (first.id, second.id)
    assert (kept.superseded_at is not None, second.number) == (True, 2)
    review = await opine(database, case, office, favourable=True)
    assert review.round == 1


async def test_checked_again_it_may_still_speak_against_them_and_no_second_time_begins(database):
    office, case, result = await _told(database)
    await _object(database, case, result)
    await _recheck(database, office, case, result)
    one_car = Fact(FactKey.VEHICLE_COUNT, 1, "register", AS_OF)
    await _answer_again(database, case, Answer(Outcome.HIT, {FactKey.VEHICLE_COUNT: one_car}))

    settled = await _result(database, case)
    async with database.reading() as db:
        assert await find_open_check_result(db, case.id) is None
    assert (settled.status, settled.still) == (Status.CONCLUDED, True)
    await opine(database, case, office, favourable=False)


async def _stay_silent(database, case):
    check = await _vehicle_check(database, case)
    await give_up(database, check)
    async with database.unit_of_work() as db:
        await conclude(db, await get_application(db, SYSTEM, case.id, lock=True))
    await react(database, case)
    return check


async def test_what_was_told_stands_where_the_agency_that_is_asked_again_stays_silent(database):
    office, case, result = await _told(database)
    await _object(database, case, result)
    await _recheck(database, office, case, result)

    await _stay_silent(database, case)

    unanswered = await _result(database, case)
    async with database.reading() as db:
        report = await find_current_report(db, case.id)
    assert (unanswered.status, unanswered.still) == (Status.NOT_ANSWERED, True)
    assert (unanswered.recheck_report_id, report.number) == (report.id, 2)
    assert (await steps_of(database, case.id))[StepKind.VERIFICATION].outcome == "not_answered"
    with pytest.raises(OpinionAgainstRules):
        await opine(database, case, office, favourable=True)
    await opine(database, case, office, favourable=False)


async def test_what_has_grown_too_old_meanwhile_is_no_more_removed_by_silence(database, clock):
    office, case, result = await _told(database)
    await _object(database, case, result)
    await _recheck(database, office, case, result)
    clock.advance(timedelta(days=91))

    await _stay_silent(database, case)

    unanswered = await _result(database, case)
    assert (unanswered.status, unanswered.still) == (Status.NOT_ANSWERED, True)


@pytest.mark.parametrize(
    ("answer", "still"),
    [
        (Answer.none(), False),
        (Answer(Outcome.HIT, {FactKey.VEHICLE_COUNT: Fact(FactKey.VEHICLE_COUNT, 1, "register", AS_OF)}), True),
    ],
)
async def test_an_answer_after_all_concludes_what_silence_left(database, answer, still):
    office, case, result = await _told(database)
    await _object(database, case, result)
    await _recheck(database, office, case, result)
    await _stay_silent(database, case)

    await _answer_again(database, case, answer)

    concluded = await _result(database, case)
    async with database.reading() as db:
        report = await find_current_report(db, case.id)
    assert (concluded.status, concluded.still) == (Status.CONCLUDED, still)
    assert concluded.recheck_report_id == report.id


async def test_only_the_township_checks_again_and_only_checks_of_the_case(database):
    office, case, result = await _told(database)
    await _object(database, case, result)
    check = await _vehicle_check(database, case)

    with pytest.raises(RoleNotAllowed):
        async with database.unit_of_work() as db:
            await recheck(db, office.reviewer, case.id, result.id, [check.id])
    for wrong in ([new_id()], []):
        with pytest.raises(CheckNotFound):
            async with database.unit_of_work() as db:
                await recheck(db, office.handler, case.id, result.id, wrong)
    with pytest.raises(CheckResultNotFound):
        async with database.unit_of_work() as db:
            await recheck(db, office.handler, case.id, new_id(), [check.id])
