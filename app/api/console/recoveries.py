"""Recovery at the desk: claim, hear, order or drop, take in what comes back, write the rest off."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import Field

from app.api.common.callers import Caseworker
from app.api.common.deps import Db
from app.api.common.explanations import Language, language_of
from app.api.common.free_words import Words
from app.api.common.months import Month
from app.api.common.problems import problems, wants_english
from app.api.common.recoveries import RecoveryOut, shape_recoveries
from app.api.common.routing import Router
from app.api.common.schemas import In, Line, Moment, Out, Paragraph
from app.applications.errors import ConflictOfInterest
from app.audit.commands import record_look
from app.awards.errors import AwardNotFound
from app.awards.queries import get_award
from app.core.db import ReadSession
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed, StepNotAllowed
from app.core.months import read_month
from app.identity.actors import Actor, Role
from app.identity.errors import TokenRejected
from app.overpayments import commands
from app.overpayments.commands import Claimed, Instalment
from app.overpayments.errors import (
    RecoveryInvalid,
    RecoveryNotFound,
    RecoveryNotHeard,
    RecoveryOpen,
    RecoveryOutdated,
    RepaymentDiffers,
    RepaymentTooMuch,
    WriteOffNotOpen,
)
from app.overpayments.lifecycle import LIFECYCLE, Action, Ground
from app.overpayments.models import Recovery
from app.overpayments.queries import list_recoveries
from app.programs.declaration import PlainDate

router = Router(prefix="/v1/console", tags=["console: awards"])

# Reasons and what the household said speak of health and crime: for who hears, decides, takes money in, or supervises.
_READERS = frozenset({Role.TOWNSHIP_HANDLER, Role.COUNTY_HANDLER, Role.COUNTY_CONFIRMER, Role.FINANCE, Role.SUPERVISOR})
_ACTING = (TokenRejected, RecoveryNotFound, ConflictOfInterest, StepNotAllowed, RoleNotAllowed)
_Amount = Annotated[int, Field(ge=1, le=10**11, description="integer fen, 1/100 yuan")]


class ClaimedIn(In):
    """What of one month is claimed."""

    month: Month
    amount_fen: _Amount


class RecoveryIn(In):
    """A claim and why, in words for the written notice. `after_stop`: what was paid after the last month of a stopped
    award; without `months`, all of it. `fraud`: as a stop or a reduction has found it."""

    ground: Annotated[Ground, Field(strict=False)]
    months: Annotated[list[ClaimedIn], Field(max_length=120)] = Field(default_factory=list)
    reason: Paragraph


class HeardIn(In):
    """What the household says about the claim, and when it said so."""

    opinion: Paragraph
    heard_on: PlainDate


class InstalmentIn(In):
    """A part that is to come back by a day."""

    due_on: PlainDate
    amount_fen: _Amount


class OrderIn(In):
    """By when which part is to come back; together the whole."""

    instalments: Annotated[list[InstalmentIn], Field(min_length=1, max_length=60)]


class WhyIn(In):
    """Why."""

    reason: Paragraph


class RepaymentIn(In):
    """Money that came back. `reference`: the receipt's number; the same one again changes nothing."""

    amount_fen: _Amount
    received_on: PlainDate
    reference: Annotated[Line, Field(max_length=64)]


class ConsoleRecoveryOut(RecoveryOut):
    """A recovery at the desk. `write_off_reason`: why what is still owed is proposed to be given up, or was."""

    write_off_reason: Words | None
    write_off_proposed_at: Moment | None
    written_off_at: Moment | None
    actions: list[Action]


class ConsoleRecoveriesOut(Out):
    """All of one award, oldest first."""

    items: list[ConsoleRecoveryOut]


def _desk(db: ReadSession, actor: Actor, row: Recovery, shown: RecoveryOut) -> ConsoleRecoveryOut:
    reason = row.write_off_reason_sealed
    return ConsoleRecoveryOut(
        **shown.model_dump(),
        write_off_reason=db.vault.open("recoveries.write_off_reason", row.id, reason) if reason else None,
        write_off_proposed_at=row.write_off_proposed_at,
        written_off_at=row.written_off_at,
        actions=list(LIFECYCLE.actions(row.status, actor.role)),
    )


async def _shape_all(db: ReadSession, actor: Actor, award_id: UUID, language: Language) -> list[ConsoleRecoveryOut]:
    shown = {each.id: each for each in await shape_recoveries(db, award_id, language)}
    return [_desk(db, actor, row, shown[row.id]) for row in await list_recoveries(db, award_id)]


async def _shape(db: ReadSession, actor: Actor, row: Recovery, request: Request) -> ConsoleRecoveryOut:
    language = language_of(english=wants_english(request))
    return next(each for each in await _shape_all(db, actor, row.award_id, language) if each.id == row.id)


@router.get(
    "/awards/{award_id}/recoveries",
    operation_id="list_recoveries",
    summary="See what is to come back of an award",
    responses=problems(TokenRejected, AwardNotFound, ConflictOfInterest, RoleNotAllowed),
)
async def list_all(award_id: UUID, actor: Caseworker, db: Db, request: Request) -> ConsoleRecoveriesOut:
    """By month, with what the household said and what came back. Every look is recorded."""
    award = await get_award(db, actor, award_id)
    if actor.role not in _READERS:
        raise RoleNotAllowed
    await record_look(db, actor, "recovery.list", "award", award_id, cases=[award.case])
    language = language_of(english=wants_english(request))
    return ConsoleRecoveriesOut(items=await _shape_all(db, actor, award.id, language))


@router.post(
    "/awards/{award_id}/recoveries",
    status_code=201,
    operation_id="propose_recovery",
    summary="Claim what was paid too much",
    responses=problems(TokenRejected, AwardNotFound, ConflictOfInterest, RoleNotAllowed, RecoveryOpen, RecoveryInvalid),
)
async def propose(award_id: UUID, body: RecoveryIn, actor: Caseworker, db: Db, request: Request) -> ConsoleRecoveryOut:
    """Never more than was paid, and of each month once. The household is told in writing, has to be heard about it, and
    another person decides."""
    months = [Claimed(read_month(each.month), each.amount_fen) for each in body.months]
    row = await commands.propose_recovery(db, actor, award_id, body.ground, months, body.reason)
    return await _shape(db, actor, row, request)


@router.post(
    "/recoveries/{recovery_id}/hear",
    operation_id="hear_about_recovery",
    summary="Record what the household says about the claim",
    responses=problems(*_ACTING, RecoveryInvalid),
)
async def hear(recovery_id: UUID, body: HeardIn, actor: Caseworker, db: Db, request: Request) -> ConsoleRecoveryOut:
    """Before anybody decides on it."""
    row = await commands.hear_about_recovery(db, actor, recovery_id, opinion=body.opinion, heard_on=body.heard_on)
    return await _shape(db, actor, row, request)


@router.post(
    "/recoveries/{recovery_id}/order",
    operation_id="order_recovery",
    summary="Order money back",
    responses=problems(*_ACTING, SamePersonNotAllowed, RecoveryNotHeard, RecoveryOutdated, RecoveryInvalid),
)
async def order(recovery_id: UUID, body: OrderIn, actor: Caseworker, db: Db, request: Request) -> ConsoleRecoveryOut:
    """Decide that it comes back, by which days. The household gets it in writing, with reasons and remedies."""
    parts = [Instalment(each.due_on, each.amount_fen) for each in body.instalments]
    return await _shape(db, actor, await commands.order_recovery(db, actor, recovery_id, parts), request)


@router.post(
    "/recoveries/{recovery_id}/drop",
    operation_id="drop_recovery",
    summary="Decide that nothing comes back",
    responses=problems(*_ACTING, SamePersonNotAllowed),
)
async def drop(recovery_id: UUID, body: WhyIn, actor: Caseworker, db: Db, request: Request) -> ConsoleRecoveryOut:
    """With the reason. Its months may be claimed again."""
    row = await commands.drop_recovery(db, actor, recovery_id, reason=body.reason)
    return await _shape(db, actor, row, request)


@router.post(
    "/recoveries/{recovery_id}/repayments",
    operation_id="receive_repayment",
    summary="Take in what came back",
    responses=problems(*_ACTING, RepaymentDiffers, RepaymentTooMuch, RecoveryInvalid),
)
async def receive(
    recovery_id: UUID, body: RepaymentIn, actor: Caseworker, db: Db, request: Request
) -> ConsoleRecoveryOut:
    """Each receipt once, by its number. With the last part the recovery is repaid."""
    row = await commands.receive_repayment(
        db,
        actor,
        recovery_id,
        amount_fen=body.amount_fen,
        received_on=body.received_on,
        reference=body.reference,
    )
    return await _shape(db, actor, row, request)


@router.post(
    "/recoveries/{recovery_id}/write-off",
    operation_id="propose_write_off",
    summary="Propose to give up what is still owed",
    responses=problems(*_ACTING, WriteOffNotOpen),
)
async def propose_write_off(
    recovery_id: UUID, body: WhyIn, actor: Caseworker, db: Db, request: Request
) -> ConsoleRecoveryOut:
    """With the reason; another person decides."""
    row = await commands.propose_write_off(db, actor, recovery_id, reason=body.reason)
    return await _shape(db, actor, row, request)


@router.post(
    "/recoveries/{recovery_id}/write-off/approve",
    operation_id="approve_write_off",
    summary="Give up what is still owed",
    responses=problems(*_ACTING, WriteOffNotOpen, SamePersonNotAllowed),
)
async def approve_write_off(recovery_id: UUID, actor: Caseworker, db: Db, request: Request) -> ConsoleRecoveryOut:
    """The books have it as lost."""
    return await _shape(db, actor, await commands.write_off(db, actor, recovery_id), request)


@router.post(
    "/recoveries/{recovery_id}/write-off/reject",
    operation_id="reject_write_off",
    summary="Keep what is still owed",
    responses=problems(*_ACTING, WriteOffNotOpen),
)
async def reject_write_off(recovery_id: UUID, actor: Caseworker, db: Db, request: Request) -> ConsoleRecoveryOut:
    """It stays owed; it may be proposed again."""
    return await _shape(db, actor, await commands.keep_claim(db, actor, recovery_id), request)
