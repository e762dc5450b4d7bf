"""Where banks call back: once, twice, late, wrong."""

import json
from dataclasses import replace
from datetime import date, timedelta

import httpx
import pytest
from sqlalchemy import select

from app.api.common.callers import partner_actor
from app.core.ids import new_id
from app.facts import FactKey, Item
from app.identity.actors import Role
from app.reference.commands import LocalParameter, put_parameter
from app.verification.agency_models import CheckAttempt
from app.verification.lifecycle import Status
from app.verification.queries import find_current_report
from tests.api.conftest import INBOUND_SECRET
from tests.builders.applications import COUNTY, build_household
from tests.builders.verification import AS_OF, Agencies, ask, ask_all, build_opened, checks_of, find_check
from tests.support.calling_back import SIGNED, CallsBack

URL = "/v1/partner/check-answers"


def _as(partner: str, secret: str = INBOUND_SECRET) -> dict[str, str]:
    return {"X-Partner": partner, "Authorization": f"Bearer {secret}", "Content-Type": "application/json"}


@pytest.fixture
def agencies(partners) -> Agencies:
    return Agencies(partners)


@pytest.fixture
async def asked(database, agencies):
    """A case whose bank questions are all acknowledged and everything else answered."""
    case = await build_opened(database)
    agencies.banking.learn(
        Item.DEPOSITS, case.number("self"), {FactKey.DEPOSIT_BALANCE: 186_035, FactKey.DEPOSIT_ACCOUNTS: 1}, AS_OF
    )
    await ask_all(database, agencies, case)
    return case


async def test_a_bank_answers_and_the_last_answer_gives_the_report(anyone, database, agencies, asked):
    for relation in ("self", "spouse", "child"):
        check = await find_check(database, asked, Item.DEPOSITS, relation)
        answer = await anyone.post(
            URL, content=agencies.banking.late_reply(check.id), headers=_as("banking"), auth=SIGNED
        )
        assert (answer.status_code, answer.json()) == (200, {"changed": True})

    assert {check.status for check in (await checks_of(database, asked)).values()} == {Status.ANSWERED}
    async with database.reading() as db:
        assert (await find_current_report(db, asked.id)).complete


async def test_a_call_back_needs_no_idempotency_key_and_changes_nothing_the_second_time(
    anyone, database, agencies, asked
):
    check = await find_check(database, asked, Item.DEPOSITS)
    body = agencies.banking.late_reply(check.id)
    await anyone.post(URL, content=body, headers=_as("banking"), auth=SIGNED)
    first = await find_check(database, asked, Item.DEPOSITS)

    answer = await anyone.post(URL, content=body, headers=_as("banking"), auth=SIGNED)

    assert (answer.status_code, answer.json()) == (200, {"changed": False})
    assert (await find_check(database, asked, Item.DEPOSITS)).version == first.version


async def test_an_unknown_reference_is_told_so(anyone, database, agencies, asked):
    check = await find_check(database, asked, Item.DEPOSITS)
    body = agencies.banking.late_reply(check.id).replace(str(check.id).encode(), str(new_id()).encode())

    answer = await anyone.post(URL, content=body, headers=_as("banking"), auth=SIGNED)

    assert (answer.status_code, answer.json()["code"]) == (404, "check_not_found")


@pytest.mark.parametrize(
    "body", [b"", b"{}", b'{"requestNo": "x"}', b"[]", b"\x93\x00garbage", b'{"requestNo": "' + b"1" * 1000 + b'"}']
)
async def test_garbage_is_refused_and_changes_nothing(anyone, database, asked, body):
    answer = await anyone.post(URL, content=body, headers=_as("banking"), auth=SIGNED)

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert (await find_check(database, asked, Item.DEPOSITS)).status == Status.DISPATCHED


async def test_more_than_64_kilobytes_are_refused(anyone, asked):
    body = b'{"requestNo": "' + b"1" * 70_000 + b'"}'

    answer = await anyone.post(URL, content=body, headers=_as("banking"), auth=SIGNED)

    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Partner": "banking", "Content-Type": "application/json"},
        _as("banking", "wrong"),
        _as("nobody"),
        _as("nobody", ""),
    ],
)
async def test_who_does_not_show_the_agreed_secret_is_not_let_in(anyone, database, agencies, asked, headers):
    check = await find_check(database, asked, Item.DEPOSITS)

    answer = await anyone.post(URL, content=agencies.banking.late_reply(check.id), headers=headers, auth=SIGNED)

    assert answer.status_code == 401
    assert (await find_check(database, asked, Item.DEPOSITS)).status == Status.DISPATCHED


@pytest.mark.parametrize("partner", ["natural_resources", "paying_bank", "hotline"])
async def test_who_answers_at_once_has_nothing_to_call_back_about(anyone, database, agencies, asked, partner):
    check = await find_check(database, asked, Item.DEPOSITS)

    answer = await anyone.post(URL, content=agencies.banking.late_reply(check.id), headers=_as(partner), auth=SIGNED)

    assert (answer.status_code, answer.json()["code"]) == (403, "no_callbacks_expected")


async def test_an_answer_that_overtakes_its_acknowledgement_is_taken(anyone, database, agencies):
    case = await build_opened(database)
    check = await find_check(database, case, Item.DEPOSITS)
    agencies.banking.fail(None)
    await ask(database, agencies, check)
    body = agencies.banking.late_reply(check.id)

    answer = await anyone.post(URL, content=body, headers=_as("banking"), auth=SIGNED)

    assert answer.json() == {"changed": True}


def test_a_partner_acts_in_its_own_name():
    assert partner_actor("banking").role is Role.PARTNER


async def test_another_provinces_answer_has_to_be_signed_as_well(anyone, database, agencies):
    async with database.unit_of_work() as db:
        row = LocalParameter("procedure", "also_asked", COUNTY, ["other_province"], "测试规程第九条", date(2026, 1, 1))
        await put_parameter(db, row)
        household = await build_household(db)
    self, (spouse, details), *rest = household.members
    away = replace(details, profile={**details.profile, "hukou_division": "520102001001"})
    case = await build_opened(database, household=replace(household, members=(self, (spouse, away), *rest)))
    await ask_all(database, agencies, case)
    check = await find_check(database, case, Item.OTHER_PROVINCE, "spouse")
    body = agencies.other_provinces.late_reply(check.id)
    forged = json.dumps({**json.loads(body), "mac": "0" * 64}).encode()

    refused = await anyone.post(URL, content=forged, headers=_as("other_provinces"), auth=SIGNED)
    unknown = await anyone.post(URL, content=body, headers=_as("other_provinces", "wrong"), auth=SIGNED)
    waiting = await find_check(database, case, Item.OTHER_PROVINCE, "spouse")
    taken = [
        (await anyone.post(URL, content=body, headers=_as("other_provinces"), auth=SIGNED)).json() for _ in range(2)
    ]

    assert (refused.status_code, refused.json()["code"]) == (400, "callback_unreadable")
    assert (unknown.status_code, waiting.status) == (401, Status.DISPATCHED)
    assert taken == [{"changed": True}, {"changed": False}]


@pytest.mark.parametrize(
    ("auth", "headers", "said"),
    [
        (None, {}, "X-Signed-At or X-Signature is missing"),
        (None, {"X-Signature": "v1=" + "0" * 64}, "X-Signed-At or X-Signature is missing"),
        (None, {"X-Signed-At": "soon", "X-Signature": "v1=" + "0" * 64}, "the signature is not that of this content"),
        (None, {"X-Signed-At": "1", "X-Signature": "v1=" + "0" * 126}, "the signature is not that of this content"),
        (None, {"X-Signed-At": "1" * 33, "X-Signature": "v1="}, "the signature is not that of this content"),
        (None, {"X-Signed-At": "1", "X-Signature": "v1=\xe9"}, "the signature is not that of this content"),
        (CallsBack("another key"), {}, "the signature is not that of this content"),
        (CallsBack(ago=301), {}, "X-Signed-At is more than 300 seconds from now"),
        (CallsBack(ago=-301), {}, "X-Signed-At is more than 300 seconds from now"),
    ],
)
async def test_an_answer_that_is_not_signed_now_changes_nothing_but_the_agencys_health(
    anyone, database, agencies, asked, auth: httpx.Auth | None, headers: dict[str, str], said: str
):
    check = await find_check(database, asked, Item.DEPOSITS)
    body = agencies.banking.late_reply(check.id)
    sent = {**_as("banking"), "Accept-Language": "en", **headers}
    sent = {name: value.encode("latin-1") for name, value in sent.items()}

    answers = [await anyone.post(URL, content=body, headers=sent, auth=auth) for _ in range(2)]

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(401, "callback_not_signed")}
    assert answers[0].json()["detail"].startswith(said)
    waiting = await find_check(database, asked, Item.DEPOSITS)
    assert (waiting.status, waiting.version) == (Status.DISPATCHED, check.version)
    assert await _unsigned(database, check.id) == 1


async def _unsigned(database, check_id) -> int:
    async with database.reading() as db:
        rows = await db.execute(select(CheckAttempt).where(CheckAttempt.outcome == "unsigned"))
        return len([row for row in rows.scalars() if (row.check_id, row.called_back) == (check_id, True)])


async def test_a_signature_is_of_one_body_one_partner_and_one_address(anyone, database, agencies, asked):
    check = await find_check(database, asked, Item.DEPOSITS)
    body = agencies.banking.late_reply(check.id)
    request = anyone.build_request("POST", URL, content=body, headers=_as("banking"))
    signed = next(SIGNED.auth_flow(request)).headers

    changed = await anyone.post(URL, content=body.replace(b"186035", b"986035"), headers=signed)
    elsewhere = await anyone.post(
        "/v1/partner/check-files",
        json={"serial": "B1"},
        headers={**_as("banking"), **{name: signed[name] for name in ("X-Signed-At", "X-Signature")}},
    )
    taken = await anyone.post(URL, content=body, headers=signed)

    assert [answer.json()["code"] for answer in (changed, elsewhere)] == ["callback_not_signed"] * 2
    assert taken.json() == {"changed": True}


async def test_an_answer_that_comes_weeks_late_is_taken_when_it_is_signed_now(anyone, database, clock, agencies, asked):
    check = await find_check(database, asked, Item.DEPOSITS)
    clock.advance(timedelta(days=9))

    answer = await anyone.post(
        URL, content=agencies.banking.late_reply(check.id), headers=_as("banking"), auth=CallsBack(ago=200)
    )

    assert answer.json() == {"changed": True}
