"""Who may ask the registry: what is not signed, not registered or not for us gets nothing."""

import pytest

from app.status_queries.commands import change_partner
from app.status_queries.lifecycle import PartnerAction
from tests.api.partner.registry.asking import ask, queries
from tests.builders.people import make_id_number
from tests.support.dci_partner import DciPartner


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
