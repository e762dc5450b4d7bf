"""Keeping what hangs about awards true: the village reads what a household receives, not what it was granted once."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import BigInteger, Date, Uuid, cast, column, func, update
from sqlalchemy.dialects.postgresql import ARRAY

from app.core.db import WriteSession
from app.notices.amounts import Amount
from app.notices.lifecycle import UP, Kind
from app.notices.models import Notice


async def restate_awards(db: WriteSession, amounts: Mapping[UUID, Amount]) -> None:
    """Bring what hangs about awards in line with what they come to now, by application; one statement for all of them.

    What hangs nowhere (not posted, not yet, or no more) stays as it is. The caller holds the awards, and records why.
    """
    if not amounts:
        return
    now = (
        func.unnest(
            cast([*amounts], ARRAY(Uuid)),
            cast([each.fen for each in amounts.values()], ARRAY(BigInteger)),
            cast([each.from_month for each in amounts.values()], ARRAY(Date)),
        )
        .table_valued(column("application_id", Uuid), column("fen", BigInteger), column("from_month", Date))
        .render_derived(name="now")
    )
    await db.execute(
        update(Notice)
        .where(Notice.application_id == now.c.application_id, Notice.kind == Kind.AWARD, Notice.status.in_(UP))
        .values(monthly_amount_fen=now.c.fen, amount_from=now.c.from_month)
        .execution_options(synchronize_session=False)
    )
