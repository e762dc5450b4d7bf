"""Cases with questions that go by file, and an agency that takes them."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from app.facts import Item
from app.reference.commands import LocalParameter, put_parameter
from app.verification.batch_jobs import gather_batches, work_batch
from app.verification.batch_models import CheckBatch, CheckBatchLine
from app.verification.models import Check
from app.verification.queries import find_current_report, open_report
from tests.builders.applications import COUNTY
from tests.builders.verification import (
    PATIENCE,
    Agencies,
    Case,
    answer_all,
    build_opened,
    checks_of,
)

AS_OF = date(2026, 11, 20)
HOUR = timedelta(hours=1)


async def set_for_place(database, name: str, value: Any) -> None:
    async with database.unit_of_work() as db:
        await put_parameter(db, LocalParameter("procedure", name, COUNTY, value, "测试规程第九条", date(2026, 1, 1)))


async def with_securities(database) -> Case:
    await set_for_place(database, "also_asked", ["securities"])
    return await build_opened(database)


async def work_round(database, agencies: Agencies) -> None:
    """What the worker does at one moment: gather, hand over, and run each job there is."""
    await gather_batches(database, patience=PATIENCE)
    for batch in await batches_of(database):
        if batch.next_at is not None and batch.next_at <= database.clock.now():
            await work_one(database, agencies, batch)


async def work_one(database, agencies: Agencies, batch: CheckBatch) -> None:
    payload = {"batch": str(batch.id), "attempt": str(batch.attempts)}
    await work_batch(database, payload, partners=agencies.by_code, patience=PATIENCE)


async def sent_case(database, clock, agencies: Agencies) -> Case:
    """A case whose securities have been asked by file, everything else answered."""
    case = await with_securities(database)
    await answer_all(database, agencies, case)
    clock.advance(HOUR)
    await work_round(database, agencies)
    return case


async def batches_of(database) -> list[CheckBatch]:
    async with database.reading() as db:
        return list((await db.execute(select(CheckBatch).order_by(CheckBatch.id))).scalars())


async def lines_of(database) -> list[CheckBatchLine]:
    async with database.reading() as db:
        return list((await db.execute(select(CheckBatchLine).order_by(CheckBatchLine.id))).scalars())


async def checks_of_item(database, case: Case, item: Item = Item.SECURITIES) -> list[Check]:
    return [check for (_, each), check in (await checks_of(database, case)).items() if each is item]


async def report_of(database, case: Case):
    async with database.reading() as db:
        report = await find_current_report(db, case.id)
        return report, open_report(db, report) if report else None
