"""Refusing what was computed from a phone, and the person's answer; who was asked about my household."""

from datetime import timedelta

from app.identity.actors import Role
from app.notices.jobs import end_notices
from tests.builders.applications import TOWNSHIP
from tests.builders.review import build_office, build_verified, decide, opine, visit
from tests.builders.verification import ask_all, build_agencies, build_opened


async def test_a_person_answers_and_the_decision_says_that_a_person_decided(sign_in, staff, database, clock):
    office, case = await build_office(database), await build_verified(database)
    await visit(database, case, office)
    await opine(database, case, office)
    clock.advance(timedelta(days=8))
    await end_notices(database)
    phone, reviewer = await sign_in(case.applicant), await staff(Role.TOWNSHIP_REVIEWER, TOWNSHIP)
    desk = f"/v1/console/applications/{case.id}/human-reviews"

    asked = await phone.post(f"/v1/applications/{case.id}/human-reviews", json={"why": "没有扣除看病的支出。"})
    (listed,) = (await reviewer.get(desk)).json()["items"]
    confirmer = await sign_in(office.confirmer)
    refused = await confirmer.post(f"/v1/console/applications/{case.id}/confirm", json={})
    answered = await reviewer.post(f"{desk}/{listed['id']}/answer", json={"answer": "已核对票据，测算无误。"})
    await decide(database, case, office)

    assert (asked.status_code, listed["why"]) == (201, "没有扣除看病的支出。")
    assert (refused.status_code, refused.json()["code"]) == (409, "human_review_open")
    assert answered.status_code == 200
    (mine,) = (await phone.get(f"/v1/applications/{case.id}/human-reviews")).json()["items"]
    assert (mine["answered_by_role"], mine["answer"]) == ("township_reviewer", "已核对票据，测算无误。")
    decision = (await phone.get(f"/v1/applications/{case.id}/decision")).json()
    assert (decision["decided_by_person"], decision["decided_by_role"], decision["decided_at_level"]) == (
        True, "county_confirmer", "county",
    )  # fmt: skip


async def test_which_agency_was_asked_about_whom_is_among_the_accesses(sign_in, database):
    case, agencies = await build_opened(database), build_agencies()
    agencies.know(case.household)
    await ask_all(database, agencies, case)

    items = (await (await sign_in(case.applicant)).get("/v1/me/accesses", params={"limit": 100})).json()["items"]

    asked = {(each["agency"], each["item"], each["member_id"]) for each in items if each["action"] == "check.ask"}
    assert ("public_security", "household_register", str(case.member("spouse"))) in asked
    assert {(each["actor_role"], each["purpose"]) for each in items} == {("system", "verification")}
