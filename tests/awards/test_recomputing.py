"""A changed standard or parameter, and what becomes of awards: stories by date."""

import asyncio
from datetime import date

from sqlalchemy import func, select

from app.applications.clocks import StepKind
from app.applications.queries import find_open_step
from app.audit.models import AuditRecord
from app.awards.events import AwardOpened
from app.awards.jobs import bring_timelines_in_line, recompute_opened_award
from app.awards.lifecycle import Outcome, Settlement, Status
from app.awards.models import Award, AwardAmount, NumberSet, Recomputation, RecomputedAward
from app.awards.queries import amount_in
from app.awards.recomputing import begin, recompute_next
from app.awards.recomputing_queries import take_recomputation
from app.events.queries import list_subject_events
from tests.builders.applications import COUNTY
from tests.builders.awards import Grant, build_award
from tests.builders.standards import (
    JULY,
    build_in_force,
    build_judged,
    parameter_draft,
    put_in_force,
    recompute,
    standard_draft,
)
from tests.support.waiting import until_it_waits

# Three persons, 5,400 yuan a year: 4,550 a year each gives 687.50 a month, 5,000 gives 800.00, 5,500 gives 925.00.
AMOUNT, RAISED, HIGHER = 68_750, 80_000, 92_500
OCTOBER, DECEMBER, JANUARY = date(2026, 10, 1), date(2026, 12, 1), date(2027, 1, 1)


async def amounts_of(database, award) -> list[tuple[date, int]]:
    async with database.reading() as db:
        query = select(AwardAmount).where(AwardAmount.award_id == award.id).order_by(AwardAmount.seq)
        return [(row.from_month, row.amount_fen) for row in (await db.execute(query)).scalars()]


async def holds_in(database, award, month: date) -> int:
    async with database.reading() as db:
        return (await db.execute(select(amount_in(month)).where(Award.id == award.id))).scalar_one()


async def found_for(database, change, award) -> RecomputedAward:
    async with database.reading() as db:
        query = select(RecomputedAward).where(
            RecomputedAward.change_id == change.id, RecomputedAward.award_id == award.id
        )
        return (await db.execute(query)).scalar_one()


async def open_step_of(database, award):
    async with database.reading() as db:
        return await find_open_step(db, award.application_id, StepKind.AWARD_REVIEW)


async def test_a_new_award_and_its_countys_awards_are_worked_out_in_turn(database):
    """Both need the recomputation and the award: in two orders each would wait for the other."""
    async with database.unit_of_work() as db:
        award = await build_judged(db)
        change = await build_in_force(db, standard_draft())
    async with database.unit_of_work() as db:
        (run_id,) = await begin(db, change.id)
    opened = AwardOpened(
        subject=award.id, county=award.county, applicant_id=award.beneficiary_id, application_id=award.application_id
    )

    async with database.unit_of_work() as db:
        await take_recomputation(db, run_id)
        rival = asyncio.create_task(recompute_opened_award(database, opened))
        await until_it_waits(database, rival)
        assert not rival.done()
        assert await recompute_next(db, run_id) is False
    await rival

    assert await amounts_of(database, award) == [(JULY, RAISED)]
    assert (await found_for(database, change, award)).outcome == Outcome.RAISED


async def test_a_base_published_for_the_destitute_raises_what_they_are_owed(database):
    async with database.unit_of_work() as db:
        alone = ({"birth_date": "1950-05-06", "can_work": False},)
        award = await build_judged(db, 0, members=alone, code="destitute_support")
    assert award.monthly_amount_fen == 83_600

    value = {"amount_fen": 100_000, "period": "month"}
    await put_in_force(database, standard_draft(program="destitute_support", name="rural", value=value))

    assert await amounts_of(database, award) == [(JULY, 100_000)]


async def test_and_so_does_an_urban_standard_whose_floor_lies_above_the_base(database):
    async with database.unit_of_work() as db:
        alone = ({"birth_date": "1950-05-06", "can_work": False},)
        award = await build_judged(db, 0, members=alone, code="destitute_support")

    await put_in_force(database, standard_draft(name="urban", value={"amount_fen": 70_000, "period": "month"}))

    assert await amounts_of(database, award) == [(JULY, 91_000)]


async def test_a_standard_published_late_raises_awards_from_its_first_month(database):
    async with database.unit_of_work() as db:
        award = await build_judged(db)
    assert award.monthly_amount_fen == AMOUNT

    change = await put_in_force(database, standard_draft())

    assert await amounts_of(database, award) == [(JULY, RAISED)]
    assert [await holds_in(database, award, month) for month in (date(2026, 6, 1), JULY, JANUARY)] == [
        AMOUNT,
        RAISED,
        RAISED,
    ]
    found = await found_for(database, change, award)
    assert (found.outcome, found.from_month, found.before_fen, found.after_fen) == (
        Outcome.RAISED,
        JULY,
        AMOUNT,
        RAISED,
    )
    async with database.reading() as db:
        (told,) = await list_subject_events(db, award.id)
        (done,) = [each for each in await list_subject_events(db, change.id) if each.type == "awards.recomputed"]
        act = (await db.execute(select(AuditRecord).where(AuditRecord.action == "award.recompute"))).scalar_one()
    assert (told.type, told.data["from_month"], told.data["change_id"]) == ("award.raised", "2026-07", str(change.id))
    assert (done.county, done.data["raised"], done.data["to_be_heard"]) == ("532529", 1, 0)
    assert (act.applications, act.citizens) == ([award.application_id], [award.beneficiary_id])


async def test_doing_it_twice_changes_nothing_the_second_time(database):
    async with database.unit_of_work() as db:
        award = await build_judged(db)
    change = await put_in_force(database, standard_draft())

    for _ in range(2):
        await recompute(database, change)

    assert await amounts_of(database, award) == [(JULY, RAISED)]
    async with database.reading() as db:
        assert len(await list_subject_events(db, award.id)) == 1
        run = (await db.execute(select(Recomputation))).scalar_one()
    assert (run.counts, run.raised_fen) == ({"raised": 1}, RAISED - AMOUNT)


async def test_a_standard_of_next_year_is_known_before_it_holds(database):
    async with database.unit_of_work() as db:
        award = await build_judged(db)

    await put_in_force(database, standard_draft(valid_from=JANUARY))

    assert await amounts_of(database, award) == [(JANUARY, RAISED)]
    assert await holds_in(database, award, DECEMBER) == AMOUNT


async def test_what_begins_in_the_middle_of_a_month_holds_from_the_next(database):
    async with database.unit_of_work() as db:
        award = await build_judged(db)

    await put_in_force(database, standard_draft(valid_from=date(2026, 9, 2)))

    assert await amounts_of(database, award) == [(OCTOBER, RAISED)]


async def test_a_fall_lowers_nothing_and_asks_for_a_person(database):
    async with database.unit_of_work() as db:
        award = await build_judged(db)

    change = await put_in_force(database, standard_draft(400_000, valid_from=OCTOBER))

    found = await found_for(database, change, award)
    assert (found.outcome, found.from_month, found.before_fen, found.after_fen, found.settlement) == (
        Outcome.TO_BE_HEARD,
        OCTOBER,
        AMOUNT,
        55_000,
        Settlement.OPEN,
    )
    assert await amounts_of(database, award) == []
    step = await open_step_of(database, award)
    assert (step.responsible, step.due_on is not None) == ("county", True)


async def test_a_household_above_the_line_is_for_a_person_and_goes_on_being_paid(database):
    async with database.unit_of_work() as db:
        award = await build_judged(db, 1_300_000)

    change = await put_in_force(database, standard_draft(400_000, valid_from=OCTOBER))

    found = await found_for(database, change, award)
    assert (found.outcome, found.after_fen, found.settlement) == (Outcome.NO_LONGER_ENTITLED, None, Settlement.OPEN)
    assert await holds_in(database, award, DECEMBER) == award.monthly_amount_fen
    async with database.reading() as db:
        assert (await db.get(Award, award.id)).status == Status.ACTIVE


async def test_two_changes_of_one_month_leave_what_the_later_one_says(database):
    # A misprint lowers it; the correction of the same month raises it: nobody has to be heard any more.
    async with database.unit_of_work() as db:
        award = await build_judged(db)
    wrong = await put_in_force(database, standard_draft(400_000))
    assert await open_step_of(database, award) is not None

    right = await put_in_force(database, standard_draft(550_000))

    assert (await found_for(database, wrong, award)).settlement == Settlement.SUPERSEDED
    assert (await found_for(database, right, award)).outcome == Outcome.RAISED
    assert await amounts_of(database, award) == [(JULY, HIGHER)]
    assert await open_step_of(database, award) is None


async def test_a_raise_and_then_a_smaller_one_leaves_the_difference_to_a_person(database):
    async with database.unit_of_work() as db:
        award = await build_judged(db)
    await put_in_force(database, standard_draft(550_000))

    later = await put_in_force(database, standard_draft(500_000))

    found = await found_for(database, later, award)
    assert (found.outcome, found.before_fen, found.after_fen) == (Outcome.TO_BE_HEARD, HIGHER, RAISED)
    assert await holds_in(database, award, DECEMBER) == HIGHER


async def test_a_correction_of_the_past_keeps_what_is_known_of_the_future(database):
    async with database.unit_of_work() as db:
        award = await build_judged(db)
    await put_in_force(database, standard_draft(550_000, valid_from=JANUARY))

    await put_in_force(database, standard_draft(500_000))

    assert [await holds_in(database, award, month) for month in (JULY, DECEMBER, JANUARY)] == [RAISED, RAISED, HIGHER]


async def test_a_standard_that_ends_raises_until_then_and_what_follows_is_for_a_person(database):
    async with database.unit_of_work() as db:
        award = await build_judged(db)

    change = await put_in_force(database, standard_draft(valid_to=date(2026, 12, 31)))

    assert await amounts_of(database, award) == [(JULY, RAISED)]
    found = await found_for(database, change, award)
    assert (found.outcome, found.from_month, found.before_fen, found.after_fen) == (
        Outcome.TO_BE_HEARD,
        JANUARY,
        RAISED,
        AMOUNT,
    )


async def test_a_parameter_bears_on_awards_like_a_standard(database):
    async with database.unit_of_work() as db:
        award = await build_judged(db)
    value = {"for": "minor", "fen": 10_000}

    async with database.unit_of_work() as db:
        await build_in_force(db, parameter_draft("supplement_stacking", "highest"))
    await put_in_force(database, parameter_draft("supplement.minor", value))

    assert await amounts_of(database, award) == [(JULY, AMOUNT + 10_000)]


async def test_a_household_that_changed_as_time_went_by_is_not_settled_by_a_standard(database):
    # Three years with a religious order are over in September: from then on the parent does not count (D57 art. 7).
    away = {"situation": "clergy_away", "situation_since": "2023-09-15"}
    people = ({}, {"relation": "spouse"}, {"relation": "parent", "birth_date": "1950-01-01", **away})
    async with database.unit_of_work() as db:
        award = await build_judged(db, members=people)

    change = await put_in_force(database, standard_draft(valid_from=OCTOBER))

    found = await found_for(database, change, award)
    assert (found.outcome, found.reason, found.settlement) == (
        Outcome.NEEDS_PERSON,
        "facts_differ",
        Settlement.OPEN,
    )
    assert await amounts_of(database, award) == []


async def test_a_decision_without_facts_is_never_passed_over(database):
    async with database.unit_of_work() as db:
        award = await build_award(db, Grant(from_month=JULY))

    change = await put_in_force(database, standard_draft())

    found = await found_for(database, change, award)
    assert (found.outcome, found.reason) == (Outcome.NEEDS_PERSON, "facts_unreadable")
    assert await open_step_of(database, award) is not None


async def test_suspended_awards_and_the_last_months_of_stopped_ones_are_worked_out_and_others_not(database):
    async with database.unit_of_work() as db:
        suspended = await build_judged(db, status=Status.SUSPENDED)
        ended_before = await build_judged(
            db, from_month=date(2026, 3, 1), status=Status.STOPPED, to_month=date(2026, 6, 1)
        )
        ended_since = await build_judged(db, status=Status.STOPPED, to_month=OCTOBER)
        elsewhere = await build_judged(db, village="530102001001")

    await put_in_force(database, standard_draft(area=f"{COUNTY}"))

    assert await amounts_of(database, suspended) == [(JULY, RAISED)]
    assert await amounts_of(database, ended_since) == [(JULY, RAISED)]
    assert await amounts_of(database, ended_before) == await amounts_of(database, elsewhere) == []


async def test_an_award_that_is_opened_between_publication_and_first_month_gets_the_new_amount(database):
    # Decided in November by the numbers of November; a standard for January was in force on paper already.
    change = await put_in_force(database, standard_draft(valid_from=JANUARY))
    async with database.unit_of_work() as db:
        award = await build_judged(db, from_month=DECEMBER)
    opened = AwardOpened(
        subject=award.id,
        county=award.county,
        applicant_id=award.beneficiary_id,
        application_id=award.application_id,
    )

    for _ in range(2):
        await recompute_opened_award(database, opened)

    assert await amounts_of(database, award) == [(JANUARY, RAISED)]
    assert (await found_for(database, change, award)).outcome == Outcome.RAISED


async def test_a_killed_worker_leaves_a_beginning_that_another_goes_on_with(database, monkeypatch):
    monkeypatch.setattr("app.awards.recomputing.AT_ONCE", 2)
    async with database.unit_of_work() as db:
        awards = [await build_judged(db) for _ in range(5)]
        change = await build_in_force(db, standard_draft())
    async with database.unit_of_work() as db:
        (run,) = await begin(db, change.id)
    async with database.unit_of_work() as db:
        assert await recompute_next(db, run)
    async with database.unit_of_work() as db:
        await recompute_next(db, run)
        await db.rollback()  # killed before it was committed

    await recompute(database, change)

    assert [await amounts_of(database, award) for award in awards] == [[(JULY, RAISED)]] * 5
    async with database.reading() as db:
        done = (await db.execute(select(Recomputation))).scalar_one()
        assert (done.counts, done.finished_at is not None) == ({"raised": 5}, True)
        assert (await db.execute(select(func.count()).select_from(NumberSet))).scalar_one() == 1


async def test_a_worker_killed_before_the_timeline_was_brought_in_line_leaves_it_to_the_next(database):
    async with database.unit_of_work() as db:
        award = await build_judged(db)
        change = await build_in_force(db, standard_draft(400_000))
    async with database.unit_of_work() as db:
        (run,) = await begin(db, change.id)
        await recompute_next(db, run)
    assert await open_step_of(database, award) is None

    await bring_timelines_in_line(database)

    assert await open_step_of(database, award) is not None
