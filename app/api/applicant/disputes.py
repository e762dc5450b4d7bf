"""Disputing a single field of the report."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import Field

from app.api.common.callers import Applicant
from app.api.common.deps import Db, ReadDb
from app.api.common.disputes import DisputeOut
from app.api.common.explanations import language_of
from app.api.common.limits import LimitsDep
from app.api.common.problems import problems, wants_english
from app.api.common.routing import Router
from app.api.common.schemas import Id, In, Page, Paragraph
from app.applications.commands.documents import StoredFile
from app.applications.errors import ApplicationNotFound
from app.awards.disputed import dispute_finding
from app.core.errors import StepNotAllowed
from app.facts import FactKey, Item
from app.files.commands import attach_upload
from app.files.errors import UploadNotFound, UploadUnfinished
from app.identity.errors import TokenRejected
from app.limits.errors import TooManyRequests
from app.limits.policies import CORRECTIONS
from app.verification.commands import Disputed, take_back_dispute
from app.verification.dispute_queries import list_own_disputes
from app.verification.errors import (
    DisputeAlreadyOpen,
    DisputeAnsweredBefore,
    DisputeNotFound,
    DisputeTakenBack,
    DisputeUnauthorised,
    FieldNotInReport,
    FindingOfAnother,
    NothingToDispute,
    ReportNotIssued,
    VerificationClosed,
)
from app.verification.report_queries import get_sight

router = Router(prefix="/v1/applications/{application_id}/disputes", tags=["applicant"])


class DisputeIn(In):
    """Which field of whom is not so, what is so, and the finished uploads that show it."""

    member_id: Id
    item: Annotated[Item, Field(strict=False, examples=["vehicles"])]
    key: Annotated[FactKey, Field(strict=False, examples=["vehicle_count"])]
    statement: Annotated[Paragraph, Field(examples=["该车辆已于去年转让，附转让协议。"])]
    upload_ids: Annotated[list[Id], Field(max_length=10)] = Field(default_factory=list)


@router.post(
    "",
    status_code=201,
    operation_id="dispute_finding",
    summary="Dispute one field of the report",
    responses=problems(
        TokenRejected,
        ApplicationNotFound,
        VerificationClosed,
        ReportNotIssued,
        FieldNotInReport,
        FindingOfAnother,
        NothingToDispute,
        DisputeAlreadyOpen,
        DisputeAnsweredBefore,
        DisputeTakenBack,
        DisputeUnauthorised,
        UploadNotFound,
        UploadUnfinished,
        TooManyRequests,
    ),
)
async def dispute(
    application_id: UUID, body: DisputeIn, actor: Applicant, db: Db, limits: LimitsDep, request: Request
) -> DisputeOut:
    """The agency has ten working days to correct it or say why it is right (政务数据共享条例 art. 26), and is asked
    anew at once; while it has time to answer nobody is refused. It may be disputed before the decision, and while the
    award is in force: where the agency then says otherwise than it did, the county looks at the award. The applicant
    disputes what was found about herself and the minors of the household, another adult, signed in as himself, what was
    found about him. No agency is asked about who has withdrawn the authorisation: the office then corrects what is
    wrong by `POST /v1/me/corrections`."""
    await limits.use((CORRECTIONS, str(actor.id)))
    uploads = [await attach_upload(db, actor, upload) for upload in dict.fromkeys(body.upload_ids)]
    evidence = [
        StoredFile(each.id, each.media_type or "", each.stored_size or 0, each.stored_sha256 or "") for each in uploads
    ]
    said = Disputed(body.member_id, body.item, body.key, body.statement)
    row = await dispute_finding(db, actor, application_id, said, evidence)
    return DisputeOut.of(db, row, language_of(english=wants_english(request)))


@router.get(
    "",
    operation_id="list_my_disputes",
    summary="List what I dispute",
    responses=problems(TokenRejected, ApplicationNotFound),
)
async def list_mine(application_id: UUID, actor: Applicant, db: ReadDb, request: Request) -> Page[DisputeOut]:
    """Oldest first, with what became of each. All on one page."""
    await get_sight(db, actor, application_id)
    language = language_of(english=wants_english(request))
    rows = await list_own_disputes(db, actor, application_id)
    return Page(items=await DisputeOut.list_of(db, rows, language), next=None)


@router.post(
    "/{dispute_id}/take-back",
    operation_id="take_back_dispute",
    summary="Take a dispute back",
    responses=problems(TokenRejected, ApplicationNotFound, DisputeNotFound, StepNotAllowed),
)
async def take_back(application_id: UUID, dispute_id: UUID, actor: Applicant, db: Db, request: Request) -> DisputeOut:
    """Nobody waits for the agency on its account any more; what it was asked anew it still answers."""
    row = await take_back_dispute(db, actor, application_id, dispute_id)
    return DisputeOut.of(db, row, language_of(english=wants_english(request)))
