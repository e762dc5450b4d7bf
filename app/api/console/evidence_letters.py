"""Letters for evidence: written, sent, answered, or gone on without."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response

from app.api.common.callers import Caseworker
from app.api.common.deps import Db, ToolsDep, trace_of
from app.api.common.downloads import download_scan, file_response
from app.api.common.explanations import Language, language_of
from app.api.common.problems import problems, wants_english
from app.api.common.routing import Router
from app.api.console.evidence_schemas import (
    EvidenceAnswerIn,
    EvidenceLetterIn,
    EvidenceLetterOut,
    EvidenceLettersOut,
    EvidenceSendingIn,
    SetAsideIn,
)
from app.applications.errors import ApplicationNotFound, AuthorisationMissing, ConflictOfInterest, MemberNotFound
from app.applications.queries import get_case_file, list_cases
from app.audit.commands import record_look
from app.core.db import ReadSession
from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.files.errors import FileLost, UploadNotFound, UploadUnfinished
from app.files.queries import find_upload, get_file_key
from app.identity.actors import Actor
from app.identity.errors import StaffNotFound, TokenRejected
from app.letters.kinds import Kind
from app.letters.queries import list_letters
from app.review import commands
from app.review.errors import (
    EvidenceAnswerNotFitting,
    EvidenceLetterNotFitting,
    EvidenceLetterNotFound,
    EvidenceReasonMissing,
    EvidenceScanNotFound,
    InvestigatorNotAllowed,
    SurveyDateInvalid,
    TwoInvestigatorsRequired,
)
from app.review.evidence_models import EvidenceLetter
from app.review.evidence_queries import get_evidence_letter, list_evidence_letters

router = Router(prefix="/v1/console/applications/{application_id}/evidence-letters", tags=["console: review"])

_READING = (TokenRejected, ApplicationNotFound, ConflictOfInterest, RoleNotAllowed)
_ACTING = (*_READING, StepNotAllowed)


async def _language(request: Request) -> Language:
    return language_of(english=wants_english(request))


Words = Annotated[Language, Depends(_language)]


async def _shape(db: ReadSession, actor: Actor, letter: EvidenceLetter, language: Language) -> EvidenceLetterOut:
    return (await _shapes(db, actor, [letter], language))[0]


async def _shapes(
    db: ReadSession, actor: Actor, rows: list[EvidenceLetter], language: Language
) -> list[EvidenceLetterOut]:
    case = {row.application_id for row in rows}
    printed = {
        letter.cause_id: letter
        for application_id in case
        for letter in await list_letters(db, actor, application_id)
        if letter.kind == Kind.EVIDENCE
    }
    return [EvidenceLetterOut.of(db, row, printed.get(row.id), actor.role, language) for row in rows]


@router.get(
    "",
    operation_id="list_evidence_letters",
    summary="List the letters for evidence of a case",
    responses=problems(*_READING),
)
async def list_all(application_id: UUID, actor: Caseworker, db: Db, language: Words) -> EvidenceLettersOut:
    """Whom the township asked what, and what came of it, oldest first. Addressees are masked; looks are recorded."""
    application = await get_case_file(db, actor, application_id)
    rows = list(await list_evidence_letters(db, application.id))
    await record_look(db, actor, "evidence_letter.list", "application", application.id, cases=[application.case])
    return EvidenceLettersOut(items=await _shapes(db, actor, rows, language))


@router.post(
    "",
    status_code=201,
    operation_id="write_evidence_letter",
    summary="Write a letter for evidence",
    responses=problems(*_ACTING, MemberNotFound, AuthorisationMissing, EvidenceLetterNotFitting),
)
async def write(
    application_id: UUID, body: EvidenceLetterIn, actor: Caseworker, db: Db, language: Words
) -> EvidenceLetterOut:
    """About one member, on that member's authorisation. A moment later it has its number and can be printed at
    `GET /v1/console/letters/{letter_id}/content`."""
    letter = await commands.write_evidence_letter(db, actor, application_id, body.asked_for())
    return await _shape(db, actor, letter, language)


@router.post(
    "/{evidence_letter_id}/send",
    operation_id="send_evidence_letter",
    summary="Record that a letter for evidence was sent",
    responses=problems(
        *_ACTING,
        EvidenceLetterNotFound,
        AuthorisationMissing,
        SurveyDateInvalid,
        TwoInvestigatorsRequired,
        InvestigatorNotAllowed,
        StaffNotFound,
    ),
)
async def send(
    application_id: UUID,
    evidence_letter_id: UUID,
    body: EvidenceSendingIn,
    actor: Caseworker,
    db: Db,
    language: Words,
) -> EvidenceLetterOut:
    """Signed by at least two; it becomes a visit of the way `letter`, and its days begin."""
    letter = await commands.send_evidence_letter(db, actor, application_id, evidence_letter_id, body.sending())
    return await _shape(db, actor, letter, language)


@router.post(
    "/{evidence_letter_id}/answer",
    operation_id="enter_evidence_answer",
    summary="Enter the answer to a letter for evidence",
    responses=problems(
        *_ACTING,
        EvidenceLetterNotFound,
        AuthorisationMissing,
        EvidenceAnswerNotFitting,
        UploadNotFound,
        UploadUnfinished,
    ),
)
async def answer(
    application_id: UUID,
    evidence_letter_id: UUID,
    body: EvidenceAnswerIn,
    actor: Caseworker,
    db: Db,
    language: Words,
) -> EvidenceLetterOut:
    """Also one that comes after its days, as long as the case is not decided."""
    letter = await commands.enter_evidence_answer(db, actor, application_id, evidence_letter_id, body.reply())
    return await _shape(db, actor, letter, language)


@router.post(
    "/{evidence_letter_id}/set-aside",
    operation_id="set_evidence_letter_aside",
    summary="Go on without the answer to a letter for evidence",
    responses=problems(*_ACTING, EvidenceLetterNotFound, EvidenceReasonMissing),
)
async def set_aside(
    application_id: UUID, evidence_letter_id: UUID, body: SetAsideIn, actor: Caseworker, db: Db, language: Words
) -> EvidenceLetterOut:
    """With a reason; of one that was not sent, that it will not be. An answer that comes all the same is taken in."""
    letter = await commands.set_evidence_letter_aside(db, actor, application_id, evidence_letter_id, reason=body.reason)
    return await _shape(db, actor, letter, language)


@router.get(
    "/{evidence_letter_id}/scan",
    operation_id="get_evidence_scan",
    summary="Load the scan of an answer to a letter for evidence",
    response_class=Response,
    responses={
        **problems(*_READING, EvidenceLetterNotFound, EvidenceScanNotFound, FileLost),
        **file_response(),
    },
)
async def scan(
    application_id: UUID, evidence_letter_id: UUID, request: Request, actor: Caseworker, tools: ToolsDep
) -> Response:
    """The file as it is kept. That the caller looked is on record before a byte leaves."""
    async with tools.database_for(actor).unit_of_work(trace_of(request)) as db:
        application = await get_case_file(db, actor, application_id)
        letter = await get_evidence_letter(db, application.id, evidence_letter_id)
        upload = None if letter.scan_upload_id is None else await find_upload(db, letter.scan_upload_id)
        if upload is None:
            raise EvidenceScanNotFound
        cases = await list_cases(db, [letter.application_id])
        await record_look(db, actor, "evidence_letter.scan.read", "evidence_letter", letter.id, cases=cases)
        key = await get_file_key(db, upload.id)
    return await download_scan(tools.storage, upload, key)
