"""The caseworker's side of awards: list, read, hear the recipient, hold back, resume, stop."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from app.api.common.awards import AwardOut
from app.api.common.callers import Caseworker
from app.api.common.deps import Db
from app.api.common.explanations import Language
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.problems import problems
from app.api.common.routing import Router
from app.api.common.schemas import Page
from app.api.console.award_schemas import AdjustIn, KeepIn, RaiseIn, ReasonIn, StopIn, SuspendIn, WaitingOut
from app.api.console.campaign_schemas import AwardFindingOut
from app.api.console.hearing_schemas import HearIn, HearingOut
from app.applications.errors import ConflictOfInterest
from app.audit.commands import record_look
from app.awards.adjusting import (
    Lower,
    actions_offered,
    approve_adjustment,
    keep_award,
    propose_adjustment,
    reject_adjustment,
)
from app.awards.behind import change_to_name
from app.awards.commands import hear_recipient, resume_award, stop_award, suspend_award
from app.awards.errors import (
    AdjustmentInvalid,
    AdjustmentOpen,
    AdjustmentOutdated,
    AwardNotFound,
    DeathNotOnRecord,
    FindingDisputed,
    FindingsInvalid,
    HearingDateOutOfRange,
    HearingGroundInvalid,
    HearingRequired,
    LastMonthOutOfRange,
    NoAdjustmentOpen,
    NoStandardBehind,
    NothingToKeep,
    StopUnreasoned,
)
from app.awards.finding_queries import list_open_findings
from app.awards.histories import History, read_histories
from app.awards.lifecycle import Action, Status
from app.awards.models import Award
from app.awards.payees import payee_of
from app.awards.queries import get_award, list_awards, list_hearings
from app.awards.raising import Higher, propose_raise
from app.awards.recomputing_queries import find_open
from app.core.db import ReadSession
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed, StepNotAllowed
from app.core.months import read_month
from app.identity.actors import Actor, Role
from app.identity.errors import TokenRejected
from app.identity.masks import mask_name

router = Router(prefix="/v1/console/awards", tags=["console: awards"])

# Hearings and reasons speak of health, crime and families: for who hears the recipient, decides, or supervises.
_TOLD_WHY = frozenset({Role.TOWNSHIP_HANDLER, Role.COUNTY_HANDLER, Role.COUNTY_CONFIRMER, Role.SUPERVISOR})
_WHY = ("suspended_reason", "stop_ground", "stop_reason")


class ConsoleAwardSummary(AwardOut):
    """An award as staff see it in a list, the payee's name masked. Why it is held back or was stopped is told to who
    hears and decides, and to supervisors; to the others `suspended_reason`, `stop_ground`, `stop_reason` and `proposed`
    are null and `acts` is empty.
    """

    division: str
    payee_name: str

    @classmethod
    def shown_to(
        cls, role: Role, db: ReadSession, award: Award, history: History, language: Language = "zh"
    ) -> "ConsoleAwardSummary":
        """Shape an award for a post."""
        own = AwardOut.of(db, award, history, language).model_dump()
        if role not in _TOLD_WHY:
            own |= {**dict.fromkeys(_WHY), "acts": [], "proposed": None}
        return cls(**own, division=award.division, payee_name=mask_name(payee_of(db, award)))


class ConsoleAwardOut(ConsoleAwardSummary):
    """An award with its hearings and what is possible now. Who is not told why it was stopped (village helpers,
    finance, administrators, township reviewers) is shown no hearings: the list is empty. `waiting`: what a changed
    standard or parameter left for a person to decide on; `findings`: what a review or a match found anew, or an agency
    says otherwise since it was disputed, or answered after the grant only, for a person to look at, shown like the
    hearings."""

    waiting: WaitingOut | None
    findings: list[AwardFindingOut]
    hearings: list[HearingOut]
    actions: list[Action]


async def _shape(db: ReadSession, actor: Actor, award_id: UUID) -> ConsoleAwardOut:
    award = await get_award(db, actor, award_id)
    hearings = await list_hearings(db, award.id) if actor.role in _TOLD_WHY else ()
    seen = await list_open_findings(db, award.id) if actor.role in _TOLD_WHY else ()
    history, found = (await read_histories(db, [award]))[award.id], await find_open(db, award.id)
    return ConsoleAwardOut(
        **ConsoleAwardSummary.shown_to(actor.role, db, award, history).model_dump(),
        waiting=WaitingOut.of(found, await change_to_name(db, award, found)) if found is not None else None,
        findings=[AwardFindingOut.of(db, each) for each in seen],
        hearings=[HearingOut.of(db, hearing) for hearing in hearings],
        actions=await actions_offered(db, award, actor.role),
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
    histories = await read_histories(db, shown)
    items = [ConsoleAwardSummary.shown_to(actor.role, db, row, histories[row.id]) for row in shown]
    return Page(items=items, next=following)


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
        TokenRejected,
        AwardNotFound,
        ConflictOfInterest,
        StepNotAllowed,
        RoleNotAllowed,
        HearingDateOutOfRange,
        HearingGroundInvalid,
    ),
)
async def hear(award_id: UUID, body: HearIn, actor: Caseworker, db: Db) -> ConsoleAwardOut:
    """Hear the recipient before a reduction or stop is decided (Social Assistance Law, article 48)."""
    await hear_recipient(
        db, actor, award_id, about=body.about, opinion=body.opinion, heard_on=body.heard_on, ground=body.ground
    )
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
        StopUnreasoned,
        HearingRequired,
        SamePersonNotAllowed,
        FindingDisputed,
        DeathNotOnRecord,
        NoStandardBehind,
        LastMonthOutOfRange,
    ),
)
async def stop(award_id: UUID, body: StopIn, actor: Caseworker, db: Db) -> ConsoleAwardOut:
    """Decide that nothing is paid after `last_month`. Refused until the recipient was heard about it: about this
    ground, since it is considered, and since whatever is acted on was found; and, on grounds that rest on what was
    found (income, property, members, fraud), while a finding is disputed and its agency has time to answer:
    `detail` says until when. After the death of somebody who lived alone the register's answer, or a paper entered
    by another person, stands for the hearing. By the `standard` only while `waiting` says that nothing is due
    (`after_fen` null) or the rules cannot say, and no earlier month. The household may apply again when its last paid
    month is over. Of an award that was taken over, a month before its first stops it whole, also ahead of that."""
    last_month = read_month(body.last_month)
    await stop_award(db, actor, award_id, ground=body.ground, reason=body.reason, last_month=last_month)
    return await _shape(db, actor, award_id)


_ADJUSTING = (TokenRejected, AwardNotFound, ConflictOfInterest, StepNotAllowed, RoleNotAllowed)


@router.post(
    "/{award_id}/adjust",
    operation_id="adjust_award",
    summary="Propose a lower amount",
    responses=problems(*_ADJUSTING, AdjustmentOpen, AdjustmentInvalid),
)
async def adjust(award_id: UUID, body: AdjustIn, actor: Caseworker, db: Db) -> ConsoleAwardOut:
    """Propose that the award amounts to less from a month on, at the earliest the next. The recipient is told, has to
    be heard about it, and another person decides. By the `standard` it is what the rules give in that month, or
    where they cannot say (`needs_person`) what a person finds. Of what was found, `findings` says what it answers."""
    lower = Lower(body.ground, body.monthly_amount_fen, read_month(body.from_month), body.reason, body.findings)
    await propose_adjustment(db, actor, award_id, lower)
    return await _shape(db, actor, award_id)


@router.post(
    "/{award_id}/raise",
    operation_id="raise_award",
    summary="Propose a higher amount",
    responses=problems(*_ADJUSTING, AdjustmentOpen, AdjustmentInvalid),
)
async def propose_higher(award_id: UUID, body: RaiseIn, actor: Caseworker, db: Db) -> ConsoleAwardOut:
    """Propose that the award amounts to more from a month on, as a review or the household's report has found; another
    person decides (`…/adjust/approve`). At most what the rules give to the household without any income. With the
    ground `standard` it is what a changed standard gives where the rules could not say (`waiting` with the outcome
    `needs_person`): from the month that waits on, also one that is over, and up to the last one of a stopped award."""
    month = read_month(body.from_month)
    higher = Higher(
        body.ground, body.monthly_amount_fen, month, body.found_by, body.found_on, body.reason, body.findings
    )
    await propose_raise(db, actor, award_id, higher)
    return await _shape(db, actor, award_id)


@router.post(
    "/{award_id}/adjust/approve",
    operation_id="approve_adjustment",
    summary="Decide on the amount that is proposed",
    responses=problems(
        *_ADJUSTING, NoAdjustmentOpen, SamePersonNotAllowed, HearingRequired, FindingDisputed, AdjustmentOutdated
    ),
)
async def approve_lower(award_id: UUID, actor: Caseworker, db: Db) -> ConsoleAwardOut:
    """Decide that what was proposed holds, from its month on or from the next, whichever is later. A lower amount is
    refused until the recipient was heard about it, since it is proposed and by another person than decides, and as a
    stop is while a finding is disputed. The household gets it
    in writing, with reasons and remedies. The findings that the proposal answers are settled; whatever else was found,
    be it since, goes on waiting. Months that it does not decide on go on waiting; behind a lower amount by a
    standard what numbers published for later give holds from their months on (`amounts`)."""
    await approve_adjustment(db, actor, award_id)
    return await _shape(db, actor, award_id)


@router.post(
    "/{award_id}/adjust/reject",
    operation_id="reject_adjustment",
    summary="Decide against the amount that is proposed",
    responses=problems(*_ADJUSTING, NoAdjustmentOpen),
)
async def reject_lower(award_id: UUID, body: ReasonIn, actor: Caseworker, db: Db) -> ConsoleAwardOut:
    """Decide that the amount stays for now. What a changed standard left open stays open, and so does what was
    found."""
    await reject_adjustment(db, actor, award_id, reason=body.reason)
    return await _shape(db, actor, award_id)


@router.post(
    "/{award_id}/keep",
    operation_id="keep_award",
    summary="Keep an award as it is",
    responses=problems(*_ADJUSTING, AdjustmentOpen, FindingsInvalid, NothingToKeep),
)
async def keep(award_id: UUID, body: KeepIn, actor: Caseworker, db: Db) -> ConsoleAwardOut:
    """Decide that the award stays, though a changed standard would lower or end it, or the rules could not say,
    or a promise was found untrue, or a review or match found something new. Of a stopped award: what waits there.
    What the reason is not about goes on waiting (`what`, `findings`)."""
    await keep_award(db, actor, award_id, reason=body.reason, what=body.what, findings=body.findings)
    return await _shape(db, actor, award_id)
