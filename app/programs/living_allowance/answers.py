"""The form of the minimum-living allowance: that of a household, and who applies alone."""

from collections.abc import Sequence
from typing import Literal

from app.core.errors import Fault
from app.programs.declaration import Declared, MemberFacts, Ref
from app.programs.form import HouseholdAnswers, check_household, unknown_member

AloneGround = Literal[
    "severe_disability",  # art. 8(1)(1), in an edge family
    "serious_illness",  # art. 8(1)(2), in an edge family
    "clergy",  # art. 8(1)(3)
    "special_difficulty",  # art. 8(1)(4) and Social Assistance Law art. 21(2), in an edge family
    "adult_without_work",  # severely disabled, also outside an edge family: notice of 20 October 2022
]


class Alone(Declared):
    """One member who applies for himself, while the members listed with him are his family."""

    member: Ref
    ground: AloneGround


class LivingAllowanceAnswers(HouseholdAnswers):
    """What the household declares beside its members; `alone` null: the household applies as a whole."""

    alone: Alone | None = None


def check_together(answers: LivingAllowanceAnswers, members: Sequence[MemberFacts]) -> list[Fault]:
    """List what is wrong between the form and the members; pointers begin at `/answers` or `/members`."""
    faults = check_household(answers, members)
    if answers.alone is not None:
        refs = {member.ref for member in members}
        faults.extend(unknown_member(("answers", "alone", "member"), answers.alone.member, refs))
    return faults
