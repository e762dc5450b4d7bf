"""The same person never gives both opinion and confirmation, never builds and approves the same payroll.

Roles alone would see to that, were people never moved to another post.
"""

from datetime import date

from app.identity.actors import Role
from tests.journeys import acts

_COUNTY = "532529000000"


async def test_who_gave_the_opinion_or_visited_does_not_decide_even_when_promoted_to_the_county(world):
    case = await acts.reach_the_county(world, world.family(0))
    assert await world.at("reviewer").refused("POST", f"{case.console}/confirm", {}) == (403, "role_not_allowed")

    for part in ("reviewer", "township-2"):
        await world.move_to(part, Role.COUNTY_CONFIRMER, _COUNTY)
        for action, body in (("confirm", {}), ("refuse", {"reasons": ["测试"]})):
            refused = await world.at(part).refused("POST", f"{case.console}/{action}", body)
            assert refused == (403, "same_person_not_allowed")

    assert await case.status() == "accepted"
    assert (await acts.confirm(case))["outcome"] == "approved"


async def test_who_built_a_payroll_neither_approves_nor_releases_it_whatever_the_role(world):
    await acts.reach_the_award(world, world.family(0))
    await world.on(date(2027, 1, 1))
    builder, other = world.at("county-1"), world.at("county-2")
    payroll = await builder.post("/v1/console/payrolls", {"program": "living_allowance", "month": "2027-01"})
    url = f"/v1/console/payrolls/{payroll['id']}"
    assert await builder.refused("POST", f"{url}/approve") == (409, "step_not_allowed")
    assert await other.refused("POST", f"{url}/submit") == (403, "only_builder_may_submit")
    await builder.post(f"{url}/submit")
    assert await builder.refused("POST", f"{url}/approve") == (403, "role_not_allowed")

    # Promoted to confirm for the county.
    await world.move_to("county-1", Role.COUNTY_CONFIRMER, _COUNTY)
    assert await builder.refused("POST", f"{url}/approve") == (403, "same_person_not_allowed")
    await world.at("confirmer").post(f"{url}/approve")

    # Moved on to finance.
    await world.move_to("county-1", Role.FINANCE, _COUNTY)
    assert await builder.refused("POST", f"{url}/release") == (403, "same_person_not_allowed")
    assert (await world.at("finance").get(url))["status"] == "approved"
    assert world.outside.bank.submissions == {}


async def test_a_payroll_goes_its_way_in_order_and_in_its_own_county_only(world):
    await acts.reach_the_award(world, world.family(0))
    await world.on(date(2027, 1, 1))
    built = await world.at("county-1").post("/v1/console/payrolls", {"program": "living_allowance", "month": "2027-01"})
    url = f"/v1/console/payrolls/{built['id']}"
    possible = {
        "draft": {("submit", "county-1"), ("reject", "county-1"), ("reject", "county-2")},
        "submitted": {("approve", "confirmer"), ("approve", "finance"), ("reject", "confirmer"), ("reject", "finance")},
        "approved": {("release", "finance"), ("reject", "finance")},
        "released": {("reissue", "county-1"), ("reissue", "county-2"), ("close", "finance")},
    }
    on_its_way = [("county-1", "submit"), ("confirmer", "approve"), ("finance", "release")]
    posts = ("village", "township-1", "reviewer", "county-1", "county-2", "confirmer", "finance", "supervisor", "admin")
    for status, allowed in possible.items():
        for action in ("submit", "approve", "reject", "release", "close", "reissue"):
            body = {"reason": "测试"} if action == "reject" else None
            for post in posts:
                if (action, post) not in allowed:
                    code = (await world.at(post).refused("POST", f"{url}/{action}", body))[0]
                    assert code in (403, 404, 409), (status, action, post)
            stranger = {"submit": "county-1", "reissue": "county-1", "approve": "confirmer"}.get(action, "finance")
            refused = await world.stranger(stranger).refused("POST", f"{url}/{action}", body)
            assert refused == (404, "payroll_not_found")
        assert (await world.at("finance").get(url))["status"] == status
        if on_its_way:
            post, action = on_its_way.pop(0)
            await world.at(post).post(f"{url}/{action}")
