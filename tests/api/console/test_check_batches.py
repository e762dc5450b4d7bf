"""Files of questions over HTTP: who may see them, the lines that were set aside, and the announcement of answers."""

from datetime import date, timedelta

import pytest

from app.identity.actors import Role
from app.partners.batch import BadLine, BadLineReason, ResultFile
from app.reference.commands import LocalParameter, put_parameter
from app.verification.batch_jobs import gather_batches, keep_file, work_batch
from app.verification.batch_queries import list_batches
from tests.api.conftest import INBOUND_SECRET
from tests.builders.applications import COUNTY
from tests.builders.people import build_staff
from tests.builders.relatives import declare
from tests.builders.verification import PATIENCE, build_agencies, build_opened, find_check
from tests.support.calling_back import SIGNED, CallsBack

URL = "/v1/console/check-batches"
ANNOUNCED = "/v1/partner/check-files"


@pytest.fixture
async def sent(database, clock):
    """A case whose wallets were asked by file; the first line of the answers cannot be used, and one is nobody's."""
    async with database.unit_of_work() as db:
        row = LocalParameter("procedure", "also_asked", COUNTY, ["wallets"], "测试规程第九条", date(2026, 1, 1))
        await put_parameter(db, row)
    agencies, case = build_agencies(), await build_opened(database)
    clock.advance(timedelta(hours=1))
    await gather_batches(database, patience=PATIENCE)
    async with database.reading() as db:
        ((batch, _),) = await list_batches(
            db, await _supervisor(database), partner=None, bad=False, after=None, limit=5
        )
    payload = {"batch": str(batch.id), "attempt": "0"}
    await work_batch(database, payload, partners=agencies.by_code, patience=PATIENCE)
    check = await find_check(database, case, "wallets")
    bad = (BadLine(1, BadLineReason.ANOTHER_PERSON, check.id), BadLine(4, BadLineReason.UNKNOWN, None))
    await keep_file(database, batch.id, ResultFile(1, (), bad), "a" * 64, PATIENCE)
    return case, batch, check


async def _supervisor(database):
    async with database.unit_of_work() as db:
        return await build_staff(db, Role.SUPERVISOR, COUNTY)


async def test_a_file_is_shown_with_what_was_wrong_in_it(staff, sent):
    _, batch, check = sent
    county = await staff(Role.COUNTY_HANDLER, COUNTY)

    (row,) = (await county.get(URL, params={"agency": "wallets", "bad": True})).json()["items"]
    whole = (await county.get(f"{URL}/{batch.id}")).json()

    counts = {name: row[name] for name in ("status", "lines", "open", "answered", "set_aside", "lapsed", "files")}
    assert counts == {
        "status": "sent",
        "lines": 3,
        "open": 2,
        "answered": 0,
        "set_aside": 1,
        "lapsed": 0,
        "files": 1,
    }
    assert (row["agency"], row["item"], row["serial"]) == ("wallets", "wallets", batch.serial)
    (file,) = whole["result_files"]
    assert file["bad"] == [{"line": 1, "reason": "another_person"}, {"line": 4, "reason": "unknown"}]
    ((line),) = whole["lines_set_aside"]
    assert (line["check_id"], line["reason"], line["file"]) == (str(check.id), "another_person", 1)


async def test_who_is_a_close_relative_does_not_find_the_case_among_the_lines(database, sign_in, sent):
    case, batch, _ = sent
    async with database.unit_of_work() as db:
        relative = await build_staff(db, Role.COUNTY_HANDLER, COUNTY)
    county = await sign_in(relative)
    assert (await county.get(f"{URL}/{batch.id}")).json()["lines_set_aside"] != []
    await declare(database, relative, case.household)

    assert (await county.get(f"{URL}/{batch.id}")).json()["lines_set_aside"] == []


@pytest.mark.parametrize(
    ("role", "division", "seen"),
    [
        (Role.COUNTY_CONFIRMER, COUNTY, True),
        (Role.SUPERVISOR, "532500000000", True),
        (Role.ADMINISTRATOR, COUNTY, True),
        (Role.TOWNSHIP_HANDLER, "532529103000", False),
        (Role.SUPERVISOR, "530622000000", False),
    ],
)
async def test_files_are_their_countys_business(staff, sent, role: Role, division: str, seen: bool):
    caller = await staff(role, division)

    listed, one = await caller.get(URL), await caller.get(f"{URL}/{sent[1].id}")

    assert [bool(listed.json()["items"]), one.status_code] == [seen, 200 if seen else 404]


@pytest.mark.parametrize(("role", "division"), [(Role.FINANCE, COUNTY), (Role.VILLAGE_HELPER, "532529103204")])
async def test_who_neither_decides_nor_supervises_is_refused(staff, sent, role: Role, division: str):
    caller = await staff(role, division)

    for url in (URL, f"{URL}/{sent[1].id}"):
        answer = await caller.get(url)
        assert (answer.status_code, answer.json()["code"]) == (403, "role_not_allowed")


def _as(partner: str, secret: str = INBOUND_SECRET) -> dict[str, str]:
    return {"X-Partner": partner, "Authorization": f"Bearer {secret}"}


async def test_an_agency_says_that_a_file_is_there_as_often_as_it_likes(database, clock, anyone, sent):
    _, batch, _ = sent

    for _ in range(2):
        answer = await anyone.post(ANNOUNCED, json={"serial": batch.serial}, headers=_as("wallets"), auth=SIGNED)
        assert (answer.status_code, answer.json()) == (200, {"serial": batch.serial})

    async with database.reading() as db:
        ((now, _),) = await list_batches(db, await _supervisor(database), partner=None, bad=False, after=None, limit=5)
    assert now.next_at == clock.now()


@pytest.mark.parametrize(
    ("partner", "secret", "serial", "refusal"),
    [
        ("wallets", INBOUND_SECRET, "B0000", (404, "check_batch_not_found")),
        ("securities", INBOUND_SECRET, None, (404, "check_batch_not_found")),
        ("tax", INBOUND_SECRET, None, (403, "no_files_expected")),
        ("wallets", "guessed", None, (401, "token_rejected")),
        ("wallets", INBOUND_SECRET, "b; --", (422, "input_invalid")),
    ],
)
async def test_an_announcement_that_is_not_theirs_to_make_changes_nothing(
    anyone, sent, partner: str, secret: str, serial: str | None, refusal: tuple[int, str]
):
    body = {"serial": serial or sent[1].serial}

    answer = await anyone.post(ANNOUNCED, json=body, headers=_as(partner, secret), auth=SIGNED)

    assert (answer.status_code, answer.json()["code"]) == refusal


async def test_an_announcement_that_is_not_signed_is_a_failure_of_the_agency_once_an_hour(
    database, clock, anyone, staff, sent
):
    _, batch, _ = sent
    async with database.reading() as db:
        ((before, _),) = await list_batches(
            db, await _supervisor(database), partner=None, bad=False, after=None, limit=5
        )

    for later, auth in ((0, None), (30, CallsBack("guessed")), (31, None)):
        clock.advance(timedelta(minutes=later))
        answer = await anyone.post(ANNOUNCED, json={"serial": batch.serial}, headers=_as("wallets"), auth=auth)
        assert (answer.status_code, answer.json()["code"]) == (401, "callback_not_signed")
    await anyone.post(ANNOUNCED, json={"serial": "B0000"}, headers=_as("wallets"))
    await anyone.post(ANNOUNCED, json={"serial": batch.serial}, headers=_as("securities"))

    supervisor = await staff(Role.SUPERVISOR, COUNTY)
    shown = (await supervisor.get("/v1/console/agencies/wallets")).json()
    other = (await supervisor.get("/v1/console/agencies/securities")).json()
    assert (shown["failures"]["unsigned"], other["failures"]) == (2, {})
    async with database.reading() as db:
        ((now, _),) = await list_batches(db, await _supervisor(database), partner=None, bad=False, after=None, limit=5)
    assert (now.next_at, now.version) == (before.next_at, before.version)
