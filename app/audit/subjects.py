"""For whom an act or a look is: the citizen and the case it is about."""

from typing import NamedTuple
from uuid import UUID


class Case(NamedTuple):
    """One application and its applicant, as far as they are known, and the county that keeps it."""

    application_id: UUID | None
    citizen_id: UUID | None
    county: str | None = None
