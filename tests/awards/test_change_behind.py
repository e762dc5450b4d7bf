"""The document that a raise names, and the change that a task names: the one that made the difference."""

from dataclasses import replace

from app.awards.behind import change_to_name
from app.awards.histories import acts_on, read_histories
from app.awards.lifecycle import AdjustGround
from app.awards.models import RecomputedAward
from app.awards.queries import get_award
from app.awards.recomputing_queries import find_open
from app.core.clock import today
from app.core.ids import new_id
from app.identity.actors import SYSTEM
from tests.awards.amounts import amounts_in, reduce
from tests.awards.standard_by_hand import (
    AMOUNT,
    DECEMBER,
    DUE,
    FEBRUARY,
    JANUARY,
    MARCH,
    by_standard,
    in_march,
    raise_by_standard,
)
from tests.builders.applications import COUNTY
from tests.builders.standards import DOCUMENT, build_judged, parameter_draft, put_in_force, standard_draft

OWN, PROVINCES, OTHER = "测县民〔2027〕1号", "测民发〔2027〕2号", "测民发〔2027〕3号"
SUPPLEMENT = {"for": "minor", "fen": 10_000}


def under(number, draft):
    return replace(draft, document=replace(DOCUMENT, number=number))


async def publish_supplement(database, number, since):
    await put_in_force(database, parameter_draft("supplement_stacking", "sum"))
    await put_in_force(database, under(number, parameter_draft("supplement.minor", SUPPLEMENT, valid_from=since)))


async def document_named(database, award):
    """Return the number of the document that the last act on an award names first."""
    async with database.reading() as db:
        row = await get_award(db, SYSTEM, award.id)
        act = acts_on(db, row, (await read_histories(db, [row]))[row.id], today(db.clock))[-1]
    return act.law[0].partition("（")[2].rstrip("）")


async def test_a_raise_names_the_countys_own_standard_beside_a_later_one_of_the_province(
    database, office, award, clock
):
    await reduce(database, office, award, DECEMBER)
    in_march(clock)
    await put_in_force(database, under(PROVINCES, standard_draft(480_000, valid_from=JANUARY)))
    own = standard_draft(520_000, valid_from=DECEMBER, area=COUNTY.ljust(12, "0"))
    await put_in_force(database, under(OWN, own))

    await raise_by_standard(database, office, award, by_standard(from_month=JANUARY))

    assert await document_named(database, award) == OWN


async def test_a_raise_names_no_parameter_of_the_edge_families(database, office, award, clock):
    await reduce(database, office, award, DECEMBER)
    in_march(clock)
    await put_in_force(database, under(OWN, standard_draft(valid_from=DECEMBER)))
    await put_in_force(database, under(OTHER, parameter_draft("edge_ratio", "2", valid_from=JANUARY)))

    await raise_by_standard(database, office, award, by_standard(from_month=JANUARY))

    assert await document_named(database, award) == OWN


async def test_a_raise_names_the_supplement_that_gave_more(database, office, award, clock):
    await reduce(database, office, award, DECEMBER)
    in_march(clock)
    await put_in_force(database, under(OWN, standard_draft(455_000, valid_from=DECEMBER)))
    await publish_supplement(database, OTHER, JANUARY)

    await raise_by_standard(database, office, award, by_standard(from_month=JANUARY))

    assert await document_named(database, award) == OTHER


async def test_a_raise_names_what_waits_and_not_what_a_person_decided_on_before(database, office, award, clock):
    await put_in_force(database, parameter_draft("supplement_stacking", "sum"))
    await reduce(database, office, award, DECEMBER)
    in_march(clock)
    await put_in_force(database, under(OTHER, parameter_draft("supplement.minor", SUPPLEMENT, valid_from=MARCH)))
    await raise_by_standard(database, office, award, by_standard(from_month=MARCH, amount_fen=DUE))
    assert await document_named(database, award) == OTHER
    await put_in_force(database, under(OWN, standard_draft(valid_from=DECEMBER)))

    await raise_by_standard(database, office, award, by_standard(from_month=MARCH, amount_fen=DUE + 1))

    assert await document_named(database, award) == OWN


async def test_what_a_later_number_gives_again_names_its_own_document(database, office, clock):
    async with database.unit_of_work() as db:
        award = await build_judged(db)
    await put_in_force(database, under(OWN, standard_draft(400_000, valid_from=JANUARY)))
    await publish_supplement(database, PROVINCES, FEBRUARY)
    await put_in_force(database, under(OTHER, parameter_draft("edge_ratio", "2", valid_from=FEBRUARY)))

    await reduce(database, office, award, JANUARY, fen=55_000, ground=AdjustGround.STANDARD)

    assert await amounts_in(database, award, DECEMBER, JANUARY, FEBRUARY) == [AMOUNT, 55_000, 65_000]
    assert await document_named(database, award) == PROVINCES


async def test_a_task_names_the_change_that_the_fall_comes_from(database):
    async with database.unit_of_work() as db:
        award = await build_judged(db)
    fall = await put_in_force(database, under(OWN, standard_draft(400_000, valid_from=JANUARY)))
    await put_in_force(database, under(OTHER, standard_draft(500_000, valid_from=MARCH)))
    await publish_supplement(database, PROVINCES, JANUARY)

    async with database.reading() as db:
        found = await find_open(db, award.id)
        assert found.change_id != fall.id
        assert await change_to_name(db, award, found) == fall.id


async def test_a_task_left_by_a_hand_over_names_the_hand_over(database):
    async with database.unit_of_work() as db:
        award = await build_judged(db)
    await put_in_force(database, standard_draft(400_000, valid_from=JANUARY))
    by_handover = RecomputedAward(handover_id=new_id(), change_id=None, from_month=JANUARY, outcome="to_be_heard")

    async with database.reading() as db:
        assert await change_to_name(db, award, by_handover) == by_handover.handover_id
