"""Facts written down and read back; and that nothing there is lacks a unit or a word."""

from datetime import date

import pytest

from app.facts import UNITS, Fact, FactKey, Item, Unit
from app.partners.registry import AGENCIES
from app.verification import words
from app.verification.comparison import Difference
from app.verification.report import Entry, Field
from app.verification.values import from_plain, keys_of, read_facts, write_facts

EXAMPLES = {
    Unit.TEXT: "测试甲·乙",
    Unit.DATE: date(1980, 5, 17),
    Unit.DIVISION: "532529103204",
    Unit.CODE: "married",
    Unit.CODES: ("living_allowance", "unlisted:XX"),
    Unit.COUNT: 2,
    Unit.FEN: 186_035,
    Unit.SQUARE_CENTIMETRES: 725_000,
    Unit.GRADE: 2,
    Unit.FLAG: 1,
}


def test_every_field_survives_being_written_down():
    facts = {key: Fact(key, EXAMPLES[UNITS[key]], "public_security", date(2026, 11, 20)) for key in FactKey}

    assert read_facts(write_facts(facts)) == facts


@pytest.mark.parametrize(
    ("key", "plain"),
    [
        (FactKey.VEHICLE_COUNT, "2"),
        (FactKey.VEHICLE_COUNT, True),
        (FactKey.VEHICLE_COUNT, None),
        (FactKey.BIRTH_DATE, "17.5.1980"),
        (FactKey.BIRTH_DATE, 19800517),
        (FactKey.BENEFITS_IN_FORCE, "living_allowance"),
        (FactKey.BENEFITS_IN_FORCE, [1]),
        (FactKey.MARITAL_STATUS, ["married"]),
    ],
)
def test_a_value_of_another_kind_is_refused(key, plain):
    with pytest.raises(ValueError, match=r"not a|Invalid isoformat"):
        from_plain(key, plain)


def test_every_item_an_agency_answers_has_its_fields_in_order():
    for agency in AGENCIES:
        for item, keys in agency.items.items():
            assert set(keys_of(item)) == keys


def test_everything_has_words():
    assert set(words.ITEMS) == set(Item)
    assert set(words.FIELDS) == set(FactKey) == set(UNITS)
    assert set(words.SOURCES) == {agency.code for agency in AGENCIES} | {"housing"}  # of old reports
    assert set(words._CONCLUSIONS) == set(Difference)


def _said(key: FactKey, declared: int, found: int) -> str:
    field = Field(
        key=key,
        unit=UNITS[key],
        asked=True,
        known=True,
        declared=declared,
        found=found,
        as_of=None,
        difference=Difference.MATCH,
    )
    entry = Entry(
        item=Item.SOCIAL_INSURANCE,
        source="human_resources",
        check=None,
        status=None,
        outcome="hit",
        asked_at=None,
        answered_at=None,
        answered_by=None,
        fields=(field,),
    )
    return words.describe_field(field, entry)


@pytest.mark.parametrize(
    ("key", "declared", "found", "verdict"),
    [
        (FactKey.PENSION_MONTHLY, 20_000, 20_000, "与您的申报一致。"),
        (FactKey.PENSION_MONTHLY, 20_000, 21_000, "与您的申报基本一致。"),
        (FactKey.PENSION_MONTHLY, 20_000, 19_000, "没有超出您的申报。"),
        (FactKey.INSURED_WAGE_MONTHLY, 60_000, 452_000, "您已申报工资性收入，金额不作比较。"),
    ],
)
def test_how_two_amounts_agree_is_said_as_it_is(key, declared, found, verdict):
    assert _said(key, declared, found).endswith(f"，{verdict}")
