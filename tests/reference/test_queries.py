"""Reads: places by date, the standard and the parameters that hold somewhere, the calendar of a place."""

from datetime import date

import pytest

from app.core.ids import new_id
from app.reference import queries, term_queries
from app.reference.errors import DivisionMalformed, DivisionUnknown, StandardMissing
from app.reference.models import CalendarDay, CalendarYear, Division, Parameter, Standard

TODAY = date(2026, 11, 23)
PROVINCE = "530000000000"
PREFECTURE = "530100000000"
COUNTY = "530102000000"
TOWNSHIP = "530102001000"
NOWHERE = "539900000000"


async def first_village(db):
    return (await queries.list_children(db, TOWNSHIP, TODAY, limit=1))[0].code


def standard(area=PROVINCE, area_class="urban", amount_fen=70_000, valid_from=date(2025, 1, 1), **other):
    values = {"program": "living_allowance", "period": "month", "per": "person", "note": "", "source": "test"}
    return Standard(
        id=new_id(),
        area=area,
        area_class=area_class,
        amount_fen=amount_fen,
        valid_from=valid_from,
        **(values | other),
    )


def parameter(name, area, value, valid_from=date(2025, 1, 1), **other):
    values = {"program": "living_allowance", "legal_basis": "test"} | other
    return Parameter(id=new_id(), name=name, area=area, value=value, valid_from=valid_from, **values)


async def test_a_division_is_found_by_code_and_date(loaded):
    found = await queries.get_division(loaded, COUNTY, TODAY)

    assert (found.name, found.level, found.parent_code, found.urban) == ("五华区", "county", PREFECTURE, None)


async def test_a_code_that_nobody_has_is_unknown_and_a_text_that_is_no_code_malformed(loaded):
    with pytest.raises(DivisionUnknown):
        await queries.get_division(loaded, NOWHERE, TODAY)
    with pytest.raises(DivisionMalformed):
        await queries.get_division(loaded, "530102", TODAY)


async def test_nothing_is_claimed_about_days_before_the_edition(loaded):
    with pytest.raises(DivisionUnknown):
        await queries.get_division(loaded, COUNTY, date(2023, 6, 29))


async def test_a_renamed_place_keeps_each_name_for_its_time(loaded):
    before = await queries.get_division(loaded, TOWNSHIP, TODAY)
    before.valid_to = date(2025, 12, 31)
    loaded.add(
        Division(
            code=TOWNSHIP,
            valid_from=date(2026, 1, 1),
            name="测试街道",
            level="township",
            parent_code=COUNTY,
            source="test",
        )
    )
    await loaded.flush()

    assert (await queries.get_division(loaded, TOWNSHIP, date(2025, 12, 31))).name == "华山街道"
    assert (await queries.get_division(loaded, TOWNSHIP, date(2026, 1, 1))).name == "测试街道"
    assert [row.name for row in await queries.ancestors(loaded, TOWNSHIP, TODAY)][-1] == "测试街道"


async def test_children_come_in_pages_by_code(loaded):
    everything = await queries.list_children(loaded, PROVINCE, TODAY)
    first = await queries.list_children(loaded, PROVINCE, TODAY, limit=10)
    second = await queries.list_children(loaded, PROVINCE, TODAY, after=first[-1].code, limit=10)

    assert len(everything) == 16
    assert [*first, *second] == list(everything)
    assert [row.code for row in await queries.list_children(loaded, None, TODAY)] == [PROVINCE]


async def test_the_children_of_a_place_that_does_not_exist_are_not_an_empty_list(loaded):
    with pytest.raises(DivisionUnknown):
        await queries.list_children(loaded, NOWHERE, TODAY)


async def test_ancestors_run_from_the_province_to_the_place_itself(loaded):
    village = await first_village(loaded)

    found = await queries.ancestors(loaded, village, TODAY)

    assert [row.level for row in found] == ["province", "prefecture", "county", "township", "village"]
    assert [row.name for row in found][:4] == ["云南省", "昆明市", "五华区", "华山街道"]
    with pytest.raises(DivisionUnknown):
        await queries.ancestors(loaded, "530102001599", TODAY)


async def test_a_published_standard_holds_below_its_area_with_its_own_period(loaded):
    village = await first_village(loaded)

    urban = await queries.resolve_standard(loaded, "living_allowance", village, "urban", TODAY)
    rural = await queries.resolve_standard(loaded, "living_allowance", village, "rural", TODAY)
    basic = await queries.resolve_standard(loaded, "destitute_support", village, "rural", TODAY)

    assert (urban.amount_fen, urban.period) == (64_100, "month")
    assert (rural.amount_fen, rural.period) == (455_000, "year")
    assert (basic.amount_fen, basic.area_class) == (83_600, "any")


async def test_the_most_specific_area_decides_even_with_a_unified_standard(loaded):
    loaded.add_all([standard(PREFECTURE), standard(COUNTY, "unified", 80_000), standard("530103000000", amount_fen=1)])
    await loaded.flush()

    found = await queries.resolve_standard(loaded, "living_allowance", TOWNSHIP, "urban", TODAY)

    assert found.amount_fen == 80_000


async def test_within_an_area_the_class_asked_for_comes_before_unified_and_any(loaded):
    loaded.add_all([standard(COUNTY, "any", 1), standard(COUNTY, "unified", 2), standard(COUNTY, "urban", 3)])
    await loaded.flush()

    assert (await queries.resolve_standard(loaded, "living_allowance", COUNTY, "urban", TODAY)).amount_fen == 3
    assert (await queries.resolve_standard(loaded, "living_allowance", COUNTY, "rural", TODAY)).amount_fen == 2


async def test_of_two_standards_the_latest_to_begin_holds_and_a_past_date_keeps_the_old_one(loaded):
    loaded.add_all(
        [
            standard(COUNTY, amount_fen=70_000),
            standard(COUNTY, amount_fen=75_000, valid_from=date(2026, 7, 1)),
            standard(COUNTY, amount_fen=99_000, valid_from=date(2026, 8, 1), valid_to=date(2026, 8, 31)),
            standard(COUNTY, amount_fen=80_000, valid_from=date(2027, 7, 1)),
        ]
    )
    await loaded.flush()

    async def on(day):
        return (await queries.resolve_standard(loaded, "living_allowance", COUNTY, "urban", day)).amount_fen

    assert await on(date(2026, 6, 30)) == 70_000
    assert await on(date(2026, 7, 1)) == 75_000
    assert await on(date(2026, 8, 31)) == 99_000
    assert await on(date(2026, 9, 1)) == 75_000
    assert await on(date(2027, 7, 1)) == 80_000


async def test_without_a_standard_nothing_is_guessed(loaded):
    with pytest.raises(StandardMissing):
        await queries.resolve_standard(loaded, "living_allowance", COUNTY, "urban", date(2019, 12, 31))
    with pytest.raises(StandardMissing):
        await queries.resolve_standard(loaded, "no_such_program", COUNTY, "urban", TODAY)


async def test_standards_are_listed_once_each_in_pages_and_by_place(loaded):
    loaded.add_all([standard(COUNTY, amount_fen=1), standard(COUNTY, amount_fen=2, valid_from=date(2026, 1, 1))])
    await loaded.flush()

    here = await queries.list_standards(loaded, TODAY, division=TOWNSHIP, program="living_allowance")
    everywhere = await queries.list_standards(loaded, TODAY)
    first = await queries.list_standards(loaded, TODAY, limit=5)
    key = (first[-1].program, first[-1].area, first[-1].area_class)
    rest = await queries.list_standards(loaded, TODAY, after=key)

    assert [(row.area, row.area_class, row.amount_fen) for row in here] == [
        (PROVINCE, "rural", 455_000),
        (PROVINCE, "urban", 64_100),
        (COUNTY, "urban", 2),
    ]
    assert len(everywhere) == 16
    assert [*first, *rest] == list(everywhere)
    with pytest.raises(DivisionUnknown):
        await queries.list_standards(loaded, TODAY, division=NOWHERE)


async def test_parameters_come_from_the_most_specific_area_that_sets_them(loaded):
    loaded.add_all(
        [
            parameter("accept_days", queries.NATION, 5),
            parameter("accept_days", PROVINCE, 4),
            parameter("accept_days", COUNTY, 3),
            parameter("accept_days", COUNTY, 2, valid_from=date(2027, 1, 1)),
            parameter("accept_days", "530103000000", 1),
            parameter("roll", PREFECTURE, False),
            parameter("tiers", PROVINCE, [{"upto": 30, "fen": 100}]),
            parameter("tiers", COUNTY, [], valid_to=date(2026, 1, 1)),
            parameter("other", COUNTY, 1, program="edge_family"),
        ]
    )
    await loaded.flush()

    here = await queries.list_parameters(loaded, "living_allowance", TOWNSHIP, TODAY)
    nation = await queries.list_parameters(loaded, "living_allowance", queries.NATION, TODAY)

    assert {row.name: row.value for row in here} == {
        "accept_days": 3,
        "roll": False,
        "tiers": [{"upto": 30, "fen": 100}],
    }
    assert [(row.name, row.value) for row in nation] == [("accept_days", 5)]


async def test_a_calendar_joins_the_announced_years_and_the_days_of_its_areas(loaded):
    festival, other = date(2026, 4, 13), date(2026, 4, 14)
    loaded.add_all(
        [
            CalendarDay(area=PREFECTURE, day=festival, working=False, basis="测试节"),
            CalendarDay(area=COUNTY, day=festival, working=True, basis="测试节"),
            CalendarDay(area=PREFECTURE, day=other, working=False, basis="测试节"),
            CalendarYear(year=2027, announced=False, days_from="rows", source="draft"),
        ]
    )
    await loaded.flush()

    nation = await term_queries.load_calendar(loaded)
    prefecture = await term_queries.load_calendar(loaded, PREFECTURE)
    county = await term_queries.load_calendar(loaded, TOWNSHIP)

    assert nation.announced == frozenset(range(2007, 2027))
    assert [nation.is_working(day) for day in (festival, other)] == [True, True]
    assert [prefecture.is_working(day) for day in (festival, other)] == [False, False]
    assert [county.is_working(day) for day in (festival, other)] == [True, False]
