"""What a citizen is entitled to, and what was paid."""

from datetime import date
from uuid import UUID

from fastapi import Request

from app.api.common.awards import AwardOut, shape_awards
from app.api.common.callers import Applicant
from app.api.common.deps import ReadDb
from app.api.common.explanations import AssessmentOut, Language, language_of
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.problems import problems, wants_english
from app.api.common.routing import Router
from app.api.common.schemas import Fen, Out, Page
from app.awards.errors import AmountNotExplained, AwardNotFound
from app.awards.histories import explain_amount
from app.awards.queries import get_award, list_awards
from app.core.crypto import ValueErased
from app.core.money import CURRENCY
from app.core.months import write_month
from app.disbursement.lifecycle import LineKind, LineStatus
from app.disbursement.models import PayLine
from app.disbursement.queries import list_payments
from app.identity.errors import TokenRejected

router = Router(prefix="/v1", tags=["applicant"])


class PaymentOut(Out):
    """One month's money. `failed` with failure `need_citizen_fix`: set the bank account right; the money stays owed.

    `arrears`: an earlier month, paid late, or what it was raised by after it was paid. `reissue`: a payment that
    failed, ordered again.
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
async def list_mine(
    actor: Applicant, db: ReadDb, request: Request, limit: Limit = 20, cursor: Cursor = None
) -> Page[AwardOut]:
    """Newest first."""
    after = read_id_cursor(db.vault, actor, "awards", cursor)
    rows = await list_awards(db, actor, status=None, after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, "awards", str(rows[limit - 1].id)) if len(rows) > limit else None
    return Page(items=await shape_awards(db, rows[:limit], _language(request)), next=following)


@router.get(
    "/awards/{award_id}",
    operation_id="get_my_award",
    summary="Read one award",
    responses=problems(TokenRejected, AwardNotFound),
)
async def get_mine(award_id: UUID, actor: Applicant, db: ReadDb, request: Request) -> AwardOut:
    """How much, from which month; and each act on it: raised, reduced, held back or stopped, with reason, law and
    remedies."""
    (shown,) = await shape_awards(db, [await get_award(db, actor, award_id)], _language(request))
    return shown


@router.get(
    "/awards/{award_id}/amounts/{amount_id}",
    operation_id="explain_my_amount",
    summary="See how the rules came to an amount",
    responses=problems(TokenRejected, AwardNotFound, AmountNotExplained, ValueErased),
)
async def explain(award_id: UUID, amount_id: UUID, actor: Applicant, db: ReadDb, request: Request) -> AssessmentOut:
    """Each rule, from what, by which law and number, worked out anew from what the decision rests on and the numbers
    of then. Of amounts that a person decided on there is the reason instead."""
    award = await get_award(db, actor, award_id)
    return AssessmentOut.of(await explain_amount(db, award, amount_id), _language(request))


def _language(request: Request) -> Language:
    return language_of(english=wants_english(request))


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
