"""Whoever works for a campaign dies with any statement: what is left is whole, and who comes next goes on there."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import event, text

from app.campaigns.commands import listing
from app.campaigns.jobs import open_campaign, pursue_campaigns
from app.campaigns.lifecycle import Kind, Status
from tests.builders.campaigns import (
    answer_put,
    begin,
    build_granted,
    campaign_of,
    checks_put,
    counted,
    households_of,
    progress,
    questions_of,
)
from tests.builders.verification import build_agencies


class Killed(BaseException):
    """Nobody handles it, as nobody handles a kill."""


@contextmanager
def killed_with(engine: Any, number: int) -> Iterator[list[int]]:
    """Let whoever sends statement `number` die before it is carried out; yields how many were sent."""
    sent = [0]

    def note(*_: Any) -> None:
        sent[0] += 1
        if sent[0] == number:
            raise Killed

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", note)


async def _die_at_every_statement(engine: Any, work: Callable[[], Awaitable[None]]) -> int:
    """Do the work again and again, each time dying one statement later; returns how often somebody died."""
    for number in count(1):
        with killed_with(engine, number):
            try:
                await work()
            except Killed:
                continue
        return number - 1
    raise AssertionError("unreachable")


async def test_households_are_listed_once_however_often_the_worker_is_killed(database, engine, monkeypatch):
    for _ in range(3):
        await build_granted(database)
    monkeypatch.setattr(listing, "AT_ONCE", 1)
    campaign = await begin(database, Kind.YEARLY_REVIEW)
    whole = await counted(database, campaign)
    async with database.unit_of_work() as db:  # forget the listing, and list anew
        for table in ("campaign_questions", "campaign_households", "campaign_lanes"):
            await db.execute(text(f"DELETE FROM {table}"))
        await db.execute(text("UPDATE campaigns SET opened_at = NULL, after = NULL"))

    died = await _die_at_every_statement(engine, lambda: open_campaign(database, {"campaign": str(campaign.id)}))

    assert died > 5
    assert await progress(database, campaign) == await counted(database, campaign) == whole
    assert {row.unsettled for row in (await households_of(database, campaign)).values()} == {whole["waiting"] // 3}


@pytest.mark.parametrize("kind", [Kind.DEATH_MATCH, Kind.YEARLY_REVIEW])
async def test_nothing_is_lost_or_asked_twice_however_often_the_worker_is_killed(database, engine, kind):
    granted, agencies = await build_granted(database), build_agencies()
    campaign, died = await begin(database, kind), 0

    for _ in range(10):
        died += await _die_at_every_statement(engine, lambda: pursue_campaigns(database))
        await answer_put(database, agencies, campaign)
        database.clock.advance(timedelta(minutes=1))
        if (await campaign_of(database, campaign.id)).status == Status.DONE:
            break

    assert died > 20
    assert (await campaign_of(database, campaign.id)).status == Status.DONE
    questions, checks = await questions_of(database, campaign), await checks_put(database, campaign)
    assert await progress(database, campaign) == await counted(database, campaign) == {"none": len(questions)}
    assert len(checks) == len(questions), "one check for each question"
    assert {check.attempts for check in checks} == {1}
    asked = [(query.item, query.id_number) for agency in agencies.by_code.values() for query in agency.asked]
    assert len(asked) == len(set(asked)) == len(questions)
    assert {row.status for row in (await households_of(database, campaign)).values()} == {"settled"}
    assert granted.case in await households_of(database, campaign)
