"""A household with a relative on the staff, told by date."""

from datetime import date

from app.identity.actors import Role
from tests.journeys import acts


async def test_the_county_visits_a_relative_of_staff_before_it_decides(world):
    # 23 November: accepted and registered separately.
    case = await acts.apply(world, world.family(0))
    await acts.accept(case, relative_of_staff=True)
    review = await case.review()
    assert (review["county_visit_required"], review["county_visit_reason"]) == (True, "relative_of_staff")
    await acts.verify(case)
    await acts.visit(case)
    await acts.opine(case)

    # 1 December: with the county. The township's visit does not do, nor a single visitor, nor somebody of the township.
    await acts.wait_out_the_notice(case)
    assert world.today() == date(2026, 12, 1)
    confirmer = world.at("confirmer")
    assert await confirmer.refused("POST", f"{case.console}/confirm", {}) == (409, "county_visit_missing")
    assert await confirmer.refused("POST", f"{case.console}/refuse", {"reasons": ["测试"]}) == (
        409,
        "county_visit_missing",
    )
    visits = f"{case.console}/county-visits"
    alone = acts.visit_of(case, [world.at("county-1").username])
    assert await world.at("county-1").refused("POST", visits, alone) == (422, "two_investigators_required")
    mixed = acts.visit_of(case, [world.at("township-1").username])
    assert await world.at("county-1").refused("POST", visits, mixed) == (422, "investigator_not_allowed")

    # 3 December: two of the county visit; who was there does not decide, another does.
    await world.on(date(2026, 12, 3))
    await acts.visit(case, world.at("county-1"), world.at("county-2"), by="county-visits")
    await world.move_to("county-2", Role.COUNTY_CONFIRMER, "532529000000")
    refused = await world.at("county-2").refused("POST", f"{case.console}/confirm", {})
    assert refused == (403, "same_person_not_allowed")
    assert (await acts.confirm(case))["outcome"] == "approved"
