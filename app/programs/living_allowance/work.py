"""What the rules of the minimum-living allowance read: the household reckoned with this program's form and numbers."""

from collections.abc import Callable
from typing import TypeAlias

from app.programs.assessment import Finding
from app.programs.living_allowance.answers import LivingAllowanceAnswers
from app.programs.living_allowance.parameters import Parameters
from app.programs.reckoning import Reckoning

Work: TypeAlias = Reckoning[LivingAllowanceAnswers, Parameters]

OwnRule: TypeAlias = Callable[[Work], Finding | None]
