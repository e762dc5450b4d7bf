"""A lower amount: proposed, heard, decided by another person, told in writing; and what a standard left for people."""

import dataclasses
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.applications.clocks import StepKind
from app.applications.queries import find_open_step
from app.awards.adjusting import (
    Lower,
    actions_offered,
    approve_adjustment,
    keep_award,
    propose_adjustment,
    reject_adjustment,
)
from app.awards.errors import (
    AdjustmentInvalid,
    AdjustmentOpen,
    AdjustmentOutdated,
    HearingRequired,
    NoAdjustmentOpen,
    NothingToKeep,
)
from app.awards.events import AwardReduced
from app.awards.histories import explain_amount, read_histories
from app.awards.lifecycle import Action, AdjustGround, AdjustmentStatus, Outcome, Settlement
from app.awards.models import AwardAdjustment, RecomputedAward
from app.awards.queries import get_amount_in, get_award
from app.core.clock import today
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed
from app.disbursement.commands import build_payroll, reject_payroll, release_payroll
from app.disbursement.errors import PayrollOutdated
from app.identity.actors import SYSTEM, Role
from app.letters.contents import open_letter
from app.letters.jobs import write_letter
from app.letters.models import Letter
from tests.builders.applications import COUNTY
from tests.builders.hearings import hear_about_less, hear_and_stop
from tests.builders.payrolls import build_approved, lines_of
from tests.builders.people import build_staff
from tests.builders.standards import put_in_force, standard_draft

AMOUNT, LOWER = 68_750, 55_000  # by 4,550 and by 4,000 yuan a year
NOVEMBER, DECEMBER, JANUARY = date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)


def lower(**given) -> Lower:
    return Lower(
        **{
            "ground": AdjustGround.INCOME,
            "amount_fen": 60_000,
            "from_month": DECEMBER,
            "reason": "家庭成员就业，收入增加（测试）",
            **given,
        }
    )


def by_standard(**given) -> Lower:
    return lower(**{"ground": AdjustGround.STANDARD, "amount_fen": LOWER, "from_month": JANUARY, **given})


async def reduce(database, office, award, what):
    async with database.unit_of_work() as db:
        await propose_adjustment(db, office.handler, award.id, what)
        await hear_about_less(db, office.handler, award.id)
    async with database.unit_of_work() as db:
        return await approve_adjustment(db, office.confirmer, award.id)


async def amount_in(database, award, month):
    async with database.reading() as db:
        return await get_amount_in(db, award.id, month)


async def test_a_lower_amount_holds_from_its_month_after_a_hearing_and_a_second_person(database, office, award):
    decided = await reduce(database, office, award, lower())

    assert (decided.status, decided.before_fen, decided.amount_fen) == (AdjustmentStatus.APPROVED, AMOUNT, 60_000)
    assert [await amount_in(database, award, month) for month in (NOVEMBER, DECEMBER, JANUARY)] == [
        AMOUNT,
        60_000,
        60_000,
    ]


async def test_nothing_is_decided_before_the_recipient_was_heard_about_this_very_proposal(
    database, office, award, clock
):
    async with database.unit_of_work() as db:
        await hear_about_less(db, office.handler, award.id)
    clock.advance(timedelta(hours=1))
    async with database.unit_of_work() as db:
        await propose_adjustment(db, office.handler, award.id, lower())

    with pytest.raises(HearingRequired):
        async with database.unit_of_work() as db:
            await approve_adjustment(db, office.confirmer, award.id)

    assert await amount_in(database, award, DECEMBER) == AMOUNT


async def test_a_hearing_that_was_held_before_the_proposal_carries_it_not_though_it_is_put_on_record_since(
    database, office, award, clock
):
    clock.advance(timedelta(days=3))
    async with database.unit_of_work() as db:
        await propose_adjustment(db, office.handler, award.id, lower())
        await hear_about_less(db, office.handler, award.id, heard_on=today(clock) - timedelta(days=1))

    with pytest.raises(HearingRequired):
        async with database.unit_of_work() as db:
            await approve_adjustment(db, office.confirmer, award.id)

    async with database.unit_of_work() as db:
        await hear_about_less(db, office.handler, award.id)
        assert (await approve_adjustment(db, office.confirmer, award.id)).status == AdjustmentStatus.APPROVED


async def test_who_alone_has_heard_the_recipient_does_not_decide_on_less(database, office, award):
    hearer = dataclasses.replace(office.confirmer, role=Role.TOWNSHIP_HANDLER)  # at an earlier post
    async with database.unit_of_work() as db:
        await propose_adjustment(db, office.handler, award.id, lower())
        await hear_about_less(db, hearer, award.id)

    with pytest.raises(SamePersonNotAllowed):
        async with database.unit_of_work() as db:
            await approve_adjustment(db, office.confirmer, award.id)

    async with database.unit_of_work() as db:
        await hear_about_less(db, office.handler, award.id)
        assert (await approve_adjustment(db, office.confirmer, award.id)).status == AdjustmentStatus.APPROVED


async def test_the_database_takes_no_reduction_by_one_person(database, office, award):
    async with database.unit_of_work() as db:
        proposed = await propose_adjustment(db, office.handler, award.id, lower())
    alone = (
        update(AwardAdjustment)
        .where(AwardAdjustment.id == proposed.id)
        .values(status=AdjustmentStatus.APPROVED, decided_by=proposed.proposed_by, decided_at=proposed.proposed_at)
    )

    with pytest.raises(IntegrityError, match="four_eyes"):
        async with database.unit_of_work() as db:
            await db.execute(alone)


@pytest.mark.parametrize(
    ("wrong", "pointers"),
    [
        ({"amount_fen": AMOUNT}, ["/monthly_amount_fen"]),
        ({"amount_fen": AMOUNT + 1}, ["/monthly_amount_fen"]),
        ({"from_month": NOVEMBER}, ["/from_month"]),
        ({"from_month": date(2028, 1, 1)}, ["/from_month"]),
        ({"ground": AdjustGround.STANDARD}, ["/ground"]),
        ({"reason": "收入增加。。。。。。"}, ["/reason"]),
    ],
)
async def test_what_cannot_be_proposed_is_refused_where_it_is_wrong(database, office, award, wrong, pointers):
    async with database.unit_of_work() as db:
        with pytest.raises(AdjustmentInvalid) as refusal:
            await propose_adjustment(db, office.handler, award.id, lower(**wrong))
    assert [fault.pointer for fault in refusal.value.faults] == pointers


async def test_only_one_is_proposed_at_a_time_and_only_by_the_county(database, office, award):
    async with database.unit_of_work() as db:
        await propose_adjustment(db, office.handler, award.id, lower())
        with pytest.raises(AdjustmentOpen):
            await propose_adjustment(db, office.handler, award.id, lower(amount_fen=50_000))
        with pytest.raises(RoleNotAllowed):
            await propose_adjustment(db, await build_staff(db, Role.FINANCE, COUNTY), award.id, lower())
        with pytest.raises(RoleNotAllowed):
            await approve_adjustment(db, office.handler, award.id)


async def test_deciding_is_offered_where_something_is_proposed_and_proposing_where_nothing_is(database, office, award):
    async with database.unit_of_work() as db:
        free = [await actions_offered(db, award, each.role) for each in (office.handler, office.confirmer)]
        await propose_adjustment(db, office.handler, award.id, lower())
        bound = [await actions_offered(db, award, each.role) for each in (office.handler, office.confirmer)]

    assert [(Action.ADJUST in each, Action.DECIDE in each, Action.KEEP in each) for each in free] == [
        (True, False, False),
        (False, False, True),
    ]
    assert [(Action.ADJUST in each, Action.DECIDE in each, Action.KEEP in each) for each in bound] == [
        (False, False, False),
        (False, True, False),
    ]


async def test_a_rejected_one_changes_nothing_and_another_may_be_proposed(database, office, award):
    async with database.unit_of_work() as db:
        await propose_adjustment(db, office.handler, award.id, lower())
        await reject_adjustment(db, office.confirmer, award.id, reason="证据不足（测试）")
        with pytest.raises(NoAdjustmentOpen):
            await reject_adjustment(db, office.confirmer, award.id, reason="再次（测试）")
        await propose_adjustment(db, office.handler, award.id, lower(amount_fen=50_000))
    assert await amount_in(database, award, DECEMBER) == AMOUNT


async def test_a_decision_that_comes_late_takes_nothing_from_months_that_have_begun(database, office, award, clock):
    async with database.unit_of_work() as db:
        await propose_adjustment(db, office.handler, award.id, lower())
        await hear_about_less(db, office.handler, award.id)
    clock.advance(timedelta(days=20))  # 13 December

    async with database.unit_of_work() as db:
        decided = await approve_adjustment(db, office.confirmer, award.id)

    assert decided.from_month == JANUARY
    assert [await amount_in(database, award, month) for month in (DECEMBER, JANUARY)] == [AMOUNT, 60_000]


async def test_what_a_lower_standard_asks_for_is_proposed_as_the_rules_give_it(database, office, award):
    await put_in_force(database, standard_draft(400_000, valid_from=JANUARY))
    async with database.unit_of_work() as db:
        with pytest.raises(AdjustmentInvalid) as typed:
            await propose_adjustment(db, office.handler, award.id, by_standard(amount_fen=LOWER - 1))
        with pytest.raises(AdjustmentInvalid) as early:
            await propose_adjustment(db, office.handler, award.id, by_standard(from_month=DECEMBER))
    assert [fault.code for fault in (*typed.value.faults, *early.value.faults)] == [
        "not_computed",
        "month_out_of_range",
    ]

    await reduce(database, office, award, by_standard())

    assert [await amount_in(database, award, month) for month in (DECEMBER, JANUARY)] == [AMOUNT, LOWER]
    async with database.reading() as db:
        found = (await db.execute(select(RecomputedAward))).scalar_one()
        assert (found.settlement, found.settled_by) == (Settlement.ADJUSTED, office.confirmer.id)
        assert await find_open_step(db, award.application_id, StepKind.AWARD_REVIEW) is None


async def test_after_it_a_higher_standard_raises_from_what_the_rules_had_given(database, office, award):
    await put_in_force(database, standard_draft(400_000, valid_from=JANUARY))
    await reduce(database, office, award, by_standard())

    await put_in_force(database, standard_draft(valid_from=date(2027, 2, 1)))

    assert [await amount_in(database, award, date(2027, month, 1)) for month in (1, 2)] == [LOWER, 80_000]


async def test_after_a_persons_finding_a_changed_standard_is_for_a_person(database, office, award):
    await reduce(database, office, award, lower())

    await put_in_force(database, standard_draft(valid_from=JANUARY))

    async with database.reading() as db:
        found = (await db.execute(select(RecomputedAward))).scalar_one()
    assert (found.outcome, found.reason) == (Outcome.NEEDS_PERSON, "decided_by_person")
    assert await amount_in(database, award, JANUARY) == 60_000


async def test_a_proposal_that_a_later_standard_overtook_is_not_decided_on(database, office, award):
    await put_in_force(database, standard_draft(400_000, valid_from=JANUARY))
    async with database.unit_of_work() as db:
        await propose_adjustment(db, office.handler, award.id, by_standard())
        await hear_about_less(db, office.handler, award.id)
    await put_in_force(database, standard_draft(valid_from=JANUARY))

    with pytest.raises(AdjustmentOutdated):
        async with database.unit_of_work() as db:
            await approve_adjustment(db, office.confirmer, award.id)

    assert await amount_in(database, award, JANUARY) == 80_000


async def test_a_person_may_keep_what_a_standard_would_lower(database, office, award):
    await put_in_force(database, standard_draft(400_000, valid_from=JANUARY))
    async with database.unit_of_work() as db:
        await keep_award(db, office.confirmer, award.id, reason="渐退期内（测试）")
        with pytest.raises(NothingToKeep):
            await keep_award(db, office.confirmer, award.id, reason="再次（测试）")

    async with database.reading() as db:
        found = (await db.execute(select(RecomputedAward))).scalar_one()
        assert found.settlement == Settlement.KEPT
        assert "渐退期".encode() not in found.settled_reason_sealed
        assert await find_open_step(db, award.application_id, StepKind.AWARD_REVIEW) is None
    assert await amount_in(database, award, JANUARY) == AMOUNT


async def test_a_stop_ends_what_was_proposed_and_what_a_standard_had_left_open(database, office, award):
    await put_in_force(database, standard_draft(400_000, valid_from=JANUARY))
    async with database.unit_of_work() as db:
        await propose_adjustment(db, office.handler, award.id, by_standard())
        await hear_and_stop(db, office.handler, office.confirmer, award.id, last_month=DECEMBER)

    async with database.reading() as db:
        assert (await db.execute(select(AwardAdjustment.status))).scalar_one() == AdjustmentStatus.WITHDRAWN
        assert (await db.execute(select(RecomputedAward.settlement))).scalar_one() == Settlement.STOPPED


async def test_payrolls_follow_from_the_month_and_one_approved_before_is_not_released(database, office, award):
    async with database.unit_of_work() as db:
        before = await build_approved(db, office, DECEMBER)
    await reduce(database, office, award, lower())

    with pytest.raises(PayrollOutdated):
        async with database.unit_of_work() as db:
            await release_payroll(db, office.finance, before.id)
    async with database.unit_of_work() as db:
        await reject_payroll(db, office.finance, before.id, reason="金额已调减（测试）")
        again = await build_payroll(db, office.handler, program="living_allowance", month=DECEMBER)

    assert sorted((line.month, line.amount_fen) for line in await lines_of(database, again)) == [
        (NOVEMBER, AMOUNT),
        (DECEMBER, 60_000),
    ]


async def _letter_about(database, award, decided):
    event = AwardReduced(
        subject=award.id,
        county=award.county,
        applicant_id=award.beneficiary_id,
        application_id=award.application_id,
        adjustment_id=decided.id,
        ground=decided.ground,
        from_month=decided.from_month.isoformat()[:7],
    )
    for _ in range(2):
        await write_letter(database, event)
    async with database.reading() as db:
        (letter,) = (await db.scalars(select(Letter))).all()
        return open_letter(db, letter)


async def test_a_letter_about_a_changed_standard_shows_how_the_rules_came_to_the_amount(database, office, award):
    await put_in_force(database, standard_draft(400_000, valid_from=JANUARY))

    said = await _letter_about(database, award, await reduce(database, office, award, by_standard()))

    assert said["after"][0] == "调减后的待遇按下列情况核算："
    (worked_out,) = [text for text in said["after"] if "每月保障金：" in text]
    assert "当地标准每年 4000.00 元" in worked_out
    assert "按差额计算每月 550.00 元" in worked_out


async def test_the_household_gets_it_in_writing_with_reasons_law_and_remedies(database, office, award):
    said = await _letter_about(database, award, await reduce(database, office, award, lower()))

    assert (said["kind"], said["monthly_amount_fen"], said["first_month"]) == ("reduced", 60_000, "2026-12")
    assert "由每月687.50元调减为每月600.00元" in said["before"][0]
    assert said["points"] == ["家庭成员就业，收入增加（测试）"]
    assert "已于2026年11月23日听取你（户）的意见" in said["after"][0]
    assert "社会救助法第四十八条" in said["law"]
    assert "社会救助法第四十七条" in said["law"]
    assert [(each["kind"], each["within"], each["unit"]) for each in said["remedies"]] == [
        ("administrative_reconsideration", 60, "day"),
        ("administrative_suit", 6, "month"),
    ]


async def test_why_an_award_was_raised_is_worked_out_anew_to_the_same_bytes(database, award):
    await put_in_force(database, standard_draft(valid_from=DECEMBER))

    async with database.reading() as db:
        fresh = await get_award(db, SYSTEM, award.id)
        (row,) = (await read_histories(db, [fresh]))[award.id].amounts
        told = await explain_amount(db, fresh, row.id)
    (below,) = [each for each in told["findings"] if each["rule"] == "income_below_standard"]
    assert (told["monthly_amount_fen"], told["on"], below["numbers"]["standard"]["amount_fen"]) == (
        80_000,
        "2026-12-01",
        500_000,
    )
