"""Many rows in one transaction: what is refused leaves nothing behind, what is done stays."""

import pytest
from sqlalchemy import select, text

from app.applications.commands.bulk import one_by_one
from app.applications.events import ApplicationAccepted
from app.core.errors import StepNotAllowed
from app.core.ids import new_id
from app.events.commands import record_event
from app.events.models import EventRecord


def _event(subject):
    return ApplicationAccepted(subject=subject, county="532529", applicant_id=subject)


async def _jobs(db) -> int:
    return int(await db.scalar(text("SELECT count(*) FROM pgqueuer")) or 0)


def _failing_at(db, bad, failure):
    """Return an act that writes an event about each row, and fails at one of them after that."""

    async def act(row):
        await record_event(db, _event(row))
        if row == bad:
            raise failure

    return act


async def test_what_a_refused_row_had_written_is_undone_with_its_job(database):
    bad, good = new_id(), new_id()

    async with database.unit_of_work() as db:
        before = await _jobs(db)
        refusals = await one_by_one(db, [good, bad, good], _failing_at(db, bad, StepNotAllowed()))
        queued = await _jobs(db) - before

    async with database.reading() as db:
        kept = (await db.scalars(select(EventRecord.subject))).all()
    assert (kept, queued) == ([good], 1)
    assert list(refusals) == [good, bad]
    assert (refusals[good], type(refusals[bad])) == (None, StepNotAllowed)


async def test_a_failure_that_is_no_refusal_undoes_the_whole_batch(database):
    rows = [new_id(), new_id()]

    async def batch():
        async with database.unit_of_work() as db:
            await one_by_one(db, rows, _failing_at(db, rows[1], ZeroDivisionError()))

    with pytest.raises(ZeroDivisionError):
        await batch()

    async with database.reading() as db:
        assert (await db.scalars(select(EventRecord.subject))).all() == []
