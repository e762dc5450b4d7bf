"""What can be said from the digits of a code."""

import pytest

from app.reference.divisions import (
    NATION,
    AreaClass,
    Level,
    area_class_of,
    county_of,
    covers,
    level_of,
    lineage,
    parse_division,
    scope_of,
)
from app.reference.errors import DivisionMalformed
from app.reference.published import read_divisions

PROVINCE = "530000000000"
PREFECTURE = "530100000000"
COUNTY = "530102000000"
TOWNSHIP = "530102001000"
VILLAGE = "530102001001"
TOWN_WITHOUT_COUNTY = "441900003000"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5301",
        "53010200100",
        "5301020010011",
        "053010200100",
        "53010200100x",
        " 530102001001",
        "530102001001\n",
        "53010200100\uff11",
        "\x00",
        NATION,
    ],
)
def test_anything_but_twelve_digits_is_refused(text):
    with pytest.raises(DivisionMalformed):
        parse_division(text)


@pytest.mark.parametrize(
    ("code", "level"),
    [
        (PROVINCE, Level.PROVINCE),
        ("500000000000", Level.PROVINCE),
        (PREFECTURE, Level.PREFECTURE),
        ("531000000000", Level.PREFECTURE),
        (COUNTY, Level.COUNTY),
        ("530110000000", Level.COUNTY),
        (TOWNSHIP, Level.TOWNSHIP),
        ("530102100000", Level.TOWNSHIP),
        (TOWN_WITHOUT_COUNTY, Level.TOWNSHIP),
        (VILLAGE, Level.VILLAGE),
        ("530102001200", Level.VILLAGE),
    ],
)
def test_the_last_segment_that_is_not_zero_tells_the_level(code, level):
    assert level_of(code) is level


def test_a_lineage_runs_from_the_province_down_to_the_code_itself():
    assert lineage(VILLAGE) == (PROVINCE, PREFECTURE, COUNTY, TOWNSHIP, VILLAGE)
    assert lineage(PROVINCE) == (PROVINCE,)
    assert lineage(TOWN_WITHOUT_COUNTY) == ("440000000000", "441900000000", TOWN_WITHOUT_COUNTY)


def test_a_scope_is_the_range_of_codes_below():
    assert scope_of(PROVINCE) == (PROVINCE, "539999999999")
    assert scope_of(TOWNSHIP) == (TOWNSHIP, "530102001999")
    assert scope_of(VILLAGE) == (VILLAGE, VILLAGE)
    assert scope_of(NATION) == (NATION, "999999999999")


def test_a_place_covers_itself_and_what_lies_below_but_no_neighbour():
    assert covers(COUNTY, COUNTY)
    assert covers(COUNTY, VILLAGE)
    assert covers(NATION, VILLAGE)
    assert not covers(TOWNSHIP, COUNTY)
    assert not covers("530103000000", VILLAGE)
    assert not covers(COUNTY, "5301020")


def test_a_county_is_the_first_six_digits():
    assert county_of(VILLAGE) == "530102"
    assert county_of(TOWN_WITHOUT_COUNTY) == "441900"


@pytest.mark.parametrize(
    ("third", "expected"),
    [
        ("001", AreaClass.URBAN),
        ("199", AreaClass.URBAN),
        ("200", AreaClass.RURAL),
        ("399", AreaClass.RURAL),
        ("498", AreaClass.URBAN),
        ("598", AreaClass.RURAL),
    ],
)
def test_the_third_segment_tells_town_from_country(third, expected):
    assert area_class_of("530102001" + third) is expected


@pytest.mark.parametrize("code", [TOWNSHIP, "530102001600", "530102001999"])
def test_the_class_of_what_is_no_village_is_refused(code):
    with pytest.raises(DivisionMalformed):
        area_class_of(code)


def test_the_published_codes_agree_with_their_levels_and_parents():
    divisions = read_divisions()

    assert all(level_of(row.code) == row.level for row in divisions)
    assert all((lineage(row.code)[-2:-1] or (None,))[0] == row.parent_code for row in divisions)
    assert all((row.urban is not None) == (row.level == Level.VILLAGE) for row in divisions)
    assert all(row.name == row.name.strip() for row in divisions)
