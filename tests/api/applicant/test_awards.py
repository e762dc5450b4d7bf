"""What a citizen sees of the own award and the own money, and of nobody else's."""

import pytest

from app.core.ids import new_id
from app.disbursement.commands import release_payroll, settle_receipts
from app.identity.actors import SYSTEM
from tests.builders.awards import Grant, build_award, recipient_of
from tests.builders.payrolls import build_approved, build_office, failed, lines_of, paid


@pytest.fixture
async def story(database, sign_in):
    """Two awards in an approved payroll; clients of both recipients."""
    async with database.unit_of_work() as db:
        office = await build_office(db)
        mine, other = await build_award(db, Grant(amount_fen=48_650)), await build_award(db)
        payroll = await build_approved(db, office)
    return office, payroll, mine, await sign_in(recipient_of(mine)), await sign_in(recipient_of(other))


async def test_a_citizen_sees_the_own_award(story):
    _, _, award, phone, other = story

    listed = (await phone.get("/v1/awards")).json()
    read = await phone.get(f"/v1/awards/{award.id}")
    theirs = await other.get(f"/v1/awards/{award.id}")

    assert [item["id"] for item in listed["items"]] == [str(award.id)]
    assert read.json() == listed["items"][0]
    assert (read.json()["monthly_amount_fen"], read.json()["currency"]) == (48_650, "CNY")
    assert (read.json()["from_month"], read.json()["to_month"]) == ("2026-12", None)
    assert (theirs.status_code, theirs.json()["code"]) == (404, "award_not_found")


async def test_money_is_shown_when_it_was_ordered_and_when_it_came(database, story):
    office, payroll, award, phone, _ = story
    assert (await phone.get("/v1/payments")).json()["items"] == []
    async with database.unit_of_work() as db:
        await release_payroll(db, office.finance, payroll.id)
    (ordered,) = (await phone.get("/v1/payments")).json()["items"]
    line = next(line for line in await lines_of(database, payroll) if line.award_id == award.id)

    async with database.unit_of_work() as db:
        await settle_receipts(db, SYSTEM, str(payroll.id), [paid(line)], "paying_bank")

    (came,) = (await phone.get("/v1/payments")).json()["items"]
    assert (ordered["status"], ordered["paid_on"], ordered["amount_fen"]) == ("sent", None, 48_650)
    assert (came["status"], came["paid_on"], came["month"]) == ("paid", "2026-12-08", "2026-12")


async def test_money_that_did_not_come_says_who_can_mend_it(database, story):
    office, payroll, award, phone, _ = story
    async with database.unit_of_work() as db:
        await release_payroll(db, office.finance, payroll.id)
    line = next(line for line in await lines_of(database, payroll) if line.award_id == award.id)

    async with database.unit_of_work() as db:
        await settle_receipts(db, SYSTEM, str(payroll.id), [failed(line)], "paying_bank")

    (item,) = (await phone.get("/v1/payments")).json()["items"]
    assert (item["status"], item["failure"], item["paid_on"]) == ("failed", "need_citizen_fix", None)


async def test_somebody_without_an_award_sees_nothing(phone):
    assert (await phone.get("/v1/awards")).json() == {"items": [], "next": None}
    assert (await phone.get("/v1/payments")).json() == {"items": [], "next": None}
    assert (await phone.get(f"/v1/awards/{new_id()}")).status_code == 404


async def test_nobody_sees_anything_without_signing_in(anyone):
    for path in ("/v1/awards", "/v1/payments", f"/v1/awards/{new_id()}"):
        assert (await anyone.get(path)).status_code == 401
