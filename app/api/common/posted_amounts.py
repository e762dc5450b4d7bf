"""What a notice tells of money, for the village and for staff."""

from datetime import date
from typing import NamedTuple

from app.api.common.schemas import Out
from app.core.months import first_of_month, write_month
from app.notices.amounts import Amount, told_in
from app.notices.models import Notice
from app.notices.queries import Posted


class NextAmount(Out):
    """What the award will amount to each month, from which month on."""

    monthly_amount_fen: int
    amount_from: str


class Amounts(NamedTuple):
    """`monthly_amount_fen`: what the award amounts to this month, or in its first, since the month `amount_from`
    (null before the decision). `next_amounts`: what was decided for months to come, also after a raise or reduction.
    Whether a month's money is being held back is not told: a doubt is no decision, and nobody else's business.
    """

    monthly_amount_fen: int
    amount_from: str | None
    next_amounts: list[NextAmount]


def amounts_of(notice: Notice | Posted, on: date) -> Amounts:
    """Tell what a notice says of money on a day."""
    if notice.amount_from is None:
        return Amounts(monthly_amount_fen=notice.monthly_amount_fen, amount_from=None, next_amounts=[])
    last = Amount(notice.monthly_amount_fen, notice.amount_from)
    told = told_in(first_of_month(on), notice.earlier, last, until=notice.ends_on)
    return Amounts(
        monthly_amount_fen=told.now.fen,
        amount_from=write_month(told.now.from_month),
        next_amounts=[
            NextAmount(monthly_amount_fen=each.fen, amount_from=write_month(each.from_month)) for each in told.following
        ],
    )
