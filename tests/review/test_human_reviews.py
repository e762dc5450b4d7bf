"""A citizen refuses what was only computed: nothing is decided before a person has answered."""

import pytest

from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.identity.actors import Role
from app.review.commands import answer_human_review, ask_human_review, refuse
from app.review.decisions import open_decision
from app.review.errors import AssessmentNotFound, HumanReviewAnswered, HumanReviewNotFound, HumanReviewOpen
from app.review.queries import list_human_reviews
from app.review.replay import replay_decision
from tests.builders.applications import TOWNSHIP
from tests.builders.people import build_staff
from tests.builders.review import build_office, build_verified, decide, with_county

WHY = "测算的收入没有扣除看病的支出。"


async def _at_the_county(database, clock):
    office = await build_office(database)
    return office, await with_county(database, clock, office)


async def _ask(database, case):
    async with database.unit_of_work() as db:
        return await ask_human_review(db, case.applicant, case.id, why=WHY)


async def _answer(database, case, actor, review_id):
    async with database.unit_of_work() as db:
        return await answer_human_review(db, actor, case.id, review_id, answer="已逐项核对票据，测算无误。")


async def test_an_open_request_keeps_the_case_from_being_decided_either_way(database, clock):
    office, case = await _at_the_county(database, clock)
    review = await _ask(database, case)

    with pytest.raises(HumanReviewOpen):
        await decide(database, case, office)
    with pytest.raises(HumanReviewOpen):
        async with database.unit_of_work() as db:
            await refuse(db, office.confirmer, case.id, reasons=["收入超过标准"])

    await _answer(database, case, office.reviewer, review.id)
    decision = await decide(database, case, office)
    async with database.reading() as db:
        body = open_decision(db, decision)["decision"]
        assert replay_decision(db, decision).same
        (answered,) = await list_human_reviews(db, case.id)
    assert (body["decided_by_role"], body["decided_at_level"]) == ("county_confirmer", "county")
    assert (answered.answered_by, answered.answered_by_role) == (office.reviewer.id, "township_reviewer")


async def test_there_is_nothing_to_refuse_before_anything_was_computed_or_after_the_decision(database, clock):
    with pytest.raises(AssessmentNotFound):
        await _ask(database, await build_verified(database))
    office, case = await _at_the_county(database, clock)
    await decide(database, case, office)

    with pytest.raises(StepNotAllowed):
        await _ask(database, case)


async def test_one_request_at_a_time_each_answered_once(database, clock):
    office, case = await _at_the_county(database, clock)
    review = await _ask(database, case)

    with pytest.raises(HumanReviewOpen):
        await _ask(database, case)
    await _answer(database, case, office.county_1, review.id)
    with pytest.raises(HumanReviewAnswered):
        await _answer(database, case, office.county_1, review.id)
    assert (await _ask(database, case)).answered_at is None


@pytest.mark.parametrize("role", [Role.TOWNSHIP_HANDLER, Role.SUPERVISOR])
async def test_it_is_answered_by_who_gives_opinions_or_works_at_the_county(database, clock, role):
    _, case = await _at_the_county(database, clock)
    review = await _ask(database, case)
    async with database.unit_of_work() as db:
        actor = await build_staff(db, role, TOWNSHIP)

    with pytest.raises(RoleNotAllowed):
        await _answer(database, case, actor, review.id)


async def test_a_request_of_another_case_is_not_found(database, clock):
    office, case = await _at_the_county(database, clock)
    _, other = await _at_the_county(database, clock)
    review = await _ask(database, other)

    with pytest.raises(HumanReviewNotFound):
        await _answer(database, case, office.reviewer, review.id)
