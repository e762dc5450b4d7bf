"""What is to come back of an award, as both sides read it."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from app.api.common.decisions import RemedyOut
from app.api.common.explanations import Language
from app.api.common.free_words import Words
from app.api.common.schemas import Fen, Moment, Out
from app.core.clock import legal_date
from app.core.db import ReadSession
from app.core.money import CURRENCY
from app.core.months import write_month
from app.overpayments.laws import laws_of
from app.overpayments.lifecycle import Ground, Status
from app.overpayments.models import Recovery, RecoveryMonth, Repayment
from app.overpayments.queries import list_months, list_recoveries, list_repayments
from app.review.basis import remedies_of


class RecoveryMonthOut(Out):
    """What of one month is to come back, of what was paid for it; `taken_back_fen`: by the bank itself, later."""

    month: str
    paid_fen: Fen
    amount_fen: Fen
    taken_back_fen: Fen


class InstalmentOut(Out):
    """A part that is to come back by a day."""

    due_on: date
    amount_fen: Fen


class RepaymentOut(Out):
    """Money that came back; `reference` is the receipt's number."""

    amount_fen: Fen
    received_on: date
    reference: str
    recorded_at: Moment


class RecoveryOut(Out):
    """A recovery. `status`: proposed (say what you have to say to it), ordered, repaid, written_off, dropped.
    `taken_back_fen`: what the bank took back itself after it was ordered; that is asked of the household no more, and
    where all has come back so, it is repaid, too. `remedies`: what may be done against it, once it is ordered."""

    id: UUID
    award_id: UUID
    number: str
    status: Status
    ground: Ground
    reason: Words
    law: list[str]
    months: list[RecoveryMonthOut]
    total_fen: Fen
    repaid_fen: Fen
    written_off_fen: Fen
    taken_back_fen: Fen
    outstanding_fen: Fen
    currency: str
    instalments: list[InstalmentOut]
    repayments: list[RepaymentOut]
    proposed_at: Moment
    heard_on: date | None
    opinion: Words | None
    decided_at: Moment | None
    drop_reason: Words | None
    remedies: list[RemedyOut]

    @classmethod
    def of(
        cls,
        db: ReadSession,
        row: Recovery,
        months: Sequence[RecoveryMonth],
        repayments: Sequence[Repayment],
        language: Language,
    ) -> "RecoveryOut":
        """Shape one recovery."""
        decided = legal_date(row.decided_at) if row.decided_at else None
        ordered = decided is not None and row.status != Status.DROPPED
        return cls(
            id=row.id,
            award_id=row.award_id,
            number=row.number,
            status=row.status,
            ground=row.ground,
            reason=db.vault.open("recoveries.reason", row.id, row.reason_sealed),
            law=laws_of(row.ground, decided or legal_date(row.proposed_at)),
            months=[
                RecoveryMonthOut(
                    month=write_month(each.month),
                    paid_fen=each.paid_fen,
                    amount_fen=each.amount_fen,
                    taken_back_fen=each.taken_back_fen,
                )
                for each in months
            ],
            total_fen=row.total_fen,
            repaid_fen=row.repaid_fen,
            written_off_fen=row.written_off_fen,
            taken_back_fen=row.taken_back_fen,
            outstanding_fen=0 if row.status == Status.DROPPED else row.outstanding_fen,
            currency=CURRENCY,
            instalments=[
                InstalmentOut(due_on=date.fromisoformat(part["due_on"]), amount_fen=part["amount_fen"])
                for part in row.instalments
            ],
            repayments=[
                RepaymentOut(
                    amount_fen=each.amount_fen,
                    received_on=each.received_on,
                    reference=each.reference,
                    recorded_at=each.recorded_at,
                )
                for each in repayments
            ],
            proposed_at=row.proposed_at,
            heard_on=row.heard_on,
            opinion=_open(db, row, "opinion", row.opinion_sealed),
            decided_at=row.decided_at,
            drop_reason=_open(db, row, "drop_reason", row.drop_reason_sealed),
            remedies=[RemedyOut.of(each, language) for each in remedies_of(decided)] if ordered and decided else [],
        )


class RecoveriesOut(Out):
    """All of one award, oldest first."""

    items: list[RecoveryOut]


async def shape_recoveries(db: ReadSession, award_id: UUID, language: Language) -> list[RecoveryOut]:
    """Shape all recoveries of an award, their months and receipts read together."""
    rows = await list_recoveries(db, award_id)
    ids = [row.id for row in rows]
    months, repayments = await list_months(db, ids), await list_repayments(db, ids)
    return [RecoveryOut.of(db, row, months[row.id], repayments[row.id], language) for row in rows]


def _open(db: ReadSession, row: Recovery, name: str, sealed: bytes | None) -> str | None:
    return db.vault.open(f"recoveries.{name}", row.id, sealed) if sealed else None
