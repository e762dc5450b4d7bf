"""What was paid too much is claimed, ordered, repaid or written off, to the fen and by two persons."""

import pytest
from sqlalchemy import select, update

from app.applications.clocks import StepKind
from app.applications.queries import find_open_step
from app.awards.lifecycle import StopGround
from app.awards.queries import get_award
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed, StepNotAllowed
from app.identity.actors import SYSTEM
from app.ledger.accounts import fund_account
from app.ledger.queries import get_balance, sum_of_balances
from app.overpayments.accounts import lost_account, recovery_account, returned_account
from app.overpayments.commands import (
    Claimed,
    Instalment,
    drop_recovery,
    keep_claim,
    order_recovery,
    propose_recovery,
    propose_write_off,
    write_off,
)
from app.overpayments.errors import (
    RecoveryInvalid,
    RecoveryNotHeard,
    RecoveryOpen,
    RepaymentDiffers,
    RepaymentTooMuch,
    WriteOffNotOpen,
)
from app.overpayments.lifecycle import Ground, Status
from app.overpayments.models import Recovery
from app.overpayments.queries import list_months
from tests.builders.handovers import build_counties, hand_over, seen_by
from tests.overpayments.claims import (
    AMOUNT,
    COUNTY,
    LATER,
    LATEST,
    NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    TODAY,
    order,
    paid_award,
    propose,
    receive,
    stop,
)


async def _balances(database, recovery):
    accounts = (recovery_account(recovery.id), returned_account(COUNTY), lost_account(COUNTY))
    async with database.reading() as db:
        assert await sum_of_balances(db) == 0
        return [await get_balance(db, account) for account in accounts]


async def _step(database, award):
    async with database.reading() as db:
        return await find_open_step(db, award.application_id, StepKind.REPAYMENT)


async def _dropped(database, office, recovery):
    async with database.unit_of_work() as db:
        await drop_recovery(db, office.confirmer, recovery.id, reason="测试")


async def test_what_was_paid_after_the_last_month_is_claimed_ordered_and_repaid_to_the_fen(database, office, award):
    recovery = await propose(database, office, award)
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

    await order(database, office, recovery, [Instalment(LATER, 100_000), Instalment(LATEST, 37_500)])
    assert await _balances(database, recovery) == [2 * AMOUNT, 0, 0]
    async with database.reading() as db:
        assert await get_balance(db, fund_account(COUNTY)) == fund - 2 * AMOUNT
    step = await _step(database, award)
    assert (step.responsible, step.due_on) == ("applicant", LATEST)

    # Receipts come in; one is entered twice, one wrongly, one is more than is owed.
    await receive(database, office, recovery, 100_000, "R1")
    await receive(database, office, recovery, 100_000, "R1")
    with pytest.raises(RepaymentDiffers):
        await receive(database, office, recovery, 99_999, "R1")
    with pytest.raises(RepaymentTooMuch):
        await receive(database, office, recovery, 37_501, "R2")
    assert await _balances(database, recovery) == [37_500, 100_000, 0]
    ended = await receive(database, office, recovery, 37_500, "R2")

    assert (ended.status, ended.outstanding_fen) == (Status.REPAID, 0)
    assert await _balances(database, recovery) == [0, 2 * AMOUNT, 0]
    assert await _step(database, award) is None
    with pytest.raises(StepNotAllowed):
        await receive(database, office, recovery, 1, "R3")


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
        await propose(database, office, award, months, ground)

    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [(pointer, code)]
    async with database.reading() as db:
        assert (await db.scalars(select(Recovery))).all() == []


async def test_a_household_that_did_nothing_wrong_keeps_what_it_was_granted(database, office):
    award = await paid_award(database, office)
    for ground, code in ((Ground.AFTER_STOP, "not_stopped"), (Ground.FRAUD, "no_fraud_found")):
        with pytest.raises(RecoveryInvalid) as refused:
            await propose(database, office, award, [Claimed(OCTOBER, 1)], ground)
        assert [fault.code for fault in refused.value.faults] == [code]

    # Stopped for a higher income as of November: October stays, November was paid rightly, too.
    await stop(database, office, award, last=NOVEMBER, ground=StopGround.INCOME)
    with pytest.raises(RecoveryInvalid):
        await propose(database, office, award)


async def test_the_county_that_paid_claims_by_the_fraud_that_the_next_one_found(database):
    async with database.unit_of_work() as db:
        counties = await build_counties(db)
    award = await paid_award(database, counties.here)
    done = await hand_over(database, counties, award.id)
    with pytest.raises(RecoveryInvalid):
        await _claim_as(database, counties.here, award)
    async with database.reading() as db:
        new = await get_award(db, SYSTEM, done.new_award_id)

    await stop(database, counties.there, new, last=NOVEMBER)

    assert (await _claim_as(database, counties.here, award)).total_fen == AMOUNT
    with pytest.raises(RecoveryInvalid):  # there nothing was paid
        await _claim_as(database, counties.there, new)


async def _claim_as(database, office, award):
    async with seen_by(database, office.handler).unit_of_work() as db:
        claimed, reason = [Claimed(OCTOBER, AMOUNT)], "自始隐瞒房产（测试）"
        return await propose_recovery(db, office.handler, award.id, Ground.FRAUD, claimed, reason)


async def test_each_month_is_claimed_once_until_the_claim_is_dropped(database, office, award):
    first = await propose(database, office, award, [Claimed(OCTOBER, 100)], Ground.FRAUD)
    with pytest.raises(RecoveryOpen):
        await propose(database, office, award, [Claimed(NOVEMBER, 100)])
    await order(database, office, first)
    with pytest.raises(RecoveryInvalid):
        await propose(database, office, award, [Claimed(OCTOBER, 100)])

    second = await propose(database, office, award)  # what is left: November
    assert second.total_fen == AMOUNT
    async with database.unit_of_work() as db:
        dropped = await drop_recovery(db, office.confirmer, second.id, reason="证据不足（测试）")
    assert dropped.status == Status.DROPPED
    again = await propose(database, office, award)
    assert again.total_fen == AMOUNT


async def test_nobody_decides_on_an_own_claim_and_posts_keep_to_their_part(database, office, award):
    with pytest.raises(RoleNotAllowed):
        async with database.unit_of_work() as db:
            await propose_recovery(db, office.confirmer, award.id, Ground.AFTER_STOP, (), "测试")
    recovery = await propose(database, office, award)
    with pytest.raises(RoleNotAllowed):
        async with database.unit_of_work() as db:
            await order_recovery(db, office.handler, recovery.id, [Instalment(LATER, recovery.total_fen)])
    async with database.unit_of_work() as db:  # a post changes: the person is the same
        await db.execute(update(Recovery).values(proposed_by=office.confirmer.id))
    for act in (order(database, office, recovery), _dropped(database, office, recovery)):
        with pytest.raises(SamePersonNotAllowed):
            await act


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
    recovery = await propose(database, office, award)

    with pytest.raises(RecoveryInvalid) as refused:
        await order(database, office, recovery, [Instalment(day, fen) for day, fen in parts])

    assert {fault.code for fault in refused.value.faults} == {code}
    assert await _balances(database, recovery) == [0, 0, 0]


async def test_the_rest_is_written_off_by_two_persons_with_a_reason(database, office, award):
    recovery = await propose(database, office, award)
    await order(database, office, recovery)
    await receive(database, office, recovery, 10_000, "R1")
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
    recovery = await propose(database, office, award)
    await order(database, office, recovery)
    async with database.unit_of_work() as db:
        await propose_write_off(db, office.handler, recovery.id, reason="无力退回（测试）")
        await db.execute(update(Recovery).values(write_off_proposed_by=office.confirmer.id))

    with pytest.raises(SamePersonNotAllowed):
        async with database.unit_of_work() as db:
            await write_off(db, office.confirmer, recovery.id)
