"""Who is in a month's payroll, who is not and why, and how it differs from the month before."""

from datetime import date

import pytest
from sqlalchemy import update

from app.applications.models import PayoutAccount
from app.awards.commands import resume_award
from app.awards.lifecycle import Status as AwardStatus
from app.awards.models import Award
from app.core.errors import RoleNotAllowed
from app.disbursement.commands import build_payroll, reject_payroll, submit_payroll
from app.disbursement.errors import MonthNotPayable, NotACounty, NothingToPay, PayrollAlreadyBuilt
from app.disbursement.lifecycle import LineKind, LineStatus, Status
from app.disbursement.queries import (
    ChangeKind,
    count_differences,
    count_exclusions,
    list_differences,
    list_payrolls,
)
from app.identity.actors import SYSTEM, Role
from app.programs.errors import ProgramUnknown
from tests.builders.awards import Grant, build_award
from tests.builders.payrolls import DECEMBER, JANUARY, build_office, build_released, lines_of
from tests.builders.people import build_staff

NOVEMBER = date(2026, 11, 1)
DIBAO = "living_allowance"


async def build(database, office, month=DECEMBER):
    async with database.unit_of_work() as db:
        return await build_payroll(db, office.handler, program=DIBAO, month=month)


async def test_a_payroll_has_a_line_for_every_award_in_force(database):
    async with database.unit_of_work() as db:
        office = await build_office(db)
        first = await build_award(db, Grant(amount_fen=52_000))
        second = await build_award(db, Grant(amount_fen=37_917))
        await build_award(db, Grant(from_month=JANUARY))
        await build_award(db, county="530102")

    payroll = await build(database, office)

    lines = await lines_of(database, payroll)
    assert {(line.award_id, line.amount_fen) for line in lines} == {(first.id, 52_000), (second.id, 37_917)}
    assert {(line.month, line.kind, line.status) for line in lines} == {
        (DECEMBER, LineKind.REGULAR, LineStatus.PENDING)
    }
    assert (payroll.line_count, payroll.total_fen, payroll.excluded_count) == (2, 89_917, 0)
    assert all(line.id.version == 7 for line in lines)


async def test_the_account_is_as_it_stood_when_the_payroll_was_built(database):
    async with database.unit_of_work() as db:
        office = await build_office(db)
        await build_award(db, Grant(account="990000111122223333"))

    payroll = await build(database, office)

    (line,) = await lines_of(database, payroll)
    opened = database.vault.open("payout_accounts.account", line.beneficiary_id, line.account_sealed)
    assert opened == "990000111122223333"


async def test_who_cannot_be_paid_is_listed_with_the_reason(database):
    async with database.unit_of_work() as db:
        office = await build_office(db)
        await build_award(db)
        await build_award(db, Grant(account=None))
        await build_award(db, Grant(holder="测试借"))
        await build_award(db, Grant(status=AwardStatus.SUSPENDED))

    payroll = await build(database, office)

    async with database.reading() as db:
        reasons = await count_exclusions(db, payroll.id)
    assert payroll.line_count == 1
    assert reasons == {"account_missing": 1, "account_name_differs": 1, "suspended": 1}


@pytest.mark.parametrize("unindexed", [Award.payee_name_index, PayoutAccount.holder_name_index])
async def test_a_name_that_is_not_indexed_yet_is_no_reason_to_pay(database, unindexed):
    async with database.unit_of_work() as db:
        office = await build_office(db)
        await build_award(db)
        await db.execute(update(unindexed.class_).values({unindexed: None}))

    with pytest.raises(NothingToPay):
        await build(database, office)


async def test_months_that_no_payroll_paid_are_paid_as_arrears(database):
    async with database.unit_of_work() as db:
        office = await build_office(db)
        late = await build_award(db, Grant(from_month=date(2026, 10, 1)))

    payroll = await build(database, office)

    lines = await lines_of(database, payroll)
    assert {(line.month, line.kind) for line in lines if line.award_id == late.id} == {
        (date(2026, 10, 1), LineKind.ARREARS),
        (NOVEMBER, LineKind.ARREARS),
        (DECEMBER, LineKind.REGULAR),
    }


async def test_a_resumed_award_gets_what_was_held_back(database):
    async with database.unit_of_work() as db:
        office = await build_office(db)
        await build_award(db)
        doubtful = await build_award(db, Grant(status=AwardStatus.SUSPENDED))
    await build(database, office)
    async with database.unit_of_work() as db:
        await resume_award(db, office.handler, doubtful.id)
    database.clock.set(database.clock.now().replace(month=12))

    january = await build(database, office, JANUARY)

    lines = await lines_of(database, january)
    assert {(line.month, line.kind) for line in lines if line.award_id == doubtful.id} == {
        (DECEMBER, LineKind.ARREARS),
        (JANUARY, LineKind.REGULAR),
    }


async def test_a_stopped_award_is_paid_up_to_its_last_month(database):
    async with database.unit_of_work() as db:
        office = await build_office(db)
        stopped = Grant(from_month=date(2026, 10, 1), status=AwardStatus.STOPPED, to_month=NOVEMBER)
        award = await build_award(db, stopped)

    payroll = await build(database, office)

    lines = await lines_of(database, payroll)
    assert {(line.award_id, line.month) for line in lines} == {(award.id, date(2026, 10, 1)), (award.id, NOVEMBER)}


async def test_a_month_is_built_once(database):
    async with database.unit_of_work() as db:
        office = await build_office(db)
        await build_award(db)
    await build(database, office)

    with pytest.raises(PayrollAlreadyBuilt):
        await build(database, office)

    async with database.reading() as db:
        assert len(await list_payrolls(db, SYSTEM, month=None, status=None, after=None, limit=10)) == 1


async def test_a_rejected_month_can_be_built_anew(database):
    async with database.unit_of_work() as db:
        office = await build_office(db)
        await build_award(db)
    first = await build(database, office)
    async with database.unit_of_work() as db:
        await submit_payroll(db, office.handler, first.id)
        await reject_payroll(db, office.confirmer, first.id, reason="名单有误")

    second = await build(database, office)

    assert len(await lines_of(database, first)) == 0
    assert len(await lines_of(database, second)) == 1
    assert (second.seq, second.status) == (2, Status.DRAFT)


async def test_a_month_too_far_ahead_is_refused(database):
    async with database.unit_of_work() as db:
        office = await build_office(db)
        await build_award(db)

    with pytest.raises(MonthNotPayable):
        await build(database, office, JANUARY)


async def test_nobody_due_is_no_payroll(database):
    async with database.unit_of_work() as db:
        office = await build_office(db)
        await build_award(db, Grant(account=None))

    with pytest.raises(NothingToPay) as refused:
        await build(database, office)

    assert refused.value.values == {"reasons": {"account_missing": 1}}
    async with database.reading() as db:
        assert await list_payrolls(db, SYSTEM, month=None, status=None, after=None, limit=10) == []


async def test_an_unknown_program_is_refused(database):
    async with database.unit_of_work() as db:
        office = await build_office(db)

    with pytest.raises(ProgramUnknown):
        async with database.unit_of_work() as db:
            await build_payroll(db, office.handler, program="lottery", month=DECEMBER)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COUNTY_HANDLER])
async def test_only_a_county_handler_builds(database, role):
    async with database.unit_of_work() as db:
        actor = await build_staff(db, role, "532529000000")

    with pytest.raises(RoleNotAllowed):
        async with database.unit_of_work() as db:
            await build_payroll(db, actor, program=DIBAO, month=DECEMBER)


async def test_whoever_stands_below_a_county_builds_nothing(database):
    async with database.unit_of_work() as db:
        actor = await build_staff(db, Role.COUNTY_HANDLER, "532529103000")

    with pytest.raises(NotACounty):
        async with database.unit_of_work() as db:
            await build_payroll(db, actor, program=DIBAO, month=DECEMBER)


async def test_the_difference_to_the_month_before(database):
    async with database.unit_of_work() as db:
        office = await build_office(db)
        same, more, less, gone = [await build_award(db, Grant(amount_fen=50_000)) for _ in range(4)]
        await build_released(db, office)
        await db.execute(update(Award).where(Award.id == more.id).values(monthly_amount_fen=60_000))
        await db.execute(update(Award).where(Award.id == less.id).values(monthly_amount_fen=40_000))
        await db.execute(update(Award).where(Award.id == gone.id).values(status="stopped", to_month=DECEMBER))
        new = await build_award(db, Grant(from_month=JANUARY))
    database.clock.set(database.clock.now().replace(month=12))

    january = await build(database, office, JANUARY)

    async with database.reading() as db:
        counts = await count_differences(db, january)
        changes = await list_differences(db, january, change=None, after=None, limit=10)
        unchanged = await list_differences(db, january, change=ChangeKind.UNCHANGED, after=None, limit=10)
    assert counts == dict.fromkeys(ChangeKind, 1)
    assert {(c.award_id, c.change, c.before_fen, c.after_fen) for c in changes} == {
        (new.id, ChangeKind.NEW, None, 52_000),
        (gone.id, ChangeKind.STOPPED, 50_000, None),
        (more.id, ChangeKind.INCREASED, 50_000, 60_000),
        (less.id, ChangeKind.DECREASED, 50_000, 40_000),
    }
    assert [c.award_id for c in unchanged] == [same.id]
