"""Awards at the desk: seen below the own division, held back, heard, stopped."""

import pytest

from app.identity.actors import STAFF_ROLES, Role
from tests.builders.awards import build_award, recipient_of

AWARDS = "/v1/console/awards"
COUNTY = "532529000000"
STOP = {"ground": "income", "reason": "家庭人均收入超过标准", "last_month": "2026-12"}
ADJUST = {
    "ground": "income",
    "monthly_amount_fen": 40_000,
    "from_month": "2026-12",
    "reason": "家庭成员就业，收入增加（测试）",
}
WHY = {"reason": "理由（测试）"}
HEARD = {"about": "stop", "ground": "income", "opinion": "没有异议", "heard_on": "2026-11-23"}


@pytest.fixture
async def award(database):
    async with database.unit_of_work() as db:
        return await build_award(db)


async def test_a_stop_without_a_hearing_is_a_conflict(staff, award):
    confirmer = await staff(Role.COUNTY_CONFIRMER, COUNTY)

    answer = await confirmer.post(f"{AWARDS}/{award.id}/stop", json=STOP)

    assert (answer.status_code, answer.json()["code"]) == (409, "hearing_required")
    assert (await confirmer.get(f"{AWARDS}/{award.id}")).json()["status"] == "active"


async def test_hear_and_stop(staff, award):
    handler, confirmer = await staff(Role.COUNTY_HANDLER, COUNTY), await staff(Role.COUNTY_CONFIRMER, COUNTY)

    heard = await handler.post(f"{AWARDS}/{award.id}/hear", json=HEARD)
    stopped = await confirmer.post(f"{AWARDS}/{award.id}/stop", json=STOP)

    assert heard.status_code == 200, heard.text
    assert [hearing["opinion"] for hearing in heard.json()["hearings"]] == ["没有异议"]
    assert stopped.status_code == 200, stopped.text
    assert (stopped.json()["status"], stopped.json()["to_month"], stopped.json()["actions"]) == (
        "stopped",
        "2026-12",
        [],
    )
    assert stopped.json()["stop_reason"] == "家庭人均收入超过标准"


async def test_suspend_and_resume(staff, award):
    handler = await staff(Role.COUNTY_HANDLER, COUNTY)

    suspended = await handler.post(f"{AWARDS}/{award.id}/suspend", json={"reason": "death_match"})
    resumed = await handler.post(f"{AWARDS}/{award.id}/resume")

    assert (suspended.json()["status"], suspended.json()["suspended_reason"]) == ("suspended", "death_match")
    assert (resumed.json()["status"], resumed.json()["suspended_reason"]) == ("active", None)


async def test_a_township_sees_its_own_awards_only(staff, award):
    near = await staff(Role.TOWNSHIP_HANDLER, "532529103000")
    far = await staff(Role.TOWNSHIP_HANDLER, "532529104000")

    assert [item["id"] for item in (await near.get(AWARDS)).json()["items"]] == [str(award.id)]
    assert (await far.get(AWARDS)).json()["items"] == []
    assert (await far.get(f"{AWARDS}/{award.id}")).json()["code"] == "award_not_found"


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("suspend", {"reason": "because"}),
        ("suspend", {}),
        ("hear", {**HEARD, "about": "raise"}),
        ("hear", {**HEARD, "heard_on": "23.11.2026"}),
        ("stop", {**STOP, "last_month": "2026-00"}),
        ("stop", {**STOP, "extra": 1}),
        ("adjust", {**ADJUST, "monthly_amount_fen": 0}),
        ("adjust", {**ADJUST, "ground": "mood"}),
        ("adjust", {**ADJUST, "from_month": "2026-13"}),
        ("adjust/reject", {}),
        ("keep", {"reason": ""}),
    ],
)
async def test_malformed_input_is_refused(staff, award, action, body):
    confirmer = await staff(Role.COUNTY_CONFIRMER, COUNTY)

    answer = await confirmer.post(f"{AWARDS}/{award.id}/{action}", json=body)

    assert (answer.status_code, answer.json()["code"]) == (422, "input_invalid")


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.FINANCE, Role.ADMINISTRATOR, Role.VILLAGE_HELPER])
async def test_who_only_reads_changes_nothing(staff, award, role):
    member = await staff(role, COUNTY)

    acts = (("suspend", {"reason": "complaint"}), ("hear", HEARD), ("stop", STOP), ("adjust", ADJUST))
    more = (("adjust/approve", None), ("adjust/reject", WHY), ("keep", WHY))
    for action, body in (*acts, *more):
        answer = await member.post(f"{AWARDS}/{award.id}/{action}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "role_not_allowed")


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
async def test_reasons_and_hearings_are_for_who_decides(staff, award, role):
    handler, confirmer = await staff(Role.COUNTY_HANDLER, COUNTY), await staff(Role.COUNTY_CONFIRMER, COUNTY)
    await handler.post(f"{AWARDS}/{award.id}/suspend", json={"reason": "complaint"})
    held_back = (await (await staff(role, COUNTY)).get(f"{AWARDS}/{award.id}")).json()
    await handler.post(f"{AWARDS}/{award.id}/hear", json=HEARD)
    await confirmer.post(f"{AWARDS}/{award.id}/stop", json=STOP)
    reader = await staff(role, COUNTY)
    told = role in (Role.TOWNSHIP_HANDLER, Role.COUNTY_HANDLER, Role.COUNTY_CONFIRMER, Role.SUPERVISOR)

    one = (await reader.get(f"{AWARDS}/{award.id}")).json()
    (listed,) = (await reader.get(AWARDS)).json()["items"]

    assert (one["monthly_amount_fen"], one["to_month"]) == (52_000, "2026-12")
    for shown in (one, listed):
        assert (shown["stop_reason"] is not None, shown["stop_ground"] is not None) == (told, told)
    assert len(one["hearings"]) == told
    assert held_back["suspended_reason"] == ("complaint" if told else None)


async def test_a_hearing_about_a_stop_names_its_ground_and_carries_no_stop_on_another(staff, award):
    handler, confirmer = await staff(Role.COUNTY_HANDLER, COUNTY), await staff(Role.COUNTY_CONFIRMER, COUNTY)
    at = f"{AWARDS}/{award.id}"

    unnamed = await handler.post(f"{at}/hear", json={**HEARD, "ground": None})
    assert (unnamed.status_code, unnamed.json()["code"]) == (422, "hearing_ground_invalid")
    heard = (await handler.post(f"{at}/hear", json=HEARD)).json()
    assert [each["ground"] for each in heard["hearings"]] == ["income"]

    other = await confirmer.post(f"{at}/stop", json={**STOP, "ground": "property"})
    assert (other.status_code, other.json()["code"]) == (409, "hearing_required")
    assert (await confirmer.post(f"{at}/stop", json=STOP)).status_code == 200


async def test_a_lower_amount_goes_through_proposal_hearing_and_decision(staff, award, sign_in):
    handler, confirmer = await staff(Role.COUNTY_HANDLER, COUNTY), await staff(Role.COUNTY_CONFIRMER, COUNTY)
    at = f"{AWARDS}/{award.id}"

    proposed = await handler.post(f"{at}/adjust", json=ADJUST)
    assert (proposed.status_code, proposed.json()["proposed"]["amount_fen"]) == (200, 40_000)
    again = await handler.post(f"{at}/adjust", json=ADJUST)
    assert (again.status_code, again.json()["code"]) == (409, "adjustment_open")
    unheard = await confirmer.post(f"{at}/adjust/approve")
    assert (unheard.status_code, unheard.json()["code"]) == (409, "hearing_required")
    await handler.post(f"{at}/hear", json={**HEARD, "about": "reduce", "ground": None})
    decided = (await confirmer.post(f"{at}/adjust/approve")).json()

    assert (decided["proposed"], [each["act"] for each in decided["acts"]]) == (None, ["reduced"])
    assert [(each["from_month"], each["amount_fen"], each["cause"]) for each in decided["amounts"]] == [
        ("2026-12", 40_000, "adjustment")
    ]
    assert decided["monthly_amount_fen"] == 40_000
    shown = (await (await sign_in(recipient_of(award))).get(f"/v1/awards/{award.id}")).json()
    assert (shown["acts"][0]["reason"], shown["acts"][0]["ground"]) == ("家庭成员就业，收入增加（测试）", "income")
    assert [each["within"] for each in shown["acts"][0]["remedies"]] == [60, 6]
    amount = decided["amounts"][0]["id"]
    nothing = await (await sign_in(recipient_of(award))).get(f"/v1/awards/{award.id}/amounts/{amount}")
    assert (nothing.status_code, nothing.json()["code"]) == (404, "amount_not_explained")


async def test_what_is_wrong_with_a_lower_amount_is_said_where_it_is(staff, award):
    handler = await staff(Role.COUNTY_HANDLER, COUNTY)

    answer = await handler.post(f"{AWARDS}/{award.id}/adjust", json={**ADJUST, "monthly_amount_fen": 52_000})

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "adjustment_invalid")
    assert [each["pointer"] for each in problem["errors"]] == ["/monthly_amount_fen"]
    kept = await (await staff(Role.COUNTY_CONFIRMER, COUNTY)).post(f"{AWARDS}/{award.id}/keep", json=WHY)
    assert (kept.status_code, kept.json()["code"]) == (409, "nothing_to_keep")
