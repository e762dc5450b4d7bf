"""Holds on cases, and what is left of files that were erased: for supervisors."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.api.common.callers import Caseworker
from app.api.common.deps import Db
from app.api.common.free_words import Words
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.problems import problems
from app.api.common.routing import Router
from app.api.common.schemas import Id, In, Moment, Out, Page, Paragraph
from app.applications.errors import ApplicationNotFound, ConflictOfInterest
from app.audit.commands import record_look
from app.audit.subjects import Case
from app.core.db import ReadSession
from app.core.errors import RoleNotAllowed
from app.identity.errors import TokenRejected
from app.retention.commands import lift_hold, place_hold
from app.retention.commands.holds import open_hold_reason
from app.retention.errors import HoldLifted, HoldNotFound
from app.retention.models import Erasure, LegalHold
from app.retention.queries import list_erasures, list_holds

router = Router(prefix="/v1/console", tags=["console: retention"])

Ground = Literal["complaint", "lawsuit", "audit"]


class HoldIn(In):
    """What holds a case, and why."""

    application_id: Id
    ground: Annotated[Ground, Field(examples=["lawsuit"])]
    reason: Annotated[Paragraph, Field(examples=["已提起行政诉讼，案卷须完整保存。"])]


class LiftIn(In):
    """Why the case need not be held any longer."""

    reason: Annotated[Paragraph, Field(examples=["诉讼已终结。"])]


class HoldOut(Out):
    """A hold: while it stands, nothing of the case is erased, whatever period ends."""

    id: UUID
    application_id: UUID
    division: str
    ground: Ground
    reason: Words
    placed_at: Moment
    lifted_at: Moment | None

    @classmethod
    def of(cls, db: ReadSession, row: LegalHold) -> "HoldOut":
        ground: Ground = "complaint" if row.ground == "complaint" else "lawsuit" if row.ground == "lawsuit" else "audit"
        return cls(
            id=row.id,
            application_id=row.application_id,
            division=row.division,
            ground=ground,
            reason=open_hold_reason(db, row),
            placed_at=row.placed_at,
            lifted_at=row.lifted_at,
        )


class ErasureOut(Out):
    """What is left of something erased: as what it was kept, for how long from which day, by which rule; no names."""

    id: UUID
    application_id: UUID
    division: str
    kept_as: str
    period: str
    basis: list[str]
    started_on: str
    erased_at: Moment

    @classmethod
    def of(cls, row: Erasure) -> "ErasureOut":
        return cls(
            id=row.id,
            application_id=row.application_id,
            division=row.division,
            kept_as=row.kept,
            period=row.period,
            basis=row.basis,
            started_on=row.started_on.isoformat(),
            erased_at=row.erased_at,
        )


@router.post(
    "/legal-holds",
    status_code=201,
    operation_id="place_hold",
    summary="Hold a case",
    responses=problems(TokenRejected, ApplicationNotFound, RoleNotAllowed, ConflictOfInterest),
)
async def place(body: HoldIn, actor: Caseworker, db: Db) -> HoldOut:
    """Keep everything of a case until the hold is lifted: for a lawsuit, an audit, a complaint elsewhere. Supervisors
    only. A complaint that is open here holds its case by itself."""
    return HoldOut.of(db, await place_hold(db, actor, body.application_id, ground=body.ground, reason=body.reason))


@router.post(
    "/legal-holds/{hold_id}/lift",
    operation_id="lift_hold",
    summary="Lift a hold",
    responses=problems(TokenRejected, HoldNotFound, HoldLifted, ConflictOfInterest),
)
async def lift(hold_id: UUID, body: LiftIn, actor: Caseworker, db: Db) -> HoldOut:
    """Let the case's periods count again; what is over meanwhile is erased the next night."""
    return HoldOut.of(db, await lift_hold(db, actor, hold_id, reason=body.reason))


@router.get(
    "/legal-holds",
    operation_id="list_holds",
    summary="List holds",
    responses=problems(TokenRejected, CursorRejected),
)
async def list_all(
    actor: Caseworker, db: Db, standing: bool | None = None, limit: Limit = 20, cursor: Cursor = None
) -> Page[HoldOut]:
    """Newest first, those below one's division; `standing` false: those that were lifted."""
    name = f"holds:{standing}"
    after = read_id_cursor(db.vault, actor, name, cursor)
    rows = await list_holds(db, actor, standing=standing, after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, name, str(rows[limit - 1].id)) if len(rows) > limit else None
    if rows:
        cases = [Case(row.application_id, None, row.county) for row in rows[:limit]]
        await record_look(db, actor, "hold.list", "legal_hold", cases=cases, count=len(cases))
    return Page(items=[HoldOut.of(db, row) for row in rows[:limit]], next=following)


@router.get(
    "/erasures",
    operation_id="list_erasures",
    summary="List what was erased",
    responses=problems(TokenRejected, CursorRejected),
)
async def list_erased(actor: Caseworker, db: Db, limit: Limit = 20, cursor: Cursor = None) -> Page[ErasureOut]:
    """Newest first: one entry for each case and class of record whose period was over. Nobody is named."""
    after = read_id_cursor(db.vault, actor, "erasures", cursor)
    rows = await list_erasures(db, actor, after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, "erasures", str(rows[limit - 1].id)) if len(rows) > limit else None
    return Page(items=[ErasureOut.of(row) for row in rows[:limit]], next=following)
