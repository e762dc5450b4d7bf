"""Notices as staff see them: every status, and the objections."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app.api.common.callers import Caseworker
from app.api.common.deps import Db
from app.api.common.free_words import Words
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.posted_amounts import NextAmount, amounts_of
from app.api.common.problems import problems
from app.api.common.schemas import Moment, Out, Page
from app.applications.queries import list_cases
from app.audit.commands import record_look
from app.core.clock import today
from app.core.db import ReadSession
from app.core.money import CURRENCY
from app.identity.errors import TokenRejected
from app.identity.masks import mask_name, mask_phone
from app.notices.lifecycle import Kind, Status
from app.notices.models import Notice, Objection
from app.notices.queries import list_notices, list_objections, name_on

router = APIRouter(prefix="/v1/console/notices", tags=["console: notices"])


class ObjectionOut(Out):
    """What somebody said against a notice; name and phone, if they want to be asked back, are masked."""

    id: UUID
    number: str
    made_at: Moment
    statement: Words
    name: str | None
    phone: str | None

    @classmethod
    def of(cls, db: ReadSession, row: Objection) -> "ObjectionOut":
        """Shape one objection."""
        return cls(
            id=row.id,
            number=row.number,
            made_at=row.made_at,
            statement=db.vault.open("objections.statement", row.id, row.statement_sealed),
            name=row.name_sealed and mask_name(db.vault.open("objections.name", row.id, row.name_sealed)),
            phone=row.phone_sealed and mask_phone(db.vault.open("objections.phone", row.id, row.phone_sealed)),
        )


class StaffNoticeOut(Out):
    """A notice with what became of it, the name masked: who needs it reads the public notice. `objections` is empty for
    roles they are not meant for."""

    id: UUID
    application_id: UUID
    division: str
    kind: Kind
    round: int
    program: str
    status: Status
    applicant_name: str
    members_count: int
    monthly_amount_fen: int
    amount_from: str | None
    next_amounts: list[NextAmount]
    currency: str
    posted_on: date
    ends_on: date | None
    ends_provisional: bool
    objections: list[ObjectionOut]

    @classmethod
    def of(cls, db: ReadSession, row: Notice, objections: list[Objection]) -> "StaffNoticeOut":
        """Shape one notice."""
        amounts = amounts_of(row, today(db.clock))
        return cls(
            id=row.id,
            application_id=row.application_id,
            division=row.division,
            kind=row.kind,
            round=row.round,
            program=row.program,
            status=row.status,
            applicant_name=mask_name(name_on(db.vault, row)),
            members_count=row.members_count,
            monthly_amount_fen=amounts.monthly_amount_fen,
            amount_from=amounts.amount_from,
            next_amounts=amounts.next_amounts,
            currency=CURRENCY,
            posted_on=row.posted_on,
            ends_on=row.ends_on,
            ends_provisional=row.ends_provisional,
            objections=[ObjectionOut.of(db, each) for each in objections],
        )


@router.get(
    "",
    operation_id="list_notices",
    summary="List the notices of my division",
    responses=problems(TokenRejected, CursorRejected),
)
async def list_all(
    actor: Caseworker,
    db: Db,
    status: Annotated[Status | None, Query()] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[StaffNoticeOut]:
    """What hangs or hung below the caller's division, newest first, with the objections. That the caller saw them
    is recorded, and each look at objections."""
    name = f"console-notices:{status}"
    after = read_id_cursor(db.vault, actor, name, cursor)
    rows = await list_notices(db, actor, status=status, after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, name, str(rows[limit - 1].id)) if len(rows) > limit else None
    shown = rows[:limit]
    objections = await list_objections(db, actor, [row.id for row in shown])
    cases = {case.application_id: case for case in await list_cases(db, [row.application_id for row in shown])}
    if shown:
        await record_look(db, actor, "notice.list", "notices", cases=cases.values(), count=len(shown), status=status)
    for row in shown:
        if any(each.notice_id == row.id for each in objections):
            await record_look(db, actor, "objection.read", "notice", row.id, cases=[cases[row.application_id]])
    items = [StaffNoticeOut.of(db, row, [o for o in objections if o.notice_id == row.id]) for row in shown]
    return Page(items=items, next=following)
