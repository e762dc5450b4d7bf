"""The loader, and what an administrator may put."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app.reference import queries, term_queries
from app.reference.calendar import DueDate
from app.reference.commands import (
    Loaded,
    LocalParameter,
    load_calendar_year,
    load_reference_data,
    put_calendar_day,
    put_parameter,
    put_standard,
)
from app.reference.divisions import NATION
from app.reference.errors import (
    CalendarYearInvalid,
    DivisionMalformed,
    DivisionUnknown,
    ParameterInvalid,
    StandardInvalid,
)
from app.reference.models import Division, Standard
from app.reference.published import PublishedStandard

TODAY = date(2026, 11, 23)
COUNTY = "530102000000"
PREFECTURE = "530100000000"
NOTICE = "test notice 2027"
# Not the real arrangement of 2027: enough days to look like one, among them one of the December before.
DAYS_OF_2027 = {date(2026, 12, 31): False, date(2027, 1, 1): False, date(2027, 1, 9): True} | {
    date(2027, 2, 8) + timedelta(number): False for number in range(12)
}


def standard(**changes):
    values = {
        "program": "living_allowance",
        "area": COUNTY,
        "area_class": "urban",
        "amount_fen": 75_000,
        "period": "month",
        "valid_from": date(2026, 7, 1),
        "source": "测试文件",
    }
    return PublishedStandard(**values | changes)


def parameter(**changes):
    values = {
        "program": "living_allowance",
        "name": "accept_days",
        "area": COUNTY,
        "value": 3,
        "legal_basis": "测试文件",
        "valid_from": date(2026, 7, 1),
    }
    return LocalParameter(**values | changes)


async def test_loading_brings_all_published_facts_by_few_statements(db, statements):
    loaded = await load_reference_data(db)
    assert len(statements) < 10, "16,495 divisions go in by sets, not one by one"

    levels = await db.execute(select(Division.level, func.count()).group_by(Division.level))
    assert loaded == Loaded(divisions=16_495, standards=15, calendar_years=20)
    assert dict(tuple(row) for row in levels) == {
        "province": 1,
        "prefecture": 16,
        "county": 129,
        "township": 1_461,
        "village": 14_888,
    }


async def test_loading_again_changes_nothing_and_keeps_what_was_corrected(loaded):
    corrected = await queries.get_division(loaded, COUNTY, TODAY)
    corrected.name = "测试区"
    await loaded.flush()
    before = await loaded.execute(select(Standard.id).order_by(Standard.id))

    again = await load_reference_data(loaded)

    after = await loaded.execute(select(Standard.id).order_by(Standard.id))
    await loaded.refresh(corrected)
    assert again == Loaded(0, 0, 0)
    assert corrected.name == "测试区"
    assert before.all() == after.all()


async def test_a_standard_put_twice_supersedes_the_first_which_stays_as_it_was(loaded):
    first = await put_standard(loaded, standard())
    second = await put_standard(loaded, standard(amount_fen=76_000, note="更正"))

    await loaded.refresh(first)
    assert (first.amount_fen, first.superseded_by) == (75_000, second.id)
    found = await queries.resolve_standard(loaded, "living_allowance", COUNTY, "urban", TODAY)
    assert (found.id, found.amount_fen, found.note) == (second.id, 76_000, "更正")


async def test_what_was_superseded_does_not_come_back_when_its_successor_ends(loaded):
    await put_standard(loaded, standard())
    await put_standard(loaded, standard(amount_fen=76_000, valid_to=date(2026, 8, 31)))

    found = await queries.resolve_standard(loaded, "living_allowance", COUNTY, "urban", TODAY)
    assert found.area == "530000000000"


async def test_a_new_first_day_is_a_new_standard_and_the_old_one_stays(loaded):
    old = await put_standard(loaded, standard())
    new = await put_standard(loaded, standard(valid_from=date(2027, 7, 1), amount_fen=80_000))

    found = await queries.resolve_standard(loaded, "living_allowance", COUNTY, "urban", TODAY)
    assert new.id != old.id
    assert found.id == old.id


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"amount_fen": 0}, "/amount_fen"),
        ({"valid_to": date(2026, 6, 30)}, "/valid_to"),
        ({"source": " "}, "/source"),
    ],
)
async def test_a_standard_that_cannot_be_right_is_refused(loaded, changes, pointer):
    with pytest.raises(StandardInvalid) as refusal:
        await put_standard(loaded, standard(**changes))
    assert [fault.pointer for fault in refusal.value.faults] == [pointer]


async def test_a_standard_of_a_place_that_does_not_exist_is_refused(loaded):
    with pytest.raises(DivisionUnknown):
        await put_standard(loaded, standard(area="539900000000"))
    with pytest.raises(DivisionMalformed):
        await put_standard(loaded, standard(area=NATION))


async def test_a_parameter_is_put_corrected_and_found(loaded):
    first = await put_parameter(loaded, parameter())
    second = await put_parameter(loaded, parameter(value={"days": 2}))
    await put_parameter(loaded, parameter(area=NATION, name="roll", value=False))

    found = await queries.list_parameters(loaded, "living_allowance", COUNTY, TODAY)
    await loaded.refresh(first)
    assert (first.value, first.superseded_by) == (3, second.id)
    assert {row.name: row.value for row in found} == {"accept_days": {"days": 2}, "roll": False}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"value": None}, "/value"),
        ({"legal_basis": ""}, "/legal_basis"),
        ({"valid_to": date(2026, 6, 30)}, "/valid_to"),
    ],
)
async def test_a_parameter_that_cannot_be_right_is_refused(loaded, changes, pointer):
    with pytest.raises(ParameterInvalid) as refusal:
        await put_parameter(loaded, parameter(**changes))
    assert [fault.pointer for fault in refusal.value.faults] == [pointer]


async def test_loading_a_year_makes_its_due_dates_certain(loaded):
    before = (await term_queries.load_calendar(loaded, COUNTY)).add_working_days(date(2026, 12, 30), 3)

    await load_calendar_year(loaded, 2027, DAYS_OF_2027, NOTICE)

    after = (await term_queries.load_calendar(loaded, COUNTY)).add_working_days(date(2026, 12, 30), 3)
    assert before == DueDate(date(2027, 1, 5), provisional=True)
    assert after == DueDate(date(2027, 1, 6), provisional=False)


async def test_loading_a_year_again_corrects_the_days_it_names(loaded):
    await load_calendar_year(loaded, 2027, DAYS_OF_2027, NOTICE)
    await load_calendar_year(loaded, 2027, DAYS_OF_2027 | {date(2027, 1, 9): False}, NOTICE)

    calendar = await term_queries.load_calendar(loaded)
    assert not calendar.is_working(date(2027, 1, 9))
    assert calendar.is_certain(date(2027, 1, 9))


@pytest.mark.parametrize(
    "days",
    [
        {},
        DAYS_OF_2027 | {date(2028, 1, 3): False},
        DAYS_OF_2027 | {date(2026, 11, 30): False},
        DAYS_OF_2027 | {date(2027, 3, 1): True},
    ],
)
async def test_a_notice_read_wrongly_is_refused(loaded, days):
    with pytest.raises(CalendarYearInvalid):
        await load_calendar_year(loaded, 2027, days, NOTICE)


async def test_a_prefecture_may_add_a_day_off(loaded):
    festival = date(2026, 4, 13)

    await put_calendar_day(loaded, PREFECTURE, festival, working=False, basis="测试节")

    assert not (await term_queries.load_calendar(loaded, COUNTY)).is_working(festival)
    assert (await term_queries.load_calendar(loaded, "532500000000")).is_working(festival)
    with pytest.raises(DivisionUnknown):
        await put_calendar_day(loaded, "539900000000", festival, working=False, basis="测试节")
    with pytest.raises(CalendarYearInvalid):
        await put_calendar_day(loaded, PREFECTURE, festival, working=False, basis="")
