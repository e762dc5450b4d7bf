"""Survey, opinion and decision over HTTP: the whole way, who may not, and what each refusal says."""

from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import select

from app.audit.models import AuditRecord
from app.identity.actors import Actor, Role
from app.identity.models import Staff
from app.notices.jobs import end_notices
from app.relatives.commands import Declaration, declare_own_relative
from app.relatives.kinship import Kinship
from tests.builders.applications import COUNTY, TOWNSHIP, VILLAGE
from tests.builders.entrustments import build_entrusted
from tests.builders.people import make_id_number
from tests.builders.review import (
    AMOUNT,
    build_accepted_case,
    build_office,
    build_verified,
    opine,
    react,
    username_of,
    visit,
)


@pytest_asyncio.fixture
async def office(database):
    return await build_office(database)


def path(case, act: str) -> str:
    return f"/v1/console/applications/{case.id}/{act}"


async def visit_body(database, case, second) -> dict:
    return {
        "way": "home",
        "visited_on": "2026-11-23",
        "findings": "家中三口人。",
        "investigators": [await username_of(database, second)],
        "present": [str(case.member("self"))],
    }


OPINION = {"favourable": True, "statement": "情况属实。", "reasons": {}}


async def test_the_whole_way_from_visit_to_decision(database, clock, sign_in, office):
    case = await build_verified(database)
    handler, reviewer, confirmer = [
        await sign_in(actor) for actor in (office.handler, office.reviewer, office.confirmer)
    ]

    visited = await handler.post(path(case, "visits"), json=await visit_body(database, case, office.second))
    assert visited.status_code == 201
    assert visited.json()["visits"][0]["investigators"] == [str(office.handler.id), str(office.second.id)]

    preview = await reviewer.get(path(case, "assessment"))
    assert preview.json()["outcome"] == "likely_eligible"

    given = await reviewer.post(path(case, "opinion"), json=OPINION)
    assert given.status_code == 201
    assert (given.json()["status"], given.json()["assessment"]["monthly_amount_fen"]) == ("on_notice", AMOUNT)
    assert given.json()["actions"] == []

    await react(database, case)
    on_notice = (await confirmer.get(f"/v1/console/applications/{case.id}")).json()
    assert (on_notice["status"], on_notice["actions"]) == ("accepted", [])
    clock.advance(timedelta(days=8))
    await end_notices(database)
    confirmer = await sign_in(office.confirmer)
    review = (await confirmer.get(path(case, "review"))).json()
    assert review["actions"] == ["record_county_visit", "confirm", "refuse", "send_back"]

    decided = await confirmer.post(path(case, "confirm"), json={"statement": "同意。"})
    assert decided.status_code == 200
    decision = decided.json()["decision"]
    assert (decision["outcome"], decision["monthly_amount_fen"], decision["first_month"]) == (
        "approved",
        AMOUNT,
        "2027-01-01",
    )
    assert decided.json()["status"] == "confirmed"

    again = await confirmer.post(path(case, "confirm"), json={})
    assert (again.status_code, again.json()["code"]) == (409, "step_not_allowed")


async def test_every_finding_is_explained_in_the_callers_language(database, sign_in, office):
    case = await build_verified(database)
    await visit(database, case, office)
    reviewer = await sign_in(office.reviewer)

    chinese = (await reviewer.get(path(case, "assessment"))).json()
    english = (await reviewer.get(path(case, "assessment"), headers={"Accept-Language": "en"})).json()

    found = {finding["rule"]: finding for finding in chinese["findings"]}
    income = found["income_below_standard"]
    assert income["met"] is True
    assert any("最低生活保障审核确认办法" in law for law in income["law"])
    assert income["numbers"]["standard_fen"] == 455_000
    assert income["message"] != {f["rule"]: f for f in english["findings"]}["income_below_standard"]["message"]


async def test_open_points_are_named_by_pointer(database, sign_in, office):
    case = await build_verified(database, owns_a_dwelling=True)
    await visit(database, case, office)
    reviewer = await sign_in(office.reviewer)

    answer = await reviewer.post(path(case, "opinion"), json=OPINION)

    assert answer.status_code == 422
    assert answer.json()["code"] == "reasons_missing"
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/reasons/property_has_a_limit"]


@pytest.mark.parametrize(
    ("act", "body", "code"),
    [
        ("opinion", OPINION, "home_visit_missing"),
        ("assessment", None, "review_not_found"),
        ("review", None, "review_not_found"),
    ],
)
async def test_wrong_order_is_a_clear_problem(database, sign_in, office, act, body, code):
    case = await build_accepted_case(database)
    reviewer = await sign_in(office.reviewer)

    answer = await (reviewer.get(path(case, act)) if body is None else reviewer.post(path(case, act), json=body))

    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == code


async def test_who_gave_the_opinion_cannot_confirm(database, clock, sign_in, office):
    case = await build_verified(database)
    await visit(database, case, office)
    await opine(database, case, office)
    clock.advance(timedelta(days=8))
    await end_notices(database)
    async with database.unit_of_work() as db:  # promoted since
        staff = await db.get(Staff, office.reviewer.id)
        staff.role, staff.division = Role.COUNTY_CONFIRMER, COUNTY
    promoted = await sign_in(Actor(office.reviewer.id, Role.COUNTY_CONFIRMER, COUNTY))

    answer = await promoted.post(path(case, "confirm"), json={})

    assert (answer.status_code, answer.json()["code"]) == (403, "same_person_not_allowed")


@pytest.mark.parametrize(
    ("role", "division", "status"),
    [
        (Role.VILLAGE_HELPER, VILLAGE, 404),
        (Role.FINANCE, COUNTY, 404),
        (Role.ADMINISTRATOR, COUNTY, 404),
        (Role.TOWNSHIP_HANDLER, "532529104000", 404),
        (Role.SUPERVISOR, COUNTY, 200),
        (Role.TOWNSHIP_HANDLER, TOWNSHIP, 200),
    ],
)
async def test_a_review_is_read_by_who_decides_or_supervises_there(database, staff, office, role, division, status):
    case = await build_verified(database)
    await visit(database, case, office)
    client = await staff(role, division)

    assert (await client.get(path(case, "review"))).status_code == status


@pytest.mark.parametrize(
    ("act", "body"),
    [
        ("visits", {"way": "home", "visited_on": "2026-11-23", "findings": "x", "investigators": ["a"], "present": []}),
        ("opinion", OPINION),
        ("appraisals", None),
        ("county-visits", None),
        ("confirm", {}),
        ("refuse", {"reasons": ["x"]}),
        ("send-back", {"reason": "x"}),
    ],
)
async def test_a_citizen_has_no_business_here(database, phone, act, body):
    case = await build_accepted_case(database)

    answer = await phone.post(path(case, act), json=body or {})

    assert (answer.status_code, answer.json()["code"]) == (403, "audience_not_allowed")


@pytest.mark.parametrize(
    ("act", "who", "body"),
    [
        ("visits", "confirmer", "visit"),
        ("opinion", "handler", OPINION),
        ("county-visits", "handler", "visit"),
        ("confirm", "county_1", {}),
        ("refuse", "reviewer", {"reasons": ["x"]}),
        ("send-back", "reviewer", {"reason": "x"}),
    ],
)
async def test_the_wrong_role_changes_nothing(database, sign_in, office, act, who, body):
    case = await build_verified(database)
    await visit(database, case, office)
    if act not in ("visits", "opinion"):
        await opine(database, case, office, favourable=False)
    client = await sign_in(getattr(office, who))
    before = (await (await sign_in(office.handler)).get(path(case, "review"))).json()

    sent = await visit_body(database, case, office.second) if body == "visit" else body
    answer = await client.post(path(case, act), json=sent)

    assert (answer.status_code, answer.json()["code"]) == (403, "role_not_allowed")
    assert (await (await sign_in(office.handler)).get(path(case, "review"))).json() == before


async def test_a_refusal_needs_a_reason_and_its_delivery_is_recorded(database, clock, sign_in, office):
    case = await build_verified(database)
    await visit(database, case, office)
    await opine(database, case, office, favourable=False)
    confirmer, handler = await sign_in(office.confirmer), await sign_in(office.handler)

    assert (await confirmer.post(path(case, "refuse"), json={"reasons": []})).status_code == 422
    told = {"ground": "members_differ", "reasons": ["长子已另行居住满两年，与申报不符。"]}
    refused = await confirmer.post(path(case, "refuse"), json=told)
    assert refused.json()["decision"]["reasons"] == told["reasons"]

    delivery = {"way": "in_person", "delivered_on": "2026-11-23"}
    assert (await handler.post(path(case, "decision-deliveries"), json=delivery)).status_code == 201
    again = await handler.post(path(case, "decision-deliveries"), json=delivery)
    assert again.json()["code"] == "decision_already_delivered"


async def test_every_look_is_recorded(database, sign_in, office):
    case = await build_verified(database)
    await visit(database, case, office)
    client = await sign_in(office.reviewer)

    await client.get(path(case, "review"))
    await client.get(path(case, "assessment"))

    async with database.reading() as db:
        looks = await db.scalars(select(AuditRecord.action).where(AuditRecord.actor_id == office.reviewer.id))
        assert sorted(looks) == ["assessment.preview", "review.read"]


async def test_papers_are_sent_back_with_a_reason(database, sign_in, office):
    case = await build_verified(database)
    await visit(database, case, office)
    await opine(database, case, office, favourable=False)
    county = await sign_in(office.county_1)

    answer = await county.post(path(case, "send-back"), json={"reason": "请补充邻里访问。"})

    assert answer.json()["status"] == "surveying"
    assert answer.json()["send_backs"][0]["reason"] == "请补充邻里访问。"


async def test_the_spouse_of_who_visits_does_not_act_for_the_household_even_without_a_case_in_the_place(
    database, sign_in, office
):
    case, number = await build_verified(database), make_id_number()
    await build_entrusted(database, case, id_number=number)
    async with database.unit_of_work() as db:
        await declare_own_relative(db, office.second, Declaration(Kinship.SPOUSE, "测试壬", number))
    body = {**await visit_body(database, case, office.second), "present": [], "agent_present": True}
    handler = await sign_in(office.handler)

    refused = await handler.post(path(case, "visits"), json=body)
    other = {**body, "investigators": [await username_of(database, office.helper)]}
    recorded = await handler.post(path(case, "visits"), json=other)

    assert (refused.status_code, refused.json()["code"]) == (403, "conflict_of_interest")
    assert recorded.status_code == 201, recorded.text
    assert [(each["present"], each["agent_present"]) for each in recorded.json()["visits"]] == [([], True)]
