"""Complaining without sign-in, and following by number and code."""

import pytest

from tests.builders.applications import VILLAGE

COMPLAINT = {"category": "complaint", "text": "入户调查时态度粗暴。", "division": VILLAGE}


async def _file(anyone, **given):
    answer = await anyone.post("/v1/public/complaints", json={**COMPLAINT, **given})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_an_anonymous_complaint_can_be_followed_with_number_and_code(anyone):
    filed = await _file(anyone)

    answer = await anyone.post(
        "/v1/public/complaint-lookups", json={"number": filed["number"], "code": filed["code"].lower()}
    )

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {
        "number": filed["number"],
        "category": "complaint",
        "status": "received",
        "named": False,
        "received_at": "2026-11-23T12:00:00+08:00",
        "due_on": None,
        "due_provisional": False,
        "due_basis": None,
        "answered_at": None,
        "answer": None,
    }


async def test_a_real_name_report_says_until_when_it_is_answered_and_shows_no_name(anyone):
    filed = await _file(anyone, category="report", reporter={"name": "测试庚", "phone": "19000001234"})

    answer = await anyone.post("/v1/public/complaint-lookups", json={"number": filed["number"], "code": filed["code"]})

    assert (filed["named"], filed["due_on"]) == (True, "2026-12-08")
    assert "测试庚" not in answer.text
    assert "19000001234" not in answer.text


async def test_a_wrong_code_and_an_unknown_number_get_the_same_answer(anyone):
    filed, other = await _file(anyone), await _file(anyone)

    answers = [
        await anyone.post("/v1/public/complaint-lookups", json={"number": number, "code": code})
        for number, code in [
            (filed["number"], other["code"]),
            (filed["number"], "000000000000"),
            ("TS532529261123AAAAAAAA0", "000000000000"),
            ("DB532529261123ABCDEFGH", "000000000000"),
        ]
    ]

    assert {answer.status_code for answer in answers} == {404}
    bodies = [{k: v for k, v in answer.json().items() if k != "instance"} for answer in answers]
    assert all(body == bodies[0] for body in bodies)


async def test_after_ten_wrong_codes_the_number_rests_for_who_tried_even_with_the_right_one(anyone, elsewhere):
    filed = await _file(anyone)
    wrong = {"number": filed["number"], "code": "000000000000"}
    statuses = [(await anyone.post("/v1/public/complaint-lookups", json=wrong)).status_code for _ in range(11)]

    answer = await anyone.post("/v1/public/complaint-lookups", json={"number": filed["number"], "code": filed["code"]})

    assert statuses == [404] * 10 + [429]
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_guesses")
    assert 0 < int(answer.headers["retry-after"]) <= 3600
    right = {"number": filed["number"], "code": filed["code"]}
    assert (await elsewhere("203.0.113.9").post("/v1/public/complaint-lookups", json=right)).status_code == 200


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"division": None}, 422, "complaint_place_missing"),
        ({"division": "530000000000"}, 422, "complaint_place_too_high"),
        ({"division": "532529999999"}, 422, "division_unknown"),
        ({"division": "123"}, 422, "input_invalid"),
        ({"application_number": "DB532529261123ABCDEFGH1"}, 422, "number_malformed"),
        ({"reporter": {"name": "测试", "phone": "12345678901"}}, 422, "phone_malformed"),
        ({"reporter": {"name": "测试"}}, 422, "input_invalid"),
        ({"category": "praise"}, 422, "input_invalid"),
        ({"text": ""}, 422, "input_invalid"),
        ({"text": "x" * 2001}, 422, "input_invalid"),
        ({"status": "upheld"}, 422, "input_invalid"),
    ],
)
async def test_what_is_wrong_is_said(anyone, given, status, code):
    body = {k: v for k, v in {**COMPLAINT, **given}.items() if v is not None}

    answer = await anyone.post("/v1/public/complaints", json=body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_sent_again_with_the_same_key_it_is_one_complaint(anyone):
    key = {"Idempotency-Key": "0123456789abcdef"}

    first = await anyone.post("/v1/public/complaints", json=COMPLAINT, headers=key)
    second = await anyone.post("/v1/public/complaints", json=COMPLAINT, headers=key)

    assert first.json() == second.json()
