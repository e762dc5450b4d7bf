"""Where agencies that answer by file say that a file is there; we fetch it ourselves."""

from typing import Annotated

from fastapi import Request
from pydantic import Field

from app.api.common.callers import PartnerCode
from app.api.common.deps import Db
from app.api.common.problems import problems
from app.api.common.routing import Router, retry_safe
from app.api.common.schemas import In, Out
from app.api.partner.signing import Signed
from app.identity.errors import TokenRejected
from app.partners.registry import BY_FILE
from app.verification.commands.reading_files import note_file, note_unsigned_file
from app.verification.errors import CallbackNotSigned, CheckBatchNotFound, NoFilesExpected

router = Router(prefix="/v1/partner", tags=["partner"])

_CODES = frozenset(agency.code for agency in BY_FILE)


class CheckFileIn(In):
    """Which batch has a file of answers: the serial under which its questions came."""

    serial: Annotated[str, Field(pattern=r"^[0-9A-Z]{1,32}$", examples=["B532529261123A1B2C3D4E5F6"])]


class CheckFileOut(Out):
    """Received. `serial`: the batch whose file will be fetched."""

    serial: str


@router.post(
    "/check-files",
    operation_id="announce_check_file",
    summary="Say that a file of answers is there",
    responses=problems(TokenRejected, CallbackNotSigned, NoFilesExpected, CheckBatchNotFound),
    openapi_extra=retry_safe(),  # it is looked for, and read once, however often it is announced
)
async def announce(
    request: Request, body: CheckFileIn, partner: PartnerCode, signature: Signed, db: Db
) -> CheckFileOut:
    """Tell us that answers to a batch can be fetched: sooner than we look by ourselves, or after the batch's day.
    Nothing is taken from the announcement itself."""
    if partner not in _CODES:
        raise NoFilesExpected
    await signature.require_or_note(
        request, partner, await request.body(), lambda db: note_unsigned_file(db, partner, body.serial)
    )
    await note_file(db, partner, body.serial)
    return CheckFileOut(serial=body.serial)
