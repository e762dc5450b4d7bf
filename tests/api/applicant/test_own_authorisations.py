"""Who is listed in another's household reads what was signed about her, takes it back, and sees who asked about her."""

import pytest
from sqlalchemy import select

from app.applications.commands import MemberDetails, list_own_authorisations
from app.applications.events import AuthorisationWithdrawn
from app.events.base import rebuild
from app.events.models import EventRecord
from app.facts import Item
from app.identity.actors import Role
from app.verification.jobs import cancel_member_checks
from app.verification.lifecycle import Status
from tests.builders.applications import TOWNSHIP, Household, build_draft, build_household
from tests.builders.people import build_citizen
from tests.builders.verification import Agencies, answer_all, build_opened, checks_of

URL = "/v1/me/authorisations"


@pytest.fixture
async def case(database):
    return await build_opened(database)


async def _signed_in(sign_in, database, case, relation):
    details = next(each for _, each in case.household.members if each.relation == relation)
    async with database.unit_of_work() as db:
        citizen = await build_citizen(db, name=details.name, id_number=details.id_number)
    return await sign_in(citizen)


async def _told(phone):
    answer = await phone.get(URL)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_another_adult_reads_what_was_signed_about_her_and_nothing_of_the_others(sign_in, database, case):
    phone = await _signed_in(sign_in, database, case, "spouse")

    [signed] = await _told(phone)

    assert (signed["application_id"], signed["member_id"]) == (str(case.id), str(case.member("spouse")))
    assert (signed["about_me"], signed["signed_by_me"], signed["method"]) == (True, True, "electronic")
    assert (signed["purpose"], signed["withdrawn_at"]) == ("living_allowance", None)
    assert signed["number"].startswith("DB")
    text = (await phone.get(URL)).text
    for member_id, details in case.household.members:
        assert details.name not in text
        assert details.id_number not in text
        assert str(member_id) not in text or member_id == case.member("spouse")


async def test_she_withdraws_it_herself_and_nothing_more_is_asked_about_her(sign_in, database, case):
    phone = await _signed_in(sign_in, database, case, "spouse")
    [signed] = await _told(phone)

    first = await phone.post(f"{URL}/{signed['id']}/withdraw")
    again = await phone.post(f"{URL}/{signed['id']}/withdraw")

    assert (first.status_code, again.status_code) == (200, 200), first.text
    assert first.json()["withdrawn_at"] == again.json()["withdrawn_at"] is not None
    async with database.reading() as db:
        query = select(EventRecord).where(EventRecord.type == AuthorisationWithdrawn.type)
        [told] = (await db.execute(query)).scalars()
    await cancel_member_checks(database, rebuild(told.type, told.subject, told.county, told.data))
    statuses = {member: check.status for (member, _), check in (await checks_of(database, case)).items()}
    assert statuses[case.member("spouse")] == Status.CANCELLED
    assert statuses[case.member("self")] != Status.CANCELLED
    assert [each["withdrawn_at"] is None for each in await _told(phone)] == [False]


async def test_what_another_adult_signed_is_neither_the_applicants_nor_a_strangers(sign_in, database, case):
    [hers] = await _told(await _signed_in(sign_in, database, case, "spouse"))
    applicant = await sign_in(case.applicant)
    async with database.unit_of_work() as db:
        stranger = await sign_in(await build_citizen(db, name="测试丁"))

    assert hers["id"] not in {each["id"] for each in await _told(applicant)}
    assert await _told(stranger) == []
    for phone in (applicant, stranger):
        answer = await phone.post(f"{URL}/{hers['id']}/withdraw")
        assert (answer.status_code, answer.json()["code"]) == (404, "authorisation_not_found")


async def test_a_minors_is_for_who_signed_it(sign_in, database, case):
    child, applicant = await _signed_in(sign_in, database, case, "child"), await sign_in(case.applicant)

    assert await _told(child) == []
    [signed] = [each for each in await _told(applicant) if not each["about_me"]]

    assert (signed["member_id"], signed["signed_by_me"]) == (str(case.member("child")), True)
    assert (await phone_post(child, signed)).status_code == 404
    assert (await phone_post(applicant, signed)).status_code == 200


async def phone_post(phone, signed):
    return await phone.post(f"{URL}/{signed['id']}/withdraw")


async def test_another_name_under_the_number_and_no_real_name_read_nothing(sign_in, database, case):
    async with database.unit_of_work() as db:
        other = await build_citizen(db, name="测试别名", id_number=case.number("spouse"))

    assert await _told(await sign_in(other)) == []


async def test_she_sees_what_was_asked_and_seen_about_her_before_she_had_an_account(
    sign_in, staff, database, partners, case
):
    await answer_all(database, Agencies(partners), case)
    handler = await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)
    await handler.get(f"/v1/console/applications/{case.id}")
    await handler.get("/v1/console/applications")
    phone = await _signed_in(sign_in, database, case, "spouse")

    items = (await phone.get("/v1/me/accesses", params={"limit": 100})).json()["items"]

    asked = [each for each in items if each["action"] == "check.ask"]
    assert {each["member_id"] for each in asked} == {str(case.member("spouse"))}
    assert Item.DEPOSITS in {each["item"] for each in asked}
    assert len({each["item"] for each in asked}) == len(asked)
    assert [each["action"] for each in items if each["action"] != "check.ask"] == ["application.read"]
    ids = [each["id"] for each in items]
    first = (await phone.get("/v1/me/accesses", params={"limit": 4})).json()
    rest = (await phone.get("/v1/me/accesses", params={"limit": 100, "cursor": first["next"]})).json()
    assert [each["id"] for each in (*first["items"], *rest["items"])] == ids


async def test_the_applicant_and_a_stranger_see_no_more_than_before(sign_in, database, partners, case):
    await answer_all(database, Agencies(partners), case)
    applicant = await sign_in(case.applicant)
    async with database.unit_of_work() as db:
        stranger = await sign_in(await build_citizen(db, name="测试丁"))

    asked = (await applicant.get("/v1/me/accesses", params={"limit": 100})).json()["items"]

    assert len({each["id"] for each in asked}) == len(asked)
    assert (await stranger.get("/v1/me/accesses")).json()["items"] == []


async def test_what_was_signed_is_read_page_after_page_and_a_cursor_is_its_own(sign_in, database, case):
    applicant, spouse = await sign_in(case.applicant), await _signed_in(sign_in, database, case, "spouse")
    whole = [each["id"] for each in await _told(applicant)]
    assert len(whole) == 2  # her own, and the child's

    first = await applicant.get(URL, params={"limit": 1})
    second = await applicant.get(URL, params={"limit": 1, "cursor": first.json()["next"]})
    stolen = await spouse.get(URL, params={"limit": 1, "cursor": first.json()["next"]})

    assert [row["id"] for page in (first, second) for row in page.json()["items"]] == whole
    assert second.json()["next"] is None
    assert f"cursor={first.json()['next']}" in first.headers["link"]
    assert (stolen.status_code, stolen.json()["code"]) == (400, "cursor_rejected")


async def test_a_namesakes_number_hides_no_page(database, case):
    """Whoever lists her number under another name in a hundred households keeps nothing of hers off her list."""
    details = next(each for _, each in case.household.members if each.relation == "spouse")
    async with database.unit_of_work() as db:
        citizen = await build_citizen(db, name=details.name, id_number=details.id_number)
        for _ in range(3):
            other = await build_household(db, name="测试戊")
            head, child = other.members[0], other.members[2]
            wrong = (other.members[1][0], MemberDetails("spouse", "测试已", details.id_number))
            await build_draft(db, Household(other.applicant, (head, wrong, child)))

    async with database.reading() as db:
        [signed] = await list_own_authorisations(db, citizen, after=None, limit=1)
        rest = await list_own_authorisations(db, citizen, after=signed.authorisation.id, limit=1)
    assert (signed.application.id, rest) == (case.id, [])
