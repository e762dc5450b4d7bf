"""What was paid too much: claimed by month, heard about, ordered, repaid receipt by receipt, or written off by two."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.applications.clocks import StepKind
from app.applications.models import Application
from app.applications.queries import find_open_step
from app.awards.commands import hear_recipient, stop_award
from app.awards.lifecycle import StopGround
from app.core.clock import today
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed, StepNotAllowed
from app.core.ids import new_id
from app.disbursement.commands import settle_receipts
from app.identity.actors import SYSTEM, Role
from app.ledger.accounts import fund_account
from app.ledger.queries import get_balance, sum_of_balances
from app.letters.contents import open_letter
from app.letters.models import Letter
from app.overpayments.accounts import lost_account, recovery_account, returned_account
from app.overpayments.commands import (
    Claimed,
    Instalment,
    drop_recovery,
    hear_about_recovery,
    keep_claim,
    order_recovery,
    propose_recovery,
    propose_write_off,
    receive_repayment,
    write_off,
)
from app.overpayments.commands.records import whose
from app.overpayments.errors import (
    RecoveryInvalid,
    RecoveryNotHeard,
    RecoveryOpen,
    RepaymentDiffers,
    RepaymentTooMuch,
    WriteOffNotOpen,
)
from app.overpayments.events import RecoveryOrdered, RecoveryProposed
from app.overpayments.jobs import write_letter_of_recovery
from app.overpayments.lifecycle import LIFECYCLE, Action, Ground, Status
from app.overpayments.models import Recovery, RecoveryMonth, Repayment
from app.overpayments.queries import get_recovery, list_months
from app.retention.queries.due import Cutoff, take_awards
from tests.builders.payrolls import build_office, build_released, lines_of, paid
from tests.builders.standards import build_judged

AMOUNT = 68_750
SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)
TODAY, LATER, LATEST = date(2026, 11, 23), date(2026, 12, 31), date(2027, 1, 31)
COUNTY = "532529"

# Written a second time, by hand: status × action → target and who.
COUNTY_HANDLER, CONFIRMER, FINANCE = {Role.COUNTY_HANDLER}, {Role.COUNTY_CONFIRMER}, {Role.FINANCE}
ALLOWED = {
    ("proposed", "hear"): ("proposed", {Role.TOWNSHIP_HANDLER, Role.COUNTY_HANDLER}),
    ("proposed", "order"): ("ordered", CONFIRMER),
    ("proposed", "drop"): ("dropped", CONFIRMER),
    ("ordered", "receive"): ("ordered", FINANCE | {Role.SYSTEM}),
    ("ordered", "complete"): ("repaid", FINANCE | {Role.SYSTEM}),
    ("ordered", "propose_write_off"): ("ordered", COUNTY_HANDLER),
    ("ordered", "write_off"): ("written_off", CONFIRMER),
    ("ordered", "keep"): ("ordered", CONFIRMER),
}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("role", Role)
def test_every_step_is_allowed_or_refused(status, action, role):
    target, roles = ALLOWED.get((status, action), (None, set()))
    if target is None:
        with pytest.raises(StepNotAllowed):
            LIFECYCLE.step(status, action, role)
    elif role not in roles:
        with pytest.raises(RoleNotAllowed):
            LIFECYCLE.step(status, action, role)
    else:
        assert LIFECYCLE.step(status, action, role).target == target


async def _paid_award(database, office, months=(OCTOBER, NOVEMBER)):
    """Make an award since October, paid for some months."""
    async with database.unit_of_work() as db:
        award = await build_judged(db, from_month=OCTOBER)
    for month in months:
        async with database.unit_of_work() as db:
            payroll = await build_released(db, office, month)
        lines = await lines_of(database, payroll)
        async with database.unit_of_work() as db:
            await settle_receipts(db, SYSTEM, str(payroll.id), [paid(line) for line in lines], "paying_bank")
    return award


async def _stop(database, office, award, *, last=SEPTEMBER, ground=StopGround.FRAUD):
    async with database.unit_of_work() as db:
        said = {"about": "stop", "opinion": "没有意见（测试）", "heard_on": today(db.clock)}
        await hear_recipient(db, office.handler, award.id, **said)
        await stop_award(db, office.confirmer, award.id, ground=ground, reason="隐瞒收入（测试）", last_month=last)


@pytest.fixture
async def office(database):
    async with database.unit_of_work() as db:
        return await build_office(db)


@pytest.fixture
async def award(database, office):
    """An award paid for October and November, and stopped as of September for fraud."""
    made = await _paid_award(database, office)
    await _stop(database, office, made)
    return made


async def _propose(database, office, award, months=(), ground=Ground.AFTER_STOP):
    async with database.unit_of_work() as db:
        return await propose_recovery(db, office.handler, award.id, ground, months, "停发后仍有发放（测试）")


async def _order(database, office, recovery, parts=None):
    whole = [Instalment(LATER, recovery.total_fen)]
    async with database.unit_of_work() as db:
        await hear_about_recovery(db, office.handler, recovery.id, opinion="同意退回（测试）", heard_on=TODAY)
    async with database.unit_of_work() as db:
        return await order_recovery(db, office.confirmer, recovery.id, parts or whole)


async def _receive(database, office, recovery, fen, reference, on=TODAY):
    async with database.unit_of_work() as db:
        return await receive_repayment(
            db, office.finance, recovery.id, amount_fen=fen, received_on=on, reference=reference
        )


async def _balances(database, recovery):
    accounts = (recovery_account(recovery.id), returned_account(COUNTY), lost_account(COUNTY))
    async with database.reading() as db:
        assert await sum_of_balances(db) == 0
        return [await get_balance(db, account) for account in accounts]


async def _step(database, award):
    async with database.reading() as db:
        return await find_open_step(db, award.application_id, StepKind.REPAYMENT)


async def test_what_was_paid_after_the_last_month_is_claimed_ordered_and_repaid_to_the_fen(database, office, award):
    recovery = await _propose(database, office, award)
    assert (recovery.status, recovery.total_fen) == (Status.PROPOSED, 2 * AMOUNT)
    async with database.reading() as db:
        fund = await get_balance(db, fund_account(COUNTY))
        months = (await list_months(db, [recovery.id]))[recovery.id]
    assert [(each.month, each.paid_fen, each.amount_fen) for each in months] == [
        (OCTOBER, AMOUNT, AMOUNT),
        (NOVEMBER, AMOUNT, AMOUNT),
    ]
    with pytest.raises(RecoveryNotHeard):
        async with database.unit_of_work() as db:
            await order_recovery(db, office.confirmer, recovery.id, [Instalment(LATER, 2 * AMOUNT)])

    await _order(database, office, recovery, [Instalment(LATER, 100_000), Instalment(LATEST, 37_500)])
    assert await _balances(database, recovery) == [2 * AMOUNT, 0, 0]
    async with database.reading() as db:
        assert await get_balance(db, fund_account(COUNTY)) == fund - 2 * AMOUNT
    step = await _step(database, award)
    assert (step.responsible, step.due_on) == ("applicant", LATEST)

    # Receipts come in; one is entered twice, one wrongly, one is more than is owed.
    await _receive(database, office, recovery, 100_000, "R1")
    await _receive(database, office, recovery, 100_000, "R1")
    with pytest.raises(RepaymentDiffers):
        await _receive(database, office, recovery, 99_999, "R1")
    with pytest.raises(RepaymentTooMuch):
        await _receive(database, office, recovery, 37_501, "R2")
    assert await _balances(database, recovery) == [37_500, 100_000, 0]
    ended = await _receive(database, office, recovery, 37_500, "R2")

    assert (ended.status, ended.outstanding_fen) == (Status.REPAID, 0)
    assert await _balances(database, recovery) == [0, 2 * AMOUNT, 0]
    assert await _step(database, award) is None
    with pytest.raises(StepNotAllowed):
        await _receive(database, office, recovery, 1, "R3")


@pytest.mark.parametrize(
    ("ground", "months", "pointer", "code"),
    [
        (Ground.AFTER_STOP, [Claimed(SEPTEMBER, 1)], "/months/0/month", "nothing_paid"),
        (Ground.AFTER_STOP, [Claimed(OCTOBER, AMOUNT + 1)], "/months/0/amount_fen", "above_paid"),
        (Ground.AFTER_STOP, [Claimed(OCTOBER, 0)], "/months/0/amount_fen", "above_paid"),
        (Ground.AFTER_STOP, [Claimed(OCTOBER, 1), Claimed(OCTOBER, 1)], "/months/1/month", "claimed_before"),
        (Ground.FRAUD, [], "/months", "nothing_paid"),
        (Ground.FRAUD, [Claimed(SEPTEMBER, 1)], "/months/0/month", "nothing_paid"),
    ],
)
async def test_never_more_is_claimed_than_was_paid(database, office, award, ground, months, pointer, code):
    with pytest.raises(RecoveryInvalid) as refused:
        await _propose(database, office, award, months, ground)

    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [(pointer, code)]
    async with database.reading() as db:
        assert (await db.scalars(select(Recovery))).all() == []


async def test_a_household_that_did_nothing_wrong_keeps_what_it_was_granted(database, office):
    award = await _paid_award(database, office)
    for ground, code in ((Ground.AFTER_STOP, "not_stopped"), (Ground.FRAUD, "no_fraud_found")):
        with pytest.raises(RecoveryInvalid) as refused:
            await _propose(database, office, award, [Claimed(OCTOBER, 1)], ground)
        assert [fault.code for fault in refused.value.faults] == [code]

    # Stopped for a higher income as of November: October stays, November was paid rightly, too.
    await _stop(database, office, award, last=NOVEMBER, ground=StopGround.INCOME)
    with pytest.raises(RecoveryInvalid):
        await _propose(database, office, award)


async def test_each_month_is_claimed_once_until_the_claim_is_dropped(database, office, award):
    first = await _propose(database, office, award, [Claimed(OCTOBER, 100)], Ground.FRAUD)
    with pytest.raises(RecoveryOpen):
        await _propose(database, office, award, [Claimed(NOVEMBER, 100)])
    await _order(database, office, first)
    with pytest.raises(RecoveryInvalid):
        await _propose(database, office, award, [Claimed(OCTOBER, 100)])

    second = await _propose(database, office, award)  # what is left: November
    assert second.total_fen == AMOUNT
    async with database.unit_of_work() as db:
        dropped = await drop_recovery(db, office.confirmer, second.id, reason="证据不足（测试）")
    assert dropped.status == Status.DROPPED
    again = await _propose(database, office, award)
    assert again.total_fen == AMOUNT


async def test_nobody_decides_on_an_own_claim_and_posts_keep_to_their_part(database, office, award):
    with pytest.raises(RoleNotAllowed):
        async with database.unit_of_work() as db:
            await propose_recovery(db, office.confirmer, award.id, Ground.AFTER_STOP, (), "测试")
    recovery = await _propose(database, office, award)
    with pytest.raises(RoleNotAllowed):
        async with database.unit_of_work() as db:
            await order_recovery(db, office.handler, recovery.id, [Instalment(LATER, recovery.total_fen)])
    async with database.unit_of_work() as db:  # a post changes: the person is the same
        await db.execute(update(Recovery).values(proposed_by=office.confirmer.id))
    for act in (_order(database, office, recovery), _dropped(database, office, recovery)):
        with pytest.raises(SamePersonNotAllowed):
            await act


async def _dropped(database, office, recovery):
    async with database.unit_of_work() as db:
        await drop_recovery(db, office.confirmer, recovery.id, reason="测试")


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([(LATER, 2 * AMOUNT - 1)], "not_the_whole"),
        ([(LATER, 2 * AMOUNT + 1)], "not_the_whole"),
        ([(TODAY, 2 * AMOUNT)], "not_later"),
        ([(LATEST, AMOUNT), (LATER, AMOUNT)], "not_later"),
    ],
)
async def test_instalments_are_the_whole_on_days_to_come(database, office, award, parts, code):
    recovery = await _propose(database, office, award)

    with pytest.raises(RecoveryInvalid) as refused:
        await _order(database, office, recovery, [Instalment(day, fen) for day, fen in parts])

    assert {fault.code for fault in refused.value.faults} == {code}
    assert await _balances(database, recovery) == [0, 0, 0]


async def test_the_rest_is_written_off_by_two_persons_with_a_reason(database, office, award):
    recovery = await _propose(database, office, award)
    await _order(database, office, recovery)
    await _receive(database, office, recovery, 10_000, "R1")
    with pytest.raises(WriteOffNotOpen):
        async with database.unit_of_work() as db:
            await write_off(db, office.confirmer, recovery.id)
    for attempt in ("kept", "written off"):
        async with database.unit_of_work() as db:
            await propose_write_off(db, office.handler, recovery.id, reason="无力退回（测试）")
        with pytest.raises(WriteOffNotOpen):
            async with database.unit_of_work() as db:
                await propose_write_off(db, office.handler, recovery.id, reason="测试")
        if attempt == "kept":
            async with database.unit_of_work() as db:
                await keep_claim(db, office.confirmer, recovery.id)

    async with database.unit_of_work() as db:
        ended = await write_off(db, office.confirmer, recovery.id)

    assert (ended.status, ended.repaid_fen, ended.written_off_fen) == (
        Status.WRITTEN_OFF,
        10_000,
        2 * AMOUNT - 10_000,
    )
    assert await _balances(database, recovery) == [0, 10_000, 2 * AMOUNT - 10_000]
    assert await _step(database, award) is None


async def test_the_same_person_does_not_write_off_what_it_proposed(database, office, award):
    recovery = await _propose(database, office, award)
    await _order(database, office, recovery)
    async with database.unit_of_work() as db:
        await propose_write_off(db, office.handler, recovery.id, reason="无力退回（测试）")
        await db.execute(update(Recovery).values(write_off_proposed_by=office.confirmer.id))

    with pytest.raises(SamePersonNotAllowed):
        async with database.unit_of_work() as db:
            await write_off(db, office.confirmer, recovery.id)


async def test_a_receipt_lies_between_the_order_and_today(database, office, award):
    recovery = await _propose(database, office, award)
    await _order(database, office, recovery)

    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(RecoveryInvalid):
            await _receive(database, office, recovery, 1, "R1", on=day)


async def test_the_household_is_told_in_writing_what_is_claimed_and_what_is_ordered(database, office, award):
    recovery = await _propose(database, office, award)
    async with database.reading() as db:
        row, of = await get_recovery(db, SYSTEM, recovery.id)
    for _ in range(2):
        await write_letter_of_recovery(database, RecoveryProposed(**whose(of, row)))
    await _order(database, office, recovery)
    for _ in range(2):
        await write_letter_of_recovery(database, RecoveryOrdered(**whose(of, row)))

    async with database.reading() as db:
        letters = (await db.scalars(select(Letter).order_by(Letter.id))).all()
        claimed, ordered = (open_letter(db, letter) for letter in letters)
    assert [letter.kind for letter in letters] == ["claimed_back", "ordered_back"]
    assert claimed["remedies"] == []
    assert "1375.00" in claimed["before"][0]
    assert len(claimed["points"]) == 2
    assert [remedy["kind"] for remedy in ordered["remedies"]] == [
        "administrative_reconsideration",
        "administrative_suit",
    ]
    assert any("第七十四条" in law for law in ordered["law"])
    assert any("2026年11月23日" in text for text in ordered["after"])


async def test_the_database_recovers_no_fen_too_much_and_no_month_twice(database, office, award):
    recovery = await _propose(database, office, award, [Claimed(OCTOBER, AMOUNT)])
    await _order(database, office, recovery)
    of = {"county": COUNTY, "division": award.division, "recovery_id": recovery.id}
    month = {**of, "award_id": award.id, "paid_fen": AMOUNT, "live": True}
    receipt = {**of, "received_on": TODAY, "recorded_by": new_id(), "recorded_at": database.clock.now()}
    refused = [
        RecoveryMonth(id=new_id(), month=NOVEMBER, amount_fen=AMOUNT + 1, **month),
        RecoveryMonth(id=new_id(), month=OCTOBER, amount_fen=1, **month),
        Repayment(id=new_id(), amount_fen=0, reference="R0", **receipt),
    ]
    for row in refused:
        with pytest.raises(IntegrityError):
            await _add(database, row)
    for values in ({"repaid_fen": AMOUNT + 1}, {"written_off_fen": 1}, {"status": "repaid"}, {"total_fen": 0}):
        with pytest.raises(IntegrityError):
            await _rewrite(database, Recovery, values)
    await _receive(database, office, recovery, 1, "R1")
    with pytest.raises(IntegrityError):
        await _add(database, Repayment(id=new_id(), amount_fen=1, reference="R1", **receipt))
    with pytest.raises(DBAPIError):  # nobody may change a receipt
        await _rewrite(database, Repayment, {"amount_fen": 2})


async def _add(database, row):
    async with database.unit_of_work() as db:
        db.add(row)


async def _rewrite(database, model, values):
    async with database.unit_of_work() as db:
        await db.execute(update(model).values(**values))


@pytest.mark.parametrize("open_", [True, False])
async def test_an_award_of_which_something_is_to_come_back_is_not_erased(database, office, award, open_):
    recovery = await _propose(database, office, award)
    await _order(database, office, recovery)
    if not open_:
        await _receive(database, office, recovery, recovery.total_fen, "R1")
    await _rewrite(database, Application, {"erased_at": database.clock.now()})

    async with database.unit_of_work() as db:
        cutoff = Cutoff(date(2040, 1, 1), datetime(2040, 1, 1, tzinfo=UTC))
        due = [each.id for each in await take_awards(db, COUNTY, cutoff, 10)]

    assert due == ([] if open_ else [award.id])


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(parts=st.lists(st.integers(1, 40_000), min_size=1, max_size=6))
async def test_what_came_back_what_is_owed_and_what_was_lost_are_the_claim(database, office, award, parts):
    recovery = await _ordered_anew(database, office, award)
    came = 0
    for place, fen in enumerate(parts):
        if came + fen > recovery.total_fen:
            with pytest.raises((RepaymentTooMuch, StepNotAllowed)):
                await _receive(database, office, recovery, fen, f"R{place}")
            continue
        await _receive(database, office, recovery, fen, f"R{place}")
        came += fen
    async with database.reading() as db:
        row, _ = await get_recovery(db, SYSTEM, recovery.id)
        assert row.repaid_fen + row.outstanding_fen + row.written_off_fen == row.total_fen
        assert row.repaid_fen == came
        assert await get_balance(db, recovery_account(recovery.id)) == row.outstanding_fen
        assert await sum_of_balances(db) == 0


async def _ordered_anew(database, office, award):
    """Order the same months back once more: each example begins where nothing is claimed."""
    async with database.unit_of_work() as db:
        await db.execute(update(RecoveryMonth).values(live=False))
    recovery = await _propose(database, office, award)
    await _order(database, office, recovery)
    return recovery
