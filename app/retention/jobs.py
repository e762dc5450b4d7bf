"""Once a night: whatever the law has not kept any longer is erased, in batches.

One batch is one transaction: rows, tombstones and the record of it are there together or not at all. A run that was
killed goes on where it was, because what is erased is not due any more; two workers at once pass over each other's
rows.
Nothing under a hold is touched, and no sum: payments lose their people and keep their amounts.

Works as `dibao_eraser`: it may remove what everybody else may only add to, and can put nothing in its place.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from itertools import chain
from uuid import UUID

from app.audit.commands import record_act
from app.audit.leaves import NO_OBJECT
from app.audit.subjects import Case
from app.awards.models import Award
from app.core.clock import SHANGHAI, today
from app.core.db import Database, WriteSession
from app.core.ids import new_id
from app.identity.actors import SYSTEM
from app.reference.retention import Kept
from app.retention import queries
from app.retention.periods import Periods, day_of, load_periods, stopped_on
from app.retention.queries import CaseState

BATCH = 100
_FROM_HOUR = 1  # in China; until then the day before may still be worked on

Batch = Callable[[WriteSession, Periods], Awaitable[int]]
Erase = Callable[[WriteSession, datetime, int], Awaitable[int]]
Counts = Mapping[str, int]


async def erase_what_is_due(database: Database, *, batch: int = BATCH) -> None:
    """Do the night's run, unless it was done: everything that is due today."""
    now = database.clock.now()
    if now.astimezone(SHANGHAI).hour < _FROM_HOUR:
        return
    on = today(database.clock)
    async with database.unit_of_work("retention") as db:
        if not await queries.begin_run(db, {"day": on, "started_at": now}):
            return
        periods = await load_periods(db, on)
        counties = await queries.list_counties(db)
    for work in chain(*(_of_county(county, batch) for county in counties), _of_all(batch)):
        while await _run(database, work, periods):
            pass
    async with database.unit_of_work("retention") as db:
        await queries.finish_run(db, {"day": on, "finished_at": db.clock.now()})


async def _run(database: Database, work: Batch, periods: Periods) -> int:
    async with database.unit_of_work("retention") as db:
        return await work(db, periods)


def _of_county(county: str, limit: int) -> Sequence[Batch]:
    """List the work on a county's cases: drafts and files before awards, awards before lines."""
    return [
        partial(work, county=county, limit=limit)
        for work in (_drafts, _unsuccessful, _approval_files, _awards, _lines, _notices, _complaints)
    ]


def _of_all(limit: int) -> Sequence[Batch]:
    """List the work on what belongs to no case."""
    return [
        partial(_log, table, kept, erase, limit)
        for table, kept, erase in (
            ("messages", Kept.MESSAGE, queries.erase_messages),
            ("one_time_codes", Kept.ONE_TIME_CODE, queries.erase_codes),
            ("identity_questions", Kept.SHARING_RECORD, queries.erase_identity_questions),
            ("status_query_lines", Kept.SHARING_RECORD, queries.erase_told),
            ("status_queries", Kept.SHARING_RECORD, queries.erase_status_queries),
            ("check_attempts", Kept.SHARING_RECORD, queries.erase_attempts),
            ("registry_messages", Kept.SHARING_RECORD, queries.erase_registry_messages),
            ("webhook_deliveries", Kept.MESSAGE, queries.erase_deliveries),
            ("exports", Kept.SHARING_RECORD, queries.erase_exports),
            ("committee_members", Kept.DAILY_MANAGEMENT, queries.erase_committee_members),
            ("sessions", Kept.SESSION, queries.erase_sessions),
            ("declared_relatives", Kept.DAILY_MANAGEMENT, queries.erase_declarations),
            ("audit_records", Kept.SHARING_RECORD, queries.empty_reasons),
            ("citizens", Kept.ACCOUNT, _idle_accounts),
        )
    ]


async def _drafts(db: WriteSession, periods: Periods, *, county: str, limit: int) -> int:
    cutoff = periods.cutoff(Kept.DRAFT, county)
    return await _files(db, periods, await queries.take_drafts(db, county, cutoff, day_of(periods.on), limit))


async def _unsuccessful(db: WriteSession, periods: Periods, *, county: str, limit: int) -> int:
    cutoff = periods.cutoff(Kept.UNSUCCESSFUL, county)
    return await _files(db, periods, await queries.take_unsuccessful(db, county, cutoff, limit))


async def _approval_files(db: WriteSession, periods: Periods, *, county: str, limit: int) -> int:
    cutoff = periods.cutoff(Kept.APPROVAL_FILE, county)
    return await _files(db, periods, await queries.take_approval_files(db, county, cutoff, limit))


async def _files(db: WriteSession, periods: Periods, cases: Sequence[CaseState]) -> int:
    """Erase whole case files; each leaves a tombstone and a record of its own, which name nobody."""
    if not cases:
        return 0
    counts = await queries.erase_files(db, [case.id for case in cases], db.clock.now())
    counts["payout_accounts"] = await queries.erase_bank_accounts(db, {case.applicant_id for case in cases})
    kept = periods.of_case(cases[0], None).kept
    await _bury(db, periods, kept, [(case.id, case, periods.of_case(case, None).start) for case in cases])
    await _record(db, kept, cases[0].county, counts)
    return len(cases)


async def _awards(db: WriteSession, periods: Periods, *, county: str, limit: int) -> int:
    """Empty awards whose management's period is over."""
    kept = Kept.DAILY_MANAGEMENT
    awards = await queries.take_awards(db, county, periods.cutoff(kept, county), limit)
    if awards:
        ended = {each.id: stopped_on(each.status, each.to_month, each.stopped_at) for each in awards}
        counts = await queries.empty_awards(db, list(ended))
        await _bury(db, periods, kept, [(each.application_id, each, ended[each.id]) for each in awards])
        await _record(db, kept, county, counts)
    return len(awards)


async def _lines(db: WriteSession, periods: Periods, *, county: str, limit: int) -> int:
    """Take the people from payments of years whose accounts need not be kept any longer."""
    kept = Kept.PAYMENT_LIST
    # The period of a year's accounts begins when the year has ended.
    this_year = periods.cutoff(kept, county).day.replace(month=1, day=1)
    lines = await queries.take_lines(db, county, this_year, limit)
    if lines:
        counts = await queries.anonymise_lines(db, [line for line, _ in lines], {award for _, award in lines})
        await _record(db, kept, county, counts)
    return len(lines)


async def _notices(db: WriteSession, periods: Periods, *, county: str, limit: int) -> int:
    notices = await queries.take_notices(db, county, periods.cutoff(Kept.NOTICE_TEXT, county), limit)
    if notices:
        await _record(db, Kept.NOTICE_TEXT, county, await queries.empty_notices(db, notices))
    return len(notices)


async def _complaints(db: WriteSession, periods: Periods, *, county: str, limit: int) -> int:
    complaints = await queries.take_complaints(db, county, periods.cutoff(Kept.COMPLAINT, county), limit)
    if complaints:
        await _record(db, Kept.COMPLAINT, county, await queries.erase_complaints(db, complaints))
    return len(complaints)


async def _log(table: str, kept: Kept, erase: Erase, limit: int, db: WriteSession, periods: Periods) -> int:
    count = await erase(db, periods.cutoff(kept).instant, limit)
    if count:
        await _record(db, kept, None, {table: count})
    return count


async def _idle_accounts(db: WriteSession, before: datetime, limit: int) -> int:
    accounts = await queries.take_idle_accounts(db, before, limit)
    return await queries.erase_accounts(db, accounts, db.clock.now()) if accounts else 0


async def _bury(
    db: WriteSession, periods: Periods, kept: Kept, cases: Sequence[tuple[UUID, CaseState | Award, date | None]]
) -> None:
    """Leave a tombstone for each case, and a record of its own; neither names anybody."""
    rows = [
        {
            "id": new_id(),
            "county": row.county,
            "division": row.division,
            "application_id": application_id,
            "kept": kept,
            "period": str(periods.period(kept, row.county)),
            "basis": list(periods.rule(kept).basis),
            "started_on": start,
            "erased_at": db.clock.now(),
        }
        for application_id, row, start in cases
    ]
    await queries.add_tombstones(db, rows)
    for application_id, row, _ in cases:
        case = Case(application_id, None, row.county)
        await record_act(db, SYSTEM, "retention.erase_file", "application", application_id, case=case, kept=kept)


async def _record(db: WriteSession, kept: Kept, county: str | None, counts: Counts) -> None:
    """Keep how many rows of what went, by which class."""
    found = {table: count for table, count in counts.items() if count}
    await record_act(db, SYSTEM, "retention.erase", "retention", NO_OBJECT, county=county, kept=kept, counts=found)
