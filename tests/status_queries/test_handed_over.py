"""Who receives what while an award goes over to another county: each month, it is the county that pays it."""

from datetime import UTC, date, datetime

from app.awards.commands import open_award_of
from app.status_queries.commands import Person, ask_status
from app.status_queries.grounds import Basis, QueryPurpose
from tests.builders.applications import COUNTY
from tests.builders.handovers import THERE, build_counties, hand_over, hand_over_back, moved
from tests.builders.review import decide
from tests.builders.status_queries import build_asking
from tests.builders.unposted import build_child_alone, opine_on_child

DECEMBER, JANUARY = date(2026, 12, 1), date(2027, 1, 1)
PLACES = {"here": COUNTY, "there": f"{THERE}000000", "above": "530000000000"}


async def _granted(database):
    """Have a child granted the allowance from December on."""
    office, case = await build_child_alone(database)
    await opine_on_child(database, office, case)
    decision = await decide(database, case, office)
    async with database.unit_of_work() as db:
        award, counties = await open_award_of(db, case.id, decision.id), await build_counties(db)
        asking = {name: await build_asking(db, code=name, division=place) for name, place in PLACES.items()}
    child = next(details for _, details in case.household.members if details.relation == "child")
    return award, counties, asking, Person("1", child.id_number, child.name)


async def _told(database, asking, person):
    told = {}
    for name, each in asking.items():
        async with database.unit_of_work() as db:
            answered = await ask_status(
                db, each.partner, purpose=QueryPurpose.MEDICAL_ASSISTANCE, basis=Basis.SOCIAL_ASSISTANCE_LAW_42,
                persons=[person],
            )  # fmt: skip
        told[name] = [(each.county, each.since) for each in answered.answers[0].programs]
    return told


async def test_until_its_last_month_is_over_it_is_the_first_county_and_then_the_other_one(database, clock):
    award, counties, asking, child = await _granted(database)
    clock.set(datetime(2026, 12, 5, 4, tzinfo=UTC))
    first, other = (award.county, DECEMBER), (THERE, JANUARY)

    await hand_over(database, counties, award.id, moved(moved_on=date(2026, 12, 4)))

    assert await _told(database, asking, child) == {"here": [first], "there": [], "above": [first]}
    clock.set(datetime(2027, 1, 5, 4, tzinfo=UTC))
    assert await _told(database, asking, child) == {"here": [], "there": [other], "above": [other]}


async def test_it_is_the_county_that_pays_however_many_have_taken_the_award_over_since(database, clock):
    award, counties, asking, child = await _granted(database)
    clock.set(datetime(2026, 12, 5, 4, tzinfo=UTC))
    first, last = (award.county, DECEMBER), (award.county, JANUARY)

    there = await hand_over(database, counties, award.id, moved(moved_on=date(2026, 12, 4)))
    await hand_over_back(database, counties, there.new_award_id)

    assert await _told(database, asking, child) == {"here": [first], "there": [], "above": [first]}
    clock.set(datetime(2027, 1, 5, 4, tzinfo=UTC))
    assert await _told(database, asking, child) == {"here": [last], "there": [], "above": [last]}


async def test_what_no_county_has_begun_to_pay_is_told_of_the_one_that_will(database):
    award, counties, asking, child = await _granted(database)

    await hand_over(database, counties, award.id)

    other = (THERE, DECEMBER)
    assert await _told(database, asking, child) == {"here": [], "there": [other], "above": [other]}
