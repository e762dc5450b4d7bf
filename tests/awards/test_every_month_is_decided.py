"""Whatever is published, decided, kept and stopped, and whenever it is paid: no month comes to less than the rules give
unless it waits for a person, or one decided on that very month; and each is paid what it came to, once."""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.awards.adjusting import keep_award
from app.awards.errors import AdjustmentInvalid, NothingToKeep
from app.awards.lifecycle import AdjustGround
from app.core.errors import StepNotAllowed
from app.core.months import read_month
from app.programs.registry import get_program
from app.review.decisions import open_decision
from app.review.numbers import resolve_parameters
from app.review.queries import get_decision
from tests.awards.amounts import amounts_in, reduce
from tests.awards.standard_by_hand import by_standard, is_a_task, pay, raise_by_standard, stop, waiting
from tests.builders.payrolls import build_office
from tests.builders.standards import build_judged, put_in_force, standard_draft

MONTHS = [*(date(2026, month, 1) for month in (11, 12)), *(date(2027, month, 1) for month in range(1, 10))]
PAID = MONTHS[1:6]  # payrolls are made in these, and whatever else happens a few days after

published = st.tuples(st.just("publish"), st.sampled_from(MONTHS[1:9]), st.integers(330_000, 700_000))
by_hand = st.tuples(st.just("hand"), st.integers(1, 3), st.integers(40_000, 80_000))
as_ruled = st.tuples(st.just("lower"), st.integers(1, 4), st.none())
waited = st.tuples(st.just("raise"), st.integers(0, 2), st.integers(50_000, 90_000))
kept = st.tuples(st.just("keep"), st.none(), st.none())
one_act = st.one_of(published, published, by_hand, by_hand, as_ruled, as_ruled, waited, waited, kept)
acts = st.lists(one_act, min_size=1, max_size=4)
# What went wrong once: another amount is decided while a late standard waits, or behind a fall the rules give more.
LATE = (("hand", 1, 60_000), ("publish", MONTHS[2], 500_000), ("publish", MONTHS[8], 600_000))
TURNED = (("publish", MONTHS[5], 400_000), ("publish", MONTHS[7], 420_000), ("lower", 3, None))
FALLS = (("publish", MONTHS[5], 400_000), ("publish", MONTHS[6], 360_000), ("lower", 4, None), ("lower", 3, None))
_free: list[str] = []


async def free_county(database):
    """Name a county that no other example has had, so that nothing was published for it."""
    if not _free:
        query = (
            "SELECT code FROM divisions WHERE code LIKE '53____000000' AND code NOT LIKE '53__00000000' ORDER BY code"
        )
        async with database.reading() as db:
            _free.extend(row[0][:6] for row in await db.execute(text(query)))
    return _free.pop()


async def ruled(database, award):
    """Return what the rules give by now in each month to the household as it was granted."""
    async with database.reading() as db:
        body = open_decision(db, await get_decision(db, award.application_id))
        program = get_program(award.program)
        case = program.case_from_json(body["case"])
        numbers = [await resolve_parameters(db, program, case.division, case.area_class, each) for each in MONTHS]
        return {
            month: program.assess(case, each, month).monthly_amount_fen or 0
            for month, each in zip(MONTHS, numbers, strict=True)
        }


@dataclass
class World:
    """One award, what was done to it, and which of its months a person has decided on since they were last changed."""

    database: object
    clock: object
    office: object
    award: object
    area: str
    settled: set = field(default_factory=set)
    last: date = MONTHS[-1]

    async def holds(self):
        return dict(zip(MONTHS, await amounts_in(self.database, self.award, *MONTHS), strict=True))

    async def waits(self):
        return [read_month(month) for month, _ in await waiting(self.database, self.award)]

    def month_in(self, months):
        now = self.clock.now().date()
        return MONTHS[min(MONTHS.index(date(now.year, now.month, 1)) + months, len(MONTHS) - 1)]

    async def decided(self, month):
        """Note what a decision settles: its month, and those after it until one that waits."""
        until = min((each for each in await self.waits() if each > month), default=date.max)
        self.settled |= {each for each in MONTHS if month <= each < until}

    async def do(self, what, where, fen):
        before, waits = await self.holds(), await self.waits()
        if what == "publish":
            await put_in_force(self.database, standard_draft(fen, valid_from=where, area=self.area))
            self.settled -= {each for each in MONTHS if each >= where}
            after = await self.holds()
            assert [each for each in MONTHS if after[each] < before[each]] == []
        elif what == "hand":
            month = self.month_in(where)
            if fen < before[month]:
                await reduce(self.database, self.office, self.award, month, fen=fen)
            else:
                given = by_standard(ground=AdjustGround.INCOME, from_month=month, amount_fen=fen, found_on=self.today)
                await raise_by_standard(self.database, self.office, self.award, given)
            await self.decided(month)
        elif what == "lower":
            month = self.month_in(where)
            fen = (await ruled(self.database, self.award))[month]
            await reduce(self.database, self.office, self.award, month, fen=max(fen, 1), ground=AdjustGround.STANDARD)
            await self.decided(month)
        elif what == "raise" and waits:
            month = waits[min(where, len(waits) - 1)]
            given = by_standard(from_month=month, amount_fen=fen, found_on=self.today)
            await raise_by_standard(self.database, self.office, self.award, given)
            await self.decided(month)
        elif what == "keep":
            async with self.database.unit_of_work() as db:
                await keep_award(db, self.office.confirmer, self.award.id, reason="金额不变（测试）")
            self.settled |= {each for each in MONTHS if waits and each >= waits[0]}
        elif what == "stop":
            month = self.month_in(where)
            await stop(self.database, self.office, self.award, month)
            self.last = month

    @property
    def today(self):
        return self.clock.now().date()

    async def check(self):
        holds, rules, waits = await self.holds(), await ruled(self.database, self.award), await self.waits()
        assert waits == sorted(set(waits))
        assert all(each <= self.last for each in waits)
        assert await is_a_task(self.database, self.award) == bool(waits)
        passed_over = [
            month
            for month in MONTHS
            if month <= self.last
            and month not in self.settled
            and holds[month] < rules[month]
            and not any(each <= month for each in waits)
        ]
        assert passed_over == [], (passed_over, holds, rules, waits)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(acts, min_size=len(PAID), max_size=len(PAID)), ends=st.none() | st.sampled_from(PAID[2:]))
@example(told=[[LATE[0]], [], [], [*LATE[1:], ("hand", 1, 55_000), ("raise", 0, 71_250)], []], ends=None)
@example(told=[[LATE[0]], [], [], [*LATE[1:], ("hand", 1, 73_000)], [("raise", 0, 71_250)]], ends=PAID[4])
@example(told=[[LATE[0]], [], [], [*LATE[1:], ("raise", 0, 71_250), ("raise", 0, 90_000)], []], ends=None)
@example(told=[[], [*TURNED], [], [], []], ends=None)
@example(told=[[], [*FALLS], [], [], []], ends=None)
async def test_no_month_is_passed_over_and_each_is_paid_once(database, clock, told, ends):
    county = await free_county(database)
    clock.set(clock.now().replace(year=2026, month=11, day=23))
    async with database.unit_of_work() as db:
        office = await build_office(db, county)
        award = await build_judged(db, from_month=MONTHS[0], village=f"{county}103204")
    world, paid = World(database, clock, office, award, f"{county}000000"), Counter()

    for month, happening in zip(PAID, told, strict=True):
        paid += await pay(database, clock, office, award, [month])
        clock.advance(timedelta(days=5))
        for each in (*happening, *([("stop", 0, None)] if month == ends else ())):
            clock.advance(timedelta(hours=1))
            with suppress(AdjustmentInvalid, NothingToKeep, StepNotAllowed):
                await world.do(*each)
            await world.check()

    paid += await pay(database, clock, office, award, [MONTHS[6]])
    owed = {each: fen for each, fen in (await world.holds()).items() if each <= min(MONTHS[6], world.last)}
    assert {each: fen for each, fen in paid.items() if each <= world.last} == owed
