"""What is offered in a case is what the table allows, less what could only be refused in this one."""

from datetime import date, timedelta

import pytest

from app.notices.commands import object_to_notice
from app.notices.lifecycle import Kind
from app.notices.queries import find_notice
from app.programs.declaration import MemberFacts
from app.review.lifecycle import Action
from app.review.notice_skipping import may_concern
from app.review.offering import actions_offered
from app.review.queries import get_review, list_opinions
from tests.builders.review import build_accepted_case, build_office, opine, react, verify, visit
from tests.builders.unposted import build_child_alone

_ON = date(2026, 11, 23)
OPINIONS = {Action.FAVOUR, Action.FAVOUR_UNPOSTED, Action.OPPOSE}


async def _offered(database, case, actor):
    async with database.reading() as db:
        review = await get_review(db, actor, case.id)
        return await actions_offered(db, actor, review, await list_opinions(db, case.id))


async def test_leaving_out_the_notice_is_offered_in_a_childs_case(database):
    office, case = await build_child_alone(database)

    assert Action.FAVOUR_UNPOSTED in await _offered(database, case, office.reviewer)


async def test_and_not_in_that_of_a_family(database):
    office, case = await build_office(database), await build_accepted_case(database)
    await verify(database, case)
    await visit(database, case, office)

    offered = await _offered(database, case, office.reviewer)

    assert (Action.FAVOUR in offered, Action.FAVOUR_UNPOSTED in offered) == (True, False)


async def test_no_opinion_is_offered_before_somebody_was_at_the_home(database):
    office, case = await build_office(database), await build_accepted_case(database)
    await verify(database, case)
    assert not OPINIONS & set(await _offered(database, case, office.reviewer))

    await visit(database, case, office)
    assert {Action.FAVOUR, Action.OPPOSE} <= set(await _offered(database, case, office.reviewer))


async def test_nor_after_an_objection_before_it_was_looked_at_again(database, clock):
    office, case = await build_office(database), await build_accepted_case(database)
    await verify(database, case)
    await visit(database, case, office)
    await opine(database, case, office)
    clock.advance(timedelta(days=2))
    async with database.unit_of_work() as db:
        notice = await find_notice(db, case.id, Kind.OPINION, 1)
        await object_to_notice(db, notice.id, statement="他家有一辆面包车。")
    await react(database, case)
    assert not OPINIONS & set(await _offered(database, case, office.reviewer))

    clock.advance(timedelta(days=1))
    await visit(database, case, office)
    assert {Action.FAVOUR, Action.OPPOSE} <= set(await _offered(database, case, office.reviewer))


async def test_confirming_is_not_offered_on_an_opinion_against_it(database):
    office, case = await build_office(database), await build_accepted_case(database)
    await verify(database, case)
    await visit(database, case, office)
    await opine(database, case, office, favourable=False)

    offered = await _offered(database, case, office.confirmer)

    assert (Action.CONFIRM in offered, Action.REFUSE in offered, Action.SEND_BACK in offered) == (False, True, True)


@pytest.mark.parametrize(
    ("people", "beneficiaries", "may"),
    [
        ([("self", "2015-01-01", "ordinary")], {"m0"}, True),
        ([("self", "2015-01-01", "ordinary"), ("grandparent", "1950-01-01", "ordinary")], {"m0", "m1"}, True),
        ([("self", "1980-01-01", "ordinary"), ("child", "2015-01-01", "ordinary")], {"m0", "m1"}, False),
        ([("self", "1980-01-01", "in_prison"), ("child", "2015-01-01", "ordinary")], {"m0", "m1"}, True),
        ([("self", "1980-01-01", "ordinary"), ("child", "2015-01-01", "ordinary")], {"m1"}, True),
        ([("self", "1980-01-01", "ordinary"), ("child", "2015-01-01", "ordinary")], {"m0"}, False),
        ([("self", "2008-11-23", "ordinary")], {"m0"}, False),
        ([("self", "2008-11-24", "ordinary")], {"m0"}, True),
        ([], set(), False),
    ],
)
def test_only_where_no_adult_counts_for_certain_may_a_case_be_about_children_alone(people, beneficiaries, may):
    members = [
        MemberFacts.model_validate(
            {"ref": f"m{place}", "relation": relation, "birth_date": born, "situation": situation}
        )
        for place, (relation, born, situation) in enumerate(people)
    ]

    assert may_concern(members, beneficiaries, _ON) is may
