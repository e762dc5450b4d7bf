"""The caseworker's side of awards: list, read, hear the recipient, hold back, resume, stop."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field

from app.api.applicant.awards import AwardOut
from app.api.common.callers import Caseworker
from app.api.common.deps import Db
from app.api.common.months import Month
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.problems import problems
from app.api.common.routing import Router
from app.api.common.schemas import In, Moment, Out, Page, Paragraph
from app.applications.errors import ConflictOfInterest
from app.audit.commands import record_look
from app.awards.commands import hear_recipient, resume_award, stop_award, suspend_award
from app.awards.errors import AwardNotFound, HearingDateOutOfRange, HearingRequired, LastMonthOutOfRange
from app.awards.lifecycle import LIFECYCLE, Action, Status, StopGround, SuspendReason
from app.awards.models import Award, Hearing
from app.awards.payees import payee_of
from app.awards.queries import get_award, list_awards, list_hearings
from app.core.db import ReadSession
from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.core.months import read_month
from app.identity.actors import Actor, Role
from app.identity.errors import TokenRejected
from app.identity.masks import mask_name
from app.programs.declaration import PlainDate

router = Router(prefix="/v1/console/awards", tags=["console: awards"])

# Hearings and reasons speak of health, crime and families: for who hears the recipient, decides, or supervises.
_TOLD_WHY = frozenset({Role.TOWNSHIP_HANDLER, Role.COUNTY_HANDLER, Role.COUNTY_CONFIRMER, Role.SUPERVISOR})
_WHY = ("suspended_reason", "stop_ground", "stop_reason")


class SuspendIn(In):
    """The doubt that is looked into while payments are held back."""

    reason: Annotated[SuspendReason, Field(strict=False)]


class HearIn(In):
    """What the recipient said, and when, about a reduction or stop that is being considered."""

    about: Literal["reduce", "stop"]
    opinion: Paragraph
    heard_on: PlainDate


class StopIn(In):
    """Why, in words for the written notice, and the last month that is still paid."""

    ground: Annotated[StopGround, Field(strict=False)]
    reason: Paragraph
    last_month: Month


class HearingOut(Out):
    """A hearing on record."""

    id: UUID
    about: str
    opinion: str
    heard_on: date
    heard_by: UUID
    recorded_at: Moment

    @classmethod
    def of(cls, db: ReadSession, hearing: Hearing) -> "HearingOut":
        return cls(
            id=hearing.id,
            about=hearing.about,
            opinion=db.vault.open("award_hearings.opinion", hearing.id, hearing.opinion_sealed),
            heard_on=hearing.heard_on,
            heard_by=hearing.heard_by,
            recorded_at=hearing.recorded_at,
        )


class ConsoleAwardSummary(AwardOut):
    """An award as staff see it in a list, the payee's name masked. Why it is held back or was stopped is told to who
    hears and decides, and to supervisors; to the others `suspended_reason`, `stop_ground` and `stop_reason` are null.
    """

    division: str
    payee_name: str

    @classmethod
    def shown_to(cls, role: Role, db: ReadSession, award: Award) -> "ConsoleAwardSummary":
        own = AwardOut.of(db, award).model_dump()
        if role not in _TOLD_WHY:
            own |= dict.fromkeys(_WHY)
        return cls(**own, division=award.division, payee_name=mask_name(payee_of(db, award)))


class ConsoleAwardOut(ConsoleAwardSummary):
    """An award with its hearings and what is possible now. Who is not told why it was stopped (village helpers,
    finance, administrators, township reviewers) is shown no hearings: the list is empty."""

    hearings: list[HearingOut]
    actions: list[Action]


async def _shape(db: ReadSession, actor: Actor, award_id: UUID) -> ConsoleAwardOut:
    award = await get_award(db, actor, award_id)
    hearings = await list_hearings(db, award.id) if actor.role in _TOLD_WHY else ()
    return ConsoleAwardOut(
        **ConsoleAwardSummary.shown_to(actor.role, db, award).model_dump(),
        hearings=[HearingOut.of(db, hearing) for hearing in hearings],
        actions=list(LIFECYCLE.actions(award.status, actor.role)),
    )


@router.get(
    "",
    operation_id="list_awards",
    summary="List the awards of my division",
    responses=problems(TokenRejected, CursorRejected),
)
async def list_all(
    actor: Caseworker,
    db: Db,
    status: Annotated[Status | None, Query()] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[ConsoleAwardSummary]:
    """What lies below the caller's division, newest first. That the caller saw them is recorded."""
    name = f"console-awards:{status}"
    after = read_id_cursor(db.vault, actor, name, cursor)
    rows = await list_awards(db, actor, status=status, after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, name, str(rows[limit - 1].id)) if len(rows) > limit else None
    shown = rows[:limit]
    if shown:
        await record_look(
            db, actor, "award.list", "awards", cases=[row.case for row in shown], count=len(shown), status=status
        )
    return Page(items=[ConsoleAwardSummary.shown_to(actor.role, db, row) for row in shown], next=following)


@router.get(
    "/{award_id}",
    operation_id="get_award",
    summary="Read one award",
    responses=problems(TokenRejected, AwardNotFound, ConflictOfInterest),
)
async def get(award_id: UUID, actor: Caseworker, db: Db) -> ConsoleAwardOut:
    """The award; for who hears, decides or supervises with what its recipient said and why it was stopped. Every look
    is recorded."""
    award = await get_award(db, actor, award_id)
    await record_look(db, actor, "award.read", "award", award_id, cases=[award.case])
    return await _shape(db, actor, award_id)


@router.post(
    "/{award_id}/suspend",
    operation_id="suspend_award",
    summary="Hold payments back",
    responses=problems(TokenRejected, AwardNotFound, ConflictOfInterest, StepNotAllowed, RoleNotAllowed),
)
async def suspend(award_id: UUID, body: SuspendIn, actor: Caseworker, db: Db) -> ConsoleAwardOut:
    """Hold payments back while a doubt is looked into. It decides nothing: resuming pays what was held back."""
    await suspend_award(db, actor, award_id, reason=body.reason)
    return await _shape(db, actor, award_id)


@router.post(
    "/{award_id}/resume",
    operation_id="resume_award",
    summary="Pay again",
    responses=problems(TokenRejected, AwardNotFound, ConflictOfInterest, StepNotAllowed, RoleNotAllowed),
)
async def resume(award_id: UUID, actor: Caseworker, db: Db) -> ConsoleAwardOut:
    """Pay again; the next payroll also pays the months that were held back."""
    await resume_award(db, actor, award_id)
    return await _shape(db, actor, award_id)


@router.post(
    "/{award_id}/hear",
    operation_id="hear_recipient",
    summary="Record what the recipient says",
    responses=problems(
        TokenRejected, AwardNotFound, ConflictOfInterest, StepNotAllowed, RoleNotAllowed, HearingDateOutOfRange
    ),
)
async def hear(award_id: UUID, body: HearIn, actor: Caseworker, db: Db) -> ConsoleAwardOut:
    """Hear the recipient before a reduction or stop is decided (Social Assistance Law, article 48)."""
    await hear_recipient(db, actor, award_id, about=body.about, opinion=body.opinion, heard_on=body.heard_on)
    return await _shape(db, actor, award_id)


@router.post(
    "/{award_id}/stop",
    operation_id="stop_award",
    summary="Stop an award",
    responses=problems(
        TokenRejected,
        AwardNotFound,
        ConflictOfInterest,
        StepNotAllowed,
        RoleNotAllowed,
        HearingRequired,
        LastMonthOutOfRange,
    ),
)
async def stop(award_id: UUID, body: StopIn, actor: Caseworker, db: Db) -> ConsoleAwardOut:
    """Decide that nothing is paid after `last_month`. Refused until the recipient was heard about it. The household may
    apply again when its last paid month is over."""
    last_month = read_month(body.last_month)
    await stop_award(db, actor, award_id, ground=body.ground, reason=body.reason, last_month=last_month)
    return await _shape(db, actor, award_id)
