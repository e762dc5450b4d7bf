"""The caseworker's side of survey, opinion and decision."""

import json
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from app.api.common.callers import Caseworker
from app.api.common.deps import Db
from app.api.common.explanations import AssessmentOut, Language, language_of
from app.api.common.problems import problems, wants_english
from app.api.common.routing import Router
from app.api.console.review_schemas import (
    AppraisalIn,
    ConfirmIn,
    DeliveryIn,
    DeliveryOut,
    OpinionIn,
    RefuseIn,
    ReviewOut,
    RevisitIn,
    SendBackIn,
    VisitIn,
)
from app.applications.errors import (
    ApplicationNotFound,
    AuthorisationMissing,
    ConflictOfInterest,
    EntrustmentNotFound,
    MemberNotFound,
    PromiseBroken,
)
from app.applications.queries import get_whole_application, list_cases
from app.audit.commands import record_look
from app.core.db import ReadSession
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed, StepNotAllowed
from app.identity.actors import Actor
from app.identity.errors import StaffNotFound, TokenRejected
from app.programs.canonical import canonical_bytes
from app.programs.errors import ParameterNotUsable, RulesNotInForce
from app.reference.errors import StandardMissing
from app.review import commands
from app.review.assessing import judge
from app.review.errors import (
    AppraisalQuorumMissing,
    AssessmentOutdated,
    CheckResultOpen,
    CountyVisitMissing,
    DecisionAlreadyDelivered,
    DecisionNotFound,
    DisputePending,
    EvidenceAwaited,
    HomeVisitMissing,
    HouseholdSignatureMissing,
    HumanReviewOpen,
    InvestigatorNotAllowed,
    NoticeNotSkippable,
    NoticeRunning,
    NumbersOutdated,
    OpinionAgainstRules,
    OpinionUnfavourable,
    ReasonsMissing,
    RefusalUngrounded,
    RemoteSurveyNotAllowed,
    ReportExpired,
    ReSurveyMissing,
    ReviewNotFound,
    SurveyDateInvalid,
    TwoInvestigatorsRequired,
    VerificationIncomplete,
)
from app.review.queries import get_review

router = Router(prefix="/v1/console/applications", tags=["console: review"])

_ALWAYS = (TokenRejected, ApplicationNotFound, ConflictOfInterest, StepNotAllowed, RoleNotAllowed)
_NUMBERS = (StandardMissing, ParameterNotUsable, RulesNotInForce)
_VISIT = (
    *_ALWAYS,
    TwoInvestigatorsRequired,
    InvestigatorNotAllowed,
    StaffNotFound,
    MemberNotFound,
    EntrustmentNotFound,
    HouseholdSignatureMissing,
    SurveyDateInvalid,
    RemoteSurveyNotAllowed,
)
_DECISION = (
    *_ALWAYS,
    HumanReviewOpen,
    SamePersonNotAllowed,
    CountyVisitMissing,
    VerificationIncomplete,
    AssessmentOutdated,
)


async def _language(request: Request) -> Language:
    return language_of(english=wants_english(request))


Words = Annotated[Language, Depends(_language)]


async def _shape(db: ReadSession, actor: Actor, application_id: UUID, language: Language) -> ReviewOut:
    return await ReviewOut.of(db, await get_review(db, actor, application_id), actor, language)


@router.get(
    "/{application_id}/review",
    operation_id="get_review",
    summary="Read the review of an application",
    responses=problems(TokenRejected, ReviewNotFound, ConflictOfInterest),
)
async def get(application_id: UUID, actor: Caseworker, db: Db, language: Words) -> ReviewOut:
    """Visits, appraisals, opinions, assessment and decision, and what the caller may do now. Every look is recorded."""
    review = await get_review(db, actor, application_id)
    cases = await list_cases(db, [application_id])
    await record_look(db, actor, "review.read", "application", application_id, cases=cases)
    return await ReviewOut.of(db, review, actor, language)


@router.get(
    "/{application_id}/assessment",
    operation_id="preview_assessment",
    summary="See what the rules say today",
    responses=problems(
        TokenRejected, ApplicationNotFound, ConflictOfInterest, ReviewNotFound, VerificationIncomplete, *_NUMBERS
    ),
)
async def preview(application_id: UUID, actor: Caseworker, db: Db, language: Words) -> AssessmentOut:
    """The assessment an opinion given now would rest on; open points need a reason in it. Nothing is kept but that
    somebody looked."""
    await get_review(db, actor, application_id)
    application = await get_whole_application(db, actor, application_id)
    await record_look(db, actor, "assessment.preview", "application", application_id, cases=[application.case])
    prepared = await judge(db, application)
    return AssessmentOut.of(json.loads(canonical_bytes(prepared.judgement.as_json())), language)


@router.post(
    "/{application_id}/visits",
    status_code=201,
    operation_id="record_visit",
    summary="Record a visit of the township",
    responses=problems(*_VISIT),
)
async def record_visit(application_id: UUID, body: VisitIn, actor: Caseworker, db: Db, language: Words) -> ReviewOut:
    """Keep what at least two investigators saw, signed by them and by the members who were there."""
    await commands.record_visit(db, actor, application_id, body.details())
    return await _shape(db, actor, application_id, language)


@router.post(
    "/{application_id}/appraisals",
    status_code=201,
    operation_id="record_appraisal",
    summary="Record a democratic appraisal",
    responses=problems(*_ALWAYS, AppraisalQuorumMissing, SurveyDateInvalid),
)
async def record_appraisal(
    application_id: UUID, body: AppraisalIn, actor: Caseworker, db: Db, language: Words
) -> ReviewOut:
    """Keep an appraisal's conclusion. Held only after an objection to the notice."""
    await commands.record_appraisal(db, actor, application_id, body.details())
    return await _shape(db, actor, application_id, language)


@router.post(
    "/{application_id}/opinion",
    status_code=201,
    operation_id="give_opinion",
    summary="Give the township's opinion",
    responses=problems(
        *_ALWAYS,
        HomeVisitMissing,
        ReSurveyMissing,
        CheckResultOpen,
        EvidenceAwaited,
        PromiseBroken,
        VerificationIncomplete,
        AuthorisationMissing,
        ReasonsMissing,
        OpinionAgainstRules,
        RefusalUngrounded,
        NoticeNotSkippable,
        *_NUMBERS,
    ),
)
async def give_opinion(application_id: UUID, body: OpinionIn, actor: Caseworker, db: Db, language: Words) -> ReviewOut:
    """Judge the case by the rules and sign. A favourable opinion is posted in the village for seven days; an
    unfavourable one, and any after an objection, goes to the county. Letters for evidence stand among its grounds."""
    await commands.give_opinion(
        db,
        actor,
        application_id,
        favourable=body.favourable,
        statement=body.statement,
        reasons=body.reasons,
        skip_notice=body.skip_notice,
        ground=body.ground,
    )
    return await _shape(db, actor, application_id, language)


@router.post(
    "/{application_id}/county-visits",
    status_code=201,
    operation_id="record_county_visit",
    summary="Record a visit of the county",
    responses=problems(*_VISIT),
)
async def record_county_visit(
    application_id: UUID, body: VisitIn, actor: Caseworker, db: Db, language: Words
) -> ReviewOut:
    """Obligatory for registered relatives of staff and after a complaint. Who visits does not decide."""
    await commands.record_county_visit(db, actor, application_id, body.details())
    return await _shape(db, actor, application_id, language)


@router.post(
    "/{application_id}/confirm",
    operation_id="confirm_application",
    summary="Grant the allowance",
    responses=problems(
        *_DECISION, OpinionUnfavourable, PromiseBroken, AuthorisationMissing, ReportExpired, NoticeRunning
    ),
)
async def confirm(application_id: UUID, body: ConfirmIn, actor: Caseworker, db: Db, language: Words) -> ReviewOut:
    """Decide as assessed, paid from the month after, once the days of the notice are over. Another person than who gave
    the opinion or visited."""
    await commands.confirm(db, actor, application_id, statement=body.statement)
    return await _shape(db, actor, application_id, language)


@router.post(
    "/{application_id}/refuse",
    operation_id="refuse_application",
    summary="Refuse the allowance",
    responses=problems(*_DECISION, DisputePending, NumbersOutdated, RefusalUngrounded),
)
async def refuse(application_id: UUID, body: RefuseIn, actor: Caseworker, db: Db, language: Words) -> ReviewOut:
    """Decide against, with reasons; the written decision is to reach the applicant within 3 working days. Nobody is
    refused by a standard that was replaced since the opinion: send it back, and it is judged by what holds now."""
    await commands.refuse(db, actor, application_id, reasons=list(body.reasons), ground=body.ground)
    return await _shape(db, actor, application_id, language)


@router.post(
    "/{application_id}/revisit",
    operation_id="revisit_refusal",
    summary="Say what comes of a refusal whose basis was corrected",
    responses=problems(*_ALWAYS),
)
async def revisit(application_id: UUID, body: RevisitIn, actor: Caseworker, db: Db, language: Words) -> ReviewOut:
    """The task `decision_revisit`, of the county's confirmer: an agency has corrected what was disputed, after a
    refusal that was made past its day. The decision stays on record; the household is told, and its timeline says what
    came of it."""
    await commands.revisit(db, actor, application_id, body.outcome)
    return await _shape(db, actor, application_id, language)


@router.post(
    "/{application_id}/send-back",
    operation_id="send_back_application",
    summary="Give the papers back to the township",
    responses=problems(*_ALWAYS),
)
async def send_back(application_id: UUID, body: SendBackIn, actor: Caseworker, db: Db, language: Words) -> ReviewOut:
    """The township surveys what is missing and gives a new opinion, which is posted again."""
    await commands.send_back(db, actor, application_id, reason=body.reason)
    return await _shape(db, actor, application_id, language)


@router.post(
    "/{application_id}/decision-deliveries",
    status_code=201,
    operation_id="record_delivery",
    summary="Record that the written decision was handed over",
    responses=problems(
        TokenRejected,
        ApplicationNotFound,
        ConflictOfInterest,
        DecisionNotFound,
        RoleNotAllowed,
        SurveyDateInvalid,
        DecisionAlreadyDelivered,
    ),
)
async def record_delivery(application_id: UUID, body: DeliveryIn, actor: Caseworker, db: Db) -> DeliveryOut:
    """The township hands the decision over, a refusal within 3 working days."""
    kept = await commands.record_delivery(db, actor, application_id, way=body.way, delivered_on=body.delivered_on)
    return DeliveryOut(decision_id=kept.decision_id, way=kept.way, delivered_on=kept.delivered_on)
