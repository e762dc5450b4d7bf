"""Four eyes: who may hand in, approve, reject and release, and that nothing changes in between."""

import pytest
from sqlalchemy import select, update

from app.audit.models import AuditRecord
from app.awards.commands import suspend_award
from app.awards.lifecycle import SuspendReason
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed, StepNotAllowed
from app.disbursement.commands import (
    approve_payroll,
    build_payroll,
    close_payroll,
    reject_payroll,
    release_payroll,
    settle_receipts,
    submit_payroll,
)
from app.disbursement.errors import (
    OnlyBuilderMaySubmit,
    PayrollChanged,
    PayrollNotFound,
    PayrollNotSettled,
    PayrollOutdated,
)
from app.disbursement.lifecycle import LineStatus, Status
from app.disbursement.models import PayLine, Payroll
from app.disbursement.queries import get_payroll
from app.events.queries import list_subject_events
from app.identity.actors import SYSTEM, Actor, Role
from app.ledger.queries import list_balances, list_postings_of
from tests.builders.awards import COUNTY, Grant, build_award
from tests.builders.payrolls import DECEMBER, build_approved, build_office, build_released, lines_of, paid, reload
from tests.builders.people import build_staff


@pytest.fixture
async def draft(database):
    async with database.unit_of_work() as db:
        office = await build_office(db)
        await build_award(db, Grant(amount_fen=52_000))
        await build_award(db, Grant(amount_fen=37_917))
        payroll = await build_payroll(db, office.handler, program="living_allowance", month=DECEMBER)
    return payroll, office


async def test_only_who_built_it_hands_it_in(database, draft):
    payroll, _ = draft
    async with database.unit_of_work() as db:
        colleague = await build_staff(db, Role.COUNTY_HANDLER, "532529000000")

    with pytest.raises(OnlyBuilderMaySubmit):
        async with database.unit_of_work() as db:
            await submit_payroll(db, colleague, payroll.id)

    assert (await reload(database, payroll)).status == Status.DRAFT


async def test_nobody_approves_or_releases_what_he_built(database, draft):
    payroll, office = draft
    turncoat = Actor(office.handler.id, Role.FINANCE, office.handler.division)  # the handler, in another role since
    async with database.unit_of_work() as db:
        await submit_payroll(db, office.handler, payroll.id)

    with pytest.raises(SamePersonNotAllowed):
        async with database.unit_of_work() as db:
            await approve_payroll(db, turncoat, payroll.id)
    async with database.unit_of_work() as db:
        await approve_payroll(db, office.confirmer, payroll.id)
    with pytest.raises(SamePersonNotAllowed):
        async with database.unit_of_work() as db:
            await release_payroll(db, turncoat, payroll.id)

    assert (await reload(database, payroll)).status == Status.APPROVED


async def test_nobody_releases_what_he_approved(database, draft):
    payroll, office = draft
    async with database.unit_of_work() as db:
        await submit_payroll(db, office.handler, payroll.id)
        await approve_payroll(db, office.finance, payroll.id)
        colleague = await build_staff(db, Role.FINANCE, office.finance.division)

    with pytest.raises(SamePersonNotAllowed):
        async with database.unit_of_work() as db:
            await release_payroll(db, office.finance, payroll.id)
    async with database.unit_of_work() as db:
        await release_payroll(db, colleague, payroll.id)

    assert (await reload(database, payroll)).status == Status.RELEASED


async def test_why_a_payroll_goes_back_is_kept_sealed(database, draft):
    payroll, office = draft
    async with database.unit_of_work() as db:
        await reject_payroll(db, office.handler, payroll.id, reason="测试丙已死亡")
        acts = (await db.execute(select(AuditRecord.detail).where(AuditRecord.action == "payroll.reject"))).scalars()
        events = await list_subject_events(db, payroll.id)

    kept = await reload(database, payroll)
    assert "测试丙已死亡".encode() not in (kept.reject_reason_sealed or b"")
    assert database.vault.open("payrolls.reject_reason", payroll.id, kept.reject_reason_sealed) == "测试丙已死亡"
    assert "死亡" not in str([*acts, *(event.data for event in events)])


async def test_a_line_changed_behind_the_back_stops_approval_and_release(database, draft):
    payroll, office = draft
    async with database.unit_of_work() as db:
        await submit_payroll(db, office.handler, payroll.id)
    (line, _) = await lines_of(database, payroll)
    change = update(PayLine).where(PayLine.id == line.id)
    async with database.unit_of_work() as db:
        await db.execute(change.values(amount_fen=line.amount_fen + 1))

    with pytest.raises(PayrollChanged):
        async with database.unit_of_work() as db:
            await approve_payroll(db, office.confirmer, payroll.id)
    async with database.unit_of_work() as db:
        await db.execute(change.values(amount_fen=line.amount_fen))
        await approve_payroll(db, office.confirmer, payroll.id)
        await db.execute(change.values(account_index=b"somebody else's"))
    with pytest.raises(PayrollChanged):
        async with database.unit_of_work() as db:
            await release_payroll(db, office.finance, payroll.id)


async def test_an_award_suspended_since_stops_the_release(database, draft):
    payroll, office = draft
    async with database.unit_of_work() as db:
        await submit_payroll(db, office.handler, payroll.id)
        await approve_payroll(db, office.confirmer, payroll.id)
        (line, _) = await lines_of(database, payroll)
        await suspend_award(db, office.handler, line.award_id, reason=SuspendReason.DEATH_MATCH)

    with pytest.raises(PayrollOutdated):
        async with database.unit_of_work() as db:
            await release_payroll(db, office.finance, payroll.id)
    async with database.unit_of_work() as db:
        await reject_payroll(db, office.finance, payroll.id, reason="有对象停发")

    assert await lines_of(database, payroll) == []


async def test_a_release_orders_the_lines_and_owes_the_money_once(database, draft):
    payroll, office = draft
    async with database.unit_of_work() as db:
        await submit_payroll(db, office.handler, payroll.id)
        await approve_payroll(db, office.confirmer, payroll.id)
        await release_payroll(db, office.finance, payroll.id)

    with pytest.raises(StepNotAllowed):
        async with database.unit_of_work() as db:
            await release_payroll(db, office.finance, payroll.id)

    lines = await lines_of(database, payroll)
    assert {line.status for line in lines} == {LineStatus.SENT}
    async with database.reading() as db:
        balances = await list_balances(db, COUNTY)
        postings = [await list_postings_of(db, line.id) for line in lines]
        events = await list_subject_events(db, payroll.id)
    assert balances[f"fund:{COUNTY}"] == 89_917
    assert sorted(fen for account, fen in balances.items() if account.startswith("household:")) == [-52_000, -37_917]
    assert [len(each) for each in postings] == [1, 1]
    assert [event.type for event in events] == ["payroll.released"]


async def test_a_payroll_is_closed_when_everything_is_settled(database):
    async with database.unit_of_work() as db:
        office = await build_office(db)
        await build_award(db)
        payroll = await build_released(db, office)
    with pytest.raises(PayrollNotSettled):
        async with database.unit_of_work() as db:
            await close_payroll(db, office.finance, payroll.id)
    (line,) = await lines_of(database, payroll)

    async with database.unit_of_work() as db:
        await settle_receipts(db, SYSTEM, str(payroll.id), [paid(line)], "paying_bank")
        await close_payroll(db, office.finance, payroll.id)

    closed = await reload(database, payroll)
    assert (closed.status, closed.ask_after) == (Status.CLOSED, None)


@pytest.mark.parametrize(
    ("role", "division"),
    [
        (Role.FINANCE, "530102000000"),
        (Role.FINANCE, "532529103000"),
        (Role.ADMINISTRATOR, "532529000000"),
        (Role.TOWNSHIP_HANDLER, "532529103000"),
    ],
)
async def test_who_has_nothing_to_do_with_it_does_not_find_it(database, draft, role, division):
    payroll, _ = draft
    async with database.unit_of_work() as db:
        stranger = await build_staff(db, role, division)

    with pytest.raises(PayrollNotFound):
        async with database.reading() as db:
            await get_payroll(db, stranger, payroll.id)


async def test_a_supervisor_of_the_province_reads_and_does_nothing(database, draft):
    payroll, _ = draft
    async with database.unit_of_work() as db:
        supervisor = await build_staff(db, Role.SUPERVISOR, "530000000000")

    async with database.reading() as db:
        assert (await get_payroll(db, supervisor, payroll.id)).id == payroll.id
    with pytest.raises(RoleNotAllowed):
        async with database.unit_of_work() as db:
            await submit_payroll(db, supervisor, payroll.id)


async def test_every_refusal_leaves_the_payroll_as_it_was(database):
    async with database.unit_of_work() as db:
        office = await build_office(db)
        await build_award(db)
        payroll = await build_approved(db, office)

    for command in (submit_payroll, approve_payroll, close_payroll):
        with pytest.raises((StepNotAllowed, RoleNotAllowed)):
            async with database.unit_of_work() as db:
                await command(db, office.confirmer, payroll.id)

    after: Payroll = await reload(database, payroll)
    assert (after.status, after.version) == (Status.APPROVED, payroll.version)
