"""The notice board over HTTP: what everybody sees, what nobody sees, and objecting."""

from datetime import timedelta

import pytest

from app.core.ids import new_id
from app.identity.actors import Role
from app.notices.lifecycle import Kind
from app.notices.queries import find_notice
from tests.builders.applications import COUNTY, TOWNSHIP, VILLAGE
from tests.builders.review import AMOUNT, build_office, build_verified, opine, visit

SHOWN = {
    "id",
    "kind",
    "program",
    "village",
    "applicant_name",
    "members_count",
    "monthly_amount_fen",
    "amount_from",
    "next_amounts",
    "currency",
    "posted_on",
    "ends_on",
}


async def posted(database):
    office, case = await build_office(database), await build_verified(database)
    await visit(database, case, office)
    await opine(database, case, office)
    async with database.reading() as db:
        notice = await find_notice(db, case.id, Kind.OPINION, 1)
    return office, case, notice


async def test_a_notice_shows_what_the_law_names_and_nothing_else(database, anyone):
    _, case, notice = await posted(database)

    board = await anyone.get("/v1/public/notices", params={"division": VILLAGE})
    single = await anyone.get(f"/v1/public/notices/{notice.id}")

    assert single.json() == board.json()["items"][0]
    assert set(single.json()) == SHOWN
    assert single.json() == {
        "id": str(notice.id),
        "kind": "opinion",
        "program": "living_allowance",
        "village": single.json()["village"],
        "applicant_name": "测试甲",
        "members_count": 3,
        "monthly_amount_fen": AMOUNT,
        "amount_from": None,
        "next_amounts": [],
        "currency": "CNY",
        "posted_on": "2026-11-23",
        "ends_on": "2026-11-30",
    }
    assert "嘎他" in single.json()["village"]
    for answer in (board, single):
        assert answer.headers["x-robots-tag"] == "noindex"
        assert answer.headers["cache-control"] == "no-store"
        assert str(case.id) not in answer.text


async def test_after_its_last_day_there_is_nothing(database, clock, anyone):
    _, _, notice = await posted(database)
    clock.advance(timedelta(days=8))

    board = await anyone.get("/v1/public/notices", params={"division": VILLAGE})
    single = await anyone.get(f"/v1/public/notices/{notice.id}")

    assert board.json()["items"] == []
    assert (single.status_code, single.json()["code"]) == (404, "notice_not_found")


@pytest.mark.parametrize(
    ("division", "status", "code"),
    [
        ("532529999999", 422, "division_unknown"),
        (TOWNSHIP, 422, "not_a_village"),
        (COUNTY, 422, "not_a_village"),
        ("53252910320", 422, "input_invalid"),
        ("000000000000", 400, "division_malformed"),
    ],
)
async def test_the_board_is_one_villages(anyone, division, status, code):
    answer = await anyone.get("/v1/public/notices", params={"division": division})

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_the_board_needs_a_village_and_knows_no_search_by_person(anyone):
    assert (await anyone.get("/v1/public/notices")).status_code == 422


async def test_pages_follow_one_another(database, anyone):
    for _ in range(3):
        await posted(database)

    first = (await anyone.get("/v1/public/notices", params={"division": VILLAGE, "limit": 2})).json()
    rest = (
        await anyone.get("/v1/public/notices", params={"division": VILLAGE, "limit": 2, "cursor": first["next"]})
    ).json()
    elsewhere = await anyone.get("/v1/public/notices", params={"division": "532529103205", "cursor": first["next"]})

    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)
    assert not {n["id"] for n in first["items"]} & {n["id"] for n in rest["items"]}
    assert elsewhere.json()["code"] == "cursor_rejected"


async def test_an_objection_is_answered_with_number_and_code_and_reaches_the_township(database, anyone, sign_in):
    office, _, notice = await posted(database)

    answer = await anyone.post(
        f"/v1/public/notices/{notice.id}/objections",
        json={"statement": "他家有门面出租。", "name": "测试丁", "phone": "19000000042"},
    )
    assert answer.status_code == 201
    assert set(answer.json()) == {"number", "code"}

    handler, helper = await sign_in(office.handler), await sign_in(office.helper)
    (seen,) = (await handler.get("/v1/console/notices")).json()["items"]
    assert seen["status"] == "objected"
    assert [(o["number"], o["statement"], o["name"], o["phone"]) for o in seen["objections"]] == [
        (answer.json()["number"], "他家有门面出租。", "测*丁", "190****0042")
    ]
    (neighbour,) = (await helper.get("/v1/console/notices")).json()["items"]
    assert neighbour["objections"] == []


async def test_an_anonymous_objection_is_as_good(database, anyone):
    _, _, notice = await posted(database)

    answer = await anyone.post(f"/v1/public/notices/{notice.id}/objections", json={"statement": "不属实。"})

    assert answer.status_code == 201


async def test_objecting_late_or_to_nothing_is_a_clear_problem(database, clock, anyone):
    _, _, notice = await posted(database)
    clock.advance(timedelta(days=8))

    late = await anyone.post(f"/v1/public/notices/{notice.id}/objections", json={"statement": "不属实。"})
    nothing = await anyone.post(f"/v1/public/notices/{new_id()}/objections", json={"statement": "不属实。"})

    assert (late.status_code, late.json()["code"]) == (409, "notice_closed")
    assert (nothing.status_code, nothing.json()["code"]) == (404, "notice_not_found")


@pytest.mark.parametrize(
    "body", [{}, {"statement": ""}, {"statement": "x", "id_number": "1"}, {"statement": "x", "phone": "123"}]
)
async def test_a_malformed_objection_changes_nothing(database, anyone, body):
    _, _, notice = await posted(database)

    answer = await anyone.post(f"/v1/public/notices/{notice.id}/objections", json=body)

    assert answer.status_code == 422
    single = await anyone.get(f"/v1/public/notices/{notice.id}")
    assert single.status_code == 200


async def test_staff_list_by_status_below_their_division(database, sign_in, staff, phone):
    office, _, notice = await posted(database)
    handler = await sign_in(office.handler)
    stranger = await staff(Role.COUNTY_HANDLER, "530627000000")

    posted_now = await handler.get("/v1/console/notices", params={"status": "posted"})
    ended = await handler.get("/v1/console/notices", params={"status": "ended"})
    assert [n["id"] for n in posted_now.json()["items"]] == [str(notice.id)]
    assert ended.json()["items"] == []
    assert (await stranger.get("/v1/console/notices")).json()["items"] == []
    assert (await phone.get("/v1/console/notices")).status_code == 403
