"""Holds on cases: placed and lifted by supervisors. An open complaint holds its case by itself."""

from uuid import UUID

from app.applications.queries import get_application
from app.audit.commands import record_act
from app.core.db import ReadSession, WriteSession
from app.core.errors import RoleNotAllowed
from app.core.ids import new_id
from app.identity.actors import Actor, Role
from app.retention.errors import HoldLifted
from app.retention.models import LegalHold
from app.retention.queries import get_hold


async def place_hold(db: WriteSession, actor: Actor, application_id: UUID, *, ground: str, reason: str) -> LegalHold:
    """Keep everything of a case until the hold is lifted, whatever periods end meanwhile.

    Raises:
        ApplicationNotFound: there is none, it lies outside the actor's division, or its file was erased.
        RoleNotAllowed: only supervisors hold.
    """
    # Locked: the sweep locks the same row, so a file is either erased before the hold or not at all.
    application = await get_application(db, actor, application_id, lock=True)
    if actor.role is not Role.SUPERVISOR:
        raise RoleNotAllowed
    row = new_id()
    hold = LegalHold(
        id=row,
        county=application.county,
        division=application.division,
        application_id=application.id,
        ground=ground,
        reason_sealed=db.vault.seal("legal_holds.reason", row, reason, division=application.county),
        placed_by=actor.id,
        placed_at=db.clock.now(),
    )
    db.add(hold)
    await db.flush()
    await record_act(db, actor, "hold.place", "legal_hold", row, row=hold, case=application.case, ground=ground)
    return hold


async def lift_hold(db: WriteSession, actor: Actor, hold_id: UUID, *, reason: str) -> LegalHold:
    """Let the periods of a case count again.

    Raises:
        HoldNotFound: there is none, or it lies outside the actor's division.
        HoldLifted: it was lifted before.
    """
    hold = await get_hold(db, actor, hold_id, lock=True)
    if hold.lifted_at is not None:
        raise HoldLifted
    hold.lifted_by, hold.lifted_at = actor.id, db.clock.now()
    hold.lifted_reason_sealed = db.vault.seal("legal_holds.lifted_reason", hold.id, reason, division=hold.county)
    await db.flush()
    await record_act(db, actor, "hold.lift", "legal_hold", hold.id, row=hold, case=hold.case)
    return hold


def open_hold_reason(db: ReadSession, hold: LegalHold) -> str:
    """Return why a case is held."""
    return db.vault.open("legal_holds.reason", hold.id, hold.reason_sealed)
