"""Which cases a clerk's list is to show: the same words for tasks and for applications."""

from typing import Annotated

from fastapi import Depends, Query

from app.api.common.complaints import ReceiptNumber
from app.api.common.schemas import DivisionCode
from app.applications.desk_queries import Wanted

_DIVISION = "12-digit code of a division in one's own: the cases there and in all below it"
_NUMBER = "the receipt number, as the household was given it"


async def _which(
    division: Annotated[DivisionCode | None, Query(description=_DIVISION)] = None,
    program: Annotated[str | None, Query(pattern=r"^[a-z_]{1,32}$", description="code of an aid program")] = None,
    number: Annotated[ReceiptNumber | None, Query(description=_NUMBER)] = None,
) -> Wanted:
    return Wanted(division=division, program=program, number=number)


Which = Annotated[Wanted, Depends(_which)]
