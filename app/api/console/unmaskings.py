"""Opening one masked field. The console shows people masked everywhere else."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import Field

from app.api.common.callers import Caseworker
from app.api.common.deps import ToolsDep, trace_of
from app.api.common.limits import LimitsDep
from app.api.common.problems import problems
from app.api.common.routing import Router, retry_safe
from app.api.common.schemas import SAYS_SOMETHING, Id, In, Out
from app.api.common.step_up import recently_authenticated
from app.applications.errors import ApplicationNotFound, ConflictNotFound, ConflictOfInterest, MemberNotFound
from app.audit.purposes import Purpose
from app.awards.errors import AwardNotFound
from app.complaints.errors import ComplaintNotFound, ReporterNotFound
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed
from app.corrections.errors import CorrectionNotFound
from app.disbursement.errors import PayLineNotFound
from app.identity.errors import StepUpRequired, TokenRejected
from app.limits.errors import TooManyRequests
from app.limits.policies import UNMASKINGS
from app.notices.errors import ObjectionNotFound
from app.review.errors import EvidenceLetterNotFound
from app.unmasking.commands import Wanted, unmask
from app.unmasking.errors import FieldNotOfObject, NothingToUnmask, PurposeNotOfThisPost
from app.unmasking.fields import MaskedField, MaskedObject
from app.verification.errors import DisputeNotFound, ReportNotIssued

router = Router(prefix="/v1/console/unmaskings", tags=["console: personal data"])


class UnmaskingIn(In):
    """Which field of what; what for, and why in your own words, which are kept sealed beside your name.

    `application`: name, phone, address, account, answers, words. `member`: name, id_number, birth_date, disability,
    illness, registered_name. `award`: name, phone, account, words. `pay_line`: name, account. `complaint`, `objection`:
    reporter_name, reporter_phone, words. `conflict`: named_person. `dispute`, `correction`: words. `evidence_letter`:
    name and address of the addressee.
    """

    object_type: Annotated[MaskedObject, Field(strict=False)]
    object_id: Id
    field: Annotated[MaskedField, Field(strict=False)]
    purpose: Annotated[Purpose, Field(strict=False, examples=["casework"])]
    reason: Annotated[str, Field(min_length=1, max_length=200, pattern=SAYS_SOMETHING, examples=["电话通知补正材料"])]

    def wanted(self) -> Wanted:
        """Return what the command takes."""
        return Wanted(self.object_type, self.object_id, self.field, self.purpose, self.reason)


class UnmaskingOut(Out):
    """The one field, as text: `disability` is kind and grade (`physical/2`), `illness` the word `serious_illness`,
    `birth_date` a plain date, `answers` JSON, `words` JSON, too: what was written, by the names it has elsewhere; of an
    application and an award all there is of it, in lists."""

    object_type: MaskedObject
    object_id: UUID
    field: MaskedField
    value: Annotated[str, Field(max_length=500_000)]


@router.post(
    "",
    operation_id="unmask_field",
    summary="See one masked field in clear",
    responses=problems(
        TokenRejected,
        StepUpRequired,
        RoleNotAllowed,
        PurposeNotOfThisPost,
        ConflictOfInterest,
        SamePersonNotAllowed,
        ApplicationNotFound,
        MemberNotFound,
        AwardNotFound,
        PayLineNotFound,
        ComplaintNotFound,
        ReporterNotFound,
        ObjectionNotFound,
        ConflictNotFound,
        DisputeNotFound,
        CorrectionNotFound,
        EvidenceLetterNotFound,
        ReportNotIssued,
        NothingToUnmask,
        FieldNotOfObject,
        TooManyRequests,
    ),
    dependencies=[recently_authenticated()],
    openapi_extra=retry_safe(),  # asking again is another look on record, and no second copy of the value is kept
)
async def open_field(
    body: UnmaskingIn, actor: Caseworker, limits: LimitsDep, tools: ToolsDep, request: Request
) -> UnmaskingOut:
    """For what your post is there for, of what lies below your division. Each field seen is a record of its own, which
    the citizen reads with field and purpose (`GET /v1/me/accesses`), also where nothing was entered; 200 a day."""
    await limits.use((UNMASKINGS, str(actor.id)))
    async with tools.database_for(actor).unit_of_work(trace_of(request)) as db:
        value = await unmask(db, actor, body.wanted())
    if value is None:  # told once the look is on record
        raise NothingToUnmask
    return UnmaskingOut(object_type=body.object_type, object_id=body.object_id, field=body.field, value=value)
