"""Whether a letter somebody shows is one that was issued: by number and code, without sign-in."""

from typing import Annotated

from fastapi import Depends, Response
from pydantic import Field

from app.api.common.complaints import ReceiptNumber
from app.api.common.deps import ToolsDep, for_anyone
from app.api.common.letters import LetterCheckOut, digest_of_print
from app.api.common.limits import LimitsDep
from app.api.common.problems import problems
from app.api.common.routing import Router, retry_safe
from app.api.common.schemas import CLEAN, In
from app.api.common.second_facts import counting_wrong
from app.letters.commands import check_letter
from app.letters.errors import LetterNotFound
from app.limits.errors import TooManyGuesses, TooManyRequests
from app.limits.policies import LOOKUPS_CALLER, WRONG_CODES

router = Router(prefix="/v1/public", tags=["public"], dependencies=[Depends(for_anyone)])


class LetterCheckIn(In):
    """What stands at the foot of the letter."""

    number: ReceiptNumber
    code: Annotated[str, Field(min_length=8, max_length=32, pattern=CLEAN, examples=["7H3K9Q2MT4XA"])]


@router.post(
    "/letter-checks",
    operation_id="check_letter",
    summary="Check a letter by number and code",
    responses=problems(LetterNotFound, TooManyGuesses, TooManyRequests),
    openapi_extra=retry_safe(),
)
async def check(body: LetterCheckIn, tools: ToolsDep, limits: LimitsDep, response: Response) -> LetterCheckOut:
    """What kind of letter it is, when and where it was issued, and its digests; nothing of the household. An unknown
    number and a wrong code get the same answer; after ten wrong codes within an hour the number rests for who tried."""
    await limits.use((LOOKUPS_CALLER, limits.address))
    response.headers["Cache-Control"] = "no-store"
    async with counting_wrong(LetterNotFound, limits, WRONG_CODES, body.number):
        letter = await check_letter(tools.database_for_anyone, body.number, body.code)
    return LetterCheckOut.of(letter, await digest_of_print(tools, letter))
