"""Status queries over the wire: who may ask, what comes back, and that it comes back once."""

import pytest
from sqlalchemy import select

from app.audit.models import AuditRecord
from tests.builders.people import build_citizen, make_id_number
from tests.builders.status_queries import build_asking, build_receiving

QUERIES = "/v1/partner/status-queries"
NOBODY = {"reference": "1", "id_number": "539900198001010000", "name": "测试甲"}


def asked(*persons, **changes) -> dict:
    return {
        "purpose": "medical_assistance",
        "basis": "social_assistance_law_24",
        "persons": [
            {"reference": str(place), "id_number": number, "name": name} for place, (number, name) in enumerate(persons)
        ],
        **changes,
    }


@pytest.fixture
async def asking(database):
    async with database.unit_of_work() as db:
        return await build_asking(db)


@pytest.fixture
async def household(database):
    async with database.unit_of_work() as db:
        household, _ = await build_receiving(db)
    return household


@pytest.fixture
def applicant_of(household):
    details = household.members[0][1]
    return details.id_number, details.name


async def test_a_partner_is_told_program_month_and_county_and_nothing_more(anyone, asking, applicant_of):
    answer = await anyone.post(QUERIES, json=asked(applicant_of, (make_id_number(), "测试戊")), headers=asking.headers)

    body = answer.json()
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"{QUERIES}/{body['id']}"
    assert set(body) == {"id", "asked_at", "purpose", "basis", "persons", "recipients", "results"}
    assert body["results"] == [
        {
            "reference": "0",
            "recipient": True,
            "programs": [{"program": "living_allowance", "since": "2026-12", "county": "532529"}],
        },
        {"reference": "1", "recipient": False, "programs": []},
    ]


async def test_another_name_somebody_without_aid_and_nobody_are_one_answer(anyone, database, asking, applicant_of):
    number = make_id_number()
    async with database.unit_of_work() as db:
        await build_citizen(db, name="测试丁", id_number=number)

    answers = [
        await anyone.post(QUERIES, json=asked(person), headers=asking.headers)
        for person in ((applicant_of[0], "测试丁"), (number, "测试丁"), (make_id_number(), "测试丁"))
    ]

    assert {str(answer.json()["results"]) for answer in answers} == {
        str([{"reference": "0", "recipient": False, "programs": []}])
    }
    assert len({len(answer.content) for answer in answers}) == 1


async def test_asking_again_with_the_same_key_is_one_query(anyone, asking, applicant_of):
    headers = {**asking.headers, "Idempotency-Key": "a-key-of-its-own-0001"}

    first = await anyone.post(QUERIES, json=asked(applicant_of), headers=headers)
    second = await anyone.post(QUERIES, json=asked(applicant_of), headers=headers)
    other = await anyone.post(QUERIES, json=asked((make_id_number(), "测试戊")), headers=headers)
    own = (await anyone.get(QUERIES, headers=asking.headers)).json()["items"]

    assert first.json() == second.json()
    assert second.headers["idempotent-replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert [query["id"] for query in own] == [first.json()["id"]]


async def test_an_answer_given_again_is_on_record_for_each_person_in_it(anyone, database, asking, applicant_of):
    headers = {**asking.headers, "Idempotency-Key": "a-key-of-its-own-0003"}
    persons = applicant_of, (make_id_number(), "测试戊")

    for _ in range(2):
        await anyone.post(QUERIES, json=asked(*persons), headers=headers)

    async with database.reading() as db:
        query = select(AuditRecord).where(AuditRecord.action == "status_query.answer").order_by(AuditRecord.id)
        looks = (await db.execute(query)).scalars().all()
    assert len(looks) == 4
    assert [look.citizens for look in looks[:2]] == [look.citizens for look in looks[2:]]
    assert any(look.citizens for look in looks)
    assert [look.detail.get("again", False) for look in looks] == [False, False, True, True]
    assert all(look.look and look.actor_id == asking.partner.id for look in looks)


async def test_a_kept_answer_is_for_who_got_it(anyone, database, asking, administrator, applicant_of):
    async with database.unit_of_work() as db:
        other = await build_asking(db, code="education")
    key = {"Idempotency-Key": "a-key-of-its-own-0002"}
    first = await anyone.post(QUERIES, json=asked(applicant_of), headers={**asking.headers, **key})

    another = await anyone.post(QUERIES, json=asked(applicant_of), headers={**other.headers, **key})
    pretender = await anyone.post(
        QUERIES, json=asked(applicant_of), headers={**other.headers, "X-Partner": asking.partner.code, **key}
    )
    await administrator.post(f"/v1/console/query-partners/{asking.partner.id}/disable")
    disabled = await anyone.post(QUERIES, json=asked(applicant_of), headers={**asking.headers, **key})

    assert another.json()["id"] != first.json()["id"]
    assert (pretender.status_code, disabled.status_code) == (401, 401)


@pytest.fixture
async def administrator(sign_in, asking):
    return await sign_in(asking.administrator)


async def test_a_disabled_partner_loses_everything_at_once_and_gets_it_back(
    anyone, asking, administrator, applicant_of
):
    query = (await anyone.post(QUERIES, json=asked(applicant_of), headers=asking.headers)).json()
    partner = f"/v1/console/query-partners/{asking.partner.id}"

    await administrator.post(f"{partner}/disable")
    refused = [
        (await anyone.post(QUERIES, json=asked(applicant_of), headers=asking.headers)).status_code,
        (await anyone.get(QUERIES, headers=asking.headers)).status_code,
        (await anyone.get(f"{QUERIES}/{query['id']}", headers=asking.headers)).status_code,
    ]
    await administrator.post(f"{partner}/enable")
    again = await anyone.get(f"{QUERIES}/{query['id']}", headers=asking.headers)

    assert refused == [401, 401, 401]
    assert again.json() == query


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Authorization": "Bearer wrong"}, 401, "token_rejected"),
        ({"Authorization": ""}, 401, "token_rejected"),
        ({"X-Partner": "nobody_here"}, 401, "token_rejected"),
        ({"X-Partner": "public_security", "Authorization": "Bearer inbound-test-secret"}, 401, "token_rejected"),
    ],
)
async def test_only_a_registered_partner_asks(anyone, asking, applicant_of, headers, status, code):
    answer = await anyone.post(QUERIES, json=asked(applicant_of), headers={**asking.headers, **headers})

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_system_is_told_what_to_send_and_not_to_sign_in(anyone, asking):
    wrong = {**asking.headers, "Authorization": "Bearer wrong", "Accept-Language": "en"}
    for address in (QUERIES, "/v1/partner/events"):
        answer = await anyone.get(address, headers=wrong)

        assert answer.status_code == 401
        assert answer.json()["title"] == "The partner's code and secret are not let in"
        assert "X-Partner" in answer.json()["detail"]
        assert "Authorization: Bearer" in answer.json()["detail"]


async def test_its_secret_opens_no_other_door(anyone, asking):
    answer = await anyone.get("/v1/partner/events", headers=asking.headers)

    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("changes", "status", "code", "pointers"),
    [
        ({"purpose": "curiosity"}, 422, "input_invalid", ["/purpose"]),
        ({"basis": "social_assistance_law_25"}, 422, "basis_not_of_purpose", []),
        ({"persons": []}, 422, "input_invalid", ["/persons"]),
        ({"persons": [NOBODY]}, 422, "persons_malformed", ["/persons/0/id_number"]),
        ({"purpose": None}, 422, "input_invalid", ["/purpose"]),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_said(anyone, asking, applicant_of, changes, status, code, pointers):
    answer = await anyone.post(QUERIES, json=asked(applicant_of, **changes), headers=asking.headers)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert [each["pointer"] for each in answer.json()["errors"]] == pointers
    assert (await anyone.get(QUERIES, headers=asking.headers)).json()["items"] == []


async def test_a_partner_may_ask_for_what_it_was_registered_for(anyone, database, applicant_of):
    async with database.unit_of_work() as db:
        asking = await build_asking(db, purposes=["education_assistance"], most_per_day=1)
    granted = {"purpose": "education_assistance", "basis": "social_assistance_law_25"}

    refused = await anyone.post(QUERIES, json=asked(applicant_of), headers=asking.headers)
    allowed = await anyone.post(QUERIES, json=asked(applicant_of, **granted), headers=asking.headers)
    spent = await anyone.post(QUERIES, json=asked(applicant_of, **granted), headers=asking.headers)

    assert (refused.status_code, refused.json()["code"]) == (403, "purpose_not_granted")
    assert allowed.status_code == 201
    assert (spent.status_code, spent.json()["code"]) == (429, "query_quota_spent")
    assert spent.headers["retry-after"] == str(12 * 3600)


async def test_who_was_asked_about_reads_by_whom_and_what_for(anyone, sign_in, asking, household, applicant_of):
    phone = await sign_in(household.applicant)
    told = (await anyone.post(QUERIES, json=asked(applicant_of), headers=asking.headers)).json()
    await anyone.post(QUERIES, json=asked((applicant_of[0], "测试丁")), headers=asking.headers)
    await anyone.get(f"{QUERIES}/{told['id']}", headers=asking.headers)

    seen = (await phone.get("/v1/me/accesses")).json()["items"]
    copy = (await phone.get("/v1/me/data")).json()["categories"]

    assert [(each["action"], each["told"]) for each in seen] == [
        ("status_query.read", True),
        ("status_query.answer", False),
        ("status_query.answer", True),
    ]
    assert {(each["partner"], each["asked_for"], each["purpose"], each["actor_role"]) for each in seen} == {
        ("测试县医疗保障局", "medical_assistance", "result_sharing", "partner")
    }
    (held,) = [each for each in copy if each["category"] == "status_query_lines"]
    assert [each["data"]["recipient"] for each in held["items"]] == [False, True]
    assert {each["kept_until"] for each in held["items"]} == {"2029-11-23"}
