"""Whether there is an account, or a number, shows nowhere: not in status, headers, body or size, and not in the work.

Work is counted, not timed: statements sent and passwords computed. A test must not depend on the machine's mood.
"""

import hashlib
import re
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date

import pytest
from sqlalchemy import event, select

from app.core.ids import new_id, new_number
from app.facts import FactKey, Item
from app.identity import passwords
from app.identity.actors import Role
from app.identity.commands import add_staff, disable_staff, sign_in_citizen
from app.identity.totp import code_at
from app.letters.kinds import Kind, Occasion
from app.limits.models import LimitCount
from app.notices.lifecycle import Kind as NoticeKind
from app.notices.queries import find_notice
from tests.builders.applications import build_accepted, build_draft, build_household, build_submitted
from tests.builders.complaints import build_filed
from tests.builders.letters import build_letter
from tests.builders.people import build_citizen, make_id_number
from tests.builders.review import build_accepted_case, build_office, build_verified, opine, visit

COUNTY, PASSWORD = "532529000000", "correct horse"
_OF_THIS_REQUEST = re.compile(r'(?<="instance":"urn:trace:)[^"]*')


@dataclass
class Work:
    """What was done for one request."""

    statements: Counter = field(default_factory=Counter)
    passwords: int = 0


@pytest.fixture
def counted(engine, monkeypatch):
    """Count what is done within `with counted() as work`."""
    verify = passwords._verify

    @contextmanager
    def counting():
        work = Work()

        def note(connection, cursor, statement, *_):
            work.statements[statement.split("WHERE")[0]] += 1

        def verified(password, password_hash):
            work.passwords += 1
            return verify(password, password_hash)

        event.listen(engine.sync_engine, "before_cursor_execute", note)
        monkeypatch.setattr(passwords, "_verify", verified)
        try:
            yield work
        finally:
            event.remove(engine.sync_engine, "before_cursor_execute", note)

    return counting


async def _asked(counted, client, path, body, *, one_count=False):
    """Return all a caller can tell an answer by, and what it took. `one_count`: the tries count together, so what is
    left of them tells of the caller only."""
    with counted() as work:
        answer = await client.post(path, json=body)
    text = _OF_THIS_REQUEST.sub("", answer.text)
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    if one_count:
        headers["ratelimit"] = re.sub(r"r=\d+", "", headers["ratelimit"])
    return (answer.status_code, headers, text, len(answer.content)), (dict(work.statements), work.passwords)


async def test_staff_sign_in_unknown_disabled_and_wrong_password(anyone, database, counted):
    async with database.unit_of_work() as db:
        await add_staff(db, "known", PASSWORD, "测试经办", Role.COUNTY_HANDLER, COUNTY)
        closed = await add_staff(db, "close", PASSWORD, "测试经办", Role.COUNTY_HANDLER, COUNTY)
        await disable_staff(db, closed.id)
    tries = [("known", "wrong horse 1"), ("close", "wrong horse 1"), ("close", PASSWORD), ("nobod", "wrong horse 1")]
    for device in ({}, {"device_id": "D" * 22}):
        shown = [
            await _asked(
                counted,
                anyone,
                "/v1/auth/staff-tokens",
                {"username": username, "password": password, **device},
                one_count=True,
            )
            for username, password in tries
        ]

        assert shown[0][1][1] == 1
        assert all(each == shown[0] for each in shown), shown


async def test_whether_a_second_factor_is_enrolled_shows_only_after_the_password(anyone, database, counted, sign_in):
    async with database.unit_of_work() as db:
        staff = [await add_staff(db, name, PASSWORD, "测试经办", Role.FINANCE, COUNTY) for name in ("with", "none")]
    await _enrol(anyone, staff[0].username, database.clock)

    shown = [
        await _asked(counted, anyone, "/v1/auth/staff-tokens", {"username": each.username, "password": "wrong horse 1"})
        for each in staff
    ]

    assert shown[0] == shown[1]


async def _enrol(anyone, username, clock):
    tokens = (await anyone.post("/v1/auth/staff-tokens", json={"username": username, "password": PASSWORD})).json()
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    shown = (await anyone.post("/v1/console/me/second-factor", headers=bearer)).json()
    body = {"totp_code": code_at(shown["secret"], clock.now())}
    done = await anyone.post("/v1/console/me/second-factor/confirm", json=body, headers=bearer)
    assert done.status_code == 201


@pytest.mark.parametrize("device", [{}, {"device_id": "D" * 22}])
async def test_asking_for_a_code_and_trying_one_for_known_and_unknown_phones(anyone, database, counted, keys, device):
    known, unknown = "19100000001", "19100000002"
    async with database.unit_of_work() as db:
        await sign_in_citizen(db, keys, known)

    for path, more in (("/v1/auth/otp", {}), ("/v1/auth/applicant-tokens", {"code": "000000"})):
        shown = [
            # The tries at codes count by the caller's address alone.
            await _asked(counted, anyone, path, {"phone": phone, **more, **device}, one_count=bool(more))
            for phone in (known, unknown)
        ]
        assert shown[0] == shown[1], path


async def test_a_number_that_has_an_account_is_answered_as_one_that_does_not_go_with_the_name(
    anyone, database, counted, partners, sign_in, keys
):
    taken, free = make_id_number(), make_id_number()
    for number in (taken, free):
        known = {FactKey.REGISTERED_NAME: "测试甲", FactKey.BIRTH_DATE: date(1980, 5, 17)}
        partners["public_security"].learn(Item.IDENTITY, number, known, date(2026, 1, 1))
    async with database.unit_of_work() as db:
        await build_citizen(db, name="测试甲", id_number=taken)
        signed_in = await sign_in_citizen(db, keys, "19100000003")
    anyone.headers["Authorization"] = f"Bearer {signed_in.access_token}"

    path = "/v1/auth/identity-verifications"
    has_account = await _asked(counted, anyone, path, {"name": "测试甲", "id_number": taken}, one_count=True)
    wrong_and_has = await _asked(counted, anyone, path, {"name": "测试乙", "id_number": taken}, one_count=True)
    wrong_and_none = await _asked(counted, anyone, path, {"name": "测试乙", "id_number": free}, one_count=True)

    assert has_account[0][0] == 422
    assert has_account == wrong_and_has == wrong_and_none


async def test_an_account_with_a_name_learns_nothing_about_other_numbers(anyone, database, partners, keys, sign_in):
    async with database.unit_of_work() as db:
        owner = await build_citizen(db)
    phone = await sign_in(owner)

    answer = await phone.post("/v1/auth/identity-verifications", json={"name": "测试乙", "id_number": make_id_number()})

    assert (answer.status_code, answer.json()["code"]) == (409, "real_name_already_proved")
    assert not partners["public_security"].asked


async def test_status_look_ups_of_known_and_unknown_numbers(anyone, database, counted):
    async with database.unit_of_work() as db:
        application = await build_accepted(db, await build_household(db))
    unknown = new_number("DB", application.county, date(2026, 11, 23))
    for fact in ({"lookup_code": "WRNGCODE"}, {"id_number_last4": "0000"}):
        shown = [
            await _asked(counted, anyone, "/v1/public/status-lookups", {"number": number, **fact})
            for number in (application.number, unknown)
        ]
        assert shown[0][0][0] == 404
        assert shown[0] == shown[1]


async def test_complaint_look_ups_of_known_and_unknown_numbers(anyone, database, counted):
    async with database.unit_of_work() as db:
        number = (await build_filed(db)).complaint.number
    unknown = new_number(number[:2], number[2:8], date(2026, 11, 23))
    shown = [
        await _asked(counted, anyone, "/v1/public/complaint-lookups", {"number": each, "code": "WRNGWRNGWRNG"})
        for each in (number, unknown)
    ]

    assert shown[0][0][0] == 404
    assert shown[0] == shown[1]


async def test_objection_look_ups_of_known_and_unknown_numbers(anyone, database, counted):
    office, case = await build_office(database), await build_verified(database)
    await visit(database, case, office)
    await opine(database, case, office)
    async with database.reading() as db:
        notice = await find_notice(db, case.id, NoticeKind.OPINION, 1)
    path = f"/v1/public/notices/{notice.id}/objections"
    number = (await anyone.post(path, json={"statement": "他家有门面出租。"})).json()["number"]
    unknown = new_number(number[:2], number[2:8], date(2026, 11, 23))
    shown = [
        await _asked(counted, anyone, "/v1/public/objection-lookups", {"number": each, "code": "WRNGWRNGWRNG"})
        for each in (number, unknown)
    ]

    assert shown[0][0][0] == 404
    assert shown[0] == shown[1]


async def test_checks_of_letters_that_were_and_were_not_issued(anyone, database, counted):
    case = await build_accepted_case(database)
    number = (await build_letter(database, Occasion(Kind.ACCEPTED, case.id, case.id))).number
    unknown = new_number(number[:2], number[2:8], date(2026, 11, 23))
    shown = [
        await _asked(counted, anyone, "/v1/public/letter-checks", {"number": each, "code": "WRNGWRNGWRNG"})
        for each in (number, unknown)
    ]

    assert shown[0][0][0] == 404
    assert shown[0] == shown[1]


async def test_the_counts_of_wrong_facts_name_no_number_anybody_could_find_by_trying(anyone, database, db):
    number = new_number("DB", "532529", date(2026, 11, 23))
    await anyone.post("/v1/public/status-lookups", json={"number": number, "lookup_code": "WRNGWRNG"})

    keys = set((await db.execute(select(LimitCount.key))).scalars())
    assert database.vault.index("limit_counts.wrong_codes", number) in keys
    assert keys.isdisjoint({hashlib.sha256(f"{name}{number}".encode()).digest() for name in ("", "wrong_codes\0")})


async def test_who_tries_whether_others_are_in_a_household_is_soon_told_to_stop(database, sign_in):
    """The law lets nobody be in two households, so a hand-in has to say so; not as often as one likes."""
    async with database.unit_of_work() as db:
        elsewhere, curious = await build_household(db), await build_household(db, name="测试丁")
        await build_submitted(db, elsewhere)
        draft = await build_draft(
            db, replace(curious, members=(curious.members[0], (new_id(), elsewhere.members[1][1])))
        )
    phone = await sign_in(curious.applicant)
    path, promise = f"/v1/applications/{draft.id}/submit", {"truth_promised": True}

    answers = [await phone.post(path, json=promise) for _ in range(6)]

    assert [answer.json()["code"] for answer in answers] == ["person_already_in_case"] * 5 + ["too_many_requests"]
