"""What is not posted: a child's case, on a ground from the list, and with it on record; everything else is."""

import pytest
from sqlalchemy import select

from app.notices.amounts import Amount
from app.notices.commands import post_award
from app.notices.models import Notice
from app.review.decisions import open_decision
from app.review.errors import NoticeNotSkippable
from app.review.lifecycle import Status
from app.review.notice_skipping import SkipGround
from tests.builders.review import build_accepted_case, build_office, decide, open_kinds, steps_of, verify, visit
from tests.builders.unposted import build_child_alone, opine_on_child


async def _notices(database, case):
    async with database.reading() as db:
        return (await db.scalars(select(Notice).where(Notice.application_id == case.id))).all()


async def test_a_childs_case_is_not_posted_before_or_after_and_everything_says_why(database):
    office, case = await build_child_alone(database)

    review = await opine_on_child(database, office, case)

    assert review.status == Status.WITH_COUNTY
    assert await open_kinds(database, case) == {"confirmation"}
    assert (await steps_of(database, case.id))["notice"].outcome == "not_posted_de_facto_orphan"
    decision = await decide(database, case, office)
    async with database.unit_of_work() as db:
        opinion = open_decision(db, decision)["opinion"]
        assert await post_award(db, case.id, [Amount(decision.monthly_amount_fen, decision.first_month)]) is None
    assert opinion["notice_skipped"] == "de_facto_orphan"
    assert opinion["notice_skipped_by"] == "关于进一步加强事实无人抚养儿童保障工作的意见（2019年）"
    assert await _notices(database, case) == []


async def test_a_child_of_the_applicant_is_no_orphan(database):
    office, case = await build_child_alone(database)

    with pytest.raises(NoticeNotSkippable):
        await opine_on_child(database, office, case, ground=SkipGround.ORPHAN)


async def test_without_a_ground_a_childs_case_is_posted_as_any_other(database):
    office, case = await build_child_alone(database)

    review = await opine_on_child(database, office, case, ground=None)

    assert review.status == Status.ON_NOTICE
    (notice,) = await _notices(database, case)
    assert notice.kind == "opinion"


async def test_a_household_with_adults_is_posted_whatever_ground_is_given(database):
    office, case = await build_office(database), await build_accepted_case(database)
    await verify(database, case)
    await visit(database, case, office)

    with pytest.raises(NoticeNotSkippable):
        await opine_on_child(database, office, case)


async def test_what_is_unfavourable_needs_no_ground(database):
    office, case = await build_child_alone(database)

    with pytest.raises(NoticeNotSkippable):
        await opine_on_child(database, office, case, favourable=False)
