"""The form of temporary aid: what happened, what is needed now, and the household behind it."""

from typing import Annotated, Literal

from pydantic import Field

from app.programs.declaration import Fen
from app.programs.form import HouseholdAnswers

AidKind = Literal["emergency", "expenditure"]
Cause = Literal["fire", "accident", "sudden_illness", "disaster", "loss_of_work", "medical", "education", "other"]
Recognised = Literal["living_allowance", "destitute_support", "edge_family", "rigid_expense_family"]


class TemporaryAidAnswers(HouseholdAnswers):
    """What happened, and what the household declares beside its members.

    `urgent`: help is needed at once. `at_place_of_event`: the application is made where it happened. `recognised_as`:
    what the household is already. The last two are for somebody who lost his work.
    """

    kind: AidKind
    cause: Cause
    needed_fen: Annotated[Fen, Field(ge=1, description="what is needed to get over it, in all")]
    urgent: bool = False
    at_place_of_event: bool | None = None
    recognised_as: Recognised | None = None
    months_without_income: Annotated[int | None, Field(ge=0, le=600)] = None
    unemployment_insured: bool | None = None
