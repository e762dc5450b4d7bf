"""What the rules of destitute support read: one person, reckoned with this program's form and numbers."""

from typing import TypeAlias

from app.core.age import full_years
from app.programs.declaration import MemberFacts
from app.programs.destitute_support.answers import DestituteSupportAnswers
from app.programs.destitute_support.parameters import Parameters
from app.programs.reckoning import Reckoning

Work: TypeAlias = Reckoning[DestituteSupportAnswers, Parameters]


def person_of(work: Work) -> MemberFacts:
    """Return the one person the case is about."""
    return work.case.members[0]


def age_of(work: Work) -> int:
    """Return the person's age in full years."""
    return full_years(person_of(work).birth_date, work.on)
