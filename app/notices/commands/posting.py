"""Putting a notice up. Only what the law names is copied into it: name, number of members, amount (D57 art. 24)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.applications.clocks import StepKind
from app.applications.household import APPLICANT, applicant_name_of, is_minor
from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.models import Application
from app.applications.queries import get_application, list_members
from app.applications.steps import open_step
from app.audit.commands import record_act
from app.core.clock import today
from app.core.db import WriteSession
from app.core.ids import new_id
from app.events.commands import record_event
from app.identity.actors import SYSTEM
from app.identity.masks import mask_childs_name
from app.notices.amounts import Amount, written
from app.notices.events import NoticePosted
from app.notices.lifecycle import Kind, Status
from app.notices.models import Notice
from app.notices.queries import find_notice
from app.review.lifecycle import Status as ReviewStatus
from app.review.queries import find_decision, find_review, get_assessment, list_opinions

_AWARD_ROUND = 1  # one award per application: posted once


@dataclass(frozen=True)
class _Content:
    """What is posted, beside the name."""

    kind: Kind
    round: int
    members: int
    amount_fen: int
    amount_from: date | None = None
    earlier: Sequence[Amount] = ()
    ends_on: date | None = None
    provisional: bool = False


async def post_opinion(db: WriteSession, application_id: UUID, *, round_: int, assessment_id: UUID) -> Notice | None:
    """Post a favourable opinion for seven days (D57 art. 19); None where there is nothing to post.

    Nothing is posted twice, nor when the matter has moved on: withdrawn, or a later opinion given.

    Raises:
        ApplicationNotFound: there is none.
    """
    application = await get_application(db, SYSTEM, application_id, lock=True)
    review = await find_review(db, application.id)
    if application.status != ApplicationStatus.ACCEPTED or review is None:
        return None
    if review.status != ReviewStatus.ON_NOTICE or review.round != round_:
        return None
    if await find_notice(db, application.id, Kind.OPINION, round_) is not None:
        return None
    assessment = await get_assessment(db, assessment_id)
    step = await open_step(db, application, StepKind.NOTICE)
    return await _post(
        db,
        application,
        _Content(
            Kind.OPINION,
            round_,
            assessment.members_counted,
            assessment.monthly_amount_fen,
            ends_on=step.due_on,
            provisional=step.provisional,
        ),
    )


async def post_award(db: WriteSession, application_id: UUID, amounts: Sequence[Amount]) -> Notice | None:
    """Post a grant, for as long as it is in force (D57 art. 24); None where nothing was granted, or it hangs already.

    `amounts`: what the award comes to from which month on, which may be more than was granted: a standard rose on the
    way.

    Raises:
        ApplicationNotFound: there is none.
    """
    application = await get_application(db, SYSTEM, application_id, lock=True)
    decision = await find_decision(db, application.id)
    if application.status != ApplicationStatus.APPROVED or decision is None:
        return None
    if (await list_opinions(db, application.id))[-1].notice_skipped is not None:
        return None  # whom a notice before the decision would have exposed, one after it would, too
    if await find_notice(db, application.id, Kind.AWARD, _AWARD_ROUND) is not None:
        return None
    return await _post(db, application, _of_award(decision.members_counted, amounts))


async def post_taken_over(
    db: WriteSession, application: Application, *, members: int, amounts: Sequence[Amount]
) -> Notice | None:
    """Post in its new village an award that another county paid before, as a grant is; None where it hangs already."""
    if await find_notice(db, application.id, Kind.AWARD, _AWARD_ROUND) is not None:
        return None
    return await _post(db, application, _of_award(members, amounts))


def _of_award(members: int, amounts: Sequence[Amount]) -> _Content:
    *earlier, last = amounts
    return _Content(Kind.AWARD, _AWARD_ROUND, members, last.fen, last.from_month, earlier)


async def _post(db: WriteSession, application: Application, content: _Content) -> Notice:
    row = new_id()
    notice = Notice(
        id=row,
        county=application.county,
        division=application.division,
        application_id=application.id,
        kind=content.kind,
        round=content.round,
        program=application.program,
        applicant_name_sealed=db.vault.seal(
            "notices.applicant_name", row, await _shown_name(db, application), division=application.county
        ),
        members_count=content.members,
        monthly_amount_fen=content.amount_fen,
        amount_from=content.amount_from,
        earlier=written(content.earlier),
        status=Status.POSTED,
        posted_on=today(db.clock),
        ends_on=content.ends_on,
        ends_provisional=content.provisional,
        posted_at=db.clock.now(),
    )
    db.add(notice)
    await db.flush()
    await record_act(db, SYSTEM, "notice.post", "notice", notice.id, row=notice, case=application.case)
    await record_event(
        db,
        NoticePosted(
            subject=application.id,
            county=application.county,
            applicant_id=application.applicant_id,
            notice_id=notice.id,
            kind=notice.kind,
            ends_on=notice.ends_on,
        ),
    )
    return notice


async def _shown_name(db: WriteSession, application: Application) -> str:
    name = applicant_name_of(db, application)
    applicants = [member for member in await list_members(db, application.id) if member.relation == APPLICANT]
    if any(is_minor(member, today(db.clock)) for member in applicants):
        return mask_childs_name(name)
    return name
