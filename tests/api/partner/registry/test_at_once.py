"""The social registry's search, answered at once: what is answered, rejected, refused."""

import asyncio
import json

import pytest
from sqlalchemy import select

from app.audit.models import AuditRecord
from tests.api.partner.registry.asking import ask, queries, register
from tests.builders.people import make_id_number
from tests.support.dci_partner import DciPartner, check_ours

UNANSWERED = {
    "no purpose": {"authorize": None},
    "another purpose": {
        "authorize": {"purpose": {"code": "curiosity", "ref_uri": "urn:basis:social_assistance_law_24"}}
    },
    "another article": {
        "authorize": {"purpose": {"code": "medical_assistance", "ref_uri": "urn:basis:social_assistance_law_25"}}
    },
    "a number alone": {"query": {"type": "UIN", "value": "539900198001010014"}},
    "a malformed number": {"query": {"type": "UIN", "value": {"id_number": "1", "name": "测试甲"}}},
    "an expression": {"query_type": "expression", "query": {"type": "ns:org:QueryType:NoSql", "value": {}}},
    "a range": {
        "query_type": "predicate",
        "query": [{"expression1": {"attribute_name": "birth_date", "operator": "gt", "attribute_value": "1980-01-01"}}],
    },
}


@pytest.mark.parametrize("kind", ["ed25519", "es256", "jws"])
async def test_a_signed_search_gets_a_signed_answer(http, database, asking, someone, kind):
    partner = await register(database, asking, DciPartner(kind))
    envelope = partner.search(someone, (make_id_number(), "测试戊"))

    answer = await ask(http, partner, envelope)

    body = answer.json()
    assert answer.status_code == 200, answer.text
    check_ours(body, (await http.get("/.well-known/jwks.json")).json())
    assert (".." in body["signature"]) is (kind == "jws")
    header = body["header"]
    assert (header["action"], header["status"], header["sender_id"], header["receiver_id"]) == (
        "on-search", "succ", "dibao", partner.sender,
    )  # fmt: skip
    assert (header["total_count"], header["completed_count"]) == (2, 2)
    first, second = body["message"]["search_response"]
    assert [(each["reference_id"], each["status"]) for each in (first, second)] == [("R0", "succ"), ("R1", "succ")]
    (record,) = first["data"]["reg_records"]
    assert {name: record[name] for name in record if not name.startswith("@")} == {
        "programme_identifier": "living_allowance", "enrolment_date": "2026-12-01", "sub_region_code": "532529",
    }  # fmt: skip
    assert second["data"]["reg_records"] == []
    assert "null" not in answer.text


async def test_the_same_message_again_is_answered_the_same_and_asked_once(http, database, partner, someone):
    envelope = partner.search(someone)

    answers = await asyncio.gather(*(ask(http, partner, envelope) for _ in range(4)))

    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({json.dumps([answer.json()["header"], answer.json()["message"]]) for answer in answers}) == 1
    assert await queries(database) == 1


async def test_the_same_message_again_is_one_more_look_at_who_is_in_it(http, database, partner, someone):
    envelope = partner.search(someone)

    for _ in range(3):
        await ask(http, partner, envelope)

    async with database.reading() as db:
        looks = select(AuditRecord.action, AuditRecord.citizens).where(AuditRecord.look).order_by(AuditRecord.id)
        told = (await db.execute(looks)).all()
    assert [action for action, _ in told] == ["status_query.answer", "status_query.read", "status_query.read"]
    assert len({tuple(citizens) for _, citizens in told}) == 1
    assert told[0].citizens


async def test_another_message_under_the_same_id_is_refused(http, database, partner, someone):
    first = partner.search(someone)
    await ask(http, partner, first)
    other = partner.search((make_id_number(), "测试戊"), header={"message_id": first["header"]["message_id"]})

    answer = await ask(http, partner, other)

    header = answer.json()["header"]
    assert (header["status"], header["status_reason_code"]) == ("rjct", "rjct.message_id.duplicate")
    assert await queries(database) == 1


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({"version": "2.0.0"}, "rjct.version.invalid"),
        ({"action": "txn-status"}, "rjct.action.invalid"),
        ({"action": "subscribe"}, "rjct.action.not_supported"),
        ({"message_ts": "yesterday"}, "rjct.message_ts.invalid"),
        ({"message_ts": "2020-01-01T00:00:00+00:00"}, "rjct.message_ts.invalid"),
        ({"total_count": 2}, "rjct.total_count.invalid"),
    ],
)
async def test_a_message_is_refused_by_the_standards_codes(http, database, partner, someone, header, code):
    answer = await ask(http, partner, partner.search(someone, header=header))

    assert answer.status_code == 200
    assert (answer.json()["header"]["status"], answer.json()["header"]["status_reason_code"]) == ("rjct", code)
    assert await queries(database) == 0


async def test_more_than_a_hundred_are_too_many(http, database, partner):
    answer = await ask(http, partner, partner.search(*[(make_id_number(), "测试甲")] * 101))

    assert answer.json()["header"]["status_reason_code"] == "rjct.total_count.limit_exceeded"
    assert await queries(database) == 0


@pytest.mark.parametrize("changes", UNANSWERED.values(), ids=UNANSWERED)
async def test_a_request_that_names_nobody_is_rejected_by_itself(http, database, partner, someone, changes):
    answer = await ask(http, partner, partner.search(someone, **changes))

    (told,) = answer.json()["message"]["search_response"]
    assert (told["status"], told["status_reason_code"]) == ("rjct", "rjct.search_criteria.invalid")
    assert told["status_reason_message"]
    assert "data" not in told
    assert await queries(database) == 0


async def test_a_predicate_of_number_and_name_finds_a_person(http, partner, someone):
    def equal(name, value):
        return {"attribute_name": name, "operator": "eq", "attribute_value": value}

    both = {"expression1": equal("id_number", someone[0]), "condition": "and", "expression2": equal("name", someone[1])}

    answer = await ask(http, partner, partner.search(someone, query_type="predicate", query=[{"seq_num": 1, **both}]))

    assert answer.json()["message"]["search_response"][0]["data"]["reg_records"]


async def test_of_two_requests_with_one_reference_the_second_is_rejected(http, partner, someone):
    envelope = partner.search(someone, someone)
    envelope["message"]["search_request"][1]["reference_id"] = "R0"
    envelope["signature"] = partner.sign({"header": envelope["header"], "message": envelope["message"]})

    told = (await ask(http, partner, envelope)).json()["message"]["search_response"]

    assert [each.get("status_reason_code") for each in told] == [None, "rjct.reference_id.duplicate"]
