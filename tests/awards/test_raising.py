"""A higher amount by hand: found, proposed, decided by another person, told in writing, made up for where the place
says so."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.applications.clocks import StepKind
from app.applications.queries import list_steps
from app.awards.adjusting import Lower, approve_adjustment, propose_adjustment, reject_adjustment
from app.awards.commands import suspend_award
from app.awards.errors import AdjustmentInvalid, AdjustmentOpen, AdjustmentOutdated
from app.awards.events import AwardIncreased
from app.awards.histories import acts_on, read_histories
from app.awards.laws import Act
from app.awards.lifecycle import AdjustGround, AdjustmentStatus, StopGround, SuspendReason
from app.awards.models import AwardAdjustment, AwardAmount
from app.awards.naming import whose
from app.awards.queries import get_amount_in, get_award
from app.awards.raising import FoundBy, Higher, propose_raise
from app.core.clock import today
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed, StepNotAllowed
from app.core.ids import new_id
from app.disbursement.commands import settle_receipts
from app.disbursement.lifecycle import LineKind
from app.disbursement.queries import find_discrepancies
from app.identity.actors import SYSTEM, Role
from app.ledger.accounts import household_account
from app.ledger.queries import get_balance
from app.letters.contents import open_letter
from app.letters.jobs import write_letter
from app.letters.models import Letter
from app.reference.commands import LocalParameter, put_parameter
from tests.builders.applications import COUNTY
from tests.builders.hearings import hear_and_stop
from tests.builders.payrolls import build_released, lines_of, paid, reload
from tests.builders.people import build_staff
from tests.builders.standards import build_judged, put_in_force, standard_draft

AMOUNT, HIGHER, MOST = 68_750, 90_000, 113_750  # granted; proposed; of three persons without any income
OCTOBER, NOVEMBER, DECEMBER, JANUARY = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)
BANK = "paying_bank"


@pytest.fixture
async def award(database):
    async with database.unit_of_work() as db:
        return await build_judged(db, from_month=OCTOBER)


@pytest.fixture
async def from_the_finding(database):
    """Let the place rule that more is due from the month after it was found."""
    async with database.unit_of_work() as db:
        row = LocalParameter("procedure", "raised_from", COUNTY, "finding", "测试", date(2026, 1, 1))
        await put_parameter(db, row)


def higher(**given) -> Higher:
    return Higher(
        **{
            "ground": AdjustGround.INCOME,
            "amount_fen": HIGHER,
            "from_month": DECEMBER,
            "found_by": FoundBy.REPORT,
            "found_on": date(2026, 11, 20),
            "reason": "户主失业，收入减少（测试）",
            **given,
        }
    )


async def propose(database, office, award, what=None):
    async with database.unit_of_work() as db:
        return await propose_raise(db, office.handler, award.id, what or higher())


async def approve(database, office, award):
    async with database.unit_of_work() as db:
        return await approve_adjustment(db, office.confirmer, award.id)


async def _rewrite(database, values):
    """Change what was proposed behind the commands' back."""
    async with database.unit_of_work() as db:
        await db.execute(update(AwardAdjustment).values(**values))


async def amounts_in(database, award, *months):
    async with database.reading() as db:
        return [await get_amount_in(db, award.id, month) for month in months]


async def pay(database, office, month):
    async with database.unit_of_work() as db:
        payroll = await build_released(db, office, month)
    lines = await lines_of(database, payroll)
    async with database.unit_of_work() as db:
        await settle_receipts(db, SYSTEM, str(payroll.id), [paid(line) for line in lines], BANK)
    async with database.reading() as db:
        assert not await find_discrepancies(db, await reload(database, payroll), BANK)
    return sorted((line.month, line.kind, line.amount_fen) for line in lines)


async def test_more_holds_from_the_month_after_the_decision_without_a_hearing(database, office, award):
    await propose(database, office, award)
    assert await amounts_in(database, award, DECEMBER) == [AMOUNT]

    decided = await approve(database, office, award)

    assert (decided.status, decided.before_fen, decided.amount_fen) == (AdjustmentStatus.APPROVED, AMOUNT, HIGHER)
    assert await amounts_in(database, award, NOVEMBER, DECEMBER, JANUARY) == [AMOUNT, HIGHER, HIGHER]


async def test_a_raise_puts_nothing_on_the_timeline_that_one_would_have_to_contest(database, office, award):
    await propose(database, office, award)
    await approve(database, office, award)

    async with database.reading() as db:
        assert StepKind.AWARD_DECISION not in {step.kind for step in await list_steps(db, award.application_id)}


async def test_a_late_decision_makes_a_later_month(database, office, award, clock):
    await propose(database, office, award)
    clock.advance(timedelta(days=14))  # 7 December

    decided = await approve(database, office, award)

    assert decided.from_month == JANUARY
    assert await amounts_in(database, award, DECEMBER, JANUARY) == [AMOUNT, HIGHER]


async def test_who_proposes_does_not_decide_and_others_do_neither(database, office, award):
    async with database.unit_of_work() as db:
        village = await build_staff(db, Role.TOWNSHIP_HANDLER, COUNTY[:6] + "103000")
        with pytest.raises(RoleNotAllowed):
            await propose_raise(db, village, award.id, higher())
    await propose(database, office, award)

    with pytest.raises(RoleNotAllowed):
        async with database.unit_of_work() as db:
            await approve_adjustment(db, office.handler, award.id)
    async with database.reading() as db:
        proposer = (await db.scalars(select(AwardAdjustment.proposed_by))).one()
    decided = {"status": AdjustmentStatus.APPROVED, "decided_by": proposer, "decided_at": database.clock.now()}
    with pytest.raises(IntegrityError):
        await _rewrite(database, decided)


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        ({"amount_fen": AMOUNT}, "/monthly_amount_fen", "not_higher"),
        ({"amount_fen": MOST + 1}, "/monthly_amount_fen", "above_rules"),
        ({"from_month": NOVEMBER}, "/from_month", "raise_month_out_of_range"),
        ({"from_month": JANUARY}, "/from_month", "raise_month_out_of_range"),
        ({"found_on": date(2026, 11, 24)}, "/found_on", "found_on_out_of_range"),
        ({"found_on": date(2026, 9, 30)}, "/found_on", "found_on_out_of_range"),
        ({"ground": AdjustGround.PROPERTY}, "/ground", "gives_no_more"),
        ({"ground": AdjustGround.FRAUD}, "/ground", "gives_no_more"),
    ],
)
async def test_what_is_not_due_is_not_proposed(database, office, award, given, pointer, code):
    with pytest.raises(AdjustmentInvalid) as refused:
        await propose(database, office, award, higher(**given))

    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [(pointer, code)]
    async with database.reading() as db:
        assert (await db.scalars(select(AwardAdjustment))).all() == []


async def test_the_most_is_what_the_rules_give_without_any_income(database, office, award):
    await propose(database, office, award, higher(amount_fen=MOST))
    await approve(database, office, award)

    assert await amounts_in(database, award, DECEMBER) == [MOST]


async def test_where_the_rules_cannot_say_nothing_is_raised_by_hand(database, office):
    async with database.unit_of_work() as db:
        award = await build_judged(db, from_month=OCTOBER, body={})

    with pytest.raises(AdjustmentInvalid) as refused:
        await propose(database, office, award)

    assert [fault.code for fault in refused.value.faults] == ["above_rules"]


async def test_one_amount_is_proposed_at_a_time_higher_or_lower(database, office, award):
    await propose(database, office, award)

    lower = Lower(AdjustGround.INCOME, 60_000, DECEMBER, "成员就业，收入增加（测试）")
    for again in (propose_raise, propose_adjustment):
        with pytest.raises(AdjustmentOpen):
            async with database.unit_of_work() as db:
                await again(db, office.handler, award.id, higher() if again is propose_raise else lower)
    async with database.unit_of_work() as db:
        await reject_adjustment(db, office.confirmer, award.id, reason="收入未见减少（测试）")
    assert await amounts_in(database, award, DECEMBER) == [AMOUNT]
    await propose(database, office, award)


async def test_what_was_proposed_over_another_amount_is_not_decided(database, office, award):
    await propose(database, office, award)
    async with database.unit_of_work() as db:  # as a standard would, meanwhile
        db.add(
            AwardAmount(
                id=new_id(), county=award.county, division=award.division, award_id=award.id, seq=1,
                from_month=DECEMBER, amount_fen=AMOUNT + 1, before_fen=AMOUNT, cause="change",
                recorded_by=SYSTEM.id, recorded_at=db.clock.now(),
            )
        )  # fmt: skip

    with pytest.raises(AdjustmentOutdated):
        await approve(database, office, award)


async def test_a_suspended_award_may_be_raised_and_a_stopped_one_not(database, office, award):
    async with database.unit_of_work() as db:
        await suspend_award(db, office.handler, award.id, reason=SuspendReason.COMPLAINT)
    await propose(database, office, award)
    async with database.unit_of_work() as db:
        await hear_and_stop(db, office.handler, office.confirmer, award.id, StopGround.REQUEST, last_month=NOVEMBER)

    async with database.reading() as db:
        assert (await db.scalars(select(AwardAdjustment.status))).all() == [AdjustmentStatus.WITHDRAWN]
    with pytest.raises(StepNotAllowed):
        await propose(database, office, award)


async def test_what_was_paid_before_the_decision_is_not_made_up_for_unless_the_place_says_so(
    database, office, award, clock
):
    assert await pay(database, office, OCTOBER) == [(OCTOBER, LineKind.REGULAR, AMOUNT)]
    with pytest.raises(AdjustmentInvalid):
        await propose(database, office, award, higher(from_month=NOVEMBER, found_on=date(2026, 10, 15)))
    await pay(database, office, NOVEMBER)
    await propose(database, office, award)
    await approve(database, office, award)

    assert await pay(database, office, DECEMBER) == [(DECEMBER, LineKind.REGULAR, HIGHER)]


async def test_where_the_place_says_so_the_months_since_the_finding_are_made_up_for_once(
    database, office, award, clock, from_the_finding
):
    # Paid in October and November; on 15 October the household had reported that it earns less.
    await pay(database, office, OCTOBER)
    await pay(database, office, NOVEMBER)
    reported = higher(from_month=NOVEMBER, found_on=date(2026, 10, 15))
    with pytest.raises(AdjustmentInvalid):
        await propose(database, office, award, higher(from_month=OCTOBER, found_on=date(2026, 10, 15)))
    await propose(database, office, award, reported)
    decided = await approve(database, office, award)
    assert decided.from_month == NOVEMBER

    # December's payroll pays what November lacked, and the next one nothing more of it.
    lacking = HIGHER - AMOUNT
    assert await pay(database, office, DECEMBER) == [
        (NOVEMBER, LineKind.ARREARS, lacking),
        (DECEMBER, LineKind.REGULAR, HIGHER),
    ]
    clock.advance(timedelta(days=8))  # 1 December
    assert await pay(database, office, JANUARY) == [(JANUARY, LineKind.REGULAR, HIGHER)]
    async with database.reading() as db:
        assert await get_balance(db, household_account(award.id)) == 0


async def test_the_household_is_told_in_writing_and_sees_the_act_with_its_law(
    database, office, award, from_the_finding
):
    await propose(database, office, award, higher(from_month=NOVEMBER, found_on=date(2026, 10, 15)))
    decided = await approve(database, office, award)
    event = AwardIncreased(
        subject=award.id,
        county=award.county,
        applicant_id=award.beneficiary_id,
        application_id=award.application_id,
        adjustment_id=decided.id,
        ground="income",
        from_month="2026-11",
    )

    await write_letter(database, event)
    await write_letter(database, event)

    async with database.reading() as db:
        (letter,) = (await db.scalars(select(Letter))).all()
        body = open_letter(db, letter)
        row = await get_award(db, SYSTEM, award.id)
        (act,) = acts_on(db, row, (await read_histories(db, [row]))[row.id], today(db.clock))
    assert body["points"] == ["户主失业，收入减少（测试）"]
    assert (body["monthly_amount_fen"], body["first_month"]) == (HIGHER, "2026-11")
    assert any("补发" in each for each in body["after"])
    assert [remedy["kind"] for remedy in body["remedies"]]
    assert (act.act, act.before_fen, act.after_fen, act.ground) == (Act.RAISED, AMOUNT, HIGHER, "income")
    assert any("第三十二条" in law for law in act.law)


async def test_the_letter_of_a_raise_says_what_a_published_standard_makes_of_later_months(database, office, award):
    await put_in_force(database, standard_draft(800_000, valid_from=JANUARY))
    await propose(database, office, award)
    decided = await approve(database, office, award)
    event = AwardIncreased(
        **whose(award), adjustment_id=decided.id, ground=decided.ground, from_month=decided.from_month.isoformat()[:7]
    )

    await write_letter(database, event)

    async with database.reading() as db:
        body = open_letter(db, (await db.scalars(select(Letter))).one())
    assert (body["monthly_amount_fen"], body["first_month"]) == (HIGHER, "2026-12")
    assert body["next_amounts"] == [{"monthly_amount_fen": 155_000, "amount_from": "2027-01"}]
    assert "此后因已公布的保障标准或者参数调整，每月发放金额变动如下：自2027年1月起1550.00元。" in body["after"]


async def test_the_database_takes_no_raise_without_a_finding_or_on_another_ground(database, office, award):
    await propose(database, office, award)
    for change in ({"found_on": None}, {"found_by": None}, {"ground": "fraud"}):
        with pytest.raises(IntegrityError):
            await _rewrite(database, change)


async def test_the_confirmer_who_proposed_as_a_handler_does_not_decide(database, office, award):
    await propose(database, office, award)
    async with database.unit_of_work() as db:
        row = (await db.scalars(select(AwardAdjustment))).one()
        row.proposed_by = office.confirmer.id  # a post changes: the person is the same

    with pytest.raises(SamePersonNotAllowed):
        await approve(database, office, award)
