"""What hangs in a village, and objections to it. Nothing personal beyond what the law has posted.

Found by village only, never by person; not for search engines, not for caches; gone when its time is over.
"""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import Field

from app.api.common.deps import Db, ReadDb, ToolsDep, for_anyone
from app.api.common.limits import LimitsDep, limited
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.posted_amounts import NextAmount, amounts_of
from app.api.common.problems import problems
from app.api.common.routing import Router
from app.api.common.schemas import In, Line, Out, Page, Paragraph
from app.applications.errors import NotAVillage
from app.core.clock import today
from app.core.crypto import Vault
from app.core.money import CURRENCY
from app.identity.errors import NameMalformed, PhoneMalformed
from app.limits.errors import TooManyRequests
from app.limits.policies import NOTICES, NOTICES_CALLER, OBJECTIONS, OBJECTIONS_CALLER
from app.notices.commands import object_to_notice
from app.notices.errors import NoticeClosed, NoticeNotFound
from app.notices.lifecycle import Kind
from app.notices.models import Notice
from app.notices.queries import Posted, get_board, get_public_notice, name_on
from app.reference.divisions import Level
from app.reference.errors import DivisionMalformed, DivisionUnknown
from app.reference.queries import get_division

router = Router(prefix="/v1/public/notices", tags=["public"], dependencies=[Depends(for_anyone)])

Village = Annotated[str, Query(pattern="^[0-9]{12}$", description="12-digit code of a village or neighbourhood")]


class NoticeOut(Out):
    """All that is posted: name, number of members and amount, where, for which program, from when until when.

    `kind` opinion: before the decision, for seven days; award: after it, `ends_on` null until the award is stopped from
    a month on, then the last day before. The amount is what the award comes to now, since the month `amount_from`, and
    `next_amounts` what it will, once a raise or reduction was decided. That an award is suspended is not told: that
    decides nothing. A child's name is masked.
    """

    id: UUID
    kind: Kind
    program: str
    village: str
    applicant_name: str
    members_count: int
    monthly_amount_fen: int
    amount_from: str | None
    next_amounts: list[NextAmount]
    currency: str
    posted_on: date
    ends_on: date | None

    @classmethod
    def of(cls, vault: Vault, notice: Notice | Posted, village: str, on: date) -> "NoticeOut":
        """Shape a notice as it reads on a day; `village` is the place's name."""
        amounts = amounts_of(notice, on)
        return cls(
            id=notice.id,
            kind=notice.kind,
            program=notice.program,
            village=village,
            applicant_name=name_on(vault, notice),
            members_count=notice.members_count,
            monthly_amount_fen=amounts.monthly_amount_fen,
            amount_from=amounts.amount_from,
            next_amounts=amounts.next_amounts,
            currency=CURRENCY,
            posted_on=notice.posted_on,
            ends_on=notice.ends_on,
        )


class ObjectionIn(In):
    """What speaks against the notice; name and phone only if you want to be asked back."""

    statement: Paragraph
    name: Line | None = None
    phone: Annotated[str, Field(min_length=11, max_length=20, examples=["19000000001"])] | None = None


class ObjectionOut(Out):
    """Keep both: with the number and the code you can ask what became of it (`POST /v1/public/objection-lookups`). The
    code is shown only now."""

    number: str
    code: str


@router.get(
    "",
    operation_id="list_public_notices",
    summary="See what is posted in a village",
    responses=problems(DivisionUnknown, DivisionMalformed, NotAVillage, CursorRejected, TooManyRequests),
)
async def list_in_village(
    division: Village,
    tools: ToolsDep,
    limits: LimitsDep,
    response: Response,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[NoticeOut]:
    """Newest first. Only for one village or neighbourhood, as on its notice board."""
    await limits.use((NOTICES_CALLER, limits.address), (NOTICES, division))
    _keep_private(response)
    database, name = tools.database, f"public-notices:{division}"
    after = read_id_cursor(database.vault, None, name, cursor)
    on = today(database.clock)
    board = await get_board(database, division, on, after=after, limit=limit + 1)
    if board.level != Level.VILLAGE:
        raise NotAVillage
    rows = board.notices
    following = write_cursor(database.vault, None, name, str(rows[limit - 1].id)) if len(rows) > limit else None
    return Page(items=[NoticeOut.of(database.vault, row, board.village, on) for row in rows[:limit]], next=following)


@router.get(
    "/{notice_id}",
    operation_id="get_public_notice",
    summary="Read one notice",
    responses=problems(NoticeNotFound, TooManyRequests),
    dependencies=[limited(NOTICES_CALLER)],
)
async def get(notice_id: UUID, db: ReadDb, response: Response) -> NoticeOut:
    """One notice while it is up; afterwards there is nothing at this address."""
    _keep_private(response)
    notice = await get_public_notice(db, notice_id, today(db.clock))
    village = await get_division(db, notice.division, notice.posted_on)
    return NoticeOut.of(db.vault, notice, village.name, today(db.clock))


@router.post(
    "/{notice_id}/objections",
    status_code=201,
    operation_id="object_to_notice",
    summary="Object to a notice",
    responses=problems(NoticeNotFound, NoticeClosed, NameMalformed, PhoneMalformed, TooManyRequests),
)
async def object_to(notice_id: UUID, body: ObjectionIn, db: Db, limits: LimitsDep) -> ObjectionOut:
    """Say what speaks against it, with or without a name, while it is up. The township then surveys the household
    again or holds an appraisal. Nobody learns who objected."""
    await limits.use((OBJECTIONS_CALLER, limits.address), (OBJECTIONS, str(notice_id)))
    receipt = await object_to_notice(db, notice_id, statement=body.statement, name=body.name, phone=body.phone)
    return ObjectionOut(number=receipt.number, code=receipt.code)


def _keep_private(response: Response) -> None:
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-store"
