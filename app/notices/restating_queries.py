"""Keeping what hangs about awards true: the village reads what a household receives, not what it was granted once."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import BigInteger, Date, Text, Uuid, cast, column, func, update
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, JSONPATH

from app.core.canonical import canonical_text
from app.core.db import WriteSession
from app.notices.amounts import Amount, written
from app.notices.lifecycle import UP, Kind
from app.notices.models import Notice

_BEFORE_THE_FIRST = "$[*] ? (@.from < $first)"


async def restate_awards(db: WriteSession, amounts: Mapping[UUID, Sequence[Amount]]) -> None:
    """Bring what hangs about awards in line with what was decided, by application; one statement for all of them.

    `amounts`: what holds from which month on, earliest first; it takes the place of all that was to hold from the first
    of these months on. What hangs nowhere (not posted, not yet, or no more) stays as it is. The caller holds the
    awards, and records why.
    """
    if not amounts:
        return
    now = (
        func.unnest(
            cast([*amounts], ARRAY(Uuid)),
            cast([each[0].from_month for each in amounts.values()], ARRAY(Date)),
            cast([canonical_text(written(each[:-1])) for each in amounts.values()], ARRAY(Text)),
            cast([each[-1].fen for each in amounts.values()], ARRAY(BigInteger)),
            cast([each[-1].from_month for each in amounts.values()], ARRAY(Date)),
        )
        .table_valued(
            column("application_id", Uuid),
            column("first", Date),
            column("earlier", Text),
            column("fen", BigInteger),
            column("last", Date),
        )
        .render_derived(name="now")
    )
    told = Notice.earlier.op("||")(
        func.jsonb_build_object("fen", Notice.monthly_amount_fen, "from", func.to_char(Notice.amount_from, "YYYY-MM"))
    )
    staying = func.jsonb_path_query_array(
        told,
        cast(_BEFORE_THE_FIRST, JSONPATH),
        func.jsonb_build_object("first", func.to_char(now.c.first, "YYYY-MM")),
        type_=JSONB,
    )
    await db.execute(
        update(Notice)
        .where(Notice.application_id == now.c.application_id, Notice.kind == Kind.AWARD, Notice.status.in_(UP))
        .values(
            earlier=staying.op("||")(cast(now.c.earlier, JSONB)),
            monthly_amount_fen=now.c.fen,
            amount_from=now.c.last,
        )
        .execution_options(synchronize_session=False)
    )
