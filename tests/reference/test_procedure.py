"""What places set about the procedure: the nearest place speaks, on its days, and where none does the nation."""

from datetime import date

import pytest

from app.reference.commands import LocalParameter, put_parameter
from app.reference.divisions import NATION
from app.reference.errors import DivisionMalformed
from app.reference.procedure import NATIONAL, Setting, fits
from app.reference.term_queries import load_procedure, load_procedures

COUNTY, TOWNSHIP, ON = "532529000000", "532529103000", date(2026, 11, 23)


async def _put(database, name, area, value, since=date(2026, 1, 1), until=None):
    async with database.unit_of_work() as db:
        await put_parameter(db, LocalParameter("procedure", name, area, value, f"测试{area}", since, until))


async def _holding(database, division, on=ON):
    """Return what holds in a place, which is the same asked alone and asked among others."""
    async with database.reading() as db:
        alone = await load_procedure(db, division, on)
        among = await load_procedures(db, {division, "530100000000", NATION}, on)
    assert [alone[each] for each in Setting] == [among[division][each] for each in Setting]
    return alone


async def test_the_nearest_place_speaks_for_its_days(database):
    await _put(database, "acceptance_days", "530000000000", 4)
    await _put(database, "acceptance_days", COUNTY, 3, until=date(2026, 12, 31))
    await _put(database, "promised_papers", COUNTY, ["receipt"])

    found = await _holding(database, TOWNSHIP)
    later = await _holding(database, TOWNSHIP, date(2027, 1, 1))
    elsewhere = await _holding(database, "530100000000")

    days = Setting.ACCEPTANCE_DAYS
    assert (found[days].value, found[days].basis, found[days].local) == (3, f"测试{COUNTY}", True)
    assert found[Setting.PROMISED_PAPERS].value == ["receipt"]
    assert (later[days].value, elsewhere[days].value) == (4, 4)
    assert (await _holding(database, NATION))[days].value == NATIONAL[days].value


async def test_of_two_days_on_which_a_place_spoke_the_later_counts(database):
    await _put(database, "acceptance_days", COUNTY, 3)
    await _put(database, "acceptance_days", COUNTY, 2, since=date(2026, 11, 23))

    assert (await _holding(database, COUNTY, date(2026, 11, 22)))[Setting.ACCEPTANCE_DAYS].value == 3
    assert (await _holding(database, COUNTY))[Setting.ACCEPTANCE_DAYS].value == 2


async def test_what_is_no_division_has_no_procedure(database):
    with pytest.raises(DivisionMalformed):
        await _holding(database, "5325")


@pytest.mark.parametrize(
    ("value", "may"), [(1, True), (60, True), (0, False), (61, False), (True, False), ("5", False)]
)
def test_an_acceptance_takes_days(value, may):
    assert fits("acceptance_days", value) is may


@pytest.mark.parametrize("name", ["survey_days", "notice_days", "confirmation_days"])
def test_no_place_sets_what_the_law_sets_itself(name):
    assert fits(name, 5) is None
