"""Following an objection over HTTP: how far it is, and nothing of the household."""

from datetime import timedelta

import pytest

from app.notices.jobs import end_notices
from app.notices.lifecycle import Kind
from app.notices.queries import find_notice
from tests.builders.review import appraise, build_office, build_verified, decide, opine, visit

PATH = "/v1/public/objection-lookups"


async def posted(database):
    """Bring a case on notice; returns it with who works on it, and where the notice is objected to."""
    office, case = await build_office(database), await build_verified(database)
    await visit(database, case, office)
    await opine(database, case, office)
    async with database.reading() as db:
        notice = await find_notice(db, case.id, Kind.OPINION, 1)
    return office, case, f"/v1/public/notices/{notice.id}/objections"


async def object_(anyone, path):
    answer = await anyone.post(path, json={"statement": "他家有门面出租。", "name": "测试丁"})
    assert answer.status_code == 201
    return answer.json()


async def test_an_objector_follows_it_from_looking_again_to_the_end(database, clock, anyone):
    office, case, path = await posted(database)
    receipt = await object_(anyone, path)

    first = await anyone.post(PATH, json=receipt)

    assert first.headers["cache-control"] == "no-store"
    assert first.json() == {
        "number": receipt["number"],
        "made_at": first.json()["made_at"],
        "stage": "looking_again",
        "due_on": "2026-12-07",  # ten working days from Monday, 23 November
        "due_provisional": False,
        "due_basis": "本地办理时限",
        "looked_on": None,
        "ended_on": None,
    }

    clock.advance(timedelta(days=2))
    await appraise(database, case, office)
    await opine(database, case, office)
    second = (await anyone.post(PATH, json=receipt)).json()
    assert (second["stage"], second["looked_on"], second["ended_on"]) == ("looked_again", "2026-11-25", None)

    clock.advance(timedelta(days=6))  # the seven days of the notice are over
    await decide(database, case, office)
    third = await anyone.post(PATH, json=receipt)
    assert (third.json()["stage"], third.json()["ended_on"]) == ("ended", "2026-12-01")
    assert "测试" not in third.text
    assert str(case.id) not in third.text


async def test_whoever_objects_later_waits_for_the_same_look(database, clock, anyone):
    office, case, path = await posted(database)
    receipts = [await object_(anyone, path)]
    clock.advance(timedelta(days=1))
    receipts.append(await object_(anyone, path))
    clock.advance(timedelta(days=1))
    await appraise(database, case, office)
    await opine(database, case, office)
    await end_notices(database)

    told = [(await anyone.post(PATH, json=receipt)).json() for receipt in receipts]

    assert {each["looked_on"] for each in told} == {"2026-11-25"}


@pytest.mark.parametrize("wrong", [{"code": "WRNGWRNGWRNG"}, {"number": "YY532529000000000"}])
async def test_number_and_code_belong_together(database, anyone, wrong):
    _, _, path = await posted(database)
    receipt = await object_(anyone, path)

    answer = await anyone.post(PATH, json={**receipt, **wrong})

    assert (answer.status_code, answer.json()["code"]) == (404, "objection_not_found")


async def test_nobody_gets_in_by_the_receipt_of_another_objection(database, anyone):
    _, _, path = await posted(database)
    mine, other = await object_(anyone, path), await object_(anyone, path)

    answer = await anyone.post(PATH, json={"number": other["number"], "code": mine["code"]})

    assert answer.status_code == 404
