"""Where an application stands, by receipt number and a second fact in the body: never in a URL. No sign-in."""

from typing import Annotated

from fastapi import Request, Response
from pydantic import ConfigDict, Field, model_validator

from app.api.common.complaints import ReceiptNumber
from app.api.common.deps import ToolsDep
from app.api.common.limits import LimitsDep
from app.api.common.problems import problems, wants_english
from app.api.common.progress import TimelineOut
from app.api.common.routing import Router, retry_safe
from app.api.common.schemas import CLEAN, In, exactly_one
from app.api.common.second_facts import counting_wrong
from app.applications.errors import ApplicationNotFound
from app.applications.status_lookup import look_up_status
from app.core.clock import today
from app.limits.errors import TooManyGuesses, TooManyRequests
from app.limits.policies import LOOKUPS_CALLER, WRONG_CODES, WRONG_ENDS

router = Router(prefix="/v1/public", tags=["public"])


class StatusLookupIn(In):
    """The receipt number, and either the code shown at submission or the end of the applicant's identity number."""

    number: ReceiptNumber
    lookup_code: Annotated[str, Field(min_length=4, max_length=16, pattern=CLEAN, examples=["7H3K9Q2M"])] | None = None
    id_number_last4: Annotated[str, Field(pattern=r"^[0-9]{3}[0-9Xx]$")] | None = None

    model_config = ConfigDict(json_schema_extra=exactly_one("lookup_code", "id_number_last4"))

    @model_validator(mode="after")
    def _one_fact(self) -> "StatusLookupIn":
        if (self.lookup_code is None) == (self.id_number_last4 is None):
            raise ValueError("give lookup_code or id_number_last4, one of them")
        return self


@router.post(
    "/status-lookups",
    operation_id="look_up_status",
    summary="See where an application stands",
    responses=problems(ApplicationNotFound, TooManyGuesses, TooManyRequests),
    openapi_extra=retry_safe(),
)
async def look_up(
    body: StatusLookupIn, tools: ToolsDep, limits: LimitsDep, request: Request, response: Response
) -> TimelineOut:
    """Number, program, status and steps with their due dates, what follows and what can be done; nothing about anybody,
    nor what is missing or why there is more time to decide. An unknown number and a wrong second fact get the same
    answer; after ten wrong ones within an hour the number rests for who tried. After twenty wrong ends of the identity
    number in a month, whoever gave them, only the code opens it."""
    await limits.use((LOOKUPS_CALLER, limits.address))
    response.headers["Cache-Control"] = "no-store"
    policy = WRONG_ENDS if body.lookup_code is None else WRONG_CODES
    async with counting_wrong(ApplicationNotFound, limits, policy, body.number):
        application, steps = await look_up_status(
            tools.database_for_anyone, body.number, lookup_code=body.lookup_code, id_number_last4=body.id_number_last4
        )
    on = today(tools.database.clock)
    return TimelineOut.of(application, steps, on=on, english=wants_english(request), signed_in=False)
