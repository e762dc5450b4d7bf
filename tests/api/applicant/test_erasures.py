"""Erasure at the citizen's word: what nothing needs goes at once, the rest is refused with law and date."""

from datetime import date, timedelta

from sqlalchemy import select, update

from app.applications.lifecycle import Status
from app.applications.models import Application, Authorisation, Member, PayoutAccount
from app.audit.models import AuditRecord
from app.core.ids import new_id
from app.identity.commands import start_session
from app.identity.models import Citizen, Session
from tests.builders.applications import build_draft, build_household, build_submitted
from tests.builders.awards import Grant, build_award, recipient_of
from tests.builders.people import build_citizen
from tests.builders.retention import count, end_application, opened_text, stop

URL = "/v1/me/erasures"


async def test_drafts_go_at_once_with_everything_in_them(sign_in, database):
    async with database.unit_of_work() as db:
        household = await build_household(db)
        await build_draft(db, household)
    client = await sign_in(household.applicant)

    answer = await client.post(URL, json={"what": "drafts"})

    assert (answer.status_code, answer.json()) == (201, {"what": "drafts", "drafts": 1})
    assert await count(database, Member) == await count(database, Authorisation) == 0
    left = await opened_text(database, "applications")
    assert "测试" not in left
    assert str(household.applicant.id) not in left
    again = await client.post(URL, json={"what": "drafts"})
    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_erase")


async def test_an_account_without_a_case_goes_with_its_sessions_and_drafts(sign_in, database):
    async with database.unit_of_work() as db:
        household = await build_household(db)
        await build_draft(db, household)
    client = await sign_in(household.applicant)

    answer = await client.post(URL, json={"what": "account"})

    assert (answer.status_code, answer.json()) == (201, {"what": "account", "drafts": 1})
    for model in (Citizen, Session, PayoutAccount, Member):
        assert await count(database, model) == 0, model.__tablename__
    assert (await client.get("/v1/me")).status_code == 401
    async with database.reading() as db:
        actions = (await db.execute(select(AuditRecord.action).where(AuditRecord.action.like("retention.%")))).scalars()
    assert "retention.erase_account" in set(actions)


async def test_sessions_in_which_the_account_acts_for_another_go_with_it(sign_in, database, keys):
    async with database.unit_of_work() as db:
        agent = await build_citizen(db, name="测试壬")
        principal = await build_citizen(db, name="测试癸")
        await start_session(db, keys, principal.id, principal.role, entrustment=new_id(), agent=agent)
        await start_session(db, keys, principal.id, principal.role)

    answer = await (await sign_in(agent)).post(URL, json={"what": "account"})

    assert answer.status_code == 201, answer.text
    async with database.reading() as db:
        [left] = (await db.scalars(select(Session))).all()
    assert (left.subject_id, left.agent_id) == (principal.id, None)


async def test_a_case_that_goes_on_keeps_the_account(sign_in, database):
    async with database.unit_of_work() as db:
        household = await build_household(db)
        await build_submitted(db, household)

    answer = await (await sign_in(household.applicant)).post(URL, json={"what": "account"})

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "still_kept")
    assert (problem["kept_as"], problem["kept_until"]) == ("approval_file", None)
    assert await count(database, Citizen) == 1


async def test_a_case_that_ended_keeps_it_until_a_day_that_is_told(sign_in, database):
    async with database.unit_of_work() as db:
        household = await build_household(db)
        application = await build_submitted(db, household)
    await end_application(database, application.id, Status.WITHDRAWN, date(2026, 11, 20))

    problem = (await (await sign_in(household.applicant)).post(URL, json={"what": "account"})).json()

    assert (problem["code"], problem["kept_as"], problem["kept_until"]) == ("still_kept", "unsuccessful", "2027-11-20")
    assert problem["basis"] == ["个人信息保护法 第十九条"]


async def test_of_several_cases_the_one_that_is_kept_longest_is_told(sign_in, database):
    async with database.unit_of_work() as db:
        award = await build_award(db, Grant(from_month=date(2026, 6, 1)))
    await stop(database, award.id, date(2026, 9, 1), date(2026, 9, 10))
    async with database.unit_of_work() as db:
        other = await build_submitted(db)
        await db.execute(
            update(Application).where(Application.id == other.id).values(applicant_id=award.beneficiary_id)
        )
    await end_application(database, other.id, Status.REFUSED, date(2026, 11, 20))

    problem = (await (await sign_in(recipient_of(award))).post(URL, json={"what": "account"})).json()

    assert (problem["kept_as"], problem["kept_until"]) == ("approval_file", "2029-09-30")


async def test_an_old_sign_in_is_not_enough(phone, database, clock):
    async with database.unit_of_work() as db:
        await db.execute(update(Session).values(authenticated_at=clock.now() - timedelta(minutes=16)))

    answer = await phone.post(URL, json={"what": "account"})

    assert (answer.status_code, answer.json()["code"]) == (403, "step_up_required")
    assert await count(database, Citizen) == 1
