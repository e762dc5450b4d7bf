"""Standards and parameters over HTTP: the draft, its version, the second person."""

import pytest
import pytest_asyncio

from app.identity.actors import Role
from tests.builders.applications import COUNTY, VILLAGE

STANDARDS, PARAMETERS = "/v1/console/standards", "/v1/console/parameters"
PROVINCE = "530000000000"
SHARED = {
    "program": "living_allowance",
    "area": PROVINCE,
    "valid_from": "2026-07-01",
    "document": {
        "number": "测民发〔2026〕1号",
        "title": "关于调整保障标准的通知",
        "issuer": "测试民政厅",
        "published_on": "2026-11-01",
    },
}
STANDARD = {**SHARED, "area_class": "rural", "amount_fen": 500_000, "period": "year"}
PARAMETER = {**SHARED, "name": "edge_ratio", "value": "2"}


@pytest_asyncio.fixture
async def author(staff):
    return await staff(Role.ADMINISTRATOR, PROVINCE)


@pytest_asyncio.fixture
async def supervisor(staff):
    return await staff(Role.SUPERVISOR, PROVINCE)


def seen(answer) -> dict[str, str]:
    return {"If-Match": answer.headers["ETag"]}


@pytest.mark.parametrize(("base", "body"), [(STANDARDS, STANDARD), (PARAMETERS, PARAMETER)])
async def test_a_change_goes_through_two_persons(author, supervisor, anyone, base, body):
    drafted = await author.put(base, json=body)
    assert (drafted.status_code, drafted.json()["status"]) == (200, "draft")
    assert drafted.json()["actions"] == ["edit", "reject"]
    at = f"{base}/{drafted.json()['id']}"

    own = await author.post(f"{at}/approve", headers=seen(drafted))
    assert (own.status_code, own.json()["code"]) == (403, "same_person_not_allowed")
    blind = await supervisor.post(f"{at}/approve")
    assert (blind.status_code, blind.json()["code"]) == (428, "precondition_required")

    read = await supervisor.get(at)
    approved = await supervisor.post(f"{at}/approve", headers=seen(read))
    assert (approved.status_code, approved.json()["status"]) == (200, "in_force")
    assert [row["status"] for row in (await author.get(base)).json()["items"]] == ["in_force"]
    if base == STANDARDS:
        shown = await anyone.get("/v1/public/standards", params={"division": COUNTY, "program": "living_allowance"})
        assert 500_000 in [row["amount_fen"] for row in shown.json()["items"]]


@pytest.mark.parametrize(("area_class", "fen", "period"), [("urban", 100_000, "month"), ("rural", 1_200_000, "year")])
async def test_the_base_of_destitute_support_is_published_like_any_standard(
    author, supervisor, anyone, area_class, fen, period
):
    base = {**STANDARD, "program": "destitute_support", "area_class": area_class, "amount_fen": fen, "period": period}
    drafted = await author.put(STANDARDS, json=base)
    assert drafted.status_code == 200, drafted.text
    at = f"{STANDARDS}/{drafted.json()['id']}"
    approved = await supervisor.post(f"{at}/approve", headers=seen(drafted))
    assert (approved.status_code, approved.json()["status"]) == (200, "in_force")

    alone = {"ref": "m1", "relation": "self", "birth_date": "1950-05-06", "can_work": False}
    asked = {"program": "destitute_support", "division": VILLAGE, "area_class": area_class, "on": "2026-11-23"}
    answer = (await anyone.post("/v1/public/eligibility-checks", json={**asked, "members": [alone]})).json()

    assert answer["monthly_amount_fen"] == 100_000


async def test_what_was_edited_after_it_was_read_is_not_approved(author, supervisor):
    drafted = await author.put(STANDARDS, json=STANDARD)
    read = await supervisor.get(f"{STANDARDS}/{drafted.json()['id']}")
    without = await author.put(STANDARDS, json={**STANDARD, "amount_fen": 900_000})
    assert (without.status_code, without.json()["code"]) == (428, "precondition_required")
    edited = await author.put(STANDARDS, json={**STANDARD, "amount_fen": 900_000}, headers=seen(drafted))
    assert edited.json()["version"] == 2

    stale = await supervisor.post(f"{STANDARDS}/{drafted.json()['id']}/approve", headers=seen(read))

    assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")


async def test_a_lost_answer_is_asked_for_again_without_harm(author):
    first, again = await author.put(STANDARDS, json=STANDARD), await author.put(STANDARDS, json=STANDARD)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()


@pytest.mark.parametrize(
    ("base", "body", "status", "code", "pointers"),
    [
        (STANDARDS, {**STANDARD, "amount_fen": 0}, 422, "input_invalid", ["/amount_fen"]),
        (STANDARDS, {**STANDARD, "amount_fen": 641.5}, 400, "bad_request", None),
        (STANDARDS, {**STANDARD, "period": "week"}, 422, "input_invalid", ["/period"]),
        (STANDARDS, {**STANDARD, "valid_to": "2026-06-30"}, 400, "standard_invalid", ["/valid_to"]),
        (STANDARDS, {**STANDARD, "area_class": "rurall"}, 400, "standard_invalid", ["/area_class"]),
        (STANDARDS, {**STANDARD, "area": "532529103000"}, 400, "standard_invalid", ["/area"]),
        (STANDARDS, {**STANDARD, "document": {}}, 422, "input_invalid", None),
        (PARAMETERS, {**PARAMETER, "value": None}, 400, "parameter_invalid", ["/value"]),
        (PARAMETERS, {**PARAMETER, "name": "no_such"}, 422, "parameter_not_usable", None),
    ],
)
async def test_what_is_wrong_is_said_where_it_is(author, base, body, status, code, pointers):
    answer = await author.put(base, json=body)

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), problem
    if pointers is not None:
        assert [each["pointer"] for each in problem["errors"]] == pointers
    assert (await author.get(base)).json()["items"] == []


async def test_who_may_not_is_refused(staff, author):
    drafted = await author.put(STANDARDS, json=STANDARD)
    at = f"{STANDARDS}/{drafted.json()['id']}"
    county = await staff(Role.ADMINISTRATOR, COUNTY)
    handler = await staff(Role.COUNTY_HANDLER, COUNTY)

    for client, method, url, code in (
        (county, "PUT", STANDARDS, "outside_your_division"),
        (county, "POST", f"{at}/approve", "outside_your_division"),
        (handler, "PUT", STANDARDS, "role_not_allowed"),
        (handler, "POST", f"{at}/approve", "role_not_allowed"),
    ):
        answer = await client.request(method, url, json=STANDARD if method == "PUT" else None, headers=seen(drafted))
        assert (answer.status_code, answer.json()["code"]) == (403, code)
    assert (await handler.get(at)).json()["actions"] == []
    stranger = await staff(Role.ADMINISTRATOR, "530102000000")
    own = await stranger.put(STANDARDS, json={**STANDARD, "area": "530102000000"})
    assert (await handler.get(f"{STANDARDS}/{own.json()['id']}")).status_code == 404
    assert (await handler.get(f"{PARAMETERS}/{drafted.json()['id']}")).status_code == 404


async def test_a_rejected_draft_says_why(author, supervisor):
    drafted = await author.put(PARAMETERS, json=PARAMETER)
    rejected = await supervisor.post(f"{PARAMETERS}/{drafted.json()['id']}/reject", json={"reason": "依据不足（测试）"})

    shown = rejected.json()
    assert (shown["status"], shown["reject_reason"], shown["actions"]) == ("rejected", "依据不足（测试）", [])
    assert (await author.get(PARAMETERS, params={"status": "draft"})).json()["items"] == []
