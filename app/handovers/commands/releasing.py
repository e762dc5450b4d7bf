"""The county that pays: one person proposes where an award goes, another releases it."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from app.applications.clocks import Responsible, StepKind
from app.applications.queries import get_whole_application
from app.applications.steps import open_step_until
from app.awards.models import Award
from app.awards.queries import get_amount_in, get_award
from app.core.clock import today
from app.core.crypto import ValueErased
from app.core.db import ReadSession, WriteSession
from app.core.errors import Fault, RoleNotAllowed, SamePersonNotAllowed
from app.core.ids import new_id
from app.core.months import first_of_month
from app.events.commands import record_event
from app.handovers.commands.blocking import refuse_blocked
from app.handovers.commands.records import record, step_of, whose
from app.handovers.commands.seam import first_month_of
from app.handovers.errors import HandoverBlocked, HandoverInvalid, HandoverOpen
from app.handovers.events import HandoverReleased
from app.handovers.file import conclude, seal_file
from app.handovers.lifecycle import PROPOSERS, Action, Blocked, Ground, Source, Status
from app.handovers.models import Handover
from app.handovers.months import confirmable_from
from app.handovers.queries import get_handover, has_open
from app.identity.actors import Actor
from app.reference.divisions import Level, county_of, level_of
from app.reference.errors import DivisionMalformed, DivisionUnknown
from app.reference.procedure import Setting
from app.reference.queries import get_division
from app.reference.term_queries import load_terms
from app.review.decisions import open_decision
from app.review.queries import get_decision

_LONGEST_AGO, _LONGEST_AHEAD = timedelta(days=3 * 366), timedelta(days=92)
_LONGEST_BASIS = 64  # characters that a step holds


@dataclass(frozen=True)
class Move:
    """Where a household went, when, why, how that was learnt, and what there is to say about it."""

    to_division: str  # a township
    moved_on: date
    ground: Ground
    source: Source
    reason: str


async def propose_handover(db: WriteSession, actor: Actor, award_id: UUID, move: Move) -> Handover:
    """Propose that the county of another township goes on with an award.

    Raises:
        AwardNotFound, ConflictOfInterest: there is none, or it is not theirs to act on.
        RoleNotAllowed: not for this role.
        HandoverOpen: one is under way.
        HandoverInvalid: no township of another county, or a day out of range.
        HandoverBlocked: something about the award is to be settled first.
    """
    award = await get_award(db, actor, award_id)
    if actor.role not in PROPOSERS:
        raise RoleNotAllowed
    application = await get_whole_application(db, actor, award.application_id, lock=True)
    award = await get_award(db, actor, award_id, lock=True)
    if await has_open(db, award.id):
        raise HandoverOpen
    faults = await _faults(db, award, move)
    if faults:
        raise HandoverInvalid(faults=tuple(faults))
    await refuse_blocked(db, award, application)
    row = new_id()
    handover = Handover(
        id=row,
        county=award.county,
        division=award.division,
        to_county=county_of(move.to_division),
        to_division=move.to_division,
        application_id=award.application_id,
        award_id=award.id,
        beneficiary_id=award.beneficiary_id,
        program=award.program,
        status=Status.PROPOSED,
        ground=move.ground,
        source=move.source,
        moved_on=move.moved_on,
        reason_sealed=db.vault.seal("handovers.reason", row, move.reason, division=award.county),
        proposed_by=actor.id,
        proposed_at=db.clock.now(),
    )
    db.add(handover)
    await record(db, actor, "handover.propose", handover, reason=move.ground.value)
    return handover


async def release_handover(db: WriteSession, actor: Actor, handover_id: UUID) -> Handover:
    """Ask the other county to go on: it is told what the case came to, and has so many working days to say, from the
    day on that it may confirm.

    Raises:
        HandoverNotFound, ConflictOfInterest: there is none, or it is not theirs to act on.
        OtherCountysStep, StepNotAllowed, RoleNotAllowed: not theirs, not now, or not for this role.
        SamePersonNotAllowed: the actor proposed it.
        HandoverBlocked: something about the award is to be settled first.
    """
    found = await get_handover(db, actor, handover_id)
    step_of(actor, found, Action.RELEASE)
    # Everybody who needs these rows locks the application first, then the award.
    application = await get_whole_application(db, actor, found.application_id, lock=True)
    award = await get_award(db, actor, found.award_id, lock=True)
    handover = await get_handover(db, actor, handover_id, lock=True)
    target = step_of(actor, handover, Action.RELEASE)
    if actor.id == handover.proposed_by:
        raise SamePersonNotAllowed
    await refuse_blocked(db, award, application)
    decision = await get_decision(db, application.id)
    month = max(first_of_month(today(db.clock)), award.from_month)
    fen = await get_amount_in(db, award.id, month)
    try:
        told = conclude(db, application, award, decision, open_decision(db, decision), fen)
    except (ValueErased, KeyError):
        raise HandoverBlocked("handover_blocked_by", reasons=Blocked.FILE_INCOMPLETE.value) from None
    procedure, calendar = await load_terms(db, handover.to_division, today(db.clock))
    term = procedure[Setting.HANDOVER_DAYS]
    # Its days begin when it may confirm: nobody is late with what he may not do.
    begins = max(today(db.clock), confirmable_from(await first_month_of(db, award, handover)))
    due = calendar.add_working_days(begins, term.value)
    handover.status, handover.released_by, handover.released_at = target, actor.id, db.clock.now()
    handover.file_sealed = seal_file(db, handover.id, handover.to_county, told)
    handover.due_on, handover.due_provisional = due.on, due.provisional
    basis = term.basis[:_LONGEST_BASIS]
    await open_step_until(db, application, StepKind.HAND_OVER, Responsible.COUNTY, due, basis)
    await record(db, actor, "handover.release", handover)
    event = HandoverReleased(**whose(handover), to_division=handover.to_division, ground=handover.ground)
    await record_event(db, event)
    return handover


async def _faults(db: ReadSession, award: Award, move: Move) -> list[Fault]:
    faults, on = [], today(db.clock)
    try:
        division = await get_division(db, move.to_division, on)
        if level_of(division.code) is not Level.TOWNSHIP:
            faults.append(Fault("/to_division", "not_a_township"))
        elif county_of(division.code) == award.county:
            faults.append(Fault("/to_division", "same_county"))
    except (DivisionMalformed, DivisionUnknown):
        faults.append(Fault("/to_division", "division_not_known"))
    if not on - _LONGEST_AGO <= move.moved_on <= on + _LONGEST_AHEAD:
        faults.append(Fault("/moved_on", "moved_on_out_of_range"))
    return faults
