"""What became of an objection to a notice, by number and code, without sign-in."""

from datetime import date
from typing import Annotated, Self

from fastapi import Depends, Response
from pydantic import Field

from app.api.common.complaints import ReceiptNumber
from app.api.common.deps import ToolsDep, for_anyone
from app.api.common.limits import LimitsDep
from app.api.common.problems import problems
from app.api.common.routing import Router, retry_safe
from app.api.common.schemas import CLEAN, In, Moment, Out
from app.api.common.second_facts import counting_wrong
from app.limits.errors import TooManyGuesses, TooManyRequests
from app.limits.policies import LOOKUPS_CALLER, WRONG_CODES
from app.notices.commands import Followed, Stage, look_up_objection
from app.notices.errors import ObjectionNotFound

router = Router(prefix="/v1/public", tags=["public"], dependencies=[Depends(for_anyone)])


class ObjectionLookupIn(In):
    """What you were given when you objected."""

    number: ReceiptNumber
    code: Annotated[str, Field(min_length=8, max_length=32, pattern=CLEAN, examples=["7H3K9Q2MT4XA"])]


class ObjectionStandingOut(Out):
    """How far it is. `stage` looking_again: the household is surveyed again or appraised, `due_on` until when;
    looked_again: a new opinion is before those who decide; ended: the case is over. What was decided is posted in the
    village if it is a grant."""

    number: str
    made_at: Moment
    stage: Stage
    due_on: date | None
    due_provisional: bool
    due_basis: str | None
    looked_on: date | None
    ended_on: date | None

    @classmethod
    def of(cls, followed: Followed) -> Self:
        """Shape what an objector is told."""
        return cls(**vars(followed))


@router.post(
    "/objection-lookups",
    operation_id="look_up_objection",
    summary="Follow an objection by number and code",
    responses=problems(ObjectionNotFound, TooManyGuesses, TooManyRequests),
    openapi_extra=retry_safe(),
)
async def look_up(
    body: ObjectionLookupIn, tools: ToolsDep, limits: LimitsDep, response: Response
) -> ObjectionStandingOut:
    """Whether the household is being looked at again, until when, and whether the case is over; nothing of the
    household. An unknown number and a wrong code get the same answer; after ten wrong codes within an hour the number
    rests for who tried."""
    await limits.use((LOOKUPS_CALLER, limits.address))
    response.headers["Cache-Control"] = "no-store"
    async with counting_wrong(ObjectionNotFound, limits, WRONG_CODES, body.number):
        followed = await look_up_objection(tools.database_for_anyone, body.number, body.code)
    return ObjectionStandingOut.of(followed)
