"""Every aid program, one line each."""

from collections.abc import Mapping
from typing import Any

from app.programs.base import Program
from app.programs.destitute_support.program import DestituteSupport
from app.programs.edge_family.program import EdgeFamily
from app.programs.errors import ProgramUnknown
from app.programs.living_allowance.program import LivingAllowance
from app.programs.rigid_expense_family.program import RigidExpenseFamily
from app.programs.temporary_aid.program import TemporaryAid

_ALL: tuple[Program[Any, Any], ...] = (
    LivingAllowance(),
    EdgeFamily(),
    DestituteSupport(),
    RigidExpenseFamily(),
    TemporaryAid(),
)

PROGRAMS: Mapping[str, Program[Any, Any]] = {program.code: program for program in _ALL}


def get_program(code: str) -> Program[Any, Any]:
    """Return the program with this code.

    Raises:
        ProgramUnknown: there is none.
    """
    if code not in PROGRAMS:
        raise ProgramUnknown
    return PROGRAMS[code]
