"""Who sees to what: two clerks on the first working day of 2027, told by the hour."""

from datetime import date

from tests.journeys import acts

_ASSIGN = "/v1/console/task-assignments"


async def test_a_task_is_one_clerks_until_it_is_given_back_given_on_or_done(world):
    # Wednesday, 30 December 2026: an application comes in; the last of five working days lies in the new year.
    await world.on(date(2026, 12, 30))
    case = await acts.apply(world, world.family(0))
    assert await case.open_steps() == {"acceptance": "2027-01-07"}

    # Monday, 4 January: the first clerk takes it. The second is told that it is taken, and gives nobody's work back.
    await world.on(date(2027, 1, 4), hour=9)
    first, second, reviewer = world.at("township-1"), world.at("township-2"), world.at("reviewer")
    (task,) = (await first.get("/v1/console/tasks", queue="township"))["items"]
    place = f"/v1/console/tasks/{task['id']}"
    assert (await first.post(f"{place}/claim"))["mine"] is True
    assert await second.refused("POST", f"{place}/claim") == (409, "task_taken")
    assert await second.refused("POST", f"{place}/release") == (409, "task_taken")
    assert await world.stranger("township-1").refused("POST", f"{place}/claim") == (404, "task_not_found")
    (same,) = (await first.get("/v1/console/tasks", state="mine"))["items"]
    assert (same["id"], same["due_on"]) == (task["id"], "2027-01-07")

    # The reviewer hands out work: not to the village's helper, whose post accepts nothing; to the second clerk it goes.
    to_helper = {"tasks": [task["id"]], "staff_id": await world.staff_id("village")}
    (row,) = (await reviewer.post(_ASSIGN, to_helper))["items"]
    assert (row["done"], row["problem"]["status"], row["problem"]["code"]) == (False, 422, "task_not_for_person")
    assert len((await first.get("/v1/console/tasks", state="mine"))["items"]) == 1
    to_second = {"tasks": [task["id"]], "staff_id": await world.staff_id("township-2")}
    assert (await reviewer.post(_ASSIGN, to_second))["items"][0]["done"] is True
    assert (await first.get("/v1/console/tasks", state="mine"))["items"] == []

    # The second falls ill; the first accepts all the same, for no case waits. Only now there is something to survey,
    # and what is done is nobody's task any more.
    await world.on(date(2027, 1, 4), hour=15)
    assert await reviewer.refused("GET", f"{case.console}/review") == (404, "review_not_found")
    await acts.accept(case)
    for act in ("claim", "release"):
        assert await second.refused("POST", f"{place}/{act}") == (409, "task_closed")
    (row,) = (await reviewer.post(_ASSIGN, to_second))["items"]
    assert (row["problem"]["status"], row["problem"]["code"]) == (409, "task_closed")
    assert (await case.step("acceptance"))["outcome"] == "accepted"
    assert "survey" in await case.open_steps()
