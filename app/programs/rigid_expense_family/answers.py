"""The form of the rigid-expense family: that of a household, and what else bears on its recognition."""

from typing import Literal

from app.programs.form import HouseholdAnswers


class RigidExpenseAnswers(HouseholdAnswers):
    """What the household declares beside its members; the expenses are those of the twelve months before.

    `recognised_as`: what the household is already; `complicated`: there is more to it than this form can hold.
    """

    recognised_as: Literal["living_allowance", "destitute_support", "edge_family"] | None = None
    complicated: bool = False
