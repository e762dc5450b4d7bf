"""Whether another program would see a household where this one sees it: by what the law counts in all of them alike.

Each program has regional numbers of its own (what is deducted, assumed, left out, who counts); none reads another's.
What stands below a line only by such numbers may not stand there by another's: sent there, it would be sent back.
Without them all programs reckon the same, so no two of them contradict each other.
"""

from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from app.core.money import round_half_up
from app.programs.income import add_up_income
from app.programs.membership import count_members
from app.programs.parameters import HouseholdNumbers
from app.programs.reckoning import AnyReckoning


class Plain(NamedTuple):
    """A household without what a region has set: how many count, and the exact fen a month that each has."""

    heads: int
    per_capita: Fraction

    def lacks_money_to(self, standard: Fraction) -> bool:
        """Say whether the household lacks to a standard what is money: half a fen a month and more."""
        return self.per_capita < standard and round_half_up((standard - self.per_capita) * self.heads) > 0


def reckon_plain(work: AnyReckoning) -> Plain | None:
    """Work a household out again without what a region has set for this program; None where nobody counts."""
    numbers = HouseholdNumbers.of_nation(work.parameters.values, work.parameters.household)
    if numbers == work.parameters.household and work.per_capita is not None:
        return Plain(work.heads, work.per_capita)
    plain = replace(work.parameters, household=numbers)
    verdicts = count_members(work.case, plain, work.on, work.articles)
    counted = [member for member, each in zip(work.case.members, verdicts, strict=True) if each.counted]
    if not counted:
        return None
    income = add_up_income(work.case.answers, counted, plain, work.on, deduct_expenses=False)
    return Plain(len(counted), Fraction(income.total, 12 * len(counted)))


def lacks_money_everywhere(work: AnyReckoning) -> bool:
    """Say whether a household lacks money to the standard also without what a region has set for this program."""
    plain = reckon_plain(work)
    return plain is not None and plain.lacks_money_to(work.standard)
