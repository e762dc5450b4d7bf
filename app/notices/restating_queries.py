"""Keeping what hangs about awards true: the village reads what a household receives, not what it was granted once."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Date, Text, Uuid, bindparam, text

from app.core.canonical import canonical_bytes
from app.core.db import WriteSession
from app.notices.amounts import Amount, written

# What is to hold from the first changed month on gives way to what holds now; what comes before it stays.
_RESTATE = text(
    """
    UPDATE notices
    SET earlier = jsonb_path_query_array(
            notices.earlier || jsonb_build_object(
                'fen', notices.monthly_amount_fen, 'from', to_char(notices.amount_from, 'YYYY-MM')
            ),
            '$[*] ? (@.from < $first)', jsonb_build_object('first', to_char(now.first, 'YYYY-MM'))
        ) || CAST(now.earlier AS jsonb),
        monthly_amount_fen = now.fen,
        amount_from = now.last
    FROM unnest(:applications, :firsts, :earlier, :fen, :lasts) AS now (application_id, first, earlier, fen, last)
    WHERE notices.application_id = now.application_id AND notices.kind = 'award'
      AND notices.status IN ('posted', 'objected')
    """
).bindparams(
    bindparam("applications", type_=ARRAY(Uuid)),
    bindparam("firsts", type_=ARRAY(Date)),
    bindparam("earlier", type_=ARRAY(Text)),
    bindparam("fen", type_=ARRAY(BigInteger)),
    bindparam("lasts", type_=ARRAY(Date)),
)


async def restate_awards(db: WriteSession, amounts: Mapping[UUID, Sequence[Amount]]) -> None:
    """Bring what hangs about awards in line with what was decided, by application; one statement for all of them.

    `amounts`: what holds from which month on, earliest first; it takes the place of all that was to hold from the first
    of these months on. What hangs nowhere (not posted, not yet, or no more) stays as it is. The caller holds the
    awards, and records why.
    """
    if not amounts:
        return
    await db.execute(
        _RESTATE,
        {
            "applications": list(amounts),
            "firsts": [each[0].from_month for each in amounts.values()],
            "earlier": [canonical_bytes(written(each[:-1])).decode() for each in amounts.values()],
            "fen": [each[-1].fen for each in amounts.values()],
            "lasts": [each[-1].from_month for each in amounts.values()],
        },
    )
