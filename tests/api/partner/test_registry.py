"""Status queries by the DCI standard, over real HTTP, with a partner that has keys of its own."""

import asyncio
import json
import socket
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest
import pytest_asyncio
import uvicorn
from sqlalchemy import select

from app.audit.models import AuditRecord
from app.core.clock import SystemClock
from app.status_queries.commands import RegistryAccess, change_partner, put_registry_access
from app.status_queries.jobs import answer_registry_message, enqueue_due_answers
from app.status_queries.lifecycle import PartnerAction
from app.status_queries.models import RegistryMessage, StatusQuery
from app.webhooks.sending import WebhookSender, delivery_client
from tests.builders.people import make_id_number
from tests.builders.status_queries import build_asking, build_receiving
from tests.support.dci_partner import BASE, DciPartner, check_ours
from tests.support.receiver import run_receiver


@asynccontextmanager
async def served(app):
    """The application behind a real socket."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    listening = socket.create_server(("127.0.0.1", 0))
    running = asyncio.create_task(server.serve([listening]))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{listening.getsockname()[1]}") as http:
        yield http
    server.should_exit = True
    await running


@pytest_asyncio.fixture
async def http(app):
    async with served(app) as client:
        yield client


@pytest.fixture
async def asking(database):
    async with database.unit_of_work() as db:
        return await build_asking(db)


async def register(database, asking, partner: DciPartner, callback_url: str | None = None) -> DciPartner:
    partner.secret = asking.secret
    access = RegistryAccess(partner.sender, partner.key_id, partner.jwk, callback_url)
    async with database.unit_of_work() as db:
        await put_registry_access(db, asking.administrator, asking.partner.id, access, sandbox=True)
    return partner


@pytest.fixture
async def partner(database, asking):
    return await register(database, asking, DciPartner())


@pytest.fixture
async def someone(database):
    async with database.unit_of_work() as db:
        household, _ = await build_receiving(db)
    details = household.members[0][1]
    return details.id_number, details.name


async def ask(http, partner, envelope, path="/sync/search") -> httpx.Response:
    return await http.post(BASE + path, json=envelope, headers=partner.headers)


async def queries(database) -> int:
    async with database.reading() as db:
        return len((await db.execute(select(StatusQuery.id))).all())


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


def tampered(partner, someone):
    other = DciPartner()
    envelope = partner.search(someone)
    content = {"header": envelope["header"], "message": envelope["message"]}
    yield "unsigned", {**envelope, "signature": ""}
    yield "another's key", {**envelope, "signature": other.sign(content)}
    yield "another message", {**envelope, "message": partner.search((make_id_number(), "测试戊"))["message"]}
    yield "another header", {**envelope, "header": {**envelope["header"], "message_id": "another"}}
    yield "too old", {**envelope, "signature": partner.sign(content, created=1_700_000_000)}
    yield "too early", {**envelope, "signature": partner.sign(content, created=4_000_000_000)}
    yield "too long", {**envelope, "signature": partner.sign(content, life=10**6)}
    yield "nonsense", {**envelope, "signature": "signature"}


async def test_what_is_not_signed_by_the_registered_key_is_refused(http, database, partner, someone):
    for what, envelope in tampered(partner, someone):
        answer = await ask(http, partner, envelope)

        assert (answer.status_code, answer.json()["code"]) == (401, "signature_refused"), what
        expected = "err.signature.missing" if what == "unsigned" else "err.signature.invalid"
        assert answer.json()["errors"][0]["code"] == expected, what
    assert await queries(database) == 0


async def test_secret_and_signature_are_both_asked_for(http, partner, someone):
    partner.secret = "wrong"
    wrong = await ask(http, partner, partner.search(someone))
    nobody = await ask(http, partner, DciPartner(sender="nobody.example").search(someone))

    assert [(each.status_code, each.json()["code"]) for each in (wrong, nobody)] == [(401, "token_rejected")] * 2


async def test_a_disabled_partner_is_out_at_once(http, database, asking, partner, someone):
    envelope = partner.search(someone)
    await ask(http, partner, envelope)
    async with database.unit_of_work() as db:
        await change_partner(db, asking.administrator, asking.partner.id, PartnerAction.DISABLE)

    assert (await ask(http, partner, envelope)).status_code == 401


@pytest.mark.parametrize(
    ("header", "code"),
    [({"receiver_id": "somebody"}, "err.receiver_id.invalid"), ({"is_msg_encrypted": True}, "err.encryption.invalid")],
)
async def test_what_is_not_for_us_is_not_taken(http, partner, someone, header, code):
    answer = await ask(http, partner, partner.search(someone, header=header))

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, code)


class Worker:
    """One attempt at every answer that is due, to a receiver that is really called."""

    def __init__(self, database, keys, http) -> None:
        self._database, self._keys = database, keys
        self._sender = WebhookSender(http, "https://dibao.example", sandbox=True)

    async def run(self) -> None:
        async with self._database.reading() as db:
            rows = (await db.execute(select(RegistryMessage.id).where(RegistryMessage.delivery == "waiting"))).scalars()
        for row in rows.all():
            payload = {"message": str(row)}
            await answer_registry_message(self._database, payload, sender=self._sender, keys=self._keys)


@pytest_asyncio.fixture
async def worker(database, keys):
    async with delivery_client() as client:
        yield Worker(database, keys, client)


def base_of(receiver) -> str:
    return receiver.url.removesuffix("/hook")


async def message(database) -> RegistryMessage:
    async with database.reading() as db:
        return (await db.execute(select(RegistryMessage))).scalar_one()


async def test_a_search_for_later_is_answered_by_call_back_until_it_arrives(
    http, database, clock, asking, keys, worker, someone
):
    async with run_receiver() as receiver:
        partner = await register(database, asking, DciPartner(), base_of(receiver))
        envelope = partner.search(someone)
        acks = [(await ask(http, partner, envelope, "/search")).json()["message"] for _ in range(2)]
        receiver.answer(500)
        await worker.run()
        clock.advance(timedelta(minutes=1))
        await enqueue_due_answers(database)
        await worker.run()
        await worker.run()

    assert [ack["ack_status"] for ack in acks] == ["ACK", "ACK"]
    assert acks[0]["correlation_id"] == acks[1]["correlation_id"]
    assert [call.target for call in receiver.received] == ["/registry/on-search"] * 2
    key_set = (await http.get("/.well-known/jwks.json")).json()
    bodies = [json.loads(call.body) for call in receiver.received]
    for body in bodies:
        check_ours(body, key_set)
    assert bodies[0]["message"] == bodies[1]["message"]
    assert bodies[0]["message"]["correlation_id"] == acks[0]["correlation_id"]
    assert bodies[0]["message"]["search_response"][0]["data"]["reg_records"]
    assert await queries(database) == 1
    row = await message(database)
    assert (row.delivery, row.attempts, row.request_sealed) == ("delivered", 2, None)


async def test_a_message_is_answered_at_once_or_later_and_not_both(http, database, asking, keys, worker, someone):
    async with run_receiver() as receiver:
        partner = await register(database, asking, DciPartner(), base_of(receiver))
        later, at_once = partner.search(someone), partner.search(someone)
        await ask(http, partner, later, "/search")
        await ask(http, partner, at_once)
        refused = await ask(http, partner, later)
        not_taken = await ask(http, partner, at_once, "/search")
        await worker.run()

    header = refused.json()["header"]
    assert (refused.status_code, header["status_reason_code"]) == (200, "rjct.message_id.duplicate")
    ack = not_taken.json()["message"]
    assert (ack["ack_status"], ack["error"]["message"]) == ("ERR", "rjct.message_id.duplicate")
    assert len(receiver.received) == 1
    assert await queries(database) == 2


async def test_a_worker_killed_after_the_answer_was_worked_out_asks_nobody_twice(
    http, database, asking, keys, worker, someone, monkeypatch
):
    async with run_receiver() as receiver:
        partner = await register(database, asking, DciPartner(), base_of(receiver))
        await ask(http, partner, partner.search(someone), "/search")
        with monkeypatch.context() as killed:
            killed.setattr("app.status_queries.jobs._claim", None)
            with pytest.raises(TypeError):
                await worker.run()
        await worker.run()

    assert len(receiver.received) == 1
    assert await queries(database) == 1


async def test_a_partner_disabled_meanwhile_is_not_answered(http, database, asking, keys, worker, someone):
    async with run_receiver() as receiver:
        partner = await register(database, asking, DciPartner(), base_of(receiver))
        await ask(http, partner, partner.search(someone), "/search")
        async with database.unit_of_work() as db:
            await change_partner(db, asking.administrator, asking.partner.id, PartnerAction.DISABLE)
        await worker.run()

    assert receiver.received == []
    assert (await message(database)).delivery == "failed"
    assert await queries(database) == 0


async def test_answers_go_below_the_registered_address_alone(http, database, asking, partner, someone):
    without = await ask(http, partner, partner.search(someone), "/search")
    await register(database, asking, partner, "http://127.0.0.1:9/dci")
    elsewhere = partner.search(someone, header={"sender_uri": "http://127.0.0.1:99/dci"})
    other = await ask(http, partner, elsewhere, "/search")
    beside = partner.search(someone, header={"sender_uri": "http://127.0.0.1:9/dci.elsewhere.example"})
    neighbour = await ask(http, partner, beside, "/search")
    wrong = await ask(http, partner, partner.search(someone, header={"total_count": 7}), "/search")

    for answer in (without, other, neighbour):
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "err.sender_uri.invalid")
    ack = wrong.json()["message"]
    assert (ack["ack_status"], ack["error"]["code"]) == ("ERR", "err.request.bad")
    assert ack["error"]["message"] == "rjct.total_count.invalid"


async def test_what_became_of_a_transaction_is_told_to_its_partner_alone(http, database, asking, partner, someone):
    async with database.unit_of_work() as db:
        stranger = await build_asking(db, code="stranger")
    other = await register(database, stranger, DciPartner(sender="stranger.example"))
    found = (await ask(http, partner, partner.search(someone))).json()["message"]

    async def status(by, kind, value):
        answer = await ask(http, by, by.status(kind, value), "/sync/txn/status")
        assert answer.status_code == 200, answer.text
        return answer.json()["message"]["txnstatus_response"]["txn_status"]["search_response"]

    told = [
        await status(partner, "transaction_id", "T-1"),
        await status(partner, "correlation_id", found["correlation_id"]),
        await status(partner, "reference_id_list", ["R0"]),
    ]
    nothing = [
        await status(partner, "reference_id_list", ["R9"]),
        await status(partner, "transaction_id", "T-2"),
        await status(other, "transaction_id", "T-1"),
        await status(other, "correlation_id", found["correlation_id"]),
    ]

    for each in told:
        assert [(one["reference_id"], one["status"]) for one in each] == [("R0", "succ")]
        assert "data" not in each[0]
    assert nothing == [[]] * 4


async def test_a_status_is_told_by_call_back_too(http, database, asking, keys, worker, someone):
    async with run_receiver() as receiver:
        partner = await register(database, asking, DciPartner("jws"), base_of(receiver))
        await ask(http, partner, partner.search(someone))
        ack = await ask(http, partner, partner.status("transaction_id", "T-1"), "/txn/status")
        await worker.run()

    assert ack.json()["message"]["ack_status"] == "ACK"
    (call,) = receiver.received
    assert call.target == "/registry/txn/on-status"
    check_ours(json.loads(call.body), (await http.get("/.well-known/jwks.json")).json())


def test_the_wall_is_the_partners_time():
    """Signatures are checked by the machine's clock, also where the sandbox has moved ours."""
    from app.api.partner import registry

    assert isinstance(registry._WALL, SystemClock)
