"""A list leaves the county as a file: one person asks, another approves, and who is in it reads of it."""

from datetime import timedelta

from tests.journeys import acts

EXPORTS = "/v1/console/exports"


async def test_a_list_is_taken_by_who_asked_once_another_approved_and_not_for_longer_than_a_day(world):
    # A family is granted its allowance; the county handler wants a list of the awards, with telephone numbers.
    case = await acts.reach_the_award(world, world.family(0))
    handler, supervisor = world.at("county-1"), world.at("supervisor")
    asked = await handler.post(
        EXPORTS,
        {"kind": "awards", "unmasked_fields": ["phone"], "purpose": "award_management", "reason": "逐户电话核查"},
    )
    url = f"{EXPORTS}/{asked['id']}"
    assert (asked["status"], asked["downloads_left"]) == ("requested", 0)

    # She cannot approve it, and there is no file; a stranger does not even find it.
    assert await handler.refused("POST", f"{url}/approve") == (403, "role_not_allowed")
    assert await handler.refused("GET", f"{url}/file") == (409, "step_not_allowed")
    assert await world.stranger("supervisor").refused("POST", f"{url}/approve") == (404, "export_not_found")

    # The supervisor reads why, approves, and does not take it herself.
    assert (await supervisor.get(url))["reason"] == "逐户电话核查"
    assert (await supervisor.post(f"{url}/approve"))["status"] == "approved"
    assert await supervisor.refused("GET", f"{url}/file") == (403, "export_not_yours")

    # Three times, and no fourth.
    phone = case.family.head.phone
    for left in (2, 1, 0):
        text = (await handler.send("GET", f"{url}/file")).text
        assert phone in text
        assert case.family.head.name not in text
        assert (await handler.get(url))["downloads_left"] == left
    assert await handler.refused("GET", f"{url}/file") == (409, "downloads_spent")

    # One row turned up on a market: whose file was it?
    row = text.split("\r\n")[2]
    traced = await supervisor.post("/v1/console/export-traces", {"row": row})
    assert (traced["object_id"], traced["unaltered"]) == (asked["id"], True)
    assert traced["taken_by"] == await world.staff_id("county-1")

    # Another approval, let lie for a day, is worth nothing.
    again = await handler.post(EXPORTS, {"kind": "awards", "purpose": "award_management", "reason": "逐户电话核查"})
    await supervisor.post(f"{EXPORTS}/{again['id']}/approve")
    await world.pass_time(timedelta(hours=24))
    assert await handler.refused("GET", f"{EXPORTS}/{again['id']}/file") == (410, "export_expired")

    # The citizen reads that her data left in a file, how often, and what for.
    seen = [
        look
        for look in (await case.phone.get("/v1/me/accesses", limit=100))["items"]
        if look["action"] == "export.take"
    ]
    assert [(look["purpose"], look["actor_role"]) for look in seen] == [("award_management", "county_handler")] * 3
