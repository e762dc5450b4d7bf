"""Reads and writes for working awards out anew: a county's awards in batches, what was found, what is left to do."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, false, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from app.awards.lifecycle import Settlement, Status
from app.awards.models import Award, AwardAmount, NumberSet, Recomputation, RecomputedAward
from app.core.db import ReadSession, WriteSession
from app.core.ids import new_id
from app.identity.actors import Actor, Role
from app.reference.divisions import scope_of
from app.review.models import Assessment, Decision
from app.standards.lifecycle import Status as ChangeStatus
from app.standards.models import Change

_LONGEST_TRANSACTION = timedelta(hours=1)  # no request and no batch lives as long


class Candidate(NamedTuple):
    """An award and the decision it rests on."""

    award: Award
    decision: Decision


def _concerned(area: str, programs: Collection[str], first: date) -> Any:
    """Say which awards a number may bear on: those that may still be paid a month from `first` on."""
    in_force = Award.status.in_((Status.ACTIVE, Status.SUSPENDED))
    return and_(
        Award.division.between(*scope_of(area)),
        Award.program.in_(programs),
        or_(in_force, Award.to_month >= first),
    )


async def begin_recomputations(
    db: WriteSession, change: Change, programs: Collection[str], first: date
) -> Sequence[UUID]:
    """Lay one recomputation for every county and program that has awards it may bear on; returns all unfinished ones,
    the same when it is asked again."""
    places = select(Award.county, Award.program).where(_concerned(change.area, programs, first)).distinct()
    places = places.order_by(Award.county, Award.program)  # two that lay the same wait for each other in one order
    rows = [
        {
            "id": new_id(),
            "change_id": change.id,
            "county": county,
            "division": county.ljust(12, "0"),
            "program": program,
            "counts": {},
            "raised_fen": 0,
            "started_at": db.clock.now(),
        }
        for county, program in (await db.execute(places)).all()
    ]
    if rows:
        await db.execute(insert(Recomputation).values(rows).on_conflict_do_nothing())
    query = select(Recomputation.id).where(Recomputation.change_id == change.id, Recomputation.finished_at.is_(None))
    return (await db.execute(query.order_by(Recomputation.county))).scalars().all()


async def take_recomputation(db: WriteSession, recomputation_id: UUID) -> Recomputation | None:
    """Return a recomputation, locked: two workers take turns."""
    query = select(Recomputation).where(Recomputation.id == recomputation_id).with_for_update()
    return (await db.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()


async def take_recomputation_of(db: WriteSession, change_id: UUID, county: str, program: str) -> Recomputation | None:
    """Return the recomputation of a county, locked."""
    query = select(Recomputation).where(
        Recomputation.change_id == change_id, Recomputation.county == county, Recomputation.program == program
    )
    return (await db.execute(query.with_for_update())).scalar_one_or_none()


async def take_candidates(
    db: WriteSession, run: Recomputation, change: Change, first: date, limit: int
) -> Sequence[Candidate]:
    """Lock the next awards of a county, by id."""
    query = _candidates().where(Award.county == run.county, _concerned(change.area, [run.program], first))
    if run.after is not None:
        query = query.where(Award.id > run.after)
    rows = await db.execute(query.order_by(Award.id).limit(limit))
    return [Candidate(*row) for row in rows.all()]


async def find_candidate(db: ReadSession, award_id: UUID) -> Candidate | None:
    """Return one award, not locked."""
    row = (await db.execute(_with_decisions().where(Award.id == award_id))).one_or_none()
    return Candidate(*row) if row else None


async def take_candidate(db: WriteSession, award_id: UUID) -> Candidate | None:
    """Lock one award."""
    row = (await db.execute(_candidates().where(Award.id == award_id))).one_or_none()
    return Candidate(*row) if row else None


def _with_decisions() -> Select[*tuple[Any, ...]]:
    return select(Award, Decision).join(Decision, Decision.id == Award.decision_id)


def _candidates() -> Select[*tuple[Any, ...]]:
    query = _with_decisions()
    return query.with_for_update(of=Award, key_share=True).execution_options(populate_existing=True)


async def list_amounts(db: ReadSession, award_ids: Collection[UUID]) -> dict[UUID, list[AwardAmount]]:
    """Return what awards amounted to after they were granted, by number."""
    query = select(AwardAmount).where(AwardAmount.award_id.in_(award_ids)).order_by(AwardAmount.seq)
    found: dict[UUID, list[AwardAmount]] = {award_id: [] for award_id in award_ids}
    for row in (await db.execute(query)).scalars():
        found[row.award_id].append(row)
    return found


async def read_number_sets(db: ReadSession, digests: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
    """Return kept numbers by digest."""
    query = select(NumberSet.digest, NumberSet.body).where(NumberSet.digest.in_(digests))
    return {row.digest: row.body for row in (await db.execute(query)).all()}


async def keep_number_sets(db: WriteSession, program: str, sets: Mapping[str, Mapping[str, Any]]) -> None:
    """Keep numbers that are not kept yet."""
    if sets:
        rows = [{"digest": digest, "program": program, "body": body} for digest, body in sorted(sets.items())]
        await db.execute(insert(NumberSet).values(rows).on_conflict_do_nothing())


async def list_done(db: ReadSession, change_id: UUID, award_ids: Collection[UUID]) -> set[UUID]:
    """Return which of the awards were worked out for a change already."""
    query = select(RecomputedAward.award_id).where(
        RecomputedAward.change_id == change_id, RecomputedAward.award_id.in_(award_ids)
    )
    return set((await db.execute(query)).scalars())


async def add_rows(db: WriteSession, amounts: Sequence[Mapping[str, Any]], found: Sequence[Mapping[str, Any]]) -> None:
    """Keep amounts and what was found, each in one statement.

    Raises:
        sqlalchemy.exc.IntegrityError: an award was worked out for this change already.
    """
    if amounts:
        await db.execute(insert(AwardAmount), list(amounts))
    if found:
        await db.execute(insert(RecomputedAward), list(found))


async def list_open_months(db: ReadSession, award_ids: Collection[UUID]) -> Mapping[UUID, date]:
    """Return from which month on awards wait for a person, of those that do."""
    query = select(RecomputedAward.award_id, RecomputedAward.from_month).where(
        RecomputedAward.award_id.in_(award_ids), RecomputedAward.settlement == Settlement.OPEN
    )
    return {row.award_id: row.from_month for row in (await db.execute(query)).all()}


async def supersede_open(db: WriteSession, award_ids: Collection[UUID]) -> None:
    """Settle what earlier changes left open for these awards: the later one says how they stand now, in the months that
    waited too."""
    await db.execute(
        update(RecomputedAward)
        .where(RecomputedAward.award_id.in_(award_ids), RecomputedAward.settlement == Settlement.OPEN)
        .values(settlement=Settlement.SUPERSEDED, settled_at=db.clock.now(), step_due=True)
        .execution_options(synchronize_session=False)
    )


async def list_steps_due(db: ReadSession, limit: int) -> Sequence[tuple[UUID, UUID]]:
    """Return application and award of cases whose timeline is to be brought in line."""
    due = select(RecomputedAward.award_id).where(RecomputedAward.step_due)
    query = select(Award.application_id, Award.id).where(Award.id.in_(due))
    return [(row[0], row[1]) for row in (await db.execute(query.order_by(Award.id).limit(limit))).all()]


async def find_open(db: ReadSession, award_id: UUID, *, lock: bool = False) -> RecomputedAward | None:
    """Return what a change left open for an award."""
    query = select(RecomputedAward).where(
        RecomputedAward.award_id == award_id, RecomputedAward.settlement == Settlement.OPEN
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await db.execute(query)).scalar_one_or_none()


async def find_of_amount(db: WriteSession, amount: AwardAmount) -> RecomputedAward | None:
    """Return what the change behind an amount meant for its award, or the hand-over did; locked."""
    by = RecomputedAward.change_id == amount.change_id if amount.change_id else RecomputedAward.handover_id.is_not(None)
    query = select(RecomputedAward).where(RecomputedAward.award_id == amount.award_id, by)
    query = query.with_for_update().execution_options(populate_existing=True)
    return (await db.execute(query)).scalar_one_or_none()


async def list_judged_by(db: ReadSession, award_id: UUID) -> Sequence[tuple[Change, RecomputedAward]]:
    """Return the changes that an award was worked out for and what each meant, by when they were decided on."""
    query = select(Change, RecomputedAward).join(RecomputedAward, RecomputedAward.change_id == Change.id)
    query = query.where(RecomputedAward.award_id == award_id).order_by(Change.decided_at, Change.id)
    return [(row[0], row[1]) for row in (await db.execute(query)).all()]


async def note_steps_done(db: WriteSession, award_id: UUID) -> None:
    """Keep that a case's timeline is in line."""
    await db.execute(
        update(RecomputedAward)
        .where(RecomputedAward.award_id == award_id, RecomputedAward.step_due)
        .values(step_due=False)
        .execution_options(synchronize_session=False)
    )


async def list_changes_after(db: ReadSession, award: Award, decision: Decision) -> Sequence[Change]:
    """Return the changes in force that the numbers behind an award may not have known, oldest first.

    A decision's numbers are those of the assessment that the opinion rests on, which may be weeks older than it. One
    that was decided on a little earlier may have been committed later, so that the assessment did not see it, nor its
    recomputation the award; what is worked out a second time comes to the same.
    """
    known_at, known_on = await _numbers_are_of(db, award, decision)
    unknown = or_(
        Change.decided_at >= known_at - _LONGEST_TRANSACTION,
        Change.valid_from > known_on,
        Change.valid_to >= known_on,
    )
    low = [award.division[:digits].ljust(12, "0") for digits in (2, 4, 6)]
    query = select(Change).where(Change.status == ChangeStatus.IN_FORCE, Change.area.in_(low), unknown)
    return (await db.execute(query.order_by(Change.decided_at, Change.id))).scalars().all()


async def _numbers_are_of(db: ReadSession, award: Award, decision: Decision) -> tuple[datetime, date]:
    """Return when the numbers were read that an award was granted by, and of which day they are: an award that was
    taken over was worked out with the decision there."""
    known = decision.decided_at, decision.decided_on
    if award.taken_over_from is not None:
        return known
    query = select(Assessment.made_at, Assessment.judged_on).where(Assessment.id == decision.assessment_id)
    made_at, judged_on = (await db.execute(query)).one()
    return min(known[0], made_at), min(known[1], judged_on)


async def list_numbers_due(db: ReadSession, limit: int) -> Sequence[UUID]:
    """Return awards that are still to be worked out for what their decision's numbers did not know."""
    query = select(Award.id).where(Award.numbers_due).order_by(Award.id).limit(limit)
    return (await db.execute(query)).scalars().all()


# ---- for people ----


def visible_runs(actor: Actor) -> Select[Recomputation]:
    """Select the counties' recomputations this actor may see: those below the own division."""
    query = select(Recomputation)
    if actor.role is Role.SYSTEM:
        return query
    if actor.is_staff and actor.division is not None:
        return query.where(Recomputation.division.between(*scope_of(actor.division)))
    return query.where(false())


def visible_found(actor: Actor) -> Select[RecomputedAward]:
    """Select what changes mean for the awards this actor may see."""
    query = select(RecomputedAward)
    if actor.role is Role.SYSTEM:
        return query
    if actor.is_staff and actor.division is not None:
        return query.where(RecomputedAward.division.between(*scope_of(actor.division)))
    return query.where(false())


async def list_runs(db: ReadSession, actor: Actor, change_id: UUID) -> Sequence[Recomputation]:
    """Return the recomputations of a change, by county: a handful, or some hundred for a province."""
    query = visible_runs(actor).where(Recomputation.change_id == change_id)
    return (await db.execute(query.order_by(Recomputation.county, Recomputation.program))).scalars().all()


async def list_found(
    db: ReadSession,
    actor: Actor,
    change_id: UUID,
    *,
    outcome: str | None,
    is_open: bool | None,
    after: UUID | None,
    limit: int,
) -> Sequence[tuple[RecomputedAward, Award]]:
    """Return a page of what a change means for awards, in order."""
    query = visible_found(actor).add_columns(Award).join(Award, Award.id == RecomputedAward.award_id)
    query = query.where(RecomputedAward.change_id == change_id).order_by(RecomputedAward.id).limit(limit)
    if outcome is not None:
        query = query.where(RecomputedAward.outcome == outcome)
    if is_open is not None:
        opened = RecomputedAward.settlement == Settlement.OPEN
        query = query.where(opened if is_open else ~opened)
    if after is not None:
        query = query.where(RecomputedAward.id > after)
    return [(row[0], row[1]) for row in (await db.execute(query)).all()]


async def count_open(db: ReadSession, actor: Actor, change_id: UUID) -> Mapping[str, int]:
    """Return how many awards of each county still wait for a person."""
    shown = visible_found(actor).where(
        RecomputedAward.change_id == change_id, RecomputedAward.settlement == Settlement.OPEN
    )
    rows = shown.with_only_columns(RecomputedAward.county, func.count()).group_by(RecomputedAward.county)
    return {row[0]: row[1] for row in (await db.execute(rows)).all()}
