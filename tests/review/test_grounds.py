"""Going against a household that the rules speak for needs a ground of the list, and words that say something."""

import pytest

from app.review.commands import give_opinion, refuse
from app.review.decisions import open_decision, open_ground, open_reasons
from app.review.errors import RefusalUngrounded
from app.review.grounds import RefusalGround
from app.review.lifecycle import Status
from app.review.queries import find_decision, list_opinions
from app.review.replay import replay_decision
from tests.builders.review import (
    SETTLED,
    build_office,
    build_verified,
    household_with_income,
    let_results_stand,
    opine,
    review_of,
    visit,
    with_county,
)

FOUND = "入户核实，长子已另行居住满两年，与申报不符。"


async def against(database, office, case, *, statement="不符合。", ground=None, reasons=None, favourable=False):
    """Let the reviewer go against a household as it stands."""
    async with database.unit_of_work() as db:
        return await give_opinion(
            db,
            office.reviewer,
            case.id,
            favourable=favourable,
            statement=statement,
            reasons=reasons or {},
            ground=ground,
        )


async def refused(database, office, case, *reasons, ground=None):
    """Let the confirmer refuse."""
    async with database.unit_of_work() as db:
        return await refuse(db, office.confirmer, case.id, reasons=list(reasons), ground=ground)


def faults_of(refusal):
    return [(fault.pointer, fault.code) for fault in refusal.value.faults]


@pytest.mark.parametrize(
    ("reason", "ground", "faults"),
    [
        ("村里意见大。", None, [("/ground", "required"), ("/reasons/0", "too_short")]),
        (FOUND, None, [("/ground", "required")]),
        ("村里意见大。", RefusalGround.INCOME_DIFFERS, [("/reasons/0", "too_short")]),
        ("不不不不不不不不不不不不", RefusalGround.INCOME_DIFFERS, [("/reasons/0", "too_short")]),
    ],
)
async def test_a_household_that_meets_every_rule_is_not_refused_because_the_village_grumbles(
    database, clock, reason, ground, faults
):
    office = await build_office(database)
    case = await with_county(database, clock, office)

    with pytest.raises(RefusalUngrounded) as refusal:
        await refused(database, office, case, reason, ground=ground)

    assert faults_of(refusal) == faults
    assert (await review_of(database, case)).status == Status.WITH_COUNTY


async def test_every_reason_beside_a_ground_says_something(database, clock):
    office = await build_office(database)
    case = await with_county(database, clock, office)

    with pytest.raises(RefusalUngrounded) as refusal:
        await refused(database, office, case, FOUND, "村里意见大。", ground=RefusalGround.MEMBERS_DIFFER)

    assert faults_of(refusal) == [("/reasons/1", "too_short")]


async def test_a_grounded_refusal_keeps_its_ground_and_cites_its_law(database, clock):
    office = await build_office(database)
    case = await with_county(database, clock, office)

    decision = await refused(database, office, case, FOUND, ground=RefusalGround.MEMBERS_DIFFER)

    assert "最低生活保障审核确认办法（民发〔2021〕57号）第七条" in decision.basis
    async with database.reading() as db:
        kept = await find_decision(db, case.id)
        assert open_decision(db, kept)["decision"]["ground"] == "members_differ"
        assert replay_decision(db, kept).same


async def test_an_opinion_against_a_household_that_meets_every_rule_names_its_ground(database):
    office, case = await build_office(database), await build_verified(database)
    await visit(database, case, office)

    with pytest.raises(RefusalUngrounded) as refusal:
        await against(database, office, case)
    assert faults_of(refusal) == [("/ground", "required"), ("/statement", "too_short")]

    review = await against(database, office, case, statement=FOUND, ground=RefusalGround.MEMBERS_DIFFER)
    assert review.status == Status.WITH_COUNTY
    async with database.reading() as db:
        (opinion,) = await list_opinions(db, case.id)
        assert (open_ground(db, opinion), open_reasons(db, opinion)) == (RefusalGround.MEMBERS_DIFFER, {})


async def test_what_the_township_found_is_named_again_by_who_decides(database):
    office, case = await build_office(database), await build_verified(database)
    await visit(database, case, office)
    await opine(database, case, office, favourable=False)

    with pytest.raises(RefusalUngrounded):
        await refused(database, office, case, FOUND)

    decision = await refused(database, office, case, FOUND, ground=RefusalGround.NOT_TRUTHFUL)
    async with database.reading() as db:
        body = open_decision(db, decision)
    assert (body["opinion"]["ground"], body["decision"]["ground"]) == ("property_differs", "not_truthful")


async def test_where_a_condition_failed_nothing_more_is_asked(database):
    household, answers = await household_with_income(database, 9_000)
    office = await build_office(database)
    case = await build_verified(database, household=household, answers=answers)
    await visit(database, case, office)
    await let_results_stand(database, case)

    assert (await against(database, office, case)).status == Status.WITH_COUNTY
    decision = await refused(database, office, case, "超过标准。")

    async with database.reading() as db:
        assert "ground" not in open_decision(db, decision)["decision"]


async def test_where_a_condition_is_open_nothing_more_is_asked(database):
    office, case = await build_office(database), await build_verified(database, owns_a_dwelling=True)
    await visit(database, case, office)

    review = await against(database, office, case, reasons={"property_has_a_limit": SETTLED})

    assert review.status == Status.WITH_COUNTY
    assert (await refused(database, office, case, "住房超标。")).outcome == "refused"


async def test_what_a_favourable_opinion_has_settled_is_not_open_for_who_decides(database, clock):
    office = await build_office(database)
    case = await with_county(database, clock, office, owns_a_dwelling=True)

    with pytest.raises(RefusalUngrounded):
        await refused(database, office, case, "村里意见大。")

    shown = "县级入户核实，该房屋长期出租，并非维持基本生活所必需。"
    decision = await refused(database, office, case, shown, ground=RefusalGround.OPEN_CONDITION)
    assert "最低生活保障审核确认办法（民发〔2021〕57号）第十四条" in decision.basis, "of the condition"


async def test_an_open_condition_is_no_ground_where_the_rules_leave_none_open(database, clock):
    office = await build_office(database)
    case = await with_county(database, clock, office)

    with pytest.raises(RefusalUngrounded) as refusal:
        await refused(database, office, case, FOUND, ground=RefusalGround.OPEN_CONDITION)

    assert faults_of(refusal) == [("/ground", "not_expected")]


async def test_a_favourable_opinion_has_no_ground_against_it(database):
    office, case = await build_office(database), await build_verified(database)
    await visit(database, case, office)

    with pytest.raises(RefusalUngrounded) as refusal:
        await against(database, office, case, statement=FOUND, ground=RefusalGround.MEMBERS_DIFFER, favourable=True)

    assert faults_of(refusal) == [("/ground", "not_expected")]
