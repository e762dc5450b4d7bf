"""Whatever the awards and whatever the bank says: it adds up to the fen."""

import random
from dataclasses import dataclass
from datetime import date
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.awards.lifecycle import Status as AwardStatus
from app.core.months import next_month
from app.disbursement.commands import build_payroll, settle_receipts
from app.disbursement.errors import NothingToPay
from app.disbursement.lifecycle import LineStatus
from app.disbursement.queries import find_discrepancies, list_totals
from app.identity.actors import SYSTEM
from app.ledger.accounts import clearing_account, fund_account
from app.ledger.queries import list_balances, sum_of_balances
from app.partners.paying_bank.base import FailureKind
from tests.builders.awards import Grant, build_award
from tests.builders.payrolls import DECEMBER, build_office, build_released, failed, lines_of, paid, reload

BANK = "paying_bank"
FEW = settings(
    max_examples=15,
    deadline=None,
    # The database is emptied after the test; every example works in a county of its own.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
_counties = count(530_101)
MONTHS = [date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1), DECEMBER, date(2027, 1, 1)]


@dataclass(frozen=True)
class Case:
    """An award to be made, and what the law says it is owed up to December."""

    amount_fen: int
    first: date
    status: AwardStatus
    last: date | None
    has_account: bool

    def grant(self) -> Grant:
        account = Grant().account if self.has_account else None
        return Grant(self.amount_fen, self.first, self.status, self.last, account)

    def owed(self) -> int:
        if self.status is AwardStatus.SUSPENDED or not self.has_account:
            return 0
        until = min(DECEMBER, self.last or DECEMBER)
        return self.amount_fen * sum(self.first <= month <= until for month in MONTHS)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    status = draw(st.sampled_from(AwardStatus))
    last = draw(st.sampled_from(MONTHS)) if status is AwardStatus.STOPPED else None
    amount = draw(st.integers(1, 10**7))
    return Case(amount, draw(st.sampled_from(MONTHS)), status, last, draw(st.booleans()))


@FEW
@given(population=st.lists(cases(), min_size=1, max_size=6))
async def test_a_payroll_owes_each_award_its_months_and_nothing_else(database, population):
    county = str(next(_counties))
    async with database.unit_of_work() as db:
        office = await build_office(db, county)
        owed = {(await build_award(db, case.grant(), county=county)).id: case.owed() for case in population}

    try:
        async with database.unit_of_work() as db:
            payroll = await build_payroll(db, office.handler, program="living_allowance", month=DECEMBER)
    except NothingToPay:
        assert sum(owed.values()) == 0
        return

    lines = await lines_of(database, payroll)
    assert len(lines) == len({(line.award_id, line.month) for line in lines}) == payroll.line_count
    assert sum(line.amount_fen for line in lines) == payroll.total_fen == sum(owed.values())
    for award_id, fen in owed.items():
        assert sum(line.amount_fen for line in lines if line.award_id == award_id) == fen


@FEW
@given(
    words=st.lists(st.sampled_from(["paid", "failed", "unknown", "silence"]), min_size=1, max_size=8),
    amounts=st.data(),
    seed=st.integers(0, 10**6),
)
async def test_whatever_the_bank_says_in_whatever_order_the_books_agree(database, words, amounts, seed):
    county, chance = str(next(_counties)), random.Random(seed)
    async with database.unit_of_work() as db:
        office = await build_office(db, county)
        for _ in words:
            await build_award(db, Grant(amounts.draw(st.integers(1, 10**7))), county=county)
        payroll = await build_released(db, office)
    lines = await lines_of(database, payroll)
    say = {"paid": paid, "failed": failed, "unknown": lambda line: failed(line, FailureKind.UNKNOWN, "T01")}
    receipts = [say[word](line) for word, line in zip(words, lines, strict=True) if word in say]
    receipts += chance.choices(receipts, k=len(receipts)) if receipts else []
    chance.shuffle(receipts)

    while receipts:
        size = chance.randint(1, len(receipts))
        part, receipts = receipts[:size], receipts[size:]
        async with database.unit_of_work() as db:
            await settle_receipts(db, SYSTEM, str(payroll.id), part, BANK)

    got = sum(line.amount_fen for word, line in zip(words, lines, strict=True) if word == "paid")
    async with database.reading() as db:
        totals = {each.status: each.total_fen for each in await list_totals(db, payroll.id)}
        balances = await list_balances(db, county)
        assert not await find_discrepancies(db, await reload(database, payroll), BANK)
        assert await sum_of_balances(db) == 0
    assert sum(totals.values()) == payroll.total_fen == balances[fund_account(county)]
    assert totals.get(LineStatus.PAID, 0) == got == -balances.get(clearing_account(county, BANK), 0)
    households = sum(fen for account, fen in balances.items() if account.startswith("household:"))
    assert -households == payroll.total_fen - got


def test_months_follow_one_another():
    assert [next_month(month) for month in MONTHS[:-1]] == MONTHS[1:]
