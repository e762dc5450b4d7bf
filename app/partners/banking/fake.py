"""The banks in memory: a ticket now, and the call-back when a test asks for it."""

from datetime import date
from uuid import UUID

from app.facts import Answer, FactKey, Outcome
from app.partners.banking import wire
from app.partners.banking.adapter import Banking, read_late_reply
from app.partners.base import Acknowledged, LateAnswer, Query
from app.partners.memory import FilingAgency


class FakeBanking(FilingAgency):
    """Knows the balances it was taught, and answers by file as well. `late_reply` gives the body of a call-back."""

    code = Banking.code
    items = Banking.items

    def __init__(self) -> None:
        super().__init__()
        self._tickets: dict[UUID, Answer] = {}

    async def ask(self, query: Query) -> Acknowledged:
        """Put one question.

        Raises:
            PartnerUnavailable: it was told to fail.
        """
        self._tickets[query.reference] = self.look_up(query)
        return Acknowledged(_ticket(query.reference))

    def late_reply(self, reference: UUID, on: date = date(2026, 1, 1)) -> bytes:
        """Return the call-back body for a question that was taken; `on` dates an answer without accounts.

        Raises:
            LookupError: never asked.
        """
        answer = self._tickets[reference]
        accounts: list[wire.Account] = []
        if answer.outcome is Outcome.HIT:
            on = answer.facts[FactKey.DEPOSIT_BALANCE].as_of
            count = answer.facts[FactKey.DEPOSIT_ACCOUNTS].value
            balance = answer.facts[FactKey.DEPOSIT_BALANCE].value
            assert isinstance(count, int)
            assert isinstance(balance, int)
            # The whole balance on the first account: only the sum and the count can be seen.
            accounts = [wire.Account(acctTail="0000", ccy="156", balance=0 if n else balance) for n in range(count)]
        reply = wire.LateReply(
            requestNo=reference,
            ticket=_ticket(reference),
            rspCode="00" if accounts else "14",
            balanceDate=on,
            accounts=accounts,
        )
        return reply.model_dump_json().encode()

    def read_callback(self, body: bytes) -> LateAnswer:
        """Read a call-back body.

        Raises:
            PartnerUnavailable: reason 'garbage'.
        """
        return read_late_reply(body)


def _ticket(reference: UUID) -> str:
    return f"FK{reference.hex[:12].upper()}"
