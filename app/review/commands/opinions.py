"""The township's opinion: the rules are applied, a person settles what they leave open and signs."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from app.applications.clocks import StepKind
from app.applications.commands import require_unbroken
from app.applications.errors import AuthorisationMissing
from app.applications.models import Application
from app.applications.queries import get_whole_application
from app.applications.steps import close_step, open_step
from app.audit.commands import record_act
from app.core.db import WriteSession
from app.core.errors import Fault
from app.core.ids import new_id
from app.events.commands import record_event
from app.identity.actors import Actor
from app.programs.assessment import Assessment as Judgement
from app.review.assessing import allows_favour, judge, keep_assessment, open_points, without_authorisation
from app.review.authority import confirmation_step
from app.review.commands.check_results import require_settled
from app.review.commands.evidence_answers import take_up_evidence
from app.review.commands.opening import lock_review
from app.review.decisions import write_reasons
from app.review.errors import (
    NoticeNotSkippable,
    OpinionAgainstRules,
    ReasonsMissing,
    RefusalUngrounded,
)
from app.review.events import OpinionGiven
from app.review.grounds import RefusalGround, require_grounded
from app.review.lifecycle import LIFECYCLE, Action, Status
from app.review.models import Assessment, Opinion, Review
from app.review.notice_skipping import NOT_POSTED, SkipGround, may_be_skipped
from app.review.reasons import SUBSTANCE, has_substance
from app.review.surveyed import check_surveyed


@dataclass(frozen=True)
class _Said:
    """What the reviewer says. `evidence`: the letters it rests on, as JSON."""

    favourable: bool
    statement: str
    reasons: Mapping[str, str]
    skip_notice: SkipGround | None
    evidence: str
    ground: RefusalGround | None


async def give_opinion(
    db: WriteSession,
    actor: Actor,
    application_id: UUID,
    *,
    favourable: bool,
    statement: str,
    reasons: Mapping[str, str],
    skip_notice: SkipGround | None = None,
    ground: RefusalGround | None = None,
) -> Review:
    """Judge the case by the rules of today and keep the reviewer's opinion on it (D57 art. 19).

    A favourable opinion goes on notice, after an objection straight to the county; an unfavourable one to the county.
    `skip_notice`: the ground on which a child's case is not posted; it goes straight to who decides, and says why.
    The amount is the one the rules work out: nobody types it. `reasons`: for each rule that leaves a point open, how it
    was settled, in words that say something. `ground`: what an unfavourable opinion rests on where the rules speak for
    the household.

    Raises:
        ApplicationNotFound: there is none, or it lies outside the actor's division.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        HomeVisitMissing, ReSurveyMissing, VerificationIncomplete: there is nothing to judge by yet.
        CheckResultOpen: the household may still object to what was found.
        EvidenceAwaited: somebody outside was asked in writing, may still answer in time, and was not set aside.
        AuthorisationMissing: a counted member withdrew; who does not cooperate is terminated (D57 art. 29).
        ReasonsMissing: a point is open and no reason given, or one without substance, or one for what is not open.
        OpinionAgainstRules: favourable, and the rules say no.
        RefusalUngrounded: unfavourable, the rules say yes, and no ground is named or the statement says nothing; or
            favourable with a ground against it.
        PromiseBroken: favourable, and what stood for a paper is not so.
        NoticeNotSkippable: the allowance is not for children alone, or the opinion is unfavourable.
        StandardMissing, ParameterNotUsable, RulesNotInForce: the numbers of this place and day cannot be used.
    """
    application, review = await lock_review(db, actor, application_id)
    if skip_notice is not None and not favourable:
        raise NoticeNotSkippable
    if favourable and ground is not None:
        raise RefusalUngrounded(faults=(Fault("/ground", "not_expected", "favourable"),))
    step = LIFECYCLE.step(review.status, _action(favourable, skip_notice), actor.role)
    await check_surveyed(db, review)
    await require_settled(db, application.id)
    if favourable:
        await require_unbroken(db, application.id)
    whole = await get_whole_application(db, actor, application.id)
    prepared = await judge(db, whole)
    if without_authorisation(whole, [member.as_json() for member in prepared.judgement.members]):
        raise AuthorisationMissing
    _check_reasons(prepared.judgement, reasons)
    if favourable and not allows_favour(prepared.judgement):
        raise OpinionAgainstRules
    if not favourable:
        as_kept = prepared.judgement.as_json()
        await require_grounded(db, application.id, as_kept, ground, {"/statement": statement})
    if skip_notice is not None and not may_be_skipped(prepared.case, prepared.judgement, skip_notice):
        raise NoticeNotSkippable
    evidence = await take_up_evidence(db, actor, application)
    assessment = await keep_assessment(db, actor, application, prepared)
    review.status, review.round = step.target, review.round + 1
    said = _Said(favourable, statement, reasons, skip_notice, evidence, ground)
    opinion = await _keep_opinion(db, actor, review, assessment, said)
    await _move_steps(db, actor, application, review, favourable, skip_notice)
    await record_act(
        db,
        actor,
        "review.opinion",
        "application",
        application.id,
        row=opinion,
        case=application.case,
        favourable=favourable,
        notice_skipped=skip_notice,
    )
    await record_event(
        db,
        OpinionGiven(
            subject=application.id,
            county=application.county,
            applicant_id=application.applicant_id,
            favourable=favourable,
            assessment_id=assessment.id,
            round=review.round,
        ),
    )
    return review


def _check_reasons(judgement: Judgement, reasons: Mapping[str, str]) -> None:
    open_rules = {finding.rule for finding in open_points(judgement)}
    faults = [Fault(f"/reasons/{rule}", "required", "reason") for rule in open_rules - set(reasons)]
    faults += [Fault(f"/reasons/{rule}", "not_open") for rule in set(reasons) - open_rules]
    faults += [
        Fault(f"/reasons/{rule}", "too_short", "reason", least=SUBSTANCE)
        for rule in open_rules & set(reasons)
        if not has_substance(reasons[rule])
    ]
    if faults:
        raise ReasonsMissing(faults=tuple(sorted(faults, key=lambda fault: fault.pointer)))


async def _keep_opinion(
    db: WriteSession,
    actor: Actor,
    review: Review,
    assessment: Assessment,
    said: _Said,
) -> Opinion:
    row_id, settled = new_id(), write_reasons(said.reasons, said.ground)
    opinion = Opinion(
        id=row_id,
        county=review.county,
        division=review.division,
        application_id=review.application_id,
        review_id=review.id,
        round=review.round,
        favourable=said.favourable,
        notice_skipped=said.skip_notice,
        assessment_id=assessment.id,
        statement_sealed=db.vault.seal("opinions.statement", row_id, said.statement, division=review.county),
        reasons_sealed=db.vault.seal("opinions.reasons", row_id, settled, division=review.county),
        evidence_sealed=db.vault.seal("opinions.evidence", row_id, said.evidence, division=review.county),
        given_by=actor.id,
        given_at=db.clock.now(),
    )
    db.add(opinion)
    await db.flush()
    return opinion


def _action(favourable: bool, skip_notice: SkipGround | None) -> Action:
    if not favourable:
        return Action.OPPOSE
    return Action.FAVOUR if skip_notice is None else Action.FAVOUR_UNPOSTED


async def _move_steps(
    db: WriteSession,
    actor: Actor,
    application: Application,
    review: Review,
    favourable: bool,
    skip_notice: SkipGround | None,
) -> None:
    outcome = "favourable" if favourable else "unfavourable"
    await close_step(db, application, StepKind.OPINION, outcome, by=actor)
    await close_step(db, application, StepKind.RE_SURVEY, outcome, by=actor)
    if skip_notice is not None:  # the household sees that nothing was posted, and why
        await open_step(db, application, StepKind.NOTICE)
        await close_step(db, application, StepKind.NOTICE, f"{NOT_POSTED}{skip_notice}"[:32])
    if review.status == Status.WITH_COUNTY:
        await open_step(db, application, confirmation_step(application))
