"""The numbers of a place and a day are the same, found one by one or in the book of all."""

from datetime import date

import pytest

from app.programs.destitute_support.program import DestituteSupport
from app.review.book import read_book
from app.review.numbers import resolve_parameters
from tests.builders.applications import VILLAGE

_PROGRAM = DestituteSupport()
_ON = date(2026, 11, 23)
_CARE = ["care_able", "care_fully", "care_partly"]


@pytest.mark.parametrize(
    ("area_class", "further"),
    [("rural", [*_CARE, "published_base", "urban"]), ("urban", [*_CARE, "published_base"])],
)
async def test_further_standards_are_found_one_by_one_and_in_the_book(database, area_class, further):
    async with database.reading() as db:
        found = (await resolve_parameters(db, _PROGRAM, VILLAGE, area_class, _ON)).as_json()
        in_book = (await read_book(db, _PROGRAM)).resolve(VILLAGE, area_class, _ON).as_json()

    assert found == in_book
    assert sorted(found["further"]) == further
    assert found["further"]["published_base"]["amount_fen"] == 83_600
    assert [found["further"][name]["amount_fen"] for name in _CARE] == [25_100, 83_500, 41_800]
