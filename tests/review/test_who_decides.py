"""Who decides at the county, and who has had a part in the matter and does not."""

from datetime import timedelta

import pytest

from app.applications.errors import ApplicationNotFound
from app.core.clock import today
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed
from app.facts import Item
from app.facts import Outcome as DataOutcome
from app.identity.actors import Actor, Role
from app.notices.jobs import end_notices
from app.review.commands import (
    confirm,
    record_county_visit,
)
from app.review.lifecycle import Status
from app.verification.commands import GivenAnswer
from tests.builders.applications import COUNTY
from tests.builders.people import build_staff
from tests.builders.review import (
    build_accepted_case,
    build_office,
    decide,
    decide_as,
    opine,
    review_of,
    verify,
    visit,
    visit_of,
    with_county,
)
from tests.builders.verification import enter, find_check


@pytest.mark.parametrize("who", ["handler", "reviewer", "helper", "county_1"])
@pytest.mark.parametrize("what", ["confirm", "refuse"])
async def test_only_the_confirmer_decides(database, clock, who, what):
    office = await build_office(database)
    case = await with_county(database, clock, office)

    with pytest.raises(RoleNotAllowed):
        await decide_as(database, getattr(office, who), case, what)


@pytest.mark.parametrize("past", ["reviewer", "handler", "second"])
@pytest.mark.parametrize("what", ["confirm", "refuse"])
async def test_who_gave_the_opinion_or_visited_does_not_decide_even_in_a_new_post(database, clock, past, what):
    office = await build_office(database)
    case = await with_county(database, clock, office)
    promoted = Actor(getattr(office, past).id, Role.COUNTY_CONFIRMER, office.confirmer.division)

    with pytest.raises(SamePersonNotAllowed):
        await decide_as(database, promoted, case, what)

    assert (await review_of(database, case)).status == Status.WITH_COUNTY


async def test_a_confirmer_who_went_along_on_the_countys_visit_does_not_decide(database, clock):
    office = await build_office(database)
    case = await with_county(database, clock, office, relative_of_staff=True)
    async with database.unit_of_work() as db:
        await record_county_visit(db, office.county_1, case.id, visit_of(case, database, office.confirmer))

    with pytest.raises(SamePersonNotAllowed):
        await decide(database, case, office)


@pytest.mark.parametrize("what", ["confirm", "refuse"])
async def test_who_answered_for_an_agency_does_not_decide(database, clock, what):
    office = await build_office(database)
    case = await build_accepted_case(database)
    await verify(database, case, silent={("spouse", Item.DEPOSITS)})
    async with database.unit_of_work() as db:
        check = await find_check(database, case, Item.DEPOSITS, "spouse")
        given = GivenAnswer(DataOutcome.NONE, {}, today(database.clock), "银行书面答复没有记录")
        await enter(db, office.county_1, check.id, given)
    await visit(database, case, office)
    await opine(database, case, office)
    clock.advance(timedelta(days=8))
    await end_notices(database)

    with pytest.raises(SamePersonNotAllowed):
        await decide_as(database, Actor(office.county_1.id, Role.COUNTY_CONFIRMER, COUNTY), case, what)
    assert await decide_as(database, office.confirmer, case, what)


async def test_a_confirmer_of_another_county_does_not_see_the_case(database, clock):
    office = await build_office(database)
    case = await with_county(database, clock, office)
    async with database.unit_of_work() as db:
        stranger = await build_staff(db, Role.COUNTY_CONFIRMER, "530627000000")

    with pytest.raises(ApplicationNotFound):
        async with database.unit_of_work() as db:
            await confirm(db, stranger, case.id)
