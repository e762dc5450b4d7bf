"""Whoever withdraws is asked about no more from that moment: neither what waits for its turn goes out, nor a second
try."""

import asyncio
from typing import Any

from app.applications.commands import withdraw_authorisation
from app.core.db import Database
from app.facts import Item
from app.partners.base import PartnerUnavailable
from app.partners.calling.care import Care
from app.partners.calling.guarded import guard
from app.verification.agency_models import CheckAttempt
from app.verification.commands import cancel_void_checks
from app.verification.jobs import ask_checks
from app.verification.lifecycle import Status
from app.verification.putting import new_turn
from tests.builders.verification import PATIENCE, Agencies, Case, build_agencies, build_opened, checks_of, find_check
from tests.support.dump import dump


async def _withdraw(database: Database, case: Case, relation: str = "spouse") -> None:
    async with database.unit_of_work() as db:
        await withdraw_authorisation(db, case.applicant, case.id, case.member(relation))


def _asking(database: Database, case: Case, agencies: Agencies, care: Care, *checks: Any) -> asyncio.Task[None]:
    partners = {**agencies.by_code, "tax": guard(agencies.tax, care)}
    payload = {"application": str(case.id), "attempts": " ".join(f"{check.id}:0" for check in checks)}
    return asyncio.create_task(ask_checks(database, payload, partners=partners, patience=PATIENCE, turn=new_turn()))


class _Slow:
    """Lets a tax office answer when it is let, and knows who was asked about."""

    def __init__(self, agencies: Agencies) -> None:
        self.let, self.asked, self.sent = asyncio.Event(), asyncio.Event(), list[str]()
        self._answer = agencies.tax.ask
        agencies.tax.ask = self._ask

    async def _ask(self, query: Any) -> Any:
        self.sent.append(query.id_number)
        self.asked.set()
        await self.let.wait()
        return await self._answer(query)


async def _ask_while_one_withdraws(database: Database, *, cancelled: bool) -> tuple[Case, _Slow]:
    """The tax office takes one question at a time: about the head, while the spouse's waits, who withdraws."""
    agencies, case = build_agencies(), await build_opened(database)
    slow = _Slow(agencies)
    income = [await find_check(database, case, Item.INCOME, relation) for relation in ("self", "spouse")]
    care = Care(at_once=1, queue=60.0, deadline=60.0)
    first = _asking(database, case, agencies, care, *income)
    await asyncio.wait_for(slow.asked.wait(), 60)
    await _withdraw(database, case)
    if cancelled:
        async with database.unit_of_work() as db:
            await cancel_void_checks(db, case.id)
    slow.let.set()
    await first
    return case, slow


async def test_a_question_that_waits_for_its_turn_does_not_go_out_after_the_withdrawal(database: Database) -> None:
    case, slow = await _ask_while_one_withdraws(database, cancelled=True)

    assert slow.sent == [case.number("self")]
    assert (await find_check(database, case, Item.INCOME)).status == Status.ANSWERED
    spouse = await find_check(database, case, Item.INCOME, "spouse")
    assert (spouse.status, spouse.attempts) == (Status.CANCELLED, 0)


async def test_it_is_cancelled_there_and_then_where_it_was_not_yet(database: Database, database_url: str) -> None:
    case, slow = await _ask_while_one_withdraws(database, cancelled=False)

    assert slow.sent == [case.number("self")]
    spouse = await find_check(database, case, Item.INCOME, "spouse")
    assert (spouse.status, spouse.attempts, spouse.next_attempt_at) == (Status.CANCELLED, 0, None)
    attempts = (await dump(database_url))[CheckAttempt.__tablename__]
    assert len(attempts) == 1, "what was not put is no attempt"


async def test_one_that_waited_and_may_still_be_put_goes_out(database: Database) -> None:
    agencies, case = build_agencies(), await build_opened(database)
    slow = _Slow(agencies)
    income = [check for (_, item), check in (await checks_of(database, case)).items() if item == Item.INCOME]
    asking = _asking(database, case, agencies, Care(at_once=1, queue=60.0, deadline=60.0), *income)
    await asyncio.wait_for(slow.asked.wait(), 60)
    slow.let.set()
    await asking

    assert len(slow.sent) == len(income) == 3
    after = [check.status for (_, item), check in (await checks_of(database, case)).items() if item == Item.INCOME]
    assert set(after) == {Status.ANSWERED}


async def test_nobody_is_asked_about_a_second_time_after_the_withdrawal(database: Database) -> None:
    agencies, case = build_agencies(), await build_opened(database)
    sent = []

    async def breaks(query: Any) -> Any:
        sent.append(query.id_number)
        await _withdraw(database, case)
        raise PartnerUnavailable("tax", "error")

    agencies.tax.ask = breaks
    check = await find_check(database, case, Item.INCOME, "spouse")

    await _asking(database, case, agencies, Care(tries=3, pause=0.0), check)

    assert sent == [case.number("spouse")]
    assert (await find_check(database, case, Item.INCOME, "spouse")).attempts == 1, "this one was made"
