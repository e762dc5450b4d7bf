"""Cases that come to a letter, the stage that hears of it, and what the letter then says."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.api.common.letters import LetterContentOut
from app.awards.commands import open_award_of
from app.core.canonical import canonical_bytes
from app.events.base import rebuild
from app.events.models import EventRecord
from app.letters.contents import open_letter
from app.letters.jobs import write_letter
from app.letters.models import Letter
from app.review.assessing import digest_of
from tests.builders.review import (
    build_office,
    decide,
    with_county,
)


async def tell(database, type_: str, *, times: int = 1) -> None:
    """Let the stage hear, so many times over, every event of a type."""
    async with database.reading() as db:
        query = select(EventRecord).where(EventRecord.type == type_).order_by(EventRecord.id)
        records = (await db.execute(query)).scalars().all()
    assert records
    for record in records:
        for _ in range(times):
            event = rebuild(record.type, record.subject, record.county, record.data, record.id)
            await write_letter(database, event)


async def letters(database) -> list[tuple[Letter, Mapping[str, Any]]]:
    """Return all letters there are, opened."""
    async with database.reading() as db:
        rows = (await db.execute(select(Letter).order_by(Letter.id))).scalars().all()
        return [(row, open_letter(db, row)) for row in rows]


async def the_letter(database) -> Mapping[str, Any]:
    """Return what the only letter says, whose digest is that of what it says."""
    ((row, body),) = await letters(database)
    assert row.digest == digest_of(canonical_bytes(body))
    shown = LetterContentOut.model_validate(body).model_dump(mode="json")
    assert row.digest == digest_of(canonical_bytes(shown)), "what a phone reads is what was kept, no more and no less"
    assert (row.kind, row.number) == (body["kind"], body["number"])
    return body


async def at_the_county(database, clock):
    """Bring a case before the county."""
    office = await build_office(database)
    return office, await with_county(database, clock, office)


async def awarded(database, clock):
    """Make an award, and who may manage it."""
    office, case = await at_the_county(database, clock)
    decision = await decide(database, case, office)
    async with database.unit_of_work() as db:
        return office, await open_award_of(db, case.id, decision.id)
