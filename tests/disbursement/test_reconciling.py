"""The bank contradicts itself: nothing is paid again before a person has looked into it, and the books follow once."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from app.applications.errors import ConflictOfInterest
from app.applications.models import Member
from app.audit.models import AuditRecord
from app.awards.models import Award
from app.core.clock import today
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed
from app.core.ids import new_id
from app.disbursement.commands import (
    approve_payroll,
    close_payroll,
    note_accepted,
    reissue_payroll,
    release_payroll,
    settle_line,
    settle_receipts,
    submit_payroll,
)
from app.disbursement.errors import (
    NothingToPay,
    PayLineNotFound,
    PayLineNotOpen,
    PaymentWasReversed,
    PayrollNotSettled,
    PayrollOutdated,
    SettlementIncomplete,
    ValueDateOutOfRange,
)
from app.disbursement.lifecycle import Dispute, LineStatus
from app.disbursement.models import LineSettlement
from app.disbursement.queries import find_discrepancies
from app.events.queries import list_subject_events
from app.identity.actors import SYSTEM, Actor, Role
from app.ledger.accounts import clearing_account, household_account
from app.ledger.queries import get_balance, list_postings_of, sum_of_balances
from app.partners.paying_bank.base import FailureKind
from tests.builders.awards import COUNTY, build_award
from tests.builders.payrolls import build_office, build_released, failed, lines_of, paid, reload
from tests.builders.relatives import register

BANK = "paying_bank"
REASON = "已与银行核对，测试甲账户流水为证"


@dataclass
class Stranger:
    """Names a line that the payroll does not have."""

    payroll_id: UUID
    id: UUID


@pytest.fixture
async def released(database):
    """A released payroll of one line, and its office."""
    async with database.unit_of_work() as db:
        office = await build_office(db)
        await build_award(db)
        payroll = await build_released(db, office)
        await note_accepted(db, payroll.id)
    (line,) = await lines_of(database, payroll)
    return payroll, office, line


async def say(database, payroll, *receipts):
    async with database.unit_of_work() as db:
        return await settle_receipts(db, SYSTEM, str(payroll.id), receipts, BANK)


async def settle(database, actor, line, outcome, **changes):
    day = today(database.clock)
    told = {"transaction_no": "T-BY-HAND", "paid_on": day} if outcome == "paid" else {}
    told = {"transaction_no": None, "paid_on": None} | told | changes
    async with database.unit_of_work() as db:
        return await settle_line(
            db, actor, line.payroll_id, line.id, paid=outcome == "paid", reason=REASON, bank=BANK, **told
        )


async def reissue(database, office, payroll):
    async with database.unit_of_work() as db:
        return await reissue_payroll(db, office.handler, payroll.id)


async def books(database, payroll):
    async with database.reading() as db:
        assert await sum_of_balances(db) == 0
        return await find_discrepancies(db, await reload(database, payroll), BANK)


def no(line):
    return failed(line, FailureKind.RETRYABLE, "R01")


async def test_a_failed_line_that_is_said_to_be_paid_is_not_paid_again(database, released):
    payroll, office, line = released
    await say(database, payroll, no(line))
    await say(database, payroll, paid(line))

    with pytest.raises(NothingToPay, match="'disputed': 1"):
        await reissue(database, office, payroll)
    with pytest.raises(PayrollNotSettled):
        async with database.unit_of_work() as db:
            await close_payroll(db, office.finance, payroll.id)

    (after,) = await lines_of(database, payroll)
    assert (after.status, after.dispute) == (LineStatus.FAILED, Dispute.WAS_FAILED)
    assert await books(database, payroll) == {"disputed": 1}


async def test_a_reissue_that_waits_is_not_released_once_its_line_is_disputed(database, released):
    payroll, office, line = released
    await say(database, payroll, no(line))
    again = await reissue(database, office, payroll)
    async with database.unit_of_work() as db:
        await submit_payroll(db, office.handler, again.id)
        await approve_payroll(db, office.confirmer, again.id)
    await say(database, payroll, paid(line))

    with pytest.raises(PayrollOutdated):
        async with database.unit_of_work() as db:
            await release_payroll(db, office.finance, again.id)
    await settle(database, office.finance, line, "paid")
    with pytest.raises(PayrollOutdated):
        async with database.unit_of_work() as db:
            await release_payroll(db, office.finance, again.id)


async def test_finance_settles_it_as_paid_once(database, released):
    payroll, office, line = released
    await say(database, payroll, no(line))
    await say(database, payroll, paid(line))

    settled = await settle(database, office.finance, line, "paid")
    with pytest.raises(PayLineNotOpen):
        await settle(database, office.finance, line, "paid")

    assert (settled.status, settled.transaction_no, settled.dispute) == (LineStatus.PAID, "T-BY-HAND", None)
    async with database.reading() as db:
        assert [posting.cause_type for posting in await list_postings_of(db, line.id)] == ["accrual", "payment"]
        assert await get_balance(db, household_account(line.award_id)) == 0
        told = [event.type for event in await list_subject_events(db, line.award_id)]
    assert told == ["payment.failed", "payment.made"]
    assert await books(database, payroll) == {}
    with pytest.raises(NothingToPay):
        await reissue(database, office, payroll)


async def test_finance_settles_it_as_failed_and_it_is_reissued(database, released):
    payroll, office, line = released
    await say(database, payroll, no(line))
    await say(database, payroll, paid(line))

    await settle(database, office.finance, line, "failed")
    outcome = await say(database, payroll, paid(line), no(line))  # the bank repeats both

    assert (outcome.repeated, outcome.disputed) == (2, [])
    again = await reissue(database, office, payroll)
    assert [each.cause for each in await lines_of(database, again)] == [str(line.id)]
    assert await books(database, payroll) == {}


async def test_a_payment_that_was_none_is_reversed_once_and_owed_again(database, released):
    payroll, office, line = released
    await say(database, payroll, paid(line))
    await say(database, payroll, no(line))

    settled = await settle(database, office.finance, line, "failed")

    assert (settled.status, settled.failure, settled.transaction_no) == (LineStatus.FAILED, "retryable", None)
    async with database.reading() as db:
        causes = [posting.cause_type for posting in await list_postings_of(db, line.id)]
        assert await get_balance(db, clearing_account(COUNTY, BANK)) == 0
        assert await get_balance(db, household_account(line.award_id)) == -line.amount_fen
    assert causes == ["accrual", "payment", "reversal"]
    assert await books(database, payroll) == {}
    again = await reissue(database, office, payroll)
    assert again.total_fen == line.amount_fen


async def test_what_was_reversed_is_never_paid_by_the_same_line_again(database, released):
    payroll, office, line = released
    await say(database, payroll, paid(line))
    await say(database, payroll, no(line))
    await settle(database, office.finance, line, "failed")
    await say(database, payroll, replace(paid(line), transaction_no="T-LATER"))

    with pytest.raises(PaymentWasReversed):
        await settle(database, office.finance, line, "paid")

    (after,) = await lines_of(database, payroll)
    assert (after.status, after.dispute) == (LineStatus.FAILED, Dispute.WAS_FAILED)


@pytest.mark.parametrize("outcome", ["paid", "failed"])
async def test_a_line_of_which_the_bank_knows_nothing_is_settled_by_hand(database, released, outcome):
    payroll, office, line = released
    unknown = failed(line, FailureKind.UNKNOWN, "T01")
    await say(database, payroll, unknown)

    settled = await settle(database, office.finance, line, outcome)
    repeated = await say(database, payroll, unknown)

    assert (settled.status, repeated.repeated) == (outcome, 1)
    assert (await reload(database, payroll)).ask_after is None
    assert await books(database, payroll) == {}


async def test_why_is_kept_sealed(database, released):
    payroll, office, line = released
    await say(database, payroll, failed(line, FailureKind.UNKNOWN, "T01"))

    await settle(database, office.finance, line, "paid")

    async with database.reading() as db:
        (kept,) = (await db.execute(select(LineSettlement))).scalars()
        acts = (await db.execute(select(AuditRecord).where(AuditRecord.action == "payroll.settle_line"))).scalars()
        (act,) = acts
        events = await list_subject_events(db, line.award_id)
    assert REASON.encode() not in kept.reason_sealed
    assert database.vault.open("line_settlements.reason", kept.id, kept.reason_sealed) == REASON
    assert (act.actor_id, act.detail) == (office.finance.id, {"line": str(line.id), "outcome": "paid"})
    assert "测试甲" not in str([event.data for event in events])


async def test_who_may_not_settle(database, released):
    payroll, office, line = released
    await say(database, payroll, failed(line, FailureKind.UNKNOWN, "T01"))
    turncoat = Actor(office.handler.id, Role.FINANCE, office.handler.division)

    for actor, refusal in ((office.handler, RoleNotAllowed), (turncoat, SamePersonNotAllowed)):
        with pytest.raises(refusal):
            await settle(database, actor, line, "paid")


async def test_a_close_relative_does_not_settle_the_households_line(database, released):
    payroll, office, line = released
    await say(database, payroll, failed(line, FailureKind.UNKNOWN, "T01"))
    async with database.unit_of_work() as db:
        award = await db.get(Award, line.award_id)
        member_id = new_id()
        db.add(
            Member(
                id=member_id, county=award.county, application_id=award.application_id, relation="self",
                name_sealed=b"-", id_number_sealed=b"-", id_number_index=new_id().bytes, birth_date=date(1980, 5, 17),
                profile_sealed=b"-",
            )
        )  # fmt: skip
    await register(database, office.handler, award.application_id, member_id, office.finance)

    with pytest.raises(ConflictOfInterest):
        await settle(database, office.finance, line, "paid")


async def test_what_cannot_be_is_refused(database, released):
    payroll, office, line = released
    with pytest.raises(PayLineNotOpen):
        await settle(database, office.finance, line, "paid")
    await say(database, payroll, failed(line, FailureKind.UNKNOWN, "T01"))
    stranger = Stranger(payroll.id, new_id())

    for outcome, changes, refusal in (
        ("paid", {"transaction_no": None}, SettlementIncomplete),
        ("paid", {"paid_on": None}, SettlementIncomplete),
        ("failed", {"transaction_no": "T"}, SettlementIncomplete),
        ("paid", {"paid_on": today(database.clock).replace(year=2025)}, ValueDateOutOfRange),
    ):
        with pytest.raises(refusal):
            await settle(database, office.finance, line, outcome, **changes)
    with pytest.raises(PayLineNotFound):
        await settle(database, office.finance, stranger, "paid")

    assert [each.status for each in await lines_of(database, payroll)] == [LineStatus.UNKNOWN]
