"""Reads of this stage. What staff read starts at `visible_to`; the rest is asked for one application known already."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, exists, false, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from app.applications.conflict_queries import refuse_relative
from app.applications.models import Application
from app.core.clock import legal_date
from app.core.db import ReadSession, WriteSession
from app.core.errors import RoleNotAllowed
from app.identity.actors import Actor, Role
from app.reference.divisions import scope_of
from app.reference.procedure import Authority
from app.review.errors import AssessmentNotFound, DecisionNotFound, DecisionUnknown, HumanReviewNotFound, ReviewNotFound
from app.review.evidence_models import EvidenceLetter
from app.review.models import (
    Appraisal,
    Assessment,
    Decision,
    DecisionDelivery,
    HumanReview,
    Opinion,
    ReplayRun,
    Review,
    SendBack,
    Visit,
    VisitSignature,
)
from app.verification.queries import READERS
from app.verification.report_queries import took_part_in_checking

AT_HOME = ("home", "phone_video")  # the latter is only on record where an order allowed it
_SUPERVISING = frozenset({Role.COUNTY_HANDLER, Role.COUNTY_CONFIRMER, Role.SUPERVISOR})


def visible_to(actor: Actor) -> Select[Review]:
    """Select the reviews this actor may see: the one place that decides.

    A review tells how a family lives: it is for the roles that decide or supervise, below their division.
    """
    query = select(Review)
    if actor.role is Role.SYSTEM:
        return query
    if actor.role in READERS and actor.division is not None:
        low, high = scope_of(actor.division)
        return query.where(Review.division.between(low, high))
    return query.where(false())


async def get_review(db: ReadSession, actor: Actor, application_id: UUID) -> Review:
    """Return the review of an application.

    Raises:
        ReviewNotFound: there is none, or it is not theirs to see.
        ConflictOfInterest: it is the case of a close relative of the member of staff who asks.
    """
    found = (await db.execute(visible_to(actor).where(Review.application_id == application_id))).scalar_one_or_none()
    if found is None:
        raise ReviewNotFound
    await refuse_relative(db, actor, application_id)
    return found


async def find_review(db: ReadSession, application_id: UUID) -> Review | None:
    """Return the review of an application that is locked already: freshly read, whatever the session remembers."""
    query = select(Review).where(Review.application_id == application_id).execution_options(populate_existing=True)
    return (await db.execute(query)).scalar_one_or_none()


async def list_visits(db: ReadSession, application_id: UUID) -> Sequence[Visit]:
    """Return the visits to a household, oldest first."""
    query = select(Visit).where(Visit.application_id == application_id).order_by(Visit.id)
    return (await db.execute(query)).scalars().all()


async def list_signatures(db: ReadSession, application_id: UUID) -> Sequence[VisitSignature]:
    """Return who signed the visits to a household."""
    query = select(VisitSignature).where(VisitSignature.application_id == application_id).order_by(VisitSignature.id)
    return (await db.execute(query)).scalars().all()


async def list_appraisals(db: ReadSession, application_id: UUID) -> Sequence[Appraisal]:
    """Return the appraisals held about a household, oldest first."""
    query = select(Appraisal).where(Appraisal.application_id == application_id).order_by(Appraisal.id)
    return (await db.execute(query)).scalars().all()


async def list_opinions(db: ReadSession, application_id: UUID) -> Sequence[Opinion]:
    """Return the township's opinions, oldest first."""
    query = select(Opinion).where(Opinion.application_id == application_id).order_by(Opinion.round)
    return (await db.execute(query)).scalars().all()


async def list_send_backs(db: ReadSession, application_id: UUID) -> Sequence[SendBack]:
    """Return when and why the county gave the papers back, oldest first."""
    query = select(SendBack).where(SendBack.application_id == application_id).order_by(SendBack.id)
    return (await db.execute(query)).scalars().all()


async def has_home_visit(
    db: ReadSession, application_id: UUID, authority: str, *, since: datetime | None = None
) -> bool:
    """Say whether the township or the county has been at the home, or seen it from afar under an emergency order; since
    an instant if one is given."""
    query = _visits_of(application_id, since).where(Visit.authority == authority, Visit.way.in_(AT_HOME))
    return bool(await db.scalar(select(exists(query))))


async def has_survey_since(db: ReadSession, application_id: UUID, since: datetime) -> bool:
    """Say whether the household was surveyed in any way, or appraised, since an instant. An evidence letter counts from
    its answer on: that it was sent has brought nothing in."""
    sent = exists().where(EvidenceLetter.visit_id == Visit.id)
    visits = _visits_of(application_id, since).where(Visit.authority == "township", ~sent)
    day = legal_date(since)
    appraisals = select(Appraisal.id).where(
        Appraisal.application_id == application_id, Appraisal.recorded_at >= since, Appraisal.held_on >= day
    )
    answers = select(EvidenceLetter.id).where(
        EvidenceLetter.application_id == application_id,
        EvidenceLetter.entered_at >= since,
        EvidenceLetter.received_on >= day,
    )
    return bool(await db.scalar(select(exists(visits) | exists(appraisals) | exists(answers))))


async def took_part(db: ReadSession, application_id: UUID, person: UUID) -> bool:
    """Say whether somebody gave an opinion, investigated, had a hand in an evidence letter, entered an agency's answer
    or concluded from a report: he may not decide."""
    if await took_part_in_checking(db, application_id, person):
        return True
    opinions = select(Opinion.id).where(Opinion.application_id == application_id, Opinion.given_by == person)
    signatures = select(VisitSignature.id).where(
        VisitSignature.application_id == application_id, VisitSignature.signer_id == person
    )
    appraisals = select(Appraisal.id).where(Appraisal.application_id == application_id, Appraisal.recorded_by == person)
    letters = select(EvidenceLetter.id).where(
        EvidenceLetter.application_id == application_id,
        or_(
            EvidenceLetter.written_by == person,
            EvidenceLetter.entered_by == person,
            EvidenceLetter.set_aside_by == person,
        ),
    )
    return bool(await db.scalar(select(exists(opinions) | exists(signatures) | exists(appraisals) | exists(letters))))


async def find_last_assessment(db: ReadSession, application_id: UUID) -> Assessment | None:
    """Return the newest assessment that was kept for an application."""
    query = select(Assessment).where(Assessment.application_id == application_id)
    query = query.order_by(Assessment.made_at.desc(), Assessment.id.desc()).limit(1)
    return (await db.execute(query)).scalar_one_or_none()


async def get_last_assessment(db: ReadSession, application_id: UUID) -> Assessment:
    """Return the newest assessment of an application.

    Raises:
        AssessmentNotFound: nothing was assessed yet.
    """
    found = await find_last_assessment(db, application_id)
    if found is None:
        raise AssessmentNotFound
    return found


async def get_assessment(db: ReadSession, assessment_id: UUID) -> Assessment:
    """Return one assessment.

    Raises:
        AssessmentNotFound: there is none.
    """
    found = await db.get(Assessment, assessment_id)
    if found is None:
        raise AssessmentNotFound
    return found


async def find_decision(db: ReadSession, application_id: UUID) -> Decision | None:
    """Return the decision on an application."""
    return (await db.execute(select(Decision).where(Decision.application_id == application_id))).scalar_one_or_none()


async def get_decision(db: ReadSession, application_id: UUID) -> Decision:
    """Return the decision on an application.

    Raises:
        DecisionNotFound: nothing was decided yet.
    """
    found = await find_decision(db, application_id)
    if found is None:
        raise DecisionNotFound
    return found


async def get_decision_by_id(db: ReadSession, actor: Actor, decision_id: UUID) -> Decision:
    """Return one decision.

    Raises:
        DecisionUnknown: there is none, or it is not theirs to see.
        ConflictOfInterest: it is the case of a close relative of the member of staff who asks.
    """
    seen = visible_to(actor).with_only_columns(Review.id)
    query = select(Decision).where(Decision.id == decision_id, Decision.review_id.in_(seen))
    found = (await db.execute(query)).scalar_one_or_none()
    if found is None:
        raise DecisionUnknown
    await refuse_relative(db, actor, found.application_id)
    return found


async def list_delegated(db: ReadSession, actor: Actor, *, after: UUID | None, limit: int) -> Sequence[Decision]:
    """Return a page of what townships have decided by themselves, newest first, for who supervises them.

    Raises:
        RoleNotAllowed: this is the county's and the supervisors'.
    """
    if actor.role not in _SUPERVISING:
        raise RoleNotAllowed
    seen = visible_to(actor).with_only_columns(Review.id)
    query = select(Decision).join(Application, Application.id == Decision.application_id)
    query = query.where(Decision.review_id.in_(seen), Application.confirmed_by == Authority.TOWNSHIP.value)
    if after is not None:
        query = query.where(Decision.id < after)
    return (await db.execute(query.order_by(Decision.id.desc()).limit(limit))).scalars().all()


async def list_sample(db: ReadSession, day: date, size: int) -> Sequence[UUID]:
    """Draw decisions of the days before that can still be opened; of one day always the same ones, in one order."""
    drawn = func.md5(func.concat(Decision.id, day.isoformat()))
    query = select(Decision.id).where(Decision.decided_on < day, Decision.body_sealed.is_not(None))
    return (await db.execute(query.order_by(drawn, Decision.id).limit(size))).scalars().all()


async def is_replayed(db: ReadSession, day: date) -> bool:
    """Say whether the sample of a day was gone through."""
    query = select(exists().where(ReplayRun.day == day, ReplayRun.finished_at.is_not(None)))
    return bool(await db.scalar(query))


async def take_replay_run(db: WriteSession, day: date, now: datetime) -> ReplayRun:
    """Begin a day's run, or go on with it; locked, so that each decision of the sample is taken once."""
    begun = insert(ReplayRun).values(day=day, started_at=now, checked=0, different=0)
    await db.execute(begun.on_conflict_do_nothing())
    query = select(ReplayRun).where(ReplayRun.day == day).with_for_update()
    return (await db.execute(query, execution_options={"populate_existing": True})).scalar_one()


async def find_delivery(db: ReadSession, decision_id: UUID) -> DecisionDelivery | None:
    """Return the record that a decision was delivered."""
    query = select(DecisionDelivery).where(DecisionDelivery.decision_id == decision_id)
    return (await db.execute(query)).scalar_one_or_none()


def _visits_of(application_id: UUID, since: datetime | None) -> Select[UUID]:
    query = select(Visit.id).where(Visit.application_id == application_id)
    if since is None:
        return query
    # Entered since, and made since: a visit of before, entered late, has not looked into what came up then.
    return query.where(Visit.recorded_at >= since, Visit.visited_on >= legal_date(since))


def decisions_of(application_ids: Collection[UUID]) -> Select[UUID]:
    """Select the decisions on some applications, for what hangs on them."""
    return select(Decision.id).where(Decision.application_id.in_(application_ids))


async def list_human_reviews(db: ReadSession, application_id: UUID) -> Sequence[HumanReview]:
    """Return the requests for a person's assessment of a case, oldest first."""
    query = select(HumanReview).where(HumanReview.application_id == application_id).order_by(HumanReview.id)
    return (await db.execute(query)).scalars().all()


async def get_human_review(db: ReadSession, application_id: UUID, review_id: UUID) -> HumanReview:
    """Return one request of a case that is locked already: freshly read.

    Raises:
        HumanReviewNotFound: there is none in this case.
    """
    query = select(HumanReview).where(HumanReview.id == review_id, HumanReview.application_id == application_id)
    found = (await db.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()
    if found is None:
        raise HumanReviewNotFound
    return found


async def has_open_human_review(db: ReadSession, application_id: UUID) -> bool:
    """Say whether a citizen waits for a person's answer."""
    query = select(HumanReview.id).where(HumanReview.application_id == application_id)
    return bool(await db.scalar(select(exists(query.where(HumanReview.answered_at.is_(None))))))
