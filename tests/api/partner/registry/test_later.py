"""The social registry's search, answered later by call-back: once, to its partner alone."""

import json
from datetime import timedelta

import pytest

from app.core.clock import SystemClock
from app.status_queries.commands import change_partner
from app.status_queries.jobs import enqueue_due_answers
from app.status_queries.lifecycle import PartnerAction
from tests.api.partner.registry.asking import ask, message, queries, register
from tests.builders.status_queries import build_asking
from tests.support.dci_partner import DciPartner, check_ours
from tests.support.receiver import run_receiver


def base_of(receiver) -> str:
    return receiver.url.removesuffix("/hook")


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
