"""Asking for an export, and another person's yes or no."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from app.audit.commands import record_act
from app.audit.purposes import Purpose, purposes_of
from app.core.crypto import GENERAL
from app.core.db import WriteSession
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed
from app.core.ids import new_id
from app.exports.errors import ColumnUnknown, ExportTooLarge
from app.exports.kinds import OPENED_BY, SHAPES, ExportKind, Shape
from app.exports.lifecycle import GOOD_FOR, LIFECYCLE, Action, Status
from app.exports.models import Export
from app.exports.queries import count_rows, get_export
from app.identity.actors import Actor
from app.reference.divisions import covers, parse_division
from app.reference.errors import OutsideYourDivision
from app.unmasking.errors import PurposeNotOfThisPost

MOST_ROWS = 50_000  # a large county's month of pay lines; a file is whole in memory while it is made


@dataclass(frozen=True)
class Wanted:
    """What is asked for. `division` None: one's own; `columns` empty: all; `unmasked`: columns to be shown in clear."""

    kind: ExportKind
    division: str | None
    month: date | None
    status: str | None
    columns: tuple[str, ...]
    unmasked: tuple[str, ...]
    purpose: Purpose
    reason: str = field(repr=False)


async def request_export(db: WriteSession, actor: Actor, wanted: Wanted) -> Export:
    """Ask for a list as a file; nothing leaves before somebody else has approved it.

    Raises:
        RoleNotAllowed: the post does without such a list, or without one of the fields in clear.
        PurposeNotOfThisPost: the purpose is no work of this post.
        ColumnUnknown: no such column, status or masked field.
        OutsideYourDivision, DivisionMalformed: not a division of the actor's.
        ExportTooLarge: more rows than one file holds.
    """
    shape = SHAPES[wanted.kind]
    _refuse_unfit(actor, wanted, shape)
    export = _draft(db, actor, wanted, shape)
    if await count_rows(db, actor, export, most=MOST_ROWS + 1) > MOST_ROWS:
        raise ExportTooLarge
    db.add(export)
    await db.flush()
    await _record(db, actor, "export.request", export)
    return export


async def approve_export(db: WriteSession, actor: Actor, export_id: UUID) -> Export:
    """Let who asked take the file, for a day and three times.

    Raises:
        ExportNotFound: there is none, or it lies outside the actor's division.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        SamePersonNotAllowed: the actor asked for it.
    """
    export = await _decide(db, actor, export_id, Action.APPROVE)
    export.approved_by, export.approved_at = actor.id, db.clock.now()
    export.expires_at = db.clock.now() + GOOD_FOR
    await db.flush()
    await _record(db, actor, "export.approve", export)
    return export


async def reject_export(db: WriteSession, actor: Actor, export_id: UUID, *, reason: str) -> Export:
    """Refuse it, with the reason.

    Raises: as `approve_export`.
    """
    export = await _decide(db, actor, export_id, Action.REJECT)
    export.rejected_by, export.rejected_at = actor.id, db.clock.now()
    export.reject_reason_sealed = db.vault.seal("exports.reject_reason", export.id, reason, division=GENERAL)
    await db.flush()
    await _record(db, actor, "export.reject", export)
    return export


def refuse_fields(actor: Actor, kind: ExportKind, unmasked: tuple[str, ...]) -> None:
    """Refuse fields in clear that a post may not open one by one either.

    Raises:
        RoleNotAllowed: there is one.
    """
    shape = SHAPES[kind]
    opened = all(actor.role in OPENED_BY[kind, shape.masked[name]] for name in unmasked)
    if actor.role not in shape.requesters or not opened:
        raise RoleNotAllowed


def _refuse_unfit(actor: Actor, wanted: Wanted, shape: Shape) -> None:
    unknown = {*wanted.columns} - shape.columns.keys() | {*wanted.unmasked} - shape.masked.keys()
    if unknown or (wanted.status is not None and wanted.status not in shape.statuses):
        raise ColumnUnknown
    refuse_fields(actor, wanted.kind, wanted.unmasked)
    if wanted.purpose not in purposes_of(actor.role):
        raise PurposeNotOfThisPost
    if wanted.division is not None and not covers(actor.division or "", parse_division(wanted.division)):
        raise OutsideYourDivision


def _draft(db: WriteSession, actor: Actor, wanted: Wanted, shape: Shape) -> Export:
    row, division = new_id(), wanted.division or actor.division or ""
    return Export(
        id=row,
        county=division[:6],
        division=division,
        kind=wanted.kind,
        month=wanted.month,
        filter_status=wanted.status,
        columns=[name for name in shape.columns if not wanted.columns or name in wanted.columns],
        unmasked=[name for name in shape.masked if name in wanted.unmasked],
        purpose=wanted.purpose,
        reason_sealed=db.vault.seal("exports.reason", row, wanted.reason, division=GENERAL),
        status=Status.REQUESTED,
        requested_by=actor.id,
        requested_at=db.clock.now(),
        downloads=0,
    )


async def _decide(db: WriteSession, actor: Actor, export_id: UUID, action: Action) -> Export:
    export = await get_export(db, actor, export_id, lock=True)
    step = LIFECYCLE.step(export.status, action, actor.role)
    if export.requested_by == actor.id:
        raise SamePersonNotAllowed
    export.status = step.target
    return export


async def _record(db: WriteSession, actor: Actor, action: str, export: Export) -> None:
    await record_act(
        db,
        actor,
        action,
        "export",
        export.id,
        county=export.county,
        purpose=Purpose(export.purpose),
        row=export,
        kind=export.kind,
        division=export.division,
        unmasked=export.unmasked,
    )
