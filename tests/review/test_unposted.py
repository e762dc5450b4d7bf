"""What is not posted: a child's case, on a ground from the list, and with it on record; everything else is."""

import pytest
from sqlalchemy import select

from app.applications.queries import get_whole_application
from app.identity.actors import SYSTEM
from app.notices.amounts import Amount
from app.notices.commands import post_award
from app.notices.models import Notice
from app.review.assessing import judge, open_points
from app.review.commands import give_opinion
from app.review.decisions import open_decision
from app.review.errors import NoticeNotSkippable
from app.review.lifecycle import Status
from app.review.notice_skipping import SkipGround
from tests.builders.applications import build_household
from tests.builders.review import (
    build_accepted_case,
    build_office,
    decide,
    open_kinds,
    react,
    steps_of,
    verify,
    visit,
)

_WHY = "入户核实：儿童父母均不能履行抚养责任。（测试）"


async def _child_alone(database):
    """Make a surveyed case of a child alone, in a family a little above the line."""
    async with database.unit_of_work() as db:
        household = await build_household(db)
    members = {details.relation: str(member) for member, details in household.members}
    wage = {"member": members["spouse"], "kind": "wage", "amount_fen": 125_000, "period": "month", "costs_fen": 0}
    alone = {"member": members["child"], "ground": "special_difficulty"}
    answers = {"income": [wage], "expenses": [], "property": [], "supporters": [], "alone": alone}
    office, case = (
        await build_office(database),
        await build_accepted_case(database, household=household, answers=answers),
    )
    await verify(database, case)
    await visit(database, case, office)
    return office, case


async def _opine(
    database, office, case, *, favourable: bool = True, ground: SkipGround | None = SkipGround.DE_FACTO_ORPHAN
):
    async with database.unit_of_work() as db:
        whole = await get_whole_application(db, SYSTEM, case.id)
        reasons = {finding.rule: _WHY for finding in open_points((await judge(db, whole)).judgement)}
        review = await give_opinion(
            db,
            office.reviewer,
            case.id,
            favourable=favourable,
            statement="符合条件。（测试）",
            reasons=reasons,
            skip_notice=ground,
        )
    await react(database, case)
    return review


async def _notices(database, case):
    async with database.reading() as db:
        return (await db.scalars(select(Notice).where(Notice.application_id == case.id))).all()


async def test_a_childs_case_is_not_posted_before_or_after_and_everything_says_why(database):
    office, case = await _child_alone(database)

    review = await _opine(database, office, case)

    assert review.status == Status.WITH_COUNTY
    assert await open_kinds(database, case) == {"confirmation"}
    assert (await steps_of(database, case.id))["notice"].outcome == "not_posted_de_facto_orphan"
    decision = await decide(database, case, office)
    async with database.unit_of_work() as db:
        opinion = open_decision(db, decision)["opinion"]
        assert await post_award(db, case.id, Amount(decision.monthly_amount_fen, decision.first_month)) is None
    assert opinion["notice_skipped"] == "de_facto_orphan"
    assert opinion["notice_skipped_by"] == "关于进一步加强事实无人抚养儿童保障工作的意见（2019年）"
    assert await _notices(database, case) == []


async def test_a_child_of_the_applicant_is_no_orphan(database):
    office, case = await _child_alone(database)

    with pytest.raises(NoticeNotSkippable):
        await _opine(database, office, case, ground=SkipGround.ORPHAN)


async def test_without_a_ground_a_childs_case_is_posted_as_any_other(database):
    office, case = await _child_alone(database)

    review = await _opine(database, office, case, ground=None)

    assert review.status == Status.ON_NOTICE
    (notice,) = await _notices(database, case)
    assert notice.kind == "opinion"


async def test_a_household_with_adults_is_posted_whatever_ground_is_given(database):
    office, case = await build_office(database), await build_accepted_case(database)
    await verify(database, case)
    await visit(database, case, office)

    with pytest.raises(NoticeNotSkippable):
        await _opine(database, office, case)


async def test_what_is_unfavourable_needs_no_ground(database):
    office, case = await _child_alone(database)

    with pytest.raises(NoticeNotSkippable):
        await _opine(database, office, case, favourable=False)
