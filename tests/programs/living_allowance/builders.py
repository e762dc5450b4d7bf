"""The builders of every program, with this one filled in."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from app.programs.assessment import Assessment
from app.programs.case import Case
from app.programs.living_allowance.answers import LivingAllowanceAnswers
from app.programs.living_allowance.parameters import Parameters
from app.programs.living_allowance.program import LivingAllowance
from tests.programs.builders import (
    TODAY,
    VILLAGE,
    build_case,
    fact,
    found,
    member,
    members,
    regional,
    resolve,
    standard,
)

__all__ = [
    "PROGRAM",
    "TODAY",
    "VILLAGE",
    "assess",
    "case",
    "fact",
    "found",
    "member",
    "members",
    "parameters",
    "regional",
    "standard",
]

PROGRAM = LivingAllowance()

case = partial(build_case, PROGRAM)


def parameters(on: date = TODAY, region: Mapping[str, Any] | None = None, **of_standard: Any) -> Parameters:
    known: Parameters = resolve(PROGRAM, on, region, **of_standard)
    return known


def assess(judged: Case[LivingAllowanceAnswers], known: Parameters | None = None) -> Assessment:
    known = known or parameters()
    return PROGRAM.assess(judged, known, known.on)
