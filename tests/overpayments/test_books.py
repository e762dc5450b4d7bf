"""Letters, receipts and the database's own limits: no fen too much, no month twice."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.applications.models import Application
from app.core.errors import StepNotAllowed
from app.core.ids import new_id
from app.identity.actors import SYSTEM
from app.ledger.queries import get_balance, sum_of_balances
from app.letters.contents import open_letter
from app.letters.models import Letter
from app.overpayments.accounts import recovery_account
from app.overpayments.commands import (
    Claimed,
)
from app.overpayments.commands.records import whose
from app.overpayments.errors import (
    RecoveryInvalid,
    RepaymentTooMuch,
)
from app.overpayments.events import RecoveryOrdered, RecoveryProposed
from app.overpayments.jobs import write_letter_of_recovery
from app.overpayments.models import Recovery, RecoveryMonth, Repayment
from app.overpayments.queries import get_recovery
from app.retention.queries.due import Cutoff, take_awards
from tests.overpayments.claims import AMOUNT, COUNTY, NOVEMBER, OCTOBER, TODAY, order, propose, receive


async def _add(database, row):
    async with database.unit_of_work() as db:
        db.add(row)


async def _rewrite(database, model, values):
    async with database.unit_of_work() as db:
        await db.execute(update(model).values(**values))


async def _ordered_anew(database, office, award):
    """Order the same months back once more: each example begins where nothing is claimed."""
    async with database.unit_of_work() as db:
        await db.execute(update(RecoveryMonth).values(live=False))
    recovery = await propose(database, office, award)
    await order(database, office, recovery)
    return recovery


async def test_a_receipt_lies_between_the_order_and_today(database, office, award):
    recovery = await propose(database, office, award)
    await order(database, office, recovery)

    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(RecoveryInvalid):
            await receive(database, office, recovery, 1, "R1", on=day)


async def test_the_household_is_told_in_writing_what_is_claimed_and_what_is_ordered(database, office, award):
    recovery = await propose(database, office, award)
    async with database.reading() as db:
        row, of = await get_recovery(db, SYSTEM, recovery.id)
    for _ in range(2):
        await write_letter_of_recovery(database, RecoveryProposed(**whose(of, row)))
    await order(database, office, recovery)
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
    recovery = await propose(database, office, award, [Claimed(OCTOBER, AMOUNT)])
    await order(database, office, recovery)
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
    await receive(database, office, recovery, 1, "R1")
    with pytest.raises(IntegrityError):
        await _add(database, Repayment(id=new_id(), amount_fen=1, reference="R1", **receipt))
    with pytest.raises(DBAPIError):  # nobody may change a receipt
        await _rewrite(database, Repayment, {"amount_fen": 2})


@pytest.mark.parametrize("open_", [True, False])
async def test_an_award_of_which_something_is_to_come_back_is_not_erased(database, office, award, open_):
    recovery = await propose(database, office, award)
    await order(database, office, recovery)
    if not open_:
        await receive(database, office, recovery, recovery.total_fen, "R1")
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
                await receive(database, office, recovery, fen, f"R{place}")
            continue
        await receive(database, office, recovery, fen, f"R{place}")
        came += fen
    async with database.reading() as db:
        row, _ = await get_recovery(db, SYSTEM, recovery.id)
        assert row.repaid_fen + row.outstanding_fen + row.written_off_fen == row.total_fen
        assert row.repaid_fen == came
        assert await get_balance(db, recovery_account(recovery.id)) == row.outstanding_fen
        assert await sum_of_balances(db) == 0
