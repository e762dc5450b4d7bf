"""An agency that is asked again and stays silent takes nothing away of what it has answered, while that holds."""

from datetime import date, timedelta

import pytest

from app.applications.commands import withdraw_authorisation
from app.applications.queries import get_application
from app.core.clock import today
from app.facts import Answer, Fact, FactKey, Item, Outcome
from app.identity.actors import SYSTEM, Role
from app.verification import words
from app.verification.commands import GivenAnswer, ask_again, cancel_void_checks, conclude, record_answer
from app.verification.lifecycle import Status
from app.verification.queries import collect_facts, find_current_report, list_checks, open_report
from tests.builders.applications import COUNTY
from tests.builders.people import build_staff
from tests.builders.review import build_accepted_case, react, verify
from tests.builders.verification import AS_OF, enter, find_check, give_up

_CAR = {("self", Item.VEHICLES): {FactKey.VEHICLE_COUNT: 1}}
_ASKED, _UNTIL = date(2026, 11, 23), "2027年2月21日"


async def _verified(database, found=None, **given):
    case = await build_accepted_case(database)
    await verify(database, case, _CAR if found is None else found, **given)
    return case


async def _ask_again(database, case):
    """Put the question about vehicles anew, and let its agency be silent; returns the check."""
    check = await find_check(database, case, Item.VEHICLES)
    async with database.unit_of_work() as db:
        application = await get_application(db, SYSTEM, case.id, lock=True)
        (asked,) = await ask_again(db, SYSTEM, application, [check.id])
    await give_up(database, asked)
    await _conclude(database, case)
    return asked


async def _conclude(database, case):
    async with database.unit_of_work() as db:
        await conclude(db, await get_application(db, SYSTEM, case.id, lock=True))
    await react(database, case)


async def _report(database, case):
    """Return the present report, what it says, and of the vehicles of who applies."""
    async with database.reading() as db:
        report = await find_current_report(db, case.id)
        content = open_report(db, report)
    entry = next(e for p, e in content.entries() if (p.member, e.item) == (case.member("self"), Item.VEHICLES))
    return report, content, entry


async def _facts(database, case):
    """Return how many vehicles are known, and whether nobody answered."""
    async with database.reading() as db:
        collected = await collect_facts(db, case.id)
    own = str(case.member("self"))
    fact = collected.facts.get((own, FactKey.VEHICLE_COUNT))
    return fact.value if fact else None, (own, Item.VEHICLES) in collected.unavailable


@pytest.mark.parametrize(("found", "outcome", "count"), [(_CAR, "hit", 1), ({}, "none", None)])
async def test_what_was_answered_stands_and_beside_it_that_it_was_asked_again(database, found, outcome, count):
    case = await _verified(database, found)
    before, _, earlier = await _report(database, case)

    asked = await _ask_again(database, case)

    after, content, entry = await _report(database, case)
    assert (after.number, after.points, after.complete) == (2, before.points, True)
    assert (entry.outcome, entry.check, entry.fields) == (outcome, earlier.check, earlier.fields)
    assert (entry.asked_again.check, entry.asked_again.status) == (asked.id, Status.UNAVAILABLE)
    assert entry.valid_until == earlier.valid_until == after.valid_until
    assert await _facts(database, case) == (count, False)
    said = f"2026年11月23日就此再次询问，尚未获得新的答复；在该部门另有答复之前，此前的答复仍然有效，有效期至{_UNTIL}。"
    assert words.describe_entry(entry).endswith(said)
    assert words.withhold_entry(entry).endswith(said)
    assert "有 1 项再次询问未获新的答复" in words.summarise(content)
    assert "尚未取得结果" not in words.summarise(content)


async def test_the_same_of_an_answer_that_was_entered_by_hand(database):
    case = await _verified(database, {}, silent={("self", Item.VEHICLES)})
    check = await find_check(database, case, Item.VEHICLES)
    async with database.unit_of_work() as db:
        county = await build_staff(db, Role.COUNTY_HANDLER, COUNTY)
        given = GivenAnswer(Outcome.HIT, {"vehicle_count": 1}, AS_OF, "窗口查询（测试）")
        await enter(db, county, check.id, given)

    await _ask_again(database, case)

    _, _, entry = await _report(database, case)
    assert (entry.outcome, entry.answered_by, entry.asked_again is not None) == ("hit", county.id, True)
    assert await _facts(database, case) == (1, False)


async def test_a_new_answer_however_late_supersedes_it(database):
    case = await _verified(database)
    asked = await _ask_again(database, case)

    async with database.unit_of_work() as db:
        await record_answer(db, SYSTEM, asked.id, Answer.none())

    report, _, entry = await _report(database, case)
    assert (report.number, entry.check, entry.outcome, entry.asked_again) == (3, asked.id, "none", None)
    assert await _facts(database, case) == (None, False)


async def test_a_late_answer_to_the_first_question_stands_until_the_second_has_one(database):
    case = await _verified(database, {}, silent={("self", Item.VEHICLES)})
    first = await find_check(database, case, Item.VEHICLES)
    await _ask_again(database, case)
    assert await _facts(database, case) == (None, True)

    fact = Fact(FactKey.VEHICLE_COUNT, 2, "public_security", AS_OF)
    async with database.unit_of_work() as db:
        await record_answer(db, SYSTEM, first.id, Answer(Outcome.HIT, {fact.key: fact}))

    _, _, entry = await _report(database, case)
    assert (entry.outcome, entry.check, entry.asked_again is not None) == ("hit", first.id, True)
    assert await _facts(database, case) == (2, False)


async def test_asked_again_after_it_has_grown_old_silence_leaves_nothing_known(database, clock):
    case = await _verified(database)
    clock.advance(timedelta(days=90))
    await _ask_again(database, case)
    last_day, _, entry = await _report(database, case)
    assert (today(clock), entry.outcome, last_day.valid_until) == (entry.valid_until, "hit", entry.valid_until)

    clock.advance(timedelta(days=1))
    assert await _facts(database, case) == (1, False)  # what is judged is what the report says
    await _conclude(database, case)

    report, content, entry = await _report(database, case)
    assert (report.number, content.complete, entry.outcome, entry.asked_again) == (3, False, "unavailable", None)
    assert await _facts(database, case) == (None, True)


async def test_the_same_silence_makes_no_second_report(database):
    case = await _verified(database)
    await _ask_again(database, case)

    await _conclude(database, case)

    assert (await _report(database, case))[0].number == 2


async def test_while_it_is_asked_again_what_was_answered_is_known(database):
    case = await _verified(database)
    check = await find_check(database, case, Item.VEHICLES)
    async with database.unit_of_work() as db:
        await ask_again(db, SYSTEM, await get_application(db, SYSTEM, case.id, lock=True), [check.id])

    assert await _facts(database, case) == (1, False)
    assert (await _report(database, case))[0].number == 1


async def test_who_withdraws_the_authorisation_takes_the_answer_out_that_was_asked_anew_in_vain(database):
    case = await _verified(database)
    await _ask_again(database, case)

    async with database.unit_of_work() as db:
        await withdraw_authorisation(db, case.applicant, case.id, case.member("self"))
    async with database.unit_of_work() as db:
        await cancel_void_checks(db, case.id)

    async with database.reading() as db:
        own = [each for each in await list_checks(db, case.id) if each.member_id == case.member("self")]
    assert [each.status for each in own if each.item == Item.VEHICLES] == [Status.ANSWERED, Status.CANCELLED]
    _, _, entry = await _report(database, case)
    assert (entry.outcome, entry.status, entry.asked_again) == ("unavailable", Status.CANCELLED, None)
    assert await _facts(database, case) == (None, True)
