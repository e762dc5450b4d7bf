"""Months that were ordered from the bank before their award was raised: by how much, once for each higher amount."""

from typing import Any
from uuid import UUID

from sqlalchemy import Subquery, and_, exists, func, select
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import aliased
from sqlalchemy.types import String

from app.awards.models import AwardAmount
from app.core.db import ReadSession
from app.disbursement.lifecycle import LineStatus
from app.disbursement.models import ENTITLEMENT, PayLine


def raises() -> Subquery:
    """Select each month that was ordered before its award was raised, with each higher amount and by how much.

    Only of months that were released: a line that may still be taken away is laid anew by the higher amount.
    """
    paid, higher, between = aliased(PayLine), aliased(AwardAmount), aliased(AwardAmount)

    def gave_way(amount: type[AwardAmount]) -> Any:
        """Say whether one change kept a lower amount for the month, with the amount: a person had decided on that."""
        lower = aliased(AwardAmount)
        kept = exists().where(
            lower.award_id == amount.award_id,
            lower.change_id == amount.change_id,
            lower.seq > amount.seq,
            lower.from_month <= paid.month,
            lower.amount_fen < amount.amount_fen,
        )
        return kept.correlate_except(lower)

    most = (
        select(func.max(between.amount_fen))
        .where(
            between.award_id == paid.award_id,
            between.from_month <= paid.month,
            between.seq > paid.amount_seq,
            between.seq < higher.seq,
            ~gave_way(between),
        )
        .correlate(paid, higher)
        .scalar_subquery()
    )
    raise_fen = higher.amount_fen - func.greatest(paid.amount_fen, most)
    query = (
        select(
            paid.award_id,
            paid.county,
            paid.program,
            paid.month,
            higher.id.label("amount_id"),
            higher.change_id,
            higher.seq,
            raise_fen.label("raise_fen"),
        )
        .select_from(higher)
        .join(paid, and_(paid.award_id == higher.award_id, paid.month >= higher.from_month))
        .where(paid.cause == ENTITLEMENT, paid.amount_seq < higher.seq, paid.status != LineStatus.PENDING)
        .where(~gave_way(higher))
    )
    each = query.subquery("each")
    return select(each).where(each.c.raise_fen > 0).subquery("raises")


def is_laid(r: Subquery) -> Any:
    """Say whether a raise of a month has a line."""
    laid = aliased(PayLine)
    return exists().where(
        laid.award_id == r.c.award_id, laid.month == r.c.month, laid.cause == sql_cast(r.c.amount_id, String)
    )


async def sum_raises(db: ReadSession, change_id: UUID) -> dict[tuple[str, str], tuple[int, int]]:
    """Return by county and program what a change adds to months ordered before: all of it, and what has lines by now.

    As far as the session sees.
    """
    r = raises()
    whole = func.sum(r.c.raise_fen)
    laid = func.coalesce(func.sum(r.c.raise_fen).filter(is_laid(r)), 0)
    query = select(r.c.county, r.c.program, whole, laid)
    query = query.where(r.c.change_id == change_id).group_by(r.c.county, r.c.program)
    return {(row[0], row[1]): (int(row[2]), int(row[3])) for row in (await db.execute(query)).all()}
