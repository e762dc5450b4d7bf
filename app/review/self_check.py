"""What the rules say to somebody who asks before applying: judged as an application would be, and nothing is kept.

Nobody was asked anything: the declaration is all there is, and the rules about what agencies found do not apply.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core.db import ReadSession
from app.core.errors import Fault
from app.programs.assessment import Assessment
from app.programs.declaration import AreaClass, MemberFacts
from app.programs.errors import AnswersNotValid
from app.programs.registry import get_program
from app.reference.errors import DivisionUnknown
from app.reference.published import DIVISIONS_SINCE
from app.reference.queries import get_division
from app.review.numbers import resolve_parameters


@dataclass(frozen=True)
class Declaration:
    """What somebody says about a household, for one program, place and day. `answers`: those of the program's form."""

    program: str
    division: str
    area_class: AreaClass
    on: date
    members: Sequence[MemberFacts]
    answers: Mapping[str, Any]


async def check_eligibility(db: ReadSession, declared: Declaration) -> Assessment:
    """Judge a household by what it declares.

    Raises:
        ProgramUnknown: there is no such program.
        DivisionMalformed, DivisionUnknown: there is no such place.
        AnswersNotValid: the answers do not fit the program's form, or not the members.
        StandardMissing, ParameterNotUsable, RulesNotInForce: the numbers of this place and day cannot be used.
    """
    program, on = get_program(declared.program), declared.on
    await _require_division(db, declared)
    _refuse_unborn(declared)
    case = program.build_case(
        area_class=declared.area_class,
        division=declared.division,
        members=declared.members,
        answers=declared.answers,
    )
    parameters = await resolve_parameters(db, program, declared.division, declared.area_class, on)
    return program.assess(case, parameters, on)


async def _require_division(db: ReadSession, declared: Declaration) -> None:
    """Refuse a place that is none, on the day that was asked about: before the edition it is looked up in the first."""
    try:
        await get_division(db, declared.division, max(declared.on, DIVISIONS_SINCE))
    except DivisionUnknown:
        place, day = declared.division, declared.on.isoformat()
        raise DivisionUnknown(
            "no_division", faults=(Fault("/division", "division_not_known"),), code=place, on=day
        ) from None


def _refuse_unborn(declared: Declaration) -> None:
    faults = [
        Fault(f"/members/{place}/birth_date", "in_future", "judged")
        for place, member in enumerate(declared.members)
        if member.birth_date > declared.on
    ]
    if faults:
        raise AnswersNotValid(faults=tuple(faults))
