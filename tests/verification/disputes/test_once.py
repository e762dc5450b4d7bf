"""One field is disputed once at a time; several are several tickets."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.applications.clocks import StepKind
from app.facts import FactKey, Item
from app.verification.errors import (
    DisputeAlreadyOpen,
)
from tests.builders.review import (
    build_office,
    open_kinds,
)
from tests.verification.disputes.cases import answer_ticket, case_with, dispute_it, questions


async def test_one_field_is_disputed_once_at_a_time_whoever_is_faster(database):
    case = await case_with(database)

    answers = await asyncio.gather(dispute_it(database, case), dispute_it(database, case), return_exceptions=True)

    assert [type(each) for each in answers if isinstance(each, Exception)] == [DisputeAlreadyOpen]
    assert len(await questions(database, case)) == 1


async def test_the_database_itself_has_one_pending_dispute_a_field(database):
    case = await case_with(database)
    dispute = await dispute_it(database, case)

    with pytest.raises(IntegrityError):
        async with database.unit_of_work() as db:
            await db.execute(
                text(
                    "INSERT INTO report_disputes SELECT (jsonb_populate_record(d, jsonb_build_object("
                    "'id', gen_random_uuid(), 'number', 'JY2'))).* FROM report_disputes d WHERE id = :id"
                ),
                {"id": dispute.id},
            )


async def test_two_fields_of_one_item_are_two_tickets_and_one_question(database):
    area = {FactKey.DWELLING_COUNT: 1, FactKey.DWELLING_AREA: 600_000}
    case = await case_with(database, {("self", Item.REAL_ESTATE): area})

    first = await dispute_it(database, case, item=Item.REAL_ESTATE, key=FactKey.DWELLING_COUNT)
    second = await dispute_it(database, case, item=Item.REAL_ESTATE, key=FactKey.DWELLING_AREA)

    (asked,) = await questions(database, case)
    assert {first.recheck_id, second.recheck_id} == {asked.id}
    assert first.number != second.number


async def test_the_timeline_waits_until_the_last_ticket_has_its_answer(database):
    area = {FactKey.DWELLING_COUNT: 1, FactKey.DWELLING_AREA: 600_000}
    case, office = await case_with(database, {("self", Item.REAL_ESTATE): area}), await build_office(database)
    tickets = [
        await dispute_it(database, case, item=Item.REAL_ESTATE, key=key)
        for key in (FactKey.DWELLING_COUNT, FactKey.DWELLING_AREA)
    ]

    await answer_ticket(database, office.county_1, tickets[0])
    assert StepKind.REPORT_DISPUTE in await open_kinds(database, case)
    await answer_ticket(database, office.county_1, tickets[1])
    assert StepKind.REPORT_DISPUTE not in await open_kinds(database, case)
