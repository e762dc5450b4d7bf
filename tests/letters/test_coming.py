"""A letter tells each amount that is to come later by its own ground: published numbers, or another decision."""

import pytest
from sqlalchemy import select

from app.awards.events import AwardIncreased, AwardReduced
from app.awards.lifecycle import AdjustGround
from app.awards.naming import whose
from app.core.months import write_month
from app.letters.contents import open_letter
from app.letters.jobs import write_letter
from app.letters.models import Letter
from tests.awards.amounts import reduce
from tests.awards.standard_by_hand import (
    DECEMBER,
    FEBRUARY,
    LOWEST,
    MAY,
    NOVEMBER,
    by_standard,
    in_march,
    raise_by_standard,
)
from tests.awards.test_falls_in_turn import JULY, LEAST, SEPTEMBER, lower_by_standard, publish
from tests.awards.test_raising import approve, propose
from tests.builders.payrolls import build_office
from tests.builders.standards import build_judged, put_in_force, standard_draft

BY_NUMBERS, DECIDED = (
    "此后因已公布的保障标准或者参数调整，每月发放金额变动如下：",
    "此后月份已另行作出决定的，按该决定发放：",
)


@pytest.fixture
async def office(database):
    async with database.unit_of_work() as db:
        return await build_office(db)


@pytest.fixture
async def award(database):
    async with database.unit_of_work() as db:
        return await build_judged(db, from_month=NOVEMBER)


async def later_in_the_letter(database, award, decided, kind):
    """Write the letter about a decision; returns what it says of later months, in words and for machines."""
    event = kind(
        **whose(award), adjustment_id=decided.id, ground=decided.ground, from_month=write_month(decided.from_month)
    )
    await write_letter(database, event)
    async with database.reading() as db:
        body = open_letter(db, (await db.scalars(select(Letter))).one())
    words = [each for each in body["after"] if each.startswith("此后")]
    return words, [(each["monthly_amount_fen"], each["amount_from"]) for each in body["next_amounts"]]


async def test_what_a_person_decided_for_a_later_month_is_told_by_that_decisions_ground(database, office, award, clock):
    await reduce(database, office, award, DECEMBER)
    await reduce(database, office, award, FEBRUARY, fen=LOWEST)
    in_march(clock)
    await put_in_force(database, standard_draft(valid_from=DECEMBER))
    decided = await raise_by_standard(database, office, award, by_standard())

    words, machines = await later_in_the_letter(database, award, decided, AwardIncreased)

    assert words == [f"{DECIDED}自2027年2月起599.99元（事由：家庭收入变化）。"]
    assert machines == [(LOWEST, "2027-02")]


async def test_both_kinds_are_told_each_with_its_months(database, office, award, clock):
    await publish(database, clock, (400_000, MAY), (360_000, JULY), (600_000, SEPTEMBER))
    await lower_by_standard(database, office, award, JULY, LEAST)
    decided = await lower_by_standard(database, office, award, MAY)

    words, machines = await later_in_the_letter(database, award, decided, AwardReduced)

    assert words == [
        f"{BY_NUMBERS}自2027年9月起1050.00元。",
        f"{DECIDED}自2027年7月起450.00元（事由：保障标准或者参数调整）。",
    ]
    assert machines == [(LEAST, "2027-07"), (105_000, "2027-09")]


async def test_what_a_raise_by_hand_keeps_of_a_published_standard_is_told_as_published(database, office, award):
    await put_in_force(database, standard_draft(800_000, valid_from=FEBRUARY))
    await propose(database, office, award)
    decided = await approve(database, office, award)

    words, machines = await later_in_the_letter(database, award, decided, AwardIncreased)

    assert decided.ground == AdjustGround.INCOME
    assert words == [f"{BY_NUMBERS}自2027年2月起1550.00元。"]
    assert machines == [(155_000, "2027-02")]
