"""Where an application stands, without sign-in and without a word about anybody."""

import asyncio
from datetime import timedelta

import pytest
import pytest_asyncio

from app.identity.queries import get_citizen
from tests.builders.applications import build_accepted, build_household

LOOKUP = "/v1/public/status-lookups"


@pytest_asyncio.fixture
async def accepted(database):
    async with database.unit_of_work() as db:
        household = await build_household(db, name="测试甲")
        application = await build_accepted(db, household)
        citizen = await get_citizen(db, household.applicant.id)
        last4 = db.vault.open("citizens.id_number", citizen.id, citizen.id_number_sealed)[-4:]
    return application, last4


async def test_number_and_code_show_the_steps_with_their_dates_and_nothing_personal(anyone, accepted):
    application, _ = accepted

    answer = await anyone.post(LOOKUP, json={"number": application.number, "lookup_code": application.lookup_code})

    shown = answer.json()
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert (shown["number"], shown["program"], shown["status"]) == (application.number, "living_allowance", "accepted")
    assert [(step["kind"], step["due_on"]) for step in shown["steps"]] == [
        ("acceptance", "2026-11-30"),
        ("verification", "2026-11-26"),
        ("survey", "2026-11-26"),
    ]
    for secret in ("测试", application.lookup_code, str(application.id), str(application.applicant_id), "539900"):
        assert secret not in answer.text


async def test_the_end_of_the_identity_number_opens_it_too(anyone, accepted):
    application, last4 = accepted

    answer = await anyone.post(LOOKUP, json={"number": application.number.lower(), "id_number_last4": last4.lower()})

    assert answer.status_code == 200


async def test_a_wrong_fact_and_an_unknown_number_get_the_same_answer(anyone, accepted):
    application, last4 = accepted
    wrong = "0000" if last4 != "0000" else "1111"

    answers = [
        await anyone.post(LOOKUP, json=body)
        for body in (
            {"number": application.number, "id_number_last4": wrong},
            {"number": application.number, "lookup_code": "00000000"},
            {"number": "DB532529261123ABCDEFGH0", "lookup_code": application.lookup_code},
        )
    ]

    assert {answer.status_code for answer in answers} == {404}
    bodies = [{k: v for k, v in answer.json().items() if k != "instance"} for answer in answers]
    assert all(body == bodies[0] for body in bodies)


async def test_after_ten_wrong_facts_the_number_rests_for_who_tried_and_for_nobody_else(anyone, elsewhere, accepted):
    application, last4 = accepted
    wrong = {"number": application.number, "lookup_code": "00000000"}
    statuses = [(await anyone.post(LOOKUP, json=wrong)).status_code for _ in range(11)]
    right = {"number": application.number, "lookup_code": application.lookup_code}

    refused, owner = await anyone.post(LOOKUP, json=right), await elsewhere("203.0.113.9").post(LOOKUP, json=right)

    assert statuses == [404] * 10 + [429]
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_guesses")
    assert owner.status_code == 200
    ends = {"number": application.number, "id_number_last4": last4}
    assert (await elsewhere("203.0.113.9").post(LOOKUP, json=ends)).status_code == 200


async def test_after_twenty_wrong_ends_from_everywhere_the_code_alone_opens(elsewhere, accepted, clock):
    application, last4 = accepted
    wrong = {"number": application.number, "id_number_last4": "0000" if last4 != "0000" else "1111"}
    for caller in range(4):
        client = elsewhere(f"203.0.113.{caller}")
        assert {(await client.post(LOOKUP, json=wrong)).status_code for _ in range(5)} == {404}
    owner = elsewhere("203.0.113.9")
    clock.advance(timedelta(days=29))

    ends = await owner.post(LOOKUP, json={"number": application.number, "id_number_last4": last4})
    code = await owner.post(LOOKUP, json={"number": application.number, "lookup_code": application.lookup_code})

    assert (ends.status_code, code.status_code) == (429, 200)
    clock.advance(timedelta(days=2))
    again = await owner.post(LOOKUP, json={"number": application.number, "id_number_last4": last4})
    assert again.status_code == 200


async def test_right_facts_count_towards_nothing(anyone, accepted):
    application, last4 = accepted

    answers = [
        await anyone.post(LOOKUP, json={"number": application.number, "id_number_last4": last4}) for _ in range(21)
    ]

    assert {answer.status_code for answer in answers} == {200}


async def test_of_many_wrong_facts_at_once_ten_are_compared(anyone, accepted):
    application, _ = accepted
    wrong = {"number": application.number, "lookup_code": "00000000"}

    answers = await asyncio.gather(*(anyone.post(LOOKUP, json=wrong) for _ in range(20)))

    assert sorted(answer.status_code for answer in answers) == [404] * 10 + [429] * 10


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"lookup_code": "00000000", "id_number_last4": "0000"},
        {"id_number_last4": "00"},
        {"id_number_last4": "X000"},
    ],
)
async def test_exactly_one_second_fact_is_given(anyone, accepted, facts):
    application, _ = accepted

    answer = await anyone.post(LOOKUP, json={"number": application.number, **facts})

    assert (answer.status_code, answer.json()["code"]) == (422, "input_invalid")


async def test_nothing_is_found_by_address(anyone, accepted):
    application, _ = accepted

    assert (await anyone.get(LOOKUP, params={"number": application.number})).status_code == 405
