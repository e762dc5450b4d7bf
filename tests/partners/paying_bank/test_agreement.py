"""The promise of the paying bank, run against the adapter over the mock bank and against the fake."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from app.core.ids import new_id
from app.partners.base import PartnerUnavailable
from app.partners.exchange import Limits
from app.partners.paying_bank.adapter import HttpPayingBank
from app.partners.paying_bank.base import (
    BatchRefused,
    BatchState,
    BatchStatus,
    FailureKind,
    LineReceipt,
    PayingBank,
    PaymentOrder,
    Receipts,
)
from app.partners.paying_bank.fake import FakePayingBank
from app.sandbox.persons import Account
from app.sandbox.population import people
from tests.sandbox.outside import BASE, Outside

ACCOUNTS = [(person.name, account) for person in people() for account in person.accounts]
OPEN = [(name, account) for name, account in ACCOUNTS if account.state == "open"]
CLOSED = next((name, account) for name, account in ACCOUNTS if account.state == "closed")


class MockBank:
    """The adapter over the sandbox."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside
        self.client: PayingBank = HttpPayingBank(outside.connections["paying_bank"], outside.http, Limits(10.0))
        self.hasty: PayingBank = HttpPayingBank(outside.connections["paying_bank"], outside.http, Limits(0.3))

    async def lose_answers(self) -> None:
        await self._outside.fault("paying_bank", "silence")

    async def recover(self) -> None:
        await self._outside.http.delete(f"{BASE}/faults")

    async def settled(self, batch_id: str) -> bytes:
        return (await self._outside.call_back_about(batch_id)).content

    async def credited(self, account: Account) -> int:
        url = f"{BASE}/agencies/paying_bank/credits"
        return (await self._outside.http.get(url, params={"account": account.number})).json()["total_fen"]


class FakeBank:
    """The fake, told which accounts are closed."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside
        self._fake = FakePayingBank()
        self.client: PayingBank = self._fake
        self.hasty: PayingBank = self._fake

    async def lose_answers(self) -> None:
        self._fake.fail("timeout", after=True)

    async def recover(self) -> None:
        self._fake.fail(None)

    async def settled(self, batch_id: str) -> bytes:
        return self._fake.settle(batch_id, await self._outside.today(), {"closed": "A03", "stranger": "A02"})

    async def credited(self, account: Account) -> int:
        return self._fake.credited[account.number]


@pytest_asyncio.fixture(params=[MockBank, FakeBank])
async def bank(request: pytest.FixtureRequest, outside: Outside) -> AsyncIterator[MockBank | FakeBank]:
    yield request.param(outside)


def order(line_id: str, holder: tuple[str, Account], amount_fen: int = 37_917) -> PaymentOrder:
    return PaymentOrder(line_id, holder[0], holder[1].number, amount_fen)


def new_batch() -> str:
    return str(new_id())


async def test_each_line_is_paid_or_says_why_not(bank: MockBank | FakeBank, outside: Outside) -> None:
    batch = new_batch()
    stranger = PaymentOrder("stranger", "测试无名氏", "9900000000000000", 5)
    lines = [order("paid", OPEN[0], 37_917), order("closed", CLOSED, 100), stranger]

    await bank.client.submit_batch(batch, lines, 38_022)
    receipts = bank.client.read_receipts(await bank.settled(batch))

    assert receipts.batch_id == batch
    paid, closed, unknown = receipts.lines
    assert paid == LineReceipt("paid", 37_917, True, paid.transaction_no, await outside.today())
    assert paid.transaction_no
    assert closed == LineReceipt("closed", 100, False, failure=FailureKind.NEED_CITIZEN_FIX, bank_code="A03")
    assert unknown == LineReceipt("stranger", 5, False, failure=FailureKind.NEED_CITIZEN_FIX, bank_code="A02")
    assert await bank.client.query_batch(batch) == BatchStatus(batch, BatchState.DONE, receipts.lines)


async def test_the_same_batch_again_is_accepted_again_and_paid_once(bank: MockBank | FakeBank) -> None:
    batch = new_batch()
    before = await bank.credited(OPEN[1][1])

    await bank.client.submit_batch(batch, [order("1", OPEN[1])], 37_917)
    await bank.settled(batch)
    await bank.client.submit_batch(batch, [order("1", OPEN[1])], 37_917)
    await bank.settled(batch)

    assert await bank.credited(OPEN[1][1]) - before == 37_917


async def test_another_content_under_a_taken_number_is_refused(bank: MockBank | FakeBank) -> None:
    batch = new_batch()
    await bank.client.submit_batch(batch, [order("1", OPEN[2])], 37_917)

    with pytest.raises(BatchRefused) as refusal:
        await bank.client.submit_batch(batch, [order("1", OPEN[2], 37_918)], 37_918)

    assert refusal.value.reason == "other_content"


async def test_a_lost_answer_is_an_unknown_outcome_that_can_be_asked_after(bank: MockBank | FakeBank) -> None:
    batch = new_batch()
    before = await bank.credited(OPEN[3][1])
    await bank.lose_answers()

    with pytest.raises(PartnerUnavailable, match="timeout"):
        await bank.hasty.submit_batch(batch, [order("1", OPEN[3])], 37_917)
    await bank.recover()

    assert (await bank.client.query_batch(batch)).state is not BatchState.UNKNOWN
    await bank.settled(batch)
    assert await bank.credited(OPEN[3][1]) - before == 37_917


async def test_a_batch_the_bank_never_saw_is_unknown_to_it(bank: MockBank | FakeBank) -> None:
    batch = new_batch()

    assert await bank.client.query_batch(batch) == BatchStatus(batch, BatchState.UNKNOWN)


@pytest.mark.parametrize(
    ("lines", "total", "reason"),
    [
        ([order("1", OPEN[0])], 37_916, "wrong_totals"),
        ([order("1", OPEN[0]), order("1", OPEN[1])], 75_834, "malformed"),
        ([order("1", OPEN[0], 0)], 0, "malformed"),
        ([order("1", OPEN[0], -5), order("2", OPEN[0], 10)], 5, "malformed"),
        ([], 0, "malformed"),
        ([PaymentOrder("1", "测试|李", OPEN[0][1].number, 5)], 5, "unwritable"),
        ([PaymentOrder("1", "测试\r\nD|2|x|y|z|9.99", OPEN[0][1].number, 5)], 5, "unwritable"),
        ([PaymentOrder("1", "测试\ud800", OPEN[0][1].number, 5)], 5, "unwritable"),
        ([PaymentOrder("1", "", OPEN[0][1].number, 5)], 5, "unwritable"),
    ],
)
async def test_a_wrong_batch_is_refused_and_nothing_of_it_is_taken(
    bank: MockBank | FakeBank, lines: list[PaymentOrder], total: int, reason: str
) -> None:
    batch = new_batch()

    with pytest.raises(BatchRefused) as refusal:
        await bank.client.submit_batch(batch, lines, total)

    assert refusal.value.reason == reason
    assert (await bank.client.query_batch(batch)).state is BatchState.UNKNOWN


async def test_names_of_every_kind_reach_the_bank_whole(bank: MockBank | FakeBank) -> None:
    rare = next(holder for holder in OPEN if "𬱖" in holder[0])
    dotted = next(holder for holder in OPEN if "·" in holder[0])
    batch = new_batch()

    await bank.client.submit_batch(batch, [order("1", rare), order("2", dotted)], 75_834)
    receipts: Receipts = bank.client.read_receipts(await bank.settled(batch))

    assert [line.paid for line in receipts.lines] == [True, True]
