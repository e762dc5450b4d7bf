"""Complaints, reports, suggestions and inquiries without sign-in, and following them by number and code."""

from typing import Annotated

from fastapi import Depends, Response
from pydantic import Field

from app.api.common.complaints import FiledOut, FollowedOut, MatterIn, ReceiptNumber, place_of
from app.api.common.deps import Db, ToolsDep, for_anyone
from app.api.common.limits import LimitsDep
from app.api.common.problems import problems
from app.api.common.routing import Router, retry_safe
from app.api.common.schemas import CLEAN, In, Line
from app.api.common.second_facts import counting_wrong
from app.complaints.commands import ReporterDetails, file_complaint, look_up_complaint
from app.complaints.errors import ComplaintNotFound, NumberMalformed, PlaceMissing, PlaceTooHigh
from app.identity.errors import NameMalformed, PhoneMalformed
from app.limits.errors import TooManyGuesses, TooManyRequests
from app.limits.policies import COMPLAINTS, COMPLAINTS_CALLER, LOOKUPS_CALLER, WRONG_CODES
from app.reference.errors import DivisionMalformed, DivisionUnknown

router = Router(prefix="/v1/public", tags=["public"], dependencies=[Depends(for_anyone)])


class ReporterIn(In):
    """Who you are, if you want it to be a real-name report: each of them is verified and answered."""

    name: Line
    phone: Annotated[str, Field(min_length=11, max_length=20, examples=["19000000001"])]


class ComplaintIn(MatterIn):
    """Without `reporter` it is anonymous. Name and phone are kept apart, and every look at them is on record."""

    reporter: ReporterIn | None = None


class ComplaintLookupIn(In):
    """What you were given when you complained."""

    number: ReceiptNumber
    code: Annotated[str, Field(min_length=8, max_length=32, pattern=CLEAN, examples=["7H3K9Q2M"])]


@router.post(
    "/complaints",
    status_code=201,
    operation_id="file_complaint",
    summary="Complain, report, suggest or ask",
    responses=problems(
        PlaceMissing,
        PlaceTooHigh,
        DivisionUnknown,
        DivisionMalformed,
        NumberMalformed,
        NameMalformed,
        PhoneMalformed,
        TooManyRequests,
    ),
)
async def file_one(body: ComplaintIn, db: Db, limits: LimitsDep) -> FiledOut:
    """Anonymously or with a name; about a place, an application, or both. The answer carries the number and the code
    to follow it by."""
    await limits.use((COMPLAINTS_CALLER, limits.address), (COMPLAINTS, place_of(body)))
    reporter = body.reporter
    filed = await file_complaint(
        db,
        category=body.category,
        text=body.text,
        division=body.division,
        application_number=body.application_number,
        reporter=ReporterDetails(name=reporter.name, phone=reporter.phone) if reporter else None,
    )
    return FiledOut.of(filed)


@router.post(
    "/complaint-lookups",
    operation_id="look_up_complaint",
    summary="Follow a complaint by number and code",
    responses=problems(ComplaintNotFound, TooManyGuesses, TooManyRequests),
    openapi_extra=retry_safe(),
)
async def look_up(body: ComplaintLookupIn, tools: ToolsDep, limits: LimitsDep, response: Response) -> FollowedOut:
    """Status, dates and the answer. An unknown number and a wrong code get the same answer; after ten wrong codes
    within an hour the number rests for who tried."""
    await limits.use((LOOKUPS_CALLER, limits.address))
    response.headers["Cache-Control"] = "no-store"
    async with counting_wrong(ComplaintNotFound, limits, WRONG_CODES, body.number):
        complaint = await look_up_complaint(tools.database_for_anyone, body.number, body.code)
    return FollowedOut.of(tools.database.vault, complaint)
