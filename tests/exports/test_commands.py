"""Exports: who may ask, who approves, what the file holds, and that a row tells where it comes from."""

import asyncio
import csv
import io
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.audit.models import AuditRecord
from app.audit.purposes import Purpose
from app.awards.lifecycle import Status as AwardStatus
from app.awards.payees import put_payee
from app.core.crypto import GENERAL
from app.core.crypto.vault import key_of
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed
from app.disbursement.commands import take_roster
from app.exports.commands import approve_export, reject_export, take_export, trace_row
from app.exports.errors import (
    ColumnUnknown,
    DownloadsSpent,
    ExportExpired,
    ExportNotFound,
    ExportNotYours,
    ExportTooLarge,
    RowUnknown,
)
from app.exports.kinds import OPENED_BY, SHAPES, ExportKind
from app.exports.lifecycle import Status
from app.exports.models import Export
from app.exports.queries import list_exports
from app.identity.actors import Actor, Role
from app.reference.errors import OutsideYourDivision
from app.unmasking.errors import PurposeNotOfThisPost
from tests.builders import payrolls
from tests.builders.applications import COUNTY, TOWNSHIP, build_household, build_submitted
from tests.builders.awards import Grant, build_award, recipient_of
from tests.builders.exports import build_approved_export, build_requested
from tests.builders.people import build_staff
from tests.builders.relatives import declare

FORMULA = "=HYPERLINK(1)"
PREFECTURE = "532500000000"


@pytest_asyncio.fixture
async def handler(database) -> Actor:
    async with database.unit_of_work() as db:
        return await build_staff(db, Role.COUNTY_HANDLER, COUNTY)


def rows_of(content: bytes) -> list[list[str]]:
    """Return the rows of a file between its headings and its last line."""
    _, _, *rows, _ = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return rows


async def _take(database, actor: Actor, **given) -> bytes:
    async with database.unit_of_work() as db:
        export = await build_approved_export(db, actor, **given)
    async with database.unit_of_work() as db:
        return (await take_export(db, actor, export.id)).content


async def test_the_file_shows_people_masked(database, handler):
    async with database.unit_of_work() as db:
        await build_award(db, Grant(amount_fen=52_000, account="9900001234567890128"))

    content = await _take(database, handler)

    [row] = rows_of(content)
    named = dict(zip(SHAPES[ExportKind.AWARDS].columns, row, strict=False))
    assert (named["name"], named["account"], named["monthly_yuan"]) == ("测*甲", "****0128", "520.00")
    assert named["phone"].startswith("190****")
    assert content.startswith(b"\xef\xbb\xbf")


async def test_what_was_asked_for_and_approved_is_in_clear_and_nothing_else(database, handler):
    async with database.unit_of_work() as db:
        await build_award(db, Grant(account="9900001234567890128"))

    [row] = rows_of(await _take(database, handler, unmasked=("account",), columns=("name", "account")))

    assert row[:2] == ["测*甲", "'9900001234567890128"]


async def test_each_line_says_who_took_it_for_what_and_the_last_how_many_there_are(database, handler):
    async with database.unit_of_work() as db:
        await build_award(db)
        await build_award(db)

    lines = list(csv.reader(io.StringIO((await _take(database, handler)).decode("utf-8-sig"), newline="")))

    words = lines[0][0]
    assert "申请人 county_handler-" in words
    assert "批准人 supervisor-" in words
    assert "用途 award_management" in words
    assert all(words in line for line in lines if line is not lines[1])
    assert lines[-1][0] == "共 2 行"


async def test_no_name_becomes_a_formula(database, handler):
    async with database.unit_of_work() as db:
        put_payee(db, await build_award(db), FORMULA)

    [row] = rows_of(await _take(database, handler, unmasked=("name",), columns=("name",)))

    assert row[0] == "'" + FORMULA


async def test_the_record_names_everybody_in_the_file_and_nobody_else(database, handler):
    async with database.unit_of_work() as db:
        inside = [await build_award(db) for _ in range(2)]
        await build_award(db, county="530627")

    await _take(database, handler, unmasked=("phone",))

    async with database.reading() as db:
        look = (await db.execute(select(AuditRecord).where(AuditRecord.look))).scalar_one()
    assert set(look.citizens) == {recipient_of(award).id for award in inside}
    assert (look.action, look.purpose, look.county) == ("export.take", "award_management", COUNTY[:6])
    assert (look.detail["rows"], look.detail["unmasked"]) == (2, ["phone"])


@pytest.mark.parametrize(
    ("given", "rows"),
    [
        ({"status": AwardStatus.ACTIVE}, 2),
        ({"status": AwardStatus.SUSPENDED}, 1),
        ({"month": payrolls.DECEMBER}, 3),
        ({"month": payrolls.DECEMBER.replace(month=11)}, 0),
        ({"division": TOWNSHIP}, 3),
        ({"division": "532529104000"}, 0),
    ],
)
async def test_the_filter_says_which_rows_there_are(database, handler, given, rows):
    async with database.unit_of_work() as db:
        for status in (AwardStatus.ACTIVE, AwardStatus.ACTIVE, AwardStatus.SUSPENDED):
            await build_award(db, Grant(status=status))

    assert len(rows_of(await _take(database, handler, **given))) == rows


async def test_the_other_kinds(database, handler):
    async with database.unit_of_work() as db:
        application = await build_submitted(db)
        await build_award(db)
        office = await payrolls.build_office(db)
        await payrolls.build_released(db, office)
    month = application.submitted_at.date().replace(day=1)

    applied = rows_of(
        await _take(
            database, handler, kind=ExportKind.APPLICATIONS, month=month, status="submitted", unmasked=("address",)
        )
    )
    paid = rows_of(await _take(database, handler, kind=ExportKind.PAYROLL_LINES, month=payrolls.DECEMBER))

    assert [(row[0], row[4], row[7]) for row in applied] == [(application.number, "测*甲", "测试村一组1号")]
    assert applied[0][5].startswith("5399******")
    assert [(row[3], row[5], row[6]) for row in paid] == [("2026-12", "sent", "测*甲")]


async def test_the_case_of_a_close_relative_is_not_in_the_file(database, handler):
    async with database.unit_of_work() as db:
        household = await build_household(db)
        kept = await build_submitted(db, household)
        other = await build_submitted(db)
    await declare(database, handler, household)

    rows = rows_of(await _take(database, handler, kind=ExportKind.APPLICATIONS, columns=("number",)))

    assert [row[0] for row in rows] == [other.number]
    assert kept.number != other.number


@pytest.mark.parametrize(
    ("role", "division", "given", "refusal"),
    [
        (Role.VILLAGE_HELPER, TOWNSHIP, {}, RoleNotAllowed),
        (Role.ADMINISTRATOR, COUNTY, {}, RoleNotAllowed),
        (Role.FINANCE, COUNTY, {"kind": ExportKind.APPLICATIONS, "purpose": Purpose.DISBURSEMENT}, RoleNotAllowed),
        (Role.TOWNSHIP_HANDLER, TOWNSHIP, {"unmasked": ("account",)}, RoleNotAllowed),
        (Role.TOWNSHIP_HANDLER, TOWNSHIP, {"purpose": Purpose.DISBURSEMENT}, PurposeNotOfThisPost),
        (Role.TOWNSHIP_HANDLER, TOWNSHIP, {"division": COUNTY}, OutsideYourDivision),
        (Role.COUNTY_HANDLER, COUNTY, {"columns": ("id_number",)}, ColumnUnknown),
        (Role.COUNTY_HANDLER, COUNTY, {"unmasked": ("number",)}, ColumnUnknown),
        (Role.COUNTY_HANDLER, COUNTY, {"status": "sent"}, ColumnUnknown),
    ],
)
async def test_who_has_no_business_with_a_list_does_not_get_to_ask(database, role, division, given, refusal):
    with pytest.raises(refusal):
        async with database.unit_of_work() as db:
            await build_requested(db, await build_staff(db, role, division), **given)


async def test_a_list_that_is_too_long_is_refused_when_it_is_asked_for(database, handler, monkeypatch):
    monkeypatch.setattr("app.exports.commands.asking.MOST_ROWS", 1)
    async with database.unit_of_work() as db:
        await build_award(db)
        await build_requested(db, handler)
        await build_award(db)
    with pytest.raises(ExportTooLarge):
        async with database.unit_of_work() as db:
            await build_requested(db, handler)


async def test_who_asked_does_not_approve_whatever_the_post(database):
    async with database.unit_of_work() as db:
        supervisor = await build_staff(db, Role.SUPERVISOR, COUNTY)
        export = await build_requested(db, supervisor, purpose=Purpose.SUPERVISION)

    with pytest.raises(SamePersonNotAllowed):
        async with database.unit_of_work() as db:
            await approve_export(db, supervisor, export.id)


async def test_the_database_itself_wants_a_second_person(database, handler):
    async with database.unit_of_work() as db:
        export = await build_requested(db, handler)

    for change in (
        "status = 'approved', approved_by = requested_by, approved_at = now(), expires_at = now()",
        "status = 'rejected', rejected_by = requested_by, rejected_at = now()",
        "downloads = 1",
    ):
        with pytest.raises(IntegrityError):
            async with database.unit_of_work() as db:
                await db.execute(text(f"UPDATE exports SET {change} WHERE id = '{export.id}'"))


async def test_another_division_approves_and_sees_nothing(database, handler):
    async with database.unit_of_work() as db:
        export = await build_requested(db, handler)
        stranger = await build_staff(db, Role.SUPERVISOR, "530627000000")
        reviewer = await build_staff(db, Role.TOWNSHIP_REVIEWER, TOWNSHIP)
        colleague = await build_staff(db, Role.COUNTY_HANDLER, COUNTY)

    for actor in (stranger, reviewer, colleague):
        with pytest.raises(ExportNotFound):
            async with database.unit_of_work() as db:
                await approve_export(db, actor, export.id)
        async with database.reading() as db:
            assert await list_exports(db, actor, status=None, after=None, limit=10) == []


async def test_only_who_asked_takes_the_file_for_a_day_and_three_times(database, handler, clock):
    async with database.unit_of_work() as db:
        await build_award(db)
        export = await build_approved_export(db, handler)
        late = await build_approved_export(db, handler)
        approver = Actor(export.approved_by, Role.SUPERVISOR, COUNTY)

    with pytest.raises(ExportNotYours):
        async with database.unit_of_work() as db:
            await take_export(db, approver, export.id)
    clock.advance(timedelta(hours=23, minutes=59))
    for _ in range(3):
        async with database.unit_of_work() as db:
            await take_export(db, handler, export.id)
    with pytest.raises(DownloadsSpent):
        async with database.unit_of_work() as db:
            await take_export(db, handler, export.id)
    clock.advance(timedelta(minutes=1))
    with pytest.raises(ExportExpired):
        async with database.unit_of_work() as db:
            await take_export(db, handler, late.id)


async def test_who_moved_on_takes_no_file_of_the_old_place(database, handler):
    async with database.unit_of_work() as db:
        await build_award(db)
        export = await build_approved_export(db, handler, unmasked=("account",))

    for moved, refusal in (
        (Actor(handler.id, Role.COUNTY_HANDLER, "530627000000"), ExportNotFound),
        (Actor(handler.id, Role.TOWNSHIP_HANDLER, TOWNSHIP), ExportNotFound),
        (Actor(handler.id, Role.TOWNSHIP_HANDLER, COUNTY), RoleNotAllowed),
    ):
        with pytest.raises(refusal):
            async with database.unit_of_work() as db:
                await take_export(db, moved, export.id)
    async with database.reading() as db:
        assert (await db.get(Export, export.id)).downloads == 0


async def test_of_many_downloads_at_once_three_get_through(database, handler):
    async with database.unit_of_work() as db:
        await build_award(db)
        export = await build_approved_export(db, handler)

    async def take() -> bool:
        try:
            async with database.unit_of_work() as db:
                await take_export(db, handler, export.id)
        except DownloadsSpent:
            return False
        return True

    taken = await asyncio.gather(*[take() for _ in range(6)])

    assert sum(taken) == 3
    async with database.reading() as db:
        looks = (await db.execute(select(AuditRecord).where(AuditRecord.action == "export.take"))).scalars().all()
    assert len(looks) == 3


async def test_one_row_tells_which_file_it_was_taken_from(database, handler):
    async with database.unit_of_work() as db:
        await build_award(db)
        await build_award(db)
        supervisor = await build_staff(db, Role.SUPERVISOR, COUNTY)
        office = await payrolls.build_office(db)
        payroll = await payrolls.build_approved(db, office)
    files = [await _take(database, handler) for _ in range(2)]
    async with database.unit_of_work() as db:
        roster = (await take_roster(db, office.finance, payroll.id)).content

    def line(content: bytes, place: int) -> str:
        return content.decode("utf-8-sig").split("\r\n")[1 + place]

    async def trace(row: str):
        async with database.unit_of_work() as db:
            return await trace_row(db, supervisor, row)

    second = await trace(line(files[0], 2))
    changed = await trace(line(files[1], 1).replace("测*甲", "测*乙"))
    paid = await trace(line(roster, 1))

    assert (second.source.object_type, second.source.taken_by, second.mark.place) == ("export", handler.id, 2)
    assert second.mark.unaltered
    assert not changed.mark.unaltered
    assert second.source.object_id != changed.source.object_id
    assert (paid.source.object_id, paid.source.taken_by) == (payroll.id, office.finance.id)


async def test_a_row_of_nobodys_and_a_caller_without_the_post_are_refused(database, handler):
    async with database.unit_of_work() as db:
        await build_award(db)
        supervisor = await build_staff(db, Role.SUPERVISOR, COUNTY)
        elsewhere = await build_staff(db, Role.SUPERVISOR, "530627000000")
    row = (await _take(database, handler)).decode("utf-8-sig").split("\r\n")[2]

    for actor, given, refusal in (
        (handler, row, RoleNotAllowed),
        (elsewhere, row, RowUnknown),
        (supervisor, '"a","' + "A" * 29 + '"', RowUnknown),
        (supervisor, "a\nb", RowUnknown),
    ):
        with pytest.raises(refusal):
            async with database.unit_of_work() as db:
                await trace_row(db, actor, given)


def test_each_masked_column_of_each_kind_says_who_may_have_it_in_clear():
    masked = {(kind, field) for kind, shape in SHAPES.items() for field in shape.masked.values()}

    assert masked == OPENED_BY.keys()
    assert all(set(shape.masked) <= set(shape.columns) for shape in SHAPES.values())


async def test_reasons_are_kept_sealed(database, handler):
    async with database.unit_of_work() as db:
        export = await build_requested(db, handler, reason="抽查某户（测试）")
        kept = (await db.execute(text("SELECT exports::text FROM exports"))).scalar_one()

    assert "抽查" not in kept
    assert (export.status, export.county) == (Status.REQUESTED, COUNTY[:6])


async def test_a_prefecture_whose_counties_have_the_keys_asks_and_refuses_as_well(database):
    async with database.unit_of_work() as db:
        await build_award(db)
        asker = await build_staff(db, Role.SUPERVISOR, PREFECTURE)
        export = await build_requested(db, asker, purpose=Purpose.SUPERVISION)
        other = await build_staff(db, Role.SUPERVISOR, PREFECTURE)
        rejected = await reject_export(db, other, export.id, reason="用途不明")

        general = db.vault.key_for(GENERAL).id
        assert {key_of(rejected.reason_sealed), key_of(rejected.reject_reason_sealed)} == {general}

    assert len(rows_of(await _take_as_prefecture(database, asker, other))) == 1


async def _take_as_prefecture(database, asker: Actor, other: Actor) -> bytes:
    async with database.unit_of_work() as db:
        export = await build_requested(db, asker, purpose=Purpose.SUPERVISION)
        await approve_export(db, other, export.id)
    async with database.unit_of_work() as db:
        return (await take_export(db, asker, export.id)).content
