"""The decision: confirmed or refused, by somebody who had no part in what it rests on."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from app.applications import commands as applications
from app.applications.clocks import StepKind
from app.applications.errors import AuthorisationMissing
from app.applications.models import Application
from app.applications.promise_lifecycle import Settlement
from app.applications.queries import get_application, get_whole_application
from app.applications.steps import close_step, open_step
from app.audit.commands import record_act
from app.core.clock import today
from app.core.db import WriteSession
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed
from app.core.ids import new_id
from app.events.commands import record_event
from app.identity.actors import Actor, Role
from app.programs.registry import get_program
from app.review.assessing import open_assessment, without_authorisation
from app.review.authority import require_confirmer
from app.review.commands.county import owes_county_visit
from app.review.commands.opening import lock_review
from app.review.decisions import APPROVED, REFUSED, Papers, keep_decision
from app.review.errors import (
    AssessmentOutdated,
    CountyVisitMissing,
    DecisionAlreadyDelivered,
    DisputePending,
    HumanReviewOpen,
    NumbersOutdated,
    OpinionUnfavourable,
    ReportExpired,
    SurveyDateInvalid,
    VerificationIncomplete,
)
from app.review.events import DecisionMade
from app.review.grounds import RefusalGround, require_grounded
from app.review.lifecycle import LIFECYCLE, Action
from app.review.models import Decision, DecisionDelivery, Review
from app.review.notice_days import require_notice_over
from app.review.numbers import are_current
from app.review.queries import (
    find_delivery,
    get_assessment,
    get_decision,
    has_open_human_review,
    list_opinions,
    took_part,
)
from app.review.reasons import DISPUTED_UNANSWERED
from app.verification.dispute_queries import has_pending
from app.verification.queries import find_current_report, has_open_checks
from app.verification.report import has_expired
from app.verification.waiting import find_awaited


async def confirm(db: WriteSession, actor: Actor, application_id: UUID, *, statement: str | None = None) -> Decision:
    """Grant the allowance as the last favourable opinion assessed it, from the month after (D57 art. 20, 21).

    Raises:
        ApplicationNotFound: there is none, or it lies outside the actor's division.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        HumanReviewOpen: the citizen refused what was computed, and waits for a person's answer.
        SamePersonNotAllowed: the actor gave an opinion on the case or investigated it.
        OpinionUnfavourable: nothing was put on notice that could be confirmed.
        PromiseBroken: what stood for a paper was found untrue.
        CountyVisitMissing: the county must visit the household first.
        AuthorisationMissing: a counted member withdrew; who does not cooperate is terminated (D57 art. 29).
        VerificationIncomplete, AssessmentOutdated: agencies are being asked anew, or have answered since.
        ReportExpired: what it rests on is too old to grant anything by.
        NoticeRunning: the village may still object.
    """
    application, review = await lock_review(db, actor, application_id)
    step = LIFECYCLE.step(review.status, Action.CONFIRM, actor.role)
    require_confirmer(actor, application)
    papers = await _papers(db, actor, application, review)
    if not papers.opinion.favourable:
        raise OpinionUnfavourable
    await require_notice_over(db, application)
    if has_expired(papers.report, today(db.clock)):
        raise ReportExpired
    await applications.require_unbroken(db, application.id)
    counted = open_assessment(db, papers.assessment)["assessment"]["members"]
    if without_authorisation(await get_whole_application(db, actor, application_id), counted):
        raise AuthorisationMissing
    decision = await keep_decision(db, actor, papers, outcome=APPROVED, statement=statement)
    review.status, review.ended_at = step.target, db.clock.now()
    await applications.approve_application(db, actor, application)
    await _tell(db, actor, application, decision)
    return decision


async def refuse(
    db: WriteSession, actor: Actor, application_id: UUID, *, reasons: Sequence[str], ground: RefusalGround | None = None
) -> Decision:
    """Refuse, with reasons; the township has 3 working days to hand the written decision over (D57 art. 21).

    `ground`: what it rests on where the rules speak for the household; the opinion's own is the township's, and who
    decides names what he relies on. What is disputed holds a refusal up while its agency has time to answer, and no
    longer: past its day the decision says that no answer came (`DISPUTED_UNANSWERED`), and the ticket stays open.
    Nobody is refused by numbers that hold no longer. A grant by such is worked out anew once its award is opened.

    Raises:
        ApplicationNotFound, StepNotAllowed, RoleNotAllowed, HumanReviewOpen, SamePersonNotAllowed,
        CountyVisitMissing, VerificationIncomplete, AssessmentOutdated: as for confirming.
        DisputePending: an agency has time yet to say whether what it said is so; its detail says until when.
        NumbersOutdated: a standard or another number has changed since the opinion, which is to be given anew.
        RefusalUngrounded: the rules speak for the household, and no ground is named or a reason says nothing.
    """
    application, review = await lock_review(db, actor, application_id)
    step = LIFECYCLE.step(review.status, Action.REFUSE, actor.role)
    require_confirmer(actor, application)
    papers = await _papers(db, actor, application, review)
    await _require_answered_in_time(db, application)
    judged = open_assessment(db, papers.assessment)
    program, place = get_program(application.program), (application.division, application.area_class)
    if not await are_current(db, program, judged["parameters"], *place, today(db.clock)):
        raise NumbersOutdated
    assessed = judged["assessment"]
    written = {f"/reasons/{place}": reason for place, reason in enumerate(reasons)}
    await require_grounded(db, application.id, assessed, ground, written, settled=papers.opinion.favourable)
    if await has_pending(db, application.id):
        reasons = [*reasons, DISPUTED_UNANSWERED]
    decision = await keep_decision(db, actor, papers, outcome=REFUSED, reasons=reasons, ground=ground)
    review.status, review.ended_at = step.target, db.clock.now()
    await applications.refuse_application(db, actor, application)
    await applications.settle_broken(db, actor, application, Settlement.REFUSED)
    await open_step(db, application, StepKind.DECISION_NOTICE)
    await _tell(db, actor, application, decision)
    return decision


async def record_delivery(
    db: WriteSession, actor: Actor, application_id: UUID, *, way: str, delivered_on: date
) -> DecisionDelivery:
    """Keep that the township handed the written decision to the applicant.

    Raises:
        ApplicationNotFound, DecisionNotFound: there is none, or it lies outside the actor's division.
        RoleNotAllowed: this is the township handler's.
        SurveyDateInvalid: before the decision or in the future.
        DecisionAlreadyDelivered: it is on record.
    """
    application = await get_application(db, actor, application_id, lock=True)
    decision = await get_decision(db, application.id)
    if actor.role is not Role.TOWNSHIP_HANDLER:
        raise RoleNotAllowed
    if not decision.decided_on <= delivered_on <= today(db.clock):
        raise SurveyDateInvalid
    if await find_delivery(db, decision.id) is not None:
        raise DecisionAlreadyDelivered
    delivery = DecisionDelivery(
        id=new_id(),
        county=application.county,
        decision_id=decision.id,
        way=way,
        delivered_on=delivered_on,
        recorded_by=actor.id,
        recorded_at=db.clock.now(),
    )
    db.add(delivery)
    await close_step(db, application, StepKind.DECISION_NOTICE, "delivered", by=actor)
    await record_act(
        db, actor, "decision.deliver", "application", application.id, row=delivery, case=application.case, way=way
    )
    return delivery


async def _papers(db: WriteSession, actor: Actor, application: Application, review: Review) -> Papers:
    """Return what the decision rests on, once nothing stands in its way."""
    if await has_open_human_review(db, application.id):
        raise HumanReviewOpen
    if await took_part(db, application.id, actor.id):
        raise SamePersonNotAllowed
    if await owes_county_visit(db, review):
        raise CountyVisitMissing
    opinion = (await list_opinions(db, application.id))[-1]
    assessment = await get_assessment(db, opinion.assessment_id)
    if await has_open_checks(db, application.id):
        raise VerificationIncomplete
    report = await find_current_report(db, application.id)
    if report is None or report.id != assessment.report_id:
        raise AssessmentOutdated
    return Papers(application, review.id, opinion, assessment, report)


async def _require_answered_in_time(db: WriteSession, application: Application) -> None:
    awaited = await find_awaited(db, application)
    if awaited is None:
        return
    if awaited.until is None:
        raise DisputePending("dispute_letter_unsent", count=awaited.fields)
    raise DisputePending("dispute_answer_until", count=awaited.fields, until=awaited.until.isoformat())


async def _tell(db: WriteSession, actor: Actor, application: Application, decision: Decision) -> None:
    await record_act(
        db,
        actor,
        "review.decide",
        "application",
        application.id,
        row=decision,
        case=application.case,
        outcome=decision.outcome,
        decision=str(decision.id),
    )
    await record_event(
        db,
        DecisionMade(
            subject=application.id,
            county=application.county,
            applicant_id=application.applicant_id,
            decision_id=decision.id,
            outcome=decision.outcome,
        ),
    )
