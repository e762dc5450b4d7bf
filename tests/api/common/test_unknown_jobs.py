"""A job that no worker knows lies in the queue; it is told of, and counted, instead of lying there silently."""

import structlog
from sqlalchemy import text

from app.events.commands import enqueue
from app.verification.patience import PATIENCE
from app.worker import all_jobs, tell_of_unknown_jobs
from tests.builders.people import build_citizen
from tests.core.test_sweeps import TOOLS


async def _left(database, job: str, *, ago: str = "1 hour") -> None:
    async with database.unit_of_work() as db:
        await build_citizen(db)
        await enqueue(db, job, {"case": "1"})
        await db.execute(text(f"UPDATE pgqueuer SET execute_after = now() - interval '{ago}'"))


async def test_what_another_release_left_is_told_of_once_and_again_when_it_grows(database):
    known = {"dispatch_event", "ask_checks"}
    await _left(database, "settle_notices")
    await _left(database, "ask_checks")

    with structlog.testing.capture_logs() as logs:
        told = await tell_of_unknown_jobs(database, known, {})
        told = await tell_of_unknown_jobs(database, known, told)
        await _left(database, "settle_notices")
        await tell_of_unknown_jobs(database, known, told)

    assert [(log["log_level"], log["event"], log["job"], log["count"]) for log in logs] == [
        ("error", "jobs of an unknown kind", "settle_notices", 1),
        ("error", "jobs of an unknown kind", "settle_notices", 2),
    ]


async def test_whatever_this_release_enqueues_is_known(database):
    tools = TOOLS.__class__(**{**vars(TOOLS), "batch_partners": {}, "keys": None, "turn": None, "patience": PATIENCE})
    names = all_jobs(tools).keys()
    await _left(database, "dispatch_event")

    assert await tell_of_unknown_jobs(database, names, {}) == {}
    assert "settle_notices" not in names


async def test_readiness_counts_what_nobody_takes_up_and_not_what_is_only_young(anyone, database):
    await _left(database, "settle_notices", ago="9 minutes")
    young = await anyone.get("/readyz")
    await _left(database, "settle_notices")

    old = await anyone.get("/readyz")

    assert young.json() == {"status": "ok", "unattended_jobs": 0}
    assert old.json() == {"status": "ok", "unattended_jobs": 2}
