import base64
import json
from typing import Any

import httpx
import pytest

from app.core.connections import Connection
from app.core.ids import new_id
from app.facts import Answer, FactKey, Item
from app.partners.base import Acknowledged, PartnerUnavailable
from app.partners.other_provinces import wire
from app.partners.other_provinces.adapter import OtherProvinces
from app.partners.other_provinces.fake import FakeOtherProvinces
from app.sandbox.population import people
from tests.partners.recorded import CONNECTION, replying
from tests.partners.suite import PATIENT, about, query_for
from tests.sandbox.outside import PUBLIC, Outside

REFERENCE = "018f0000-0000-7000-8000-000000000000"
REGISTERS = {"benefits": ["最低生活保障"], "dwellings": 1, "vehicles": 0, "businesses": 0}
FOUND = {"outcome": "FOUND", "asOf": "2026-11-21", "registers": REGISTERS}


def message(said: dict[str, Any], *, key: str = "theirs", kind: str = "ANS", **changes: Any) -> bytes:
    head = wire.Head.model_validate_json(json.dumps({"type": kind, "ref": REFERENCE, "province": "520000"} | changes))
    text = base64.b64encode(json.dumps(said, ensure_ascii=False).encode()).decode()
    signed = wire.Message(head=head, body=text, mac=wire._mac(key, head, text))
    return signed.model_dump_json().encode()


def read(body: bytes, connection: Connection = CONNECTION) -> Answer:
    late = OtherProvinces(connection, httpx.AsyncClient()).read_callback(body)
    assert str(late.reference) == REFERENCE
    return late.answer


async def ask(reply: bytes | httpx.Response) -> Acknowledged:
    query = query_for(Item.OTHER_PROVINCE, "539900198303140156", "测试李阿普", reference=new_id())

    def answer(_: httpx.Request) -> httpx.Response:
        if isinstance(reply, httpx.Response):
            return reply
        return httpx.Response(202, content=reply.replace(b"REFERENCE", str(query.reference).encode()))

    async with replying(answer) as http:
        return await OtherProvinces(CONNECTION, http).ask(query)


def test_what_another_province_holds_is_told_in_our_words() -> None:
    answer = read(message({**FOUND, "registers": {**REGISTERS, "benefits": ["临时救助", "某省特别补助", "某市补助"]}}))

    assert {key: fact.value for key, fact in answer.facts.items()} == {
        FactKey.ELSEWHERE_BENEFITS: ("temporary_aid", "unlisted:XX"),
        FactKey.ELSEWHERE_DWELLING_COUNT: 1,
        FactKey.ELSEWHERE_VEHICLE_COUNT: 0,
        FactKey.ELSEWHERE_BUSINESS_COUNT: 0,
    }


@pytest.mark.parametrize(
    "said",
    [
        {"outcome": "NONE", "asOf": "2026-11-21"},
        {**FOUND, "registers": {"benefits": [], "dwellings": 0, "vehicles": 0, "businesses": 0}},
    ],
)
def test_nothing_on_any_register_is_no_record(said: dict[str, Any]) -> None:
    assert read(message(said)) == Answer.none()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        message(FOUND)[:-20],
        message(FOUND, key="ours"),  # what we sign with is no key of theirs
        message(FOUND, key=""),
        message(FOUND, kind="ACK"),
        message(FOUND).replace(b"520000", b"530000"),
        message(FOUND).replace(REFERENCE.encode(), REFERENCE.replace("8000", "8001").encode()),
        message({**FOUND, "outcome": "NONE"}),
        message({**FOUND, "registers": None}),
        message({**FOUND, "asOf": "20261121"}),
        message({**FOUND, "registers": {**REGISTERS, "dwellings": -1}}),
        message({**FOUND, "registers": {**REGISTERS, "dwellings": "1"}}),
        message({"outcome": "UNKNOWN", "asOf": "2026-11-21"}),
    ],
)
def test_a_message_that_makes_no_sense_or_is_not_signed_is_garbage(body: bytes) -> None:
    for partner in (OtherProvinces(CONNECTION, httpx.AsyncClient()), FakeOtherProvinces()):
        with pytest.raises(PartnerUnavailable, match="garbage"):
            partner.read_callback(body)


def test_where_no_secret_was_agreed_on_nobody_can_sign() -> None:
    with pytest.raises(PartnerUnavailable, match="garbage"):
        read(message(FOUND, key=""), Connection("http://agency.test", "ours", ""))


def test_a_body_exchanged_for_another_is_seen() -> None:
    other = json.loads(message({"outcome": "NONE", "asOf": "2026-11-21"}))
    forged = {**json.loads(message(FOUND)), "body": other["body"]}

    with pytest.raises(PartnerUnavailable, match="garbage"):
        read(json.dumps(forged).encode())


async def test_a_question_goes_to_the_province_where_somebody_is_registered(outside: Outside) -> None:
    person = next(each for each in people() if each.elsewhere)
    seen: list[bytes] = []

    def take(request: httpx.Request) -> httpx.Response:
        seen.append(request.content)
        return httpx.Response(500)

    async with replying(take) as http:
        with pytest.raises(PartnerUnavailable):
            await OtherProvinces(CONNECTION, http).ask(about(person, Item.OTHER_PROVINCE))

    head, request = wire.read("ours", "REQ", wire.Request, seen[0])
    assert (head.province, request.certNo, request.authNo) == ("520000", person.id_number, "authorisation-1")


@pytest.mark.parametrize("where", ["510000000000", "530000000000"])
async def test_a_province_looks_into_its_own_registers_alone(outside: Outside, where: str) -> None:
    person = next(each for each in people() if each.elsewhere)
    provinces = OtherProvinces(outside.connections["other_provinces"], outside.http, PATIENT)
    query = query_for(Item.OTHER_PROVINCE, person.id_number, person.name, registered_in=where)

    await provinces.ask(query)

    callback = await outside.call_back_about(str(query.reference))
    assert provinces.read_callback(callback.content).answer == Answer.none()


async def test_nobody_is_asked_about_of_whom_it_is_not_known_where_he_is_registered() -> None:
    query = query_for(Item.OTHER_PROVINCE, "539900198303140156", "测试李阿普", registered_in=None)

    for partner in (OtherProvinces(CONNECTION, httpx.AsyncClient()), FakeOtherProvinces()):
        with pytest.raises(LookupError):
            await partner.ask(query)


def taken(**changes: Any) -> bytes:
    head = {"ver": "1.1", "type": "ACK", "ref": str(new_id()), "province": "520000"} | changes
    text = base64.b64encode(b'{"ticket": "YD7"}').decode()
    mac = wire._mac("ours", wire.Head.model_validate_json(json.dumps(head)), text)
    return json.dumps({"head": head, "body": text, "mac": mac}).encode()


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (taken(), "garbage"),  # to another question
        (taken(type="ANS"), "garbage"),
        (b"{}", "garbage"),
        (b'{"head": {"type": "ACK", "ref": "REFERENCE", "province": "520000"}, "body": "", "mac": ""}', "garbage"),
        (httpx.Response(200, content=taken()), "error"),
        (httpx.Response(409, json={}), "error"),
        (httpx.Response(403, json={}), "refused"),
    ],
)
async def test_anything_but_a_signed_receipt_for_our_question_is_a_failure(reply: Any, reason: str) -> None:
    with pytest.raises(PartnerUnavailable, match=reason):
        await ask(reply)


async def test_answers_come_to_the_agreed_address_signed_and_show_the_agreed_secret(outside: Outside) -> None:
    query = about(people()[0], Item.OTHER_PROVINCE)

    await OtherProvinces(outside.connections["other_provinces"], outside.http, PATIENT).ask(query)

    callback = await outside.call_back_about(str(query.reference))
    assert str(callback.url) == f"{PUBLIC}/v1/partner/check-answers"
    assert callback.headers["Authorization"] == "Bearer theirs-other_provinces"
    assert query.id_number.encode() not in callback.content


async def test_one_number_cannot_stand_for_two_persons(outside: Outside) -> None:
    first, second = people()[:2]
    query = about(first, Item.OTHER_PROVINCE)
    provinces = OtherProvinces(outside.connections["other_provinces"], outside.http, PATIENT)
    await provinces.ask(query)

    with pytest.raises(PartnerUnavailable, match="error"):
        await provinces.ask(query_for(Item.OTHER_PROVINCE, second.id_number, second.name, reference=query.reference))
