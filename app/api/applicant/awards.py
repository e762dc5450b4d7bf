"""What a citizen is entitled to, and what was paid."""

from datetime import date
from uuid import UUID

from app.api.common.callers import Applicant
from app.api.common.deps import ReadDb
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.problems import problems
from app.api.common.routing import Router
from app.api.common.schemas import Fen, Moment, Out, Page
from app.awards.errors import AwardNotFound
from app.awards.lifecycle import Status
from app.awards.models import Award
from app.awards.queries import get_award, list_awards
from app.core.db import ReadSession
from app.core.money import CURRENCY
from app.core.months import write_month
from app.disbursement.lifecycle import LineKind, LineStatus
from app.disbursement.models import PayLine
from app.disbursement.queries import list_payments
from app.identity.errors import TokenRejected

router = Router(prefix="/v1", tags=["applicant"])


class AwardOut(Out):
    """An award: an amount for each month from `from_month`; `to_month` is the last one once the award was stopped."""

    id: UUID
    application_id: UUID
    decision_id: UUID
    program: str
    status: Status
    monthly_amount_fen: Fen
    currency: str
    members_count: int
    from_month: str
    to_month: str | None
    opened_at: Moment
    suspended_reason: str | None
    stop_ground: str | None
    stop_reason: str | None
    stopped_at: Moment | None

    @classmethod
    def of(cls, db: ReadSession, award: Award) -> "AwardOut":
        reason = award.stop_reason_sealed
        return cls(
            id=award.id,
            application_id=award.application_id,
            decision_id=award.decision_id,
            program=award.program,
            status=award.status,
            monthly_amount_fen=award.monthly_amount_fen,
            currency=CURRENCY,
            members_count=award.members_count,
            from_month=write_month(award.from_month),
            to_month=write_month(award.to_month) if award.to_month else None,
            opened_at=award.opened_at,
            suspended_reason=award.suspended_reason,
            stop_ground=award.stop_ground,
            stop_reason=db.vault.open("awards.stop_reason", award.id, reason) if reason else None,
            stopped_at=award.stopped_at,
        )


class PaymentOut(Out):
    """One month's money. `failed` with failure `need_citizen_fix`: set the bank account right; the money stays owed.

    `arrears`: an earlier month, paid late. `reissue`: a payment that failed, ordered again.
    """

    id: UUID
    award_id: UUID
    month: str
    kind: LineKind
    amount_fen: Fen
    currency: str
    status: LineStatus
    failure: str | None
    paid_on: date | None

    @classmethod
    def of(cls, line: PayLine) -> "PaymentOut":
        return cls(
            id=line.id,
            award_id=line.award_id,
            month=write_month(line.month),
            kind=line.kind,
            amount_fen=line.amount_fen,
            currency=CURRENCY,
            status=line.status,
            failure=line.failure,
            paid_on=line.paid_on,
        )


@router.get(
    "/awards",
    operation_id="list_my_awards",
    summary="List my awards",
    responses=problems(TokenRejected, CursorRejected),
)
async def list_mine(actor: Applicant, db: ReadDb, limit: Limit = 20, cursor: Cursor = None) -> Page[AwardOut]:
    """Newest first."""
    after = read_id_cursor(db.vault, actor, "awards", cursor)
    rows = await list_awards(db, actor, status=None, after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, "awards", str(rows[limit - 1].id)) if len(rows) > limit else None
    return Page(items=[AwardOut.of(db, row) for row in rows[:limit]], next=following)


@router.get(
    "/awards/{award_id}",
    operation_id="get_my_award",
    summary="Read one award",
    responses=problems(TokenRejected, AwardNotFound),
)
async def get_mine(award_id: UUID, actor: Applicant, db: ReadDb) -> AwardOut:
    """How much, from which month, and whether it is held back or stopped, with the reason."""
    return AwardOut.of(db, await get_award(db, actor, award_id))


@router.get(
    "/payments",
    operation_id="list_my_payments",
    summary="List my payments",
    responses=problems(TokenRejected, CursorRejected),
)
async def list_paid(actor: Applicant, db: ReadDb, limit: Limit = 20, cursor: Cursor = None) -> Page[PaymentOut]:
    """What was ordered from the bank and what became of it, newest first."""
    after = read_id_cursor(db.vault, actor, "payments", cursor)
    rows = await list_payments(db, actor, after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, "payments", str(rows[limit - 1].id)) if len(rows) > limit else None
    return Page(items=[PaymentOut.of(row) for row in rows[:limit]], next=following)
