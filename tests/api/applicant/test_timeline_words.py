"""What the timeline tells beside its codes: what follows, why it rests, why it takes longer, and what can be done.

The public look-up by number and code tells the same, and no more of the household than it did.
"""

import json
from datetime import date

import pytest
import pytest_asyncio
from sqlalchemy import update

from app.applications.commands import (
    extend_application,
    redirect_application,
    return_application,
    terminate_application,
)
from app.applications.models import Application
from app.applications.queries import get_application
from app.awards.adjusting import Lower, approve_adjustment, propose_adjustment
from app.awards.lifecycle import AdjustGround
from app.identity.actors import SYSTEM, Role
from tests.builders.applications import TOWNSHIP, build_accepted, build_household, build_submitted
from tests.builders.awards import Grant, build_award_of
from tests.builders.hearings import hear_about_less, hear_and_stop
from tests.builders.payrolls import build_office
from tests.builders.people import build_staff

ENGLISH = {"Accept-Language": "en"}
_MISSING = ["户口簿首页复印件", "在校学生证明"]
_REASON = "全家户籍已迁出。（测试）"


@pytest_asyncio.fixture
async def household(database):
    async with database.unit_of_work() as db:
        return await build_household(db)


@pytest_asyncio.fixture
async def owner(sign_in, household):
    return await sign_in(household.applicant)


@pytest.fixture
def told(owner, anyone):
    """What the owner is told of an application, and what whoever holds its number and code is."""

    async def ask(application, **headers: str):
        own = await owner.get(f"/v1/applications/{application.id}/timeline", headers=headers)
        fact = {"number": application.number, "lookup_code": application.lookup_code}
        public = await anyone.post("/v1/public/status-lookups", json=fact, headers=headers)
        assert (own.status_code, public.status_code) == (200, 200), (own.text, public.text)
        return own.json(), public.json()

    return ask


@pytest_asyncio.fixture
async def submitted(database, household):
    async with database.unit_of_work() as db:
        return await build_submitted(db, household)


@pytest_asyncio.fixture
async def accepted(database, household):
    async with database.unit_of_work() as db:
        return await build_accepted(db, household)


@pytest_asyncio.fixture
async def returned(database, submitted):
    async with database.unit_of_work() as db:
        handler = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
        return await return_application(db, handler, submitted.id, missing=_MISSING)


@pytest_asyncio.fixture
async def extended(database, accepted):
    async with database.unit_of_work() as db:
        handler = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
        lives = json.dumps({"division": "440305001001", "since": "2025-01-01"})
        sealed = db.vault.seal("applications.residence", accepted.id, lives, division=accepted.county)
        away = update(Application).where(Application.id == accepted.id).values(residence_sealed=sealed)
        await db.execute(away)
        return await extend_application(db, handler, accepted.id, reason="lives_elsewhere")


async def test_what_follows_is_told_with_the_time_that_the_law_gives_each_step(told, accepted):
    own, public = await told(accepted)

    assert [(step["kind"], step["days"], step["unit"]) for step in own["next"]] == [
        ("home_visit", None, "working_days"),
        ("opinion", None, "working_days"),
        ("notice", 7, "calendar_days"),
        ("confirmation", 10, "working_days"),
        ("first_payment", None, "working_days"),
    ]
    assert own["next"][2] == {
        "kind": "notice",
        "title": "村（社区）公示",
        "days": 7,
        "unit": "calendar_days",
        "basis": "最低生活保障审核确认办法 第十九条",
    }
    assert public["next"] == own["next"]


async def test_before_the_acceptance_it_is_not_said_who_confirms(told, submitted):
    own, _ = await told(submitted, **ENGLISH)

    assert ("confirmation", "Confirmation") in [(step["kind"], step["title"]) for step in own["next"]]


async def test_codes_have_words_in_the_callers_language(told, accepted):
    chinese, _ = await told(accepted)
    english, public = await told(accepted, **ENGLISH)

    assert (chinese["status_words"], chinese["steps"][0]["outcome_words"]) == ("已受理，办理中", "已受理")
    assert (english["status_words"], english["steps"][0]["outcome_words"]) == ("Accepted, being dealt with", "Accepted")
    assert public["status_words"] == english["status_words"]
    assert "outcome_words" not in english["steps"][1]  # it is open


async def test_while_something_is_missing_its_owner_reads_what_and_why_nothing_runs(told, returned):
    own, _ = await told(returned)
    english, _ = await told(returned, **ENGLISH)

    assert (own["paused_because"], own["missing"]) == ("supplement_requested", _MISSING)
    assert own["paused_words"].startswith("请补齐所缺材料后提交")
    assert english["paused_words"].startswith("Please hand in what is missing")
    assert own["next"][0]["kind"] == "acceptance"


async def test_what_is_missing_is_told_to_nobody_who_only_knows_the_number(told, returned):
    _, public = await told(returned)

    assert "missing" not in public
    assert not any(words in str(public) for words in _MISSING)
    assert public["paused_words"].startswith("请补齐所缺材料后提交")


async def test_who_supplied_it_reads_no_more_of_it(told, owner, returned):
    done = await owner.post(f"/v1/applications/{returned.id}/supplement", json={"truth_promised": True})
    assert done.status_code == 200, done.text

    own, _ = await told(returned)

    assert not {"missing", "paused_words"} & set(own)


async def test_more_time_to_decide_is_told_with_the_day_the_reason_and_the_law(told, extended):
    own, _ = await told(extended)
    english, _ = await told(extended, **ENGLISH)

    assert own["extension"] == {
        "due_on": own["decide_by"],
        "reason": "lives_elsewhere",
        "words": "因人户分离，决定期限延长",
        "basis": "最低生活保障审核确认办法 第二十二条",
    }
    assert date.fromisoformat(own["decide_by"]) > date(2027, 1, 5)
    assert english["extension"]["words"].startswith("More time to decide: you live away")


async def test_why_there_is_more_time_is_told_to_nobody_who_only_knows_the_number(told, extended):
    own, public = await told(extended)

    assert (public["extension"]["due_on"], public["extension"]["reason"]) == (own["decide_by"], None)
    assert public["extension"]["words"] == "决定期限已依法延长"
    assert "lives_elsewhere" not in str(public)


async def test_one_can_always_complain_each_where_he_can(told, accepted):
    own, public = await told(accepted)

    assert [(each["kind"], each["address"]) for each in own["remedies"]] == [("complaint", "/v1/complaints")]
    assert [each["address"] for each in public["remedies"]] == ["/v1/public/complaints"]
    assert own["remedies"][0]["basis"] == ["最低生活保障审核确认办法 第三十六条"]


async def _terminate(db, application):
    handler = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
    return await terminate_application(db, handler, application.id, reason=_REASON)


async def _redirect(db, application):
    handler = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
    return await redirect_application(db, handler, application.id, to="530102001000", reason=_REASON)


@pytest.mark.parametrize(("build", "end"), [(build_accepted, _terminate), (build_submitted, _redirect)])
async def test_against_what_ended_it_the_remedies_are_told_with_where_and_within_what_time(
    told, database, household, build, end
):
    async with database.unit_of_work() as db:
        application = await build(db, household)
    async with database.unit_of_work() as db:
        await end(db, application)

    own, public = await told(application)

    assert [
        (each["kind"], each.get("body"), each.get("within"), each.get("unit"), each["basis"][-1])
        for each in own["remedies"]
    ] == [
        ("administrative_reconsideration", "county_government", 60, "day", "行政复议法第二十条"),
        ("administrative_suit", "court", 6, "month", "行政诉讼法第四十六条"),
        ("complaint", None, None, None, "最低生活保障审核确认办法 第三十六条"),
    ]
    assert "县级人民政府" in own["remedies"][0]["words"]
    assert public["remedies"][:2] == own["remedies"][:2]
    assert (own["next"], _REASON in str(public)) == ([], False)


_AGAINST = ["administrative_reconsideration", "administrative_suit"]


@pytest_asyncio.fixture
async def award(database, accepted):
    async with database.unit_of_work() as db:
        return await build_award_of(db, await get_application(db, SYSTEM, accepted.id), Grant(account=None))


async def _stop(db, award):
    office = await build_office(db)
    await hear_and_stop(db, office.handler, office.confirmer, award.id, last_month=award.from_month)


async def _reduce(db, award):
    office = await build_office(db)
    lower = Lower(AdjustGround.INCOME, 30_000, date(2026, 12, 1), "家庭成员就业，收入增加（测试）")
    await propose_adjustment(db, office.handler, award.id, lower)
    await hear_about_less(db, office.handler, award.id)
    await approve_adjustment(db, office.confirmer, award.id)


@pytest.mark.parametrize(("decide", "outcome"), [(_stop, "stopped"), (_reduce, "reduced")])
async def test_what_was_decided_against_a_household_about_its_award_is_told_with_the_remedies_of_the_award(
    told, owner, database, accepted, award, decide, outcome
):
    url = f"/v1/applications/{accepted.id}/timeline"
    seen = (await owner.get(url)).headers["etag"]
    assert (await owner.get(url, headers={"If-None-Match": seen})).status_code == 304
    async with database.unit_of_work() as db:
        await decide(db, award)

    assert (await owner.get(url, headers={"If-None-Match": seen})).status_code == 200, "the phone hears of it"
    own, public = await told(accepted)
    step = own["steps"][-1]
    assert (step["kind"], step["state"], step["outcome"]) == ("award_decision", "done", outcome)
    assert [each["kind"] for each in own["remedies"]] == [*_AGAINST, "complaint"]
    act = (await owner.get(f"/v1/awards/{award.id}")).json()["acts"][-1]
    assert [(each["kind"], each["within"], each["unit"]) for each in own["remedies"][:2]] == [
        (each["kind"], each["within"], each["unit"]) for each in act["remedies"]
    ]
    assert public["remedies"][:2] == own["remedies"][:2]
    assert "（测试）" not in str(public["steps"])
