"""Drafting a change and putting it in force: who may, what is refused, and what it leaves alone."""

import asyncio
from datetime import date

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from app.core.errors import RoleNotAllowed, SamePersonNotAllowed, StepNotAllowed
from app.events.queries import list_subject_events
from app.identity.actors import Role
from app.programs.errors import ParameterNotUsable, ProgramUnknown, RulesNotInForce
from app.reference.divisions import NATION
from app.reference.errors import (
    DivisionMalformed,
    DivisionUnknown,
    OutsideYourDivision,
    ParameterInvalid,
    StandardInvalid,
)
from app.reference.models import Parameter, Standard
from app.reference.procedure import Setting
from app.reference.queries import list_parameters, resolve_standard
from app.reference.term_queries import load_procedure
from app.standards.commands import approve_change, put_draft, reject_change
from app.standards.errors import ChangeNotFound, StandardBelowGuidance
from app.standards.lifecycle import Kind, Status
from app.standards.models import Change
from tests.builders.applications import COUNTY, TOWNSHIP, VILLAGE
from tests.builders.people import build_staff
from tests.builders.standards import (
    DOCUMENT,
    JULY,
    PREFECTURE,
    PROVINCE,
    build_administrator,
    build_in_force,
    parameter_draft,
    standard_draft,
)

ON = date(2026, 11, 23)
SHIPPED = 455_000


async def in_force(db, division: str = VILLAGE, on: date = ON) -> int:
    return (await resolve_standard(db, "living_allowance", division, "rural", on)).amount_fen


async def test_a_draft_changes_nothing_until_another_person_approves_it(database):
    async with database.unit_of_work() as db:
        author, second = await build_administrator(db), await build_administrator(db)
        change = await put_draft(db, author, standard_draft())
        assert await in_force(db) == SHIPPED

    with pytest.raises(SamePersonNotAllowed):
        async with database.unit_of_work() as db:
            await approve_change(db, author, Kind.STANDARD, change.id)

    async with database.unit_of_work() as db:
        await approve_change(db, second, Kind.STANDARD, change.id)

    async with database.reading() as db:
        assert await in_force(db) == 500_000
        assert await in_force(db, on=date(2026, 6, 30)) == SHIPPED
        row = await resolve_standard(db, "living_allowance", VILLAGE, "rural", ON)
        assert row.source == "测试民政厅《关于调整保障标准的通知》（测民发〔2026〕1号）"
        (event,) = await list_subject_events(db, change.id)
    assert (event.type, event.county, event.data["area"]) == ("standard.changed", "530000", PROVINCE)


async def test_the_database_itself_asks_for_two_persons(database):
    async with database.unit_of_work() as db:
        author = await build_administrator(db)
        change = await put_draft(db, author, standard_draft())

    alone = update(Change).where(Change.id == change.id).values(status=Status.IN_FORCE, decided_by=author.id)

    with pytest.raises(IntegrityError, match="four_eyes"):
        async with database.unit_of_work() as db:
            await db.execute(alone)


async def test_drafting_the_same_twice_is_one_draft_and_editing_it_makes_the_editor_its_author(database):
    async with database.unit_of_work() as db:
        author, second = await build_administrator(db), await build_administrator(db)
        first = await put_draft(db, author, standard_draft())
        again = await put_draft(db, second, standard_draft())
        assert (again.id, again.drafted_by, again.version) == (first.id, author.id, 1)
        edited = await put_draft(db, second, standard_draft(510_000))
        assert (edited.id, edited.drafted_by, edited.version) == (first.id, second.id, 2)


async def test_two_who_draft_the_same_number_at_once_make_one_draft(database):
    async with database.unit_of_work() as db:
        authors = [await build_administrator(db) for _ in range(4)]

    async def draft(author):
        async with database.unit_of_work() as db:
            await put_draft(db, author, standard_draft())

    outcomes = await asyncio.gather(*map(draft, authors), return_exceptions=True)

    assert None in outcomes
    async with database.reading() as db:
        assert (await db.execute(select(func.count()).select_from(Change))).scalar_one() == 1


async def test_the_same_first_day_again_supersedes_and_both_stay_to_be_looked_up(database):
    async with database.unit_of_work() as db:
        first = await build_in_force(db, standard_draft())
        second = await build_in_force(db, standard_draft(520_000))
        rows = (await db.scalars(select(Standard).where(Standard.change_id.in_((first.id, second.id))))).all()
        by_change = {row.change_id: row for row in rows}
        assert await in_force(db) == 520_000

    assert (by_change[first.id].amount_fen, by_change[first.id].superseded_by) == (500_000, by_change[second.id].id)
    assert by_change[second.id].superseded_by is None


async def test_a_parameter_is_put_in_force_like_a_standard(database):
    async with database.unit_of_work() as db:
        change = await build_in_force(db, parameter_draft("edge_ratio", "2"))
        (found,) = await list_parameters(db, "living_allowance", VILLAGE, ON)
        rows = (await db.execute(select(func.count()).select_from(Parameter))).scalar_one()
    assert (found.value, found.change_id, rows) == ("2", change.id, 1)


@pytest.mark.parametrize(
    ("program", "name", "value"),
    [
        ("destitute_support", "urban", {"amount_fen": 100_000, "period": "month"}),
        ("destitute_support", "rural", {"amount_fen": 1_200_000, "period": "year"}),
        ("destitute_support", "any", {"amount_fen": 100_000, "period": "month"}),
        ("destitute_care", "fully_dependent", {"amount_fen": 90_000, "period": "month"}),
    ],
)
async def test_what_the_destitute_are_paid_by_is_published_like_the_allowance(database, program, name, value):
    async with database.unit_of_work() as db:
        change = await build_in_force(db, standard_draft(program=program, area=PREFECTURE, name=name, value=value))
        rural = "rural" if name == "any" else name
        found = await resolve_standard(db, program, VILLAGE, rural, ON)

    assert (found.change_id, found.amount_fen, found.period) == (change.id, value["amount_fen"], value["period"])


@pytest.mark.parametrize(
    ("draft", "refusal"),
    [
        (standard_draft(program="destitute_support", name="fully_dependent"), StandardInvalid),
        (standard_draft(program="destitute_care", name="rural"), StandardInvalid),
        (standard_draft(program="destitute_care", name="any"), StandardInvalid),
        (standard_draft(area=TOWNSHIP), StandardInvalid),
        (standard_draft(valid_to=date(2026, 6, 30)), StandardInvalid),
        (standard_draft(name="rurall"), StandardInvalid),
        (standard_draft(program="no_such"), ProgramUnknown),
        (standard_draft(area="530999000000"), DivisionUnknown),
        (parameter_draft("edge_ratio", "2", program="no_such"), ProgramUnknown),
        (parameter_draft("edge_ratioo", "2"), ParameterNotUsable),
        (parameter_draft("edge_ratio", "many"), ParameterNotUsable),
        (parameter_draft("edge_ratio", None), ParameterInvalid),
        (parameter_draft("edge_ratio", "2", valid_from=date(2019, 1, 1)), RulesNotInForce),
    ],
)
async def test_what_cannot_be_right_is_refused_and_leaves_nothing(database, draft, refusal):
    async with database.unit_of_work() as db:
        author = await build_administrator(db)

    with pytest.raises(refusal):
        async with database.unit_of_work() as db:
            await put_draft(db, author, draft)

    async with database.reading() as db:
        assert (await db.execute(select(func.count()).select_from(Change))).scalar_one() == 0


async def test_a_document_of_tomorrow_is_refused(database):
    tomorrow = standard_draft(document=DOCUMENT.__class__("1", "通知", "测试民政厅", date(2026, 11, 24)))
    async with database.unit_of_work() as db:
        author = await build_administrator(db)
        with pytest.raises(StandardInvalid) as refusal:
            await put_draft(db, author, tomorrow)
    assert [fault.pointer for fault in refusal.value.faults] == ["/document/published_on"]


async def test_a_county_writes_for_itself_alone(database):
    async with database.unit_of_work() as db:
        author = await build_administrator(db, COUNTY)
        await put_draft(db, author, standard_draft(area=COUNTY))
        for area in (PREFECTURE, PROVINCE, "530102000000"):
            with pytest.raises(OutsideYourDivision):
                await put_draft(db, author, standard_draft(area=area))
        with pytest.raises((OutsideYourDivision, DivisionMalformed)):
            await put_draft(db, author, standard_draft(area=NATION))


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
async def test_only_administrators_draft(database, role):
    async with database.unit_of_work() as db:
        author = await build_staff(db, role, COUNTY)
        with pytest.raises(RoleNotAllowed):
            await put_draft(db, author, standard_draft(area=COUNTY))


@pytest.mark.parametrize(
    ("fen", "period", "passes"),
    [(500_000, "year", True), (499_999, "year", False), (41_667, "month", True), (41_666, "month", False)],
)
async def test_no_place_goes_below_what_was_published_above_it(database, fen, period, passes):
    async with database.unit_of_work() as db:
        await build_in_force(db, standard_draft())
        author = await build_administrator(db, PREFECTURE)
        draft = standard_draft(area=PREFECTURE, value={"amount_fen": fen, "period": period})
        if passes:
            await put_draft(db, author, draft)
        else:
            with pytest.raises(StandardBelowGuidance):
                await put_draft(db, author, draft)


async def test_what_became_too_low_meanwhile_is_refused_when_it_is_approved(database):
    async with database.unit_of_work() as db:
        author = await build_administrator(db, PREFECTURE)
        supervisor = await build_staff(db, Role.SUPERVISOR, PREFECTURE)
        change = await put_draft(db, author, standard_draft(480_000, area=PREFECTURE))
        await build_in_force(db, standard_draft())

    with pytest.raises(StandardBelowGuidance):
        async with database.unit_of_work() as db:
            await approve_change(db, supervisor, Kind.STANDARD, change.id)


async def test_a_rejected_draft_is_over_and_another_may_be_drafted(database):
    async with database.unit_of_work() as db:
        author = await build_administrator(db)
        change = await put_draft(db, author, standard_draft())
        await reject_change(db, author, Kind.STANDARD, change.id, reason="数字有误（测试）")

    with pytest.raises(StepNotAllowed):
        async with database.unit_of_work() as db:
            await approve_change(db, await build_administrator(db), Kind.STANDARD, change.id)

    async with database.unit_of_work() as db:
        again = await put_draft(db, author, standard_draft())
        assert again.id != change.id
        stored = await db.get(Change, change.id)
        assert "数字有误".encode() not in stored.reject_reason_sealed


async def test_a_change_of_another_place_is_not_found(database):
    async with database.unit_of_work() as db:
        change = await put_draft(db, await build_administrator(db, COUNTY), standard_draft(area=COUNTY))
        stranger = await build_administrator(db, "530102000000")

    with pytest.raises(ChangeNotFound):
        async with database.unit_of_work() as db:
            await approve_change(db, stranger, Kind.STANDARD, change.id)


async def test_who_is_below_the_place_sees_a_change_and_decides_nothing(database):
    async with database.unit_of_work() as db:
        change = await put_draft(db, await build_administrator(db), standard_draft(valid_from=JULY))
        county = await build_administrator(db, COUNTY)

    with pytest.raises(OutsideYourDivision):
        async with database.unit_of_work() as db:
            await approve_change(db, county, Kind.STANDARD, change.id)


async def test_one_township_may_be_let_confirm_and_sets_nothing_else(database):
    async with database.unit_of_work() as db:
        entrusted = parameter_draft("confirmed_by", "township", program="procedure", area=TOWNSHIP)
        change = await build_in_force(db, entrusted)
        there = await load_procedure(db, VILLAGE, ON)
        elsewhere = await load_procedure(db, "532529100001", ON)
        other = parameter_draft("extended_days", 45, program="procedure", area=TOWNSHIP)
        with pytest.raises(ParameterInvalid):
            await put_draft(db, await build_administrator(db, COUNTY), other)
    assert change.status == Status.IN_FORCE
    assert there[Setting.CONFIRMED_BY].value == "township"
    assert elsewhere[Setting.CONFIRMED_BY].value == "county"
