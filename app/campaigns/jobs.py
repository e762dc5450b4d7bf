"""What campaigns do by themselves: list, put, take up, see to, finish. Each may run twice, or be killed anywhere."""

from collections.abc import Mapping
from uuid import UUID

from app.awards.events import AwardEvent
from app.campaigns.commands import (
    finish_campaign,
    leave_out,
    leave_out_next,
    open_next,
    release_next,
    settle_household,
    show_review,
    take_up_next,
)
from app.campaigns.lifecycle import SkipReason
from app.campaigns.queries.releasing import list_desks
from app.campaigns.queries.settling import (
    list_done,
    list_ended_with_rest,
    list_ready,
    list_running_of,
    list_steps_due,
    settle_plain,
)
from app.core.db import Database
from app.verification.commands import cancel_campaigns_checks

_ROUNDS = 20  # of one kind of work in one sweep: other sweeps wait meanwhile
_AT_ONCE = 200
_PLAIN_AT_ONCE = 2_000


async def open_campaign(database: Database, payload: Mapping[str, str]) -> None:
    """List whom a campaign asks about; a killed job goes on where it was."""
    more = True
    while more:
        async with database.unit_of_work("campaign") as db:
            more = await open_next(db, UUID(payload["campaign"]))


async def pursue_campaigns(database: Database) -> None:
    """Put what agencies have room for, take up what ended, see to households of which nothing is open any more."""
    await put_questions(database)
    await take_up_answers(database)
    await see_to_households(database)
    await _finish(database)


async def put_questions(database: Database) -> None:
    """Put the next questions of running campaigns, agency by agency."""
    async with database.reading() as db:
        desks = await list_desks(db)
    for desk in desks:
        for _ in range(_ROUNDS):
            async with database.unit_of_work("campaign") as db:
                if not await release_next(db, desk):
                    break


async def take_up_answers(database: Database) -> None:
    """Take up how checks ended, in the books of their campaigns."""
    for _ in range(_ROUNDS):
        async with database.unit_of_work("campaign") as db:
            if not await take_up_next(db):
                return


async def see_to_households(database: Database) -> None:
    """Tell timelines of reviews; settle households, in sets where nobody has to look."""
    for _ in range(_ROUNDS):
        async with database.unit_of_work("campaign") as db:
            if await settle_plain(db, database.clock.now(), _PLAIN_AT_ONCE) < _PLAIN_AT_ONCE:
                break
    async with database.reading() as db:
        due, ready = await list_steps_due(db, _AT_ONCE), await list_ready(db, database.clock.now(), _AT_ONCE)
    for household_id, application_id in due:
        async with database.unit_of_work("campaign") as db:
            await show_review(db, household_id, application_id)
    for household_id, application_id in ready:
        async with database.unit_of_work("campaign") as db:
            await settle_household(db, household_id, application_id)


async def _finish(database: Database) -> None:
    async with database.reading() as db:
        ended = await list_ended_with_rest(db)
    for campaign_id in ended:
        for _ in range(_ROUNDS):
            async with database.unit_of_work("campaign") as db:
                if not await leave_out_next(db, campaign_id):
                    break
    async with database.reading() as db:
        done = await list_done(db)
    for campaign_id in done:
        async with database.unit_of_work("campaign") as db:
            await finish_campaign(db, campaign_id)


async def leave_out_stopped(database: Database, event: AwardEvent) -> None:
    """Ask nothing more about a household whose award was stopped, or is another county's now."""
    async with database.reading() as db:
        campaigns = await list_running_of(db, event.application_id)
    for campaign_id in campaigns:
        async with database.unit_of_work("campaign") as db:
            await leave_out(db, campaign_id, event.application_id, SkipReason.AWARD_ENDED)
    if campaigns:
        async with database.unit_of_work("campaign") as db:
            await cancel_campaigns_checks(db, event.application_id)
