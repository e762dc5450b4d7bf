"""While a ticket is open: what waits for it, and what its days do."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.applications.clocks import StepKind
from app.applications.jobs import escalate_overdue
from app.applications.models import Escalation
from app.facts import Answer, Fact, FactKey, Item, Outcome
from app.identity.actors import SYSTEM
from app.notices.jobs import end_notices
from app.review.commands import refuse
from app.review.decisions import open_decision
from app.review.errors import DisputePending
from app.review.reasons import DISPUTED_UNANSWERED
from app.review.replay import replay_decision
from app.verification.commands import (
    TicketAnswer,
    record_answer,
)
from app.verification.dispute_lifecycle import PENDING, Status
from app.verification.report_jobs import pursue_disputes
from tests.builders.applications import VILLAGE
from tests.builders.review import (
    REASONS,
    build_office,
    build_verified,
    decide,
    open_kinds,
    opine,
    react,
    steps_of,
    visit,
)
from tests.builders.verification import AS_OF
from tests.verification.disputes.cases import (
    OPEN_POINT,
    answer_all,
    answer_ticket,
    as_it_stands,
    case_with,
    dispute_it,
    questions,
    send_letter,
)


async def _register_again(database, case):
    for check in await questions(database, case):
        fact = Fact(FactKey.HUKOU_DIVISION, VILLAGE, "public_security", AS_OF)
        async with database.unit_of_work() as db:
            await record_answer(db, SYSTEM, check.id, Answer(Outcome.HIT, {fact.key: fact}))
    await react(database, case)


async def test_nobody_is_refused_while_an_agency_owes_an_answer_and_a_grant_does_not_wait(database, clock):
    office = await build_office(database)
    refused, granted = await case_with(database), await build_verified(database)
    dispute = await dispute_it(database, refused)
    await answer_all(database, refused, 1)
    await visit(database, refused, office)
    await opine(database, refused, office, favourable=False, reasons=OPEN_POINT)

    with pytest.raises(DisputePending):
        async with database.unit_of_work() as db:
            await refuse(db, office.confirmer, refused.id, reasons=REASONS)
    await answer_ticket(database, office.county_1, dispute)
    async with database.unit_of_work() as db:
        decision = await refuse(db, office.confirmer, refused.id, reasons=REASONS)
    async with database.reading() as db:
        assert open_decision(db, decision)["decision"]["reasons"] == list(REASONS)

    pending = await dispute_it(database, granted, item=Item.HOUSEHOLD_REGISTER, key=FactKey.HUKOU_DIVISION)
    await _register_again(database, granted)
    await visit(database, granted, office)
    await opine(database, granted, office)
    clock.advance(timedelta(days=8))
    await end_notices(database)
    await decide(database, granted, office)
    assert (await as_it_stands(database, pending)).status == Status.OPEN
    assert StepKind.REPORT_DISPUTE in await open_kinds(database, granted)
    answered = await answer_ticket(database, office.county_1, pending, TicketAnswer.CORRECTED)
    assert answered.status == Status.CORRECTED
    [asked_anew] = await questions(database, granted)
    assert asked_anew.id == answered.recheck_id
    assert StepKind.REPORT_DISPUTE not in await open_kinds(database, granted)


async def test_past_its_day_an_agency_holds_no_refusal_up_any_more_and_the_decision_says_that_no_answer_came(
    database, clock
):
    case, office = await case_with(database), await build_office(database)
    dispute = await dispute_it(database, case)
    await answer_all(database, case, 1)
    await visit(database, case, office)
    await opine(database, case, office, favourable=False, reasons=OPEN_POINT)
    clock.advance(timedelta(days=30))

    with pytest.raises(DisputePending) as unsent:  # what lay at the county is not taken from the agency
        async with database.unit_of_work() as db:
            await refuse(db, office.confirmer, case.id, reasons=REASONS)
    await send_letter(database, dispute)
    with pytest.raises(DisputePending) as early:
        async with database.unit_of_work() as db:
            await refuse(db, office.confirmer, case.id, reasons=REASONS)
    clock.advance(timedelta(days=16))  # 8 January: ten working days from 23 December are over
    async with database.unit_of_work() as db:
        decision = await refuse(db, office.confirmer, case.id, reasons=REASONS)

    assert (unsent.value.detail, early.value.detail) == ("dispute_letter_unsent", "dispute_answer_until")
    async with database.reading() as db:
        assert open_decision(db, decision)["decision"]["reasons"] == [*REASONS, DISPUTED_UNANSWERED]
        assert replay_decision(db, decision).same
    assert (await as_it_stands(database, dispute)).status in PENDING
    assert (await answer_ticket(database, office.county_1, dispute)).status == Status.UPHELD


async def test_past_its_day_a_ticket_is_overdue_then_escalated_and_still_open_to_an_answer(database, clock):
    case, office = await case_with(database), await build_office(database)
    dispute = await dispute_it(database, case)
    await answer_all(database, case, 1)
    clock.advance(timedelta(days=14))  # 7 December is its last day
    await pursue_disputes(database)
    assert (await as_it_stands(database, dispute)).status == Status.OPEN
    clock.advance(timedelta(days=1))

    await pursue_disputes(database)
    await pursue_disputes(database)
    assert (await as_it_stands(database, dispute)).status == Status.OVERDUE
    await escalate_overdue(database)
    await pursue_disputes(database)
    await pursue_disputes(database)

    escalated = await as_it_stands(database, dispute)
    assert (escalated.status, escalated.version) == (Status.ESCALATED, 4)
    step = (await steps_of(database, case.id))[StepKind.REPORT_DISPUTE]
    async with database.reading() as db:
        escalations = (await db.execute(select(Escalation).where(Escalation.step_id == step.id))).scalars().all()
    assert [each.level for each in escalations] == ["county"]
    assert (await answer_ticket(database, office.county_1, dispute)).status == Status.UPHELD


async def test_a_day_in_a_year_that_was_not_announced_is_counted_again_once_it_is(database, clock, announce):
    clock.advance(timedelta(days=30))  # 23 December: ten working days lead into the next year
    case = await case_with(database)
    dispute = await dispute_it(database, case)
    assert (dispute.due_provisional, dispute.due_on.year) == (True, 2027)
    await announce()
    clock.advance(timedelta(days=22))

    await pursue_disputes(database)

    moved = await as_it_stands(database, dispute)
    assert (moved.due_provisional, moved.status) == (False, Status.OVERDUE)
