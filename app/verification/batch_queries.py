"""Reads of batches. Those for staff start at `batches_visible_to`: who watches the agencies, within his division."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, not_, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from app.applications.conflict_queries import is_kept_from
from app.applications.household import id_number_of
from app.applications.models import Member
from app.core.db import ReadSession, WriteSession
from app.core.errors import RoleNotAllowed
from app.core.sql import written_out
from app.facts import Item
from app.identity.actors import Actor, Role
from app.partners.batch import MOST_LINES
from app.reference.divisions import scope_of
from app.reference.procedure import Mode
from app.verification.agency_queries import WATCHERS
from app.verification.batch_lifecycle import LineStatus
from app.verification.batch_models import CheckBatch, CheckBatchFile, CheckBatchLine
from app.verification.errors import CheckBatchNotFound
from app.verification.lifecycle import ASKED, Status
from app.verification.models import Check


def batches_visible_to(actor: Actor) -> Select[CheckBatch]:
    """Select the batches this actor may see: those of counties that lie wholly in his division."""
    query = select(CheckBatch)
    if actor.role is Role.SYSTEM:
        return query
    if actor.role not in WATCHERS or actor.division is None:
        return query.where(false())
    return query.where(CheckBatch.division.between(*scope_of(actor.division)))


class Gathering(NamedTuple):
    """Questions that wait to go out together."""

    county: str
    partner: str
    item: Item


def _waits() -> ColumnElement[bool]:
    # Written out, so that the partial index serves under any plan.
    return and_(
        Check.mode == written_out(Mode.BATCH),
        Check.status == written_out(Status.REQUESTED),
        Check.ticket.is_(None),
    )


async def list_gatherings(db: ReadSession, now: datetime, wait: timedelta) -> Sequence[Gathering]:
    """Return what is to go out now: where the first question has waited for so long, or there are enough for a file."""
    query = (
        select(Check.county, Check.partner, Check.item)
        .where(_waits(), Check.next_attempt_at <= now)
        .group_by(Check.county, Check.partner, Check.item)
        .having(or_(func.min(Check.next_attempt_at) <= now - wait, func.count() >= MOST_LINES))
        .order_by(Check.county, Check.partner, Check.item)
    )
    return [Gathering(county, partner, Item(item)) for county, partner, item in (await db.execute(query)).all()]


async def list_gathered(db: ReadSession, gathering: Gathering, now: datetime) -> Sequence[UUID]:
    """Return the checks that may go into one file, those first that wait longest, in the order in which cases are
    locked."""
    oldest = (
        select(Check.id, Check.application_id)
        .where(
            _waits(),
            Check.county == gathering.county,
            Check.partner == gathering.partner,
            Check.item == gathering.item,
            Check.next_attempt_at <= now,
        )
        .order_by(Check.next_attempt_at)
        .limit(MOST_LINES)
        .subquery()
    )
    query = select(oldest.c.id).order_by(oldest.c.application_id, oldest.c.id)
    return (await db.execute(query)).scalars().all()


async def list_due_batches(db: ReadSession, now: datetime, limit: int) -> Sequence[CheckBatch]:
    """Return batches to be taken up now, locked; those another worker holds are left to it."""
    query = select(CheckBatch).where(CheckBatch.next_at <= now).order_by(CheckBatch.next_at).limit(limit)
    return (await db.execute(query.with_for_update(skip_locked=True))).scalars().all()


async def lock_batch(db: ReadSession, batch_id: UUID) -> CheckBatch:
    """Return a batch as it is now, locked.

    Raises:
        CheckBatchNotFound: there is none.
    """
    query = select(CheckBatch).where(CheckBatch.id == batch_id).with_for_update()
    found = (await db.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()
    if found is None:
        raise CheckBatchNotFound
    return found


async def find_batch(db: ReadSession, partner: str, serial: str) -> UUID | None:
    """Return the batch that a partner knows by `serial`."""
    query = select(CheckBatch.id).where(CheckBatch.serial == serial, CheckBatch.partner == partner)
    return await db.scalar(query)


async def find_first_check(db: ReadSession, batch_id: UUID) -> Check | None:
    """Return the first question of a batch, whatever became of it; None where its case was erased, with all others."""
    query = select(Check).join(CheckBatchLine, CheckBatchLine.check_id == Check.id)
    return (
        await db.execute(query.where(CheckBatchLine.batch_id == batch_id).order_by(Check.id).limit(1))
    ).scalar_one_or_none()


async def list_open_lines(db: ReadSession, batch_id: UUID) -> Sequence[CheckBatchLine]:
    """Return the open lines of a batch, in the order in which cases are locked."""
    query = select(CheckBatchLine).where(CheckBatchLine.batch_id == batch_id, CheckBatchLine.status == LineStatus.OPEN)
    ordered = query.order_by(CheckBatchLine.application_id, CheckBatchLine.check_id)
    return (await db.execute(ordered.execution_options(populate_existing=True))).scalars().all()


async def lock_line(db: ReadSession, batch_id: UUID, check_id: UUID) -> CheckBatchLine | None:
    """Return a line as it is now, locked: after its case, which is locked by whoever calls."""
    query = select(CheckBatchLine).where(CheckBatchLine.batch_id == batch_id, CheckBatchLine.check_id == check_id)
    locked = query.with_for_update().execution_options(populate_existing=True)
    return (await db.execute(locked)).scalar_one_or_none()


async def end_unawaited(db: WriteSession, batch: CheckBatch) -> None:
    """End the open lines whose checks wait for no file any more: withdrawn, entered by hand, given to the county."""
    awaited = exists().where(Check.id == CheckBatchLine.check_id, Check.status.in_(ASKED), Check.ticket == batch.serial)
    unawaited = update(CheckBatchLine).where(
        CheckBatchLine.batch_id == batch.id, CheckBatchLine.status == LineStatus.OPEN, not_(awaited)
    )
    ended = unawaited.values(status=LineStatus.ENDED, settled_at=db.clock.now())
    await db.execute(ended, execution_options={"synchronize_session": False})


async def has_open_lines(db: ReadSession, batch_id: UUID) -> bool:
    """Say whether a line of a batch still waits."""
    found = exists().where(CheckBatchLine.batch_id == batch_id, CheckBatchLine.status == LineStatus.OPEN)
    return bool(await db.scalar(select(found)))


async def numbers_asked(db: ReadSession, batch_id: UUID) -> Mapping[UUID, str]:
    """Return whom each line of a batch is about: the identity number by the check."""
    query = (
        select(Check.id, Member)
        .join(CheckBatchLine, CheckBatchLine.check_id == Check.id)
        .join(Member, Member.id == Check.member_id)
        .where(CheckBatchLine.batch_id == batch_id)
    )
    return {check_id: id_number_of(db, member) for check_id, member in (await db.execute(query)).all()}


async def add_file(db: WriteSession, values: Mapping[str, Any]) -> CheckBatchFile:
    """Keep that a file was found, once, and return the row there is under its number."""
    await db.execute(insert(CheckBatchFile).values(**values).on_conflict_do_nothing())
    return await get_file(db, values["batch_id"], values["number"])


async def get_file(db: ReadSession, batch_id: UUID, number: int) -> CheckBatchFile:
    """Return a file that was found."""
    query = select(CheckBatchFile).where(CheckBatchFile.batch_id == batch_id, CheckBatchFile.number == number)
    return (await db.execute(query)).scalar_one()


class Tally(NamedTuple):
    """A batch, with how many of its lines are in each state."""

    batch: CheckBatch
    lines: Mapping[str, int]


async def list_batches(
    db: ReadSession, actor: Actor, *, partner: str | None, bad: bool, after: UUID | None, limit: int
) -> Sequence[Tally]:
    """Return a page of batches, the latest first. `bad`: only those with lines set aside.

    Raises:
        RoleNotAllowed: not for this role.
    """
    if actor.role not in WATCHERS:
        raise RoleNotAllowed
    query = batches_visible_to(actor).order_by(CheckBatch.id.desc()).limit(limit)
    if partner is not None:
        query = query.where(CheckBatch.partner == partner)
    if bad:
        spoilt = exists().where(CheckBatchLine.batch_id == CheckBatch.id, CheckBatchLine.status == LineStatus.BAD)
        query = query.where(spoilt)
    if after is not None:
        query = query.where(CheckBatch.id < after)
    batches = (await db.execute(query)).scalars().all()
    counts = await _count_lines(db, [batch.id for batch in batches])
    return [Tally(batch, counts.get(batch.id, {})) for batch in batches]


async def get_batch(db: ReadSession, actor: Actor, batch_id: UUID) -> Tally:
    """Return one batch.

    Raises:
        RoleNotAllowed: not for this role.
        CheckBatchNotFound: there is none, or it lies outside the actor's division.
    """
    if actor.role not in WATCHERS:
        raise RoleNotAllowed
    batch = (await db.execute(batches_visible_to(actor).where(CheckBatch.id == batch_id))).scalar_one_or_none()
    if batch is None:
        raise CheckBatchNotFound
    return Tally(batch, (await _count_lines(db, [batch.id])).get(batch.id, {}))


async def list_lines_set_aside(db: ReadSession, actor: Actor, batch_id: UUID) -> Sequence[CheckBatchLine]:
    """Return the lines of a batch that were set aside, but for those about close relatives of who asks; who asks has
    read the batch."""
    query = select(CheckBatchLine).where(
        CheckBatchLine.batch_id == batch_id,
        CheckBatchLine.status == LineStatus.BAD,
        ~is_kept_from(actor.id, CheckBatchLine.application_id),
    )
    return (await db.execute(query.order_by(CheckBatchLine.id))).scalars().all()


async def list_files(db: ReadSession, batch_id: UUID) -> Sequence[CheckBatchFile]:
    """Return the files of a batch, in order; who asks has read the batch."""
    query = select(CheckBatchFile).where(CheckBatchFile.batch_id == batch_id).order_by(CheckBatchFile.number)
    return (await db.execute(query)).scalars().all()


async def _count_lines(db: ReadSession, batches: Sequence[UUID]) -> Mapping[UUID, Mapping[str, int]]:
    query = (
        select(CheckBatchLine.batch_id, CheckBatchLine.status, func.count())
        .where(CheckBatchLine.batch_id.in_(batches))
        .group_by(CheckBatchLine.batch_id, CheckBatchLine.status)
    )
    counts: dict[UUID, dict[str, int]] = {}
    for batch_id, status, count in (await db.execute(query)).all():
        counts.setdefault(batch_id, {})[str(status)] = count
    return counts
