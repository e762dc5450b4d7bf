"""Divisions and published standards, open to all."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from app.api.common.deps import ReadDb
from app.api.common.paging import Cursor, CursorRejected, Limit, read_cursor, write_cursor
from app.api.common.problems import problems
from app.api.common.schemas import Out, Page
from app.core.clock import today
from app.reference.errors import DivisionUnknown
from app.reference.models import Standard
from app.reference.queries import list_children, list_standards

router = APIRouter(prefix="/v1/public", tags=["public"])

DivisionQuery = Annotated[str | None, Query(pattern="^[0-9]{12}$", description="12-digit division code")]


class DivisionOut(Out):
    """A division of the statistical edition in force on the day."""

    code: str
    name: str
    level: str
    parent: str | None
    valid_from: date


class StandardOut(Out):
    """A standard as it was published: amount, period, place, date and source. Nothing is divided or rounded."""

    program: str
    area: str
    area_class: str
    amount_fen: int
    currency: str
    period: str
    per: str
    valid_from: date
    valid_to: date | None
    note: str
    source: str

    @classmethod
    def of(cls, row: Standard) -> "StandardOut":
        return cls(
            program=row.program,
            area=row.area,
            area_class=row.area_class,
            amount_fen=row.amount_fen,
            currency="CNY",
            period=row.period,
            per=row.per,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            note=row.note,
            source=row.source,
        )


@router.get(
    "/divisions",
    operation_id="list_divisions",
    summary="List the divisions below one",
    responses=problems(DivisionUnknown, CursorRejected),
)
async def divisions(
    db: ReadDb, parent: DivisionQuery = None, limit: Limit = 100, cursor: Cursor = None
) -> Page[DivisionOut]:
    """Walk down from the province: without `parent` the top, with it the level below, in order of code."""
    name = f"divisions:{parent}"
    after = read_cursor(db.vault, None, name, cursor) or ""
    rows = await list_children(db, parent, today(db.clock), after=after, limit=limit + 1)
    following = write_cursor(db.vault, None, name, rows[limit - 1].code) if len(rows) > limit else None
    items = [
        DivisionOut(code=r.code, name=r.name, level=r.level, parent=r.parent_code, valid_from=r.valid_from)
        for r in rows[:limit]
    ]
    return Page(items=items, next=following)


@router.get(
    "/standards",
    operation_id="list_standards",
    summary="List the published standards",
    responses=problems(DivisionUnknown, CursorRejected),
)
async def standards(
    db: ReadDb,
    division: DivisionQuery = None,
    program: Annotated[str | None, Query(pattern=r"^[a-z_]{1,32}$")] = None,
    on: Annotated[date | None, Query(description="the day they are in force on; today without it")] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Page[StandardOut]:
    """Standards in force on a day; with `division` those of the place and everything it lies in."""
    name = f"standards:{division}:{program}:{on}"
    position = (read_cursor(db.vault, None, name, cursor) or "||").split("|")
    rows = await list_standards(
        db,
        on or today(db.clock),
        division=division,
        program=program,
        after=(position[0], position[1], position[2]),
        limit=limit + 1,
    )
    following = None
    if len(rows) > limit:
        last = rows[limit - 1]
        following = write_cursor(db.vault, None, name, f"{last.program}|{last.area}|{last.area_class}")
    return Page(items=[StandardOut.of(row) for row in rows[:limit]], next=following)
