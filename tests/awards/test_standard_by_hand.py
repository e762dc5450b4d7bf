"""A standard published late, where a person had decided what an award amounts to: a person says what it gives, from the
month it holds from, also of an award that was stopped since; what was paid meanwhile is made up for once."""

from collections import Counter
from contextlib import suppress
from datetime import date
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.applications.clocks import StepKind
from app.applications.queries import find_open_step
from app.awards.adjusting import (
    Lower,
    actions_offered,
    approve_adjustment,
    keep_award,
    propose_adjustment,
    reject_adjustment,
)
from app.awards.commands import hear_recipient, stop_award
from app.awards.errors import AdjustmentInvalid, AdjustmentOpen, AdjustmentOutdated
from app.awards.events import AwardIncreased
from app.awards.histories import acts_on, read_histories
from app.awards.lifecycle import Action, AdjustGround, Settlement, StopGround
from app.awards.naming import whose
from app.awards.queries import get_award
from app.awards.raising import FoundBy, Higher, propose_raise
from app.awards.recomputing_queries import find_open
from app.core.clock import today
from app.core.errors import StepNotAllowed
from app.core.months import read_month, write_month
from app.disbursement.errors import NothingToPay
from app.identity.actors import SYSTEM
from app.letters.contents import open_letter
from app.letters.jobs import write_letter
from app.letters.models import Letter
from tests.awards.test_fixed_months import amounts_in, found_for, ordered, reduce
from tests.builders.payrolls import build_office, build_released, lines_of
from tests.builders.standards import DOCUMENT, build_judged, put_in_force, standard_draft

# Granted 687.50; by hand 600.00 from December; by the standard of 5,000 yuan the confirmer finds 712.50 due.
AMOUNT, LOWER, LOWEST, DUE, MOST = 68_750, 60_000, 59_999, 71_250, 125_000
NOVEMBER, DECEMBER, JANUARY = date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)
FEBRUARY, MARCH, APRIL, MAY = date(2027, 2, 1), date(2027, 3, 1), date(2027, 4, 1), date(2027, 5, 1)


@pytest.fixture
async def office(database):
    async with database.unit_of_work() as db:
        return await build_office(db)


@pytest.fixture
async def award(database):
    async with database.unit_of_work() as db:
        return await build_judged(db, from_month=NOVEMBER)


def by_standard(**given) -> Higher:
    return Higher(
        **{
            "ground": AdjustGround.STANDARD,
            "amount_fen": DUE,
            "from_month": DECEMBER,
            "found_by": FoundBy.REVIEW,
            "found_on": date(2027, 3, 10),
            "reason": "保障标准自2026年12月起提高（测试）",
            **given,
        }
    )


async def propose(database, office, award, what=None):
    async with database.unit_of_work() as db:
        return await propose_raise(db, office.handler, award.id, what or by_standard())


async def approve(database, office, award):
    async with database.unit_of_work() as db:
        return await approve_adjustment(db, office.confirmer, award.id)


async def raise_by_standard(database, office, award, what=None):
    await propose(database, office, award, what)
    return await approve(database, office, award)


async def stop(database, office, award, last_month):
    async with database.unit_of_work() as db:
        heard = {"about": "stop", "ground": StopGround.INCOME, "opinion": "同意（测试）", "heard_on": today(db.clock)}
        await hear_recipient(db, office.handler, award.id, **heard)
    async with database.unit_of_work() as db:
        why = {"ground": StopGround.INCOME, "reason": "家庭收入超过标准（测试）", "last_month": last_month}
        await stop_award(db, office.confirmer, award.id, **why)


async def is_a_task(database, award):
    async with database.reading() as db:
        return await find_open_step(db, award.application_id, StepKind.AWARD_REVIEW) is not None


async def waiting(database, award):
    """Return each month that waits for a person, with what the award amounts to in it."""
    async with database.reading() as db:
        found = await find_open(db, award.id)
    if found is None:
        return []
    return [(write_month(found.from_month), found.before_fen)] + [
        (each["from"], each["before_fen"]) for each in found.further
    ]


async def offered(database, office, award):
    async with database.reading() as db:
        row = await get_award(db, SYSTEM, award.id)
        return [
            {*await actions_offered(db, row, each.role)} & {Action.ADJUST, Action.DECIDE, Action.KEEP}
            for each in (office.handler, office.confirmer)
        ]


def in_march(clock):
    clock.set(clock.now().replace(year=2027, month=3, day=10))


@pytest.fixture
async def late(database, office, award, clock):
    """Lower the award by hand from December, pay until March, and publish in March a standard valid since December."""
    await reduce(database, office, award, DECEMBER)
    for month in (DECEMBER, JANUARY, FEBRUARY, MARCH):
        clock.set(clock.now().replace(year=month.year, month=month.month, day=1))
        await ordered(database, office, month)
    in_march(clock)
    return await put_in_force(database, standard_draft(valid_from=DECEMBER))


async def test_the_months_that_wait_are_raised_and_made_up_for_once(database, office, award, late, clock):
    assert await waiting(database, award) == [("2026-12", LOWER)]

    decided = await raise_by_standard(database, office, award)

    assert (decided.from_month, decided.ground) == (DECEMBER, AdjustGround.STANDARD)
    assert await amounts_in(database, award, NOVEMBER, DECEMBER, APRIL) == [AMOUNT, DUE, DUE]
    found = await found_for(database, late, award)
    assert (found.settlement, await is_a_task(database, award)) == (Settlement.ADJUSTED, False)
    months = [(month, DUE - LOWER) for month in (DECEMBER, JANUARY, FEBRUARY, MARCH)]
    assert await ordered(database, office, APRIL) == [*months, (APRIL, DUE)]
    clock.set(clock.now().replace(month=4, day=10))
    assert await ordered(database, office, MAY) == [(MAY, DUE)]


async def test_the_household_reads_the_document_that_gave_more(database, office, award, late):
    decided = await raise_by_standard(database, office, award)
    event = AwardIncreased(**whose(award), adjustment_id=decided.id, ground=decided.ground, from_month="2026-12")

    await write_letter(database, event)

    async with database.reading() as db:
        body = open_letter(db, (await db.scalars(select(Letter))).one())
        row = await get_award(db, SYSTEM, award.id)
        act = acts_on(db, row, (await read_histories(db, [row]))[row.id], today(db.clock))[-1]
    document = f"{DOCUMENT.issuer}《{DOCUMENT.title}》（{DOCUMENT.number}）"
    assert (act.ground, act.from_month, act.before_fen, act.after_fen) == ("standard", DECEMBER, LOWER, DUE)
    assert document == act.law[0]
    assert document in body["law"]
    assert any("保障标准或者参数调整" in each for each in body["before"])
    assert any("补发" in each for each in body["after"])


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        ({"from_month": NOVEMBER, "amount_fen": AMOUNT + 1}, "/from_month", "raise_month_out_of_range"),
        ({"from_month": MAY}, "/from_month", "raise_month_out_of_range"),
        ({"amount_fen": MOST + 1}, "/monthly_amount_fen", "above_rules"),
        ({"amount_fen": LOWER}, "/monthly_amount_fen", "not_higher"),
        ({"found_on": date(2027, 3, 11)}, "/found_on", "found_on_out_of_range"),
        ({"ground": AdjustGround.INCOME}, "/from_month", "raise_month_out_of_range"),
    ],
)
async def test_no_more_is_proposed_than_waits(database, office, award, late, given, pointer, code):
    with pytest.raises(AdjustmentInvalid) as refused:
        await propose(database, office, award, by_standard(**given))

    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [(pointer, code)]


@pytest.mark.parametrize("fen", [None, 400_000])
async def test_a_standard_that_left_nothing_open_or_a_fall_gives_no_more(database, office, award, fen):
    if fen is not None:
        await put_in_force(database, standard_draft(fen, valid_from=DECEMBER))

    with pytest.raises(AdjustmentInvalid) as refused:
        await propose(database, office, award, by_standard(found_on=date(2026, 11, 20)))

    assert [fault.code for fault in refused.value.faults] == ["gives_no_more"]


async def test_what_was_proposed_for_one_change_is_not_decided_after_another(database, office, award, late):
    await propose(database, office, award)
    await put_in_force(database, standard_draft(550_000, valid_from=FEBRUARY))

    with pytest.raises(AdjustmentOutdated):
        await approve(database, office, award)


async def test_what_a_person_decided_for_a_later_month_stands_and_waits_on(database, office, award, clock):
    await reduce(database, office, award, DECEMBER)
    await reduce(database, office, award, FEBRUARY, fen=LOWEST)
    for month in (DECEMBER, JANUARY, FEBRUARY, MARCH):
        clock.set(clock.now().replace(year=month.year, month=month.month, day=1))
        await ordered(database, office, month)
    in_march(clock)
    await put_in_force(database, standard_draft(valid_from=DECEMBER))

    await raise_by_standard(database, office, award)

    assert await amounts_in(database, award, DECEMBER, JANUARY, FEBRUARY, APRIL) == [DUE, DUE, LOWEST, LOWEST]
    assert (await waiting(database, award), await is_a_task(database, award)) == ([("2027-02", LOWEST)], True)
    more = DUE - LOWER
    assert await ordered(database, office, APRIL) == [(DECEMBER, more), (JANUARY, more), (APRIL, LOWEST)]

    await raise_by_standard(database, office, award, by_standard(from_month=FEBRUARY, amount_fen=70_000))

    assert await amounts_in(database, award, JANUARY, FEBRUARY, MAY) == [DUE, 70_000, 70_000]
    assert (await waiting(database, award), await is_a_task(database, award)) == ([], False)
    more = 70_000 - LOWEST
    clock.set(clock.now().replace(month=4, day=10))
    assert await ordered(database, office, MAY) == [(FEBRUARY, more), (MARCH, more), (APRIL, more), (MAY, 70_000)]


async def test_months_before_the_one_that_was_decided_on_wait_on(database, office, award, late):
    await raise_by_standard(database, office, award, by_standard(from_month=FEBRUARY))

    assert await waiting(database, award) == [("2026-12", LOWER)]
    await raise_by_standard(database, office, award, by_standard(amount_fen=70_000))
    assert await amounts_in(database, award, DECEMBER, JANUARY, FEBRUARY, APRIL) == [70_000, 70_000, DUE, DUE]
    assert await waiting(database, award) == [("2027-02", DUE)]
    async with database.unit_of_work() as db:
        await keep_award(db, office.confirmer, award.id, reason="其后月份金额不变（测试）")
    assert (await waiting(database, award), await is_a_task(database, award)) == ([], False)


@pytest.fixture
async def stopped(database, office, award, clock):
    """Lower the award by hand from December, pay and stop it with February, and publish then a standard valid since
    December."""
    await reduce(database, office, award, DECEMBER)
    for month in (DECEMBER, JANUARY, FEBRUARY):
        clock.set(clock.now().replace(year=month.year, month=month.month, day=1))
        await ordered(database, office, month)
    await stop(database, office, award, FEBRUARY)
    assert await offered(database, office, award) == [set(), set()]
    in_march(clock)
    return await put_in_force(database, standard_draft(valid_from=DECEMBER))


async def test_what_a_stopped_award_is_owed_until_its_last_month_is_paid_once(
    database,
    office,
    award,
    stopped,
    clock,
):
    assert (await is_a_task(database, award), await offered(database, office, award)) == (
        True,
        [{Action.ADJUST}, {Action.KEEP}],
    )
    await propose(database, office, award)
    assert await offered(database, office, award) == [set(), {Action.DECIDE}]
    with pytest.raises(AdjustmentOpen):
        async with database.unit_of_work() as db:
            await keep_award(db, office.confirmer, award.id, reason="测试")

    decided = await approve(database, office, award)

    async with database.reading() as db:
        row = await get_award(db, SYSTEM, award.id)
    assert (row.status, row.to_month) == ("stopped", FEBRUARY)
    assert (await is_a_task(database, award), await offered(database, office, award)) == (False, [set(), set()])
    months = [(month, DUE - LOWER) for month in (DECEMBER, JANUARY, FEBRUARY)]
    assert await ordered(database, office, MARCH) == months
    async with database.unit_of_work() as db:
        await build_judged(db, from_month=APRIL)  # another household, so that there is something to pay
    assert all(month == APRIL for month, _ in await ordered(database, office, APRIL))
    event = AwardIncreased(**whose(award), adjustment_id=decided.id, ground=decided.ground, from_month="2026-12")
    await write_letter(database, event)
    async with database.reading() as db:
        body = open_letter(db, (await db.scalars(select(Letter))).one())
    assert "该待遇发至2027年2月止，以后月份不再发放。" in body["after"]


async def test_a_stopped_award_is_only_raised_by_what_waits_and_until_its_last_month(
    database,
    office,
    award,
    stopped,
):
    for what, codes in (
        (by_standard(from_month=MARCH), ["raise_month_out_of_range"]),
        (by_standard(ground=AdjustGround.INCOME), ["gives_no_more", "raise_month_out_of_range"]),
    ):
        with pytest.raises(AdjustmentInvalid) as refused:
            await propose(database, office, award, what)
        assert [fault.code for fault in refused.value.faults] == codes
    with pytest.raises(StepNotAllowed):
        async with database.unit_of_work() as db:
            await propose_adjustment(
                db, office.handler, award.id, Lower(AdjustGround.INCOME, LOWER - 1, APRIL, "收入增加（测试）")
            )


async def test_a_stopped_award_may_be_kept_as_it_was_and_then_nothing_is_done_about_it(
    database,
    office,
    award,
    stopped,
):
    await propose(database, office, award)
    async with database.unit_of_work() as db:
        await reject_adjustment(db, office.confirmer, award.id, reason="金额有误（测试）")
    assert await is_a_task(database, award)

    async with database.unit_of_work() as db:
        await keep_award(db, office.confirmer, award.id, reason="按核定收入不应增加（测试）")

    assert (await found_for(database, stopped, award)).settlement == Settlement.KEPT
    assert (await is_a_task(database, award), await offered(database, office, award)) == (False, [set(), set()])
    with pytest.raises(StepNotAllowed):
        async with database.unit_of_work() as db:
            await keep_award(db, office.confirmer, award.id, reason="测试")
    with pytest.raises(StepNotAllowed):
        await propose(database, office, award)


async def test_what_waits_of_an_award_that_is_then_stopped_waits_on_until_its_last_month(
    database,
    office,
    award,
    late,
):
    await stop(database, office, award, MARCH)

    assert (await waiting(database, award), await is_a_task(database, award)) == ([("2026-12", LOWER)], True)
    await raise_by_standard(database, office, award)
    months = [(month, DUE - LOWER) for month in (DECEMBER, JANUARY, FEBRUARY, MARCH)]
    assert await ordered(database, office, APRIL) == months


async def test_a_stop_before_the_month_that_waits_leaves_nothing_to_decide(database, office, award, late):
    await stop(database, office, award, NOVEMBER)

    assert (await found_for(database, late, award)).settlement == Settlement.STOPPED
    assert not await is_a_task(database, award)


MONTHS = (DECEMBER, JANUARY, FEBRUARY, MARCH, APRIL)
_counties = count(530_301)


async def pay(database, clock, office, award, months):
    """Pay months, each on its first day; returns what the award was paid for which."""
    paid = Counter()
    for month in months:
        clock.set(clock.now().replace(year=month.year, month=month.month, day=1))
        with suppress(NothingToPay):
            async with database.unit_of_work() as db:
                payroll = await build_released(db, office, month)
            for line in await lines_of(database, payroll):
                paid[line.month] += line.amount_fen
    return paid


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    by_hand=st.sets(st.sampled_from(MONTHS[:4]), min_size=1, max_size=3),
    step=st.integers(1, 8_000),
    since=st.sampled_from(MONTHS[:3]),
    raises=st.lists(st.tuples(st.sampled_from(MONTHS), st.integers(55_000, 80_000)), min_size=1, max_size=4),
    last=st.one_of(st.none(), st.sampled_from(MONTHS)),
)
async def test_whatever_is_decided_of_a_late_standard_no_month_is_paid_less_or_twice_or_passed_over(
    database, clock, by_hand, step, since, raises, last
):
    county, lowest, decided = str(next(_counties)), AMOUNT, set(by_hand)
    clock.set(clock.now().replace(year=2026, month=11, day=23))
    async with database.unit_of_work() as db:
        office = await build_office(db, county)
        award = await build_judged(db, from_month=NOVEMBER, village=f"{county}103204")
    for month in sorted(by_hand):
        lowest -= step
        await reduce(database, office, award, month, fen=lowest)
    paid = await pay(database, clock, office, award, MONTHS[:4])
    clock.set(clock.now().replace(month=3, day=10))
    await put_in_force(database, standard_draft(valid_from=since))
    if last is not None:
        await stop(database, office, award, last)
    months = [month for month in (NOVEMBER, *MONTHS) if last is None or month <= last]
    holds = dict(zip(months, await amounts_in(database, award, *months), strict=True))

    for month, fen in raises:
        waited = await waiting(database, award)
        try:
            await raise_by_standard(database, office, award, by_standard(from_month=month, amount_fen=fen))
        except (AdjustmentInvalid, StepNotAllowed):
            continue
        assert write_month(month) >= waited[0][0]
        now = dict(zip(months, await amounts_in(database, award, *months), strict=True))
        until = min((each for each in decided if each > month), default=date.max)  # what was decided then stands
        assert now == holds | {each: fen for each in months if month <= each < until}
        decided.add(month)
        assert [each for each in months if now[each] < holds[each]] == []
        waits = await waiting(database, award)
        assert [first for first, fen in waits] == sorted({first for first, fen in waits})
        assert all(now[read_month(first)] == fen for first, fen in waits)
        assert await is_a_task(database, award) == bool(waits)
        holds = now

    clock.set(clock.now().replace(month=4, day=1))
    owed = holds | {month: fen for month, fen in paid.items() if month not in holds}
    paid += await pay(database, clock, office, award, [APRIL, MAY])
    assert dict(paid) == owed | ({MAY: holds[APRIL]} if last is None else {})
