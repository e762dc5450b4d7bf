"""What a change of a standard or parameter means: by county, and award by award."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from app.api.common.callers import Caseworker
from app.api.common.deps import Db, ReadDb
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.problems import problems
from app.api.common.routing import Router
from app.api.common.schemas import Fen, Moment, Out, Page
from app.audit.commands import record_look
from app.awards.lifecycle import Outcome, Settlement
from app.awards.models import Award, Recomputation, RecomputedAward
from app.awards.payees import payee_of
from app.awards.recomputing_queries import count_open, list_found, list_runs
from app.core.db import ReadSession
from app.core.money import CURRENCY
from app.core.months import write_month
from app.disbursement.queries import sum_raises
from app.identity.errors import TokenRejected
from app.identity.masks import mask_name
from app.standards.errors import ChangeNotFound
from app.standards.queries import get_any_change

router = Router(prefix="/v1/console/changes", tags=["console: standards"])


class EffectOut(Out):
    """One county's awards of a program, worked out anew; `finished_at` null: it is still going on.

    `raised_fen`: by how much more is due each month. `arrears_fen`: what that adds to months that were ordered from the
    bank before; `arrears_ordered_fen`: how much of it has lines in payrolls by now. `open`: awards that wait for a
    person.
    """

    county: str
    program: str
    raised: int
    unchanged: int
    to_be_heard: int
    no_longer_entitled: int
    needs_person: int
    open: int
    raised_fen: Fen
    arrears_fen: Fen
    arrears_ordered_fen: Fen
    currency: str
    finished_at: Moment | None

    @classmethod
    def of(cls, run: Recomputation, waiting: int, arrears: tuple[int, int]) -> "EffectOut":
        """Shape one county's."""
        return cls(
            county=run.county,
            program=run.program,
            **{outcome.value: run.counts.get(outcome, 0) for outcome in Outcome},
            open=waiting,
            raised_fen=run.raised_fen,
            arrears_fen=arrears[0],
            arrears_ordered_fen=arrears[1],
            currency=CURRENCY,
            finished_at=run.finished_at,
        )


class EffectsOut(Out):
    """What a change means below the caller's division, by county. Empty before anything was worked out."""

    change_id: UUID
    counties: list[EffectOut]


class AffectedOut(Out):
    """What a change means for one award from a month on. `after_fen` null: it would not be entitled, or a person has to
    look first (`reason`). `settlement`: what became of it where a person has to act."""

    award_id: UUID
    division: str
    payee_name: str
    outcome: Outcome
    reason: str | None
    from_month: str
    before_fen: Fen
    after_fen: Fen | None
    settlement: Settlement
    settled_at: Moment | None

    @classmethod
    def of(cls, db: ReadSession, row: RecomputedAward, award: Award) -> "AffectedOut":
        """Shape one, the payee's name masked."""
        return cls(
            award_id=row.award_id,
            division=row.division,
            payee_name=mask_name(payee_of(db, award)),
            outcome=row.outcome,
            reason=row.reason,
            from_month=write_month(row.from_month),
            before_fen=row.before_fen,
            after_fen=row.after_fen,
            settlement=row.settlement,
            settled_at=row.settled_at,
        )


@router.get(
    "/{change_id}/effects",
    operation_id="get_change_effects",
    summary="See what a change means, by county",
    responses=problems(TokenRejected, ChangeNotFound),
)
async def effects(change_id: UUID, actor: Caseworker, db: ReadDb) -> EffectsOut:
    """How many awards were raised, stay, would fall or need a person; what is owed for months that were ordered."""
    change = await get_any_change(db, actor, change_id)
    waiting, arrears = await count_open(db, actor, change.id), await sum_raises(db, change.id)
    runs = await list_runs(db, actor, change.id)
    counties = [
        EffectOut.of(run, waiting.get(run.county, 0), arrears.get((run.county, run.program), (0, 0))) for run in runs
    ]
    return EffectsOut(change_id=change.id, counties=counties)


@router.get(
    "/{change_id}/awards",
    operation_id="list_change_awards",
    summary="List what a change means, award by award",
    responses=problems(TokenRejected, ChangeNotFound, CursorRejected),
)
async def awards(
    change_id: UUID,
    actor: Caseworker,
    db: Db,
    outcome: Annotated[Outcome | None, Query()] = None,
    open: Annotated[bool | None, Query(description="only what waits for a person, or only what does not")] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[AffectedOut]:
    """Those below the caller's division. That the caller saw them is recorded."""
    change = await get_any_change(db, actor, change_id)
    name = f"change-awards:{change_id}:{outcome}:{open}"
    after = read_id_cursor(db.vault, actor, name, cursor)
    rows = await list_found(db, actor, change.id, outcome=outcome, is_open=open, after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, name, str(rows[limit - 1][0].id)) if len(rows) > limit else None
    shown = rows[:limit]
    if shown:
        cases = [award.case for _, award in shown]
        county = actor.division[:6] if actor.division else None
        await record_look(
            db,
            actor,
            "award.list_recomputed",
            "number_change",
            change.id,
            cases=cases,
            county=county,
            count=len(shown),
        )
    return Page(items=[AffectedOut.of(db, *row) for row in shown], next=following)
