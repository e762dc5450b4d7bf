"""Changes of standards and parameters, made by the stage's own commands."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select

from app.awards.jobs import begin_recomputation, recompute_awards
from app.awards.models import Award, Recomputation
from app.core.db import Database, WriteSession
from app.identity.actors import Actor, Role
from app.programs.base import Program
from app.programs.declaration import Income, MemberFacts
from app.programs.registry import get_program
from app.review.numbers import resolve_parameters
from app.standards.commands import Document, Draft, approve_change, put_draft
from app.standards.events import ParameterChanged, StandardChanged
from app.standards.lifecycle import Kind
from app.standards.models import Change
from tests.builders.applications import VILLAGE
from tests.builders.awards import Grant, build_award
from tests.builders.people import build_staff

PROVINCE = "530000000000"
PREFECTURE = "532500000000"
DOCUMENT = Document("测民发〔2026〕1号", "关于调整保障标准的通知", "测试民政厅", date(2026, 11, 1))
JULY = date(2026, 7, 1)


def standard_draft(fen: int = 500_000, **given: Any) -> Draft:
    """Describe a rural standard of the province, a year, from July 2026, unless told otherwise."""
    draft = Draft(
        kind=Kind.STANDARD,
        program="living_allowance",
        area=PROVINCE,
        name="rural",
        value={"amount_fen": fen, "period": "year"},
        valid_from=JULY,
        valid_to=None,
        note="",
        document=DOCUMENT,
    )
    return replace(draft, **given)


def parameter_draft(name: str, value: Any, **given: Any) -> Draft:
    """Describe a parameter of the province from July 2026, unless told otherwise."""
    return replace(standard_draft(), **{"kind": Kind.PARAMETER, "name": name, "value": value, **given})


async def build_administrator(db: WriteSession, area: str = PROVINCE) -> Actor:
    """Employ somebody who drafts."""
    return await build_staff(db, Role.ADMINISTRATOR, area)


async def build_in_force(db: WriteSession, draft: Draft) -> Change:
    """Put a change in force, by two persons of its place."""
    drafted = await put_draft(db, await build_administrator(db, draft.area), draft)
    return await approve_change(db, await build_staff(db, Role.SUPERVISOR, draft.area), draft.kind, drafted.id)


async def recompute(database: Database, change: Change) -> None:
    """Do what the worker does when a change is in force."""
    event = StandardChanged if change.kind == Kind.STANDARD else ParameterChanged
    told = event(
        subject=change.id,
        county=change.area[:6],
        program=change.program,
        area=change.area,
        code=change.name,
        valid_from=change.valid_from,
    )
    await begin_recomputation(database, told)
    async with database.reading() as db:
        runs = (await db.scalars(select(Recomputation.id).where(Recomputation.change_id == change.id))).all()
    for run in runs:
        await recompute_awards(database, {"recomputation": str(run)})


async def put_in_force(database: Database, draft: Draft) -> Change:
    """Put a change in force, and have the awards worked out anew."""
    async with database.unit_of_work() as db:
        change = await build_in_force(db, draft)
    await recompute(database, change)
    return change


async def build_judged(
    db: WriteSession,
    income_fen: int = 540_000,
    *,
    from_month: date = JULY,
    members: tuple[dict[str, Any], ...] = (
        {},
        {"relation": "spouse"},
        {"relation": "child", "birth_date": "2019-09-01"},
    ),
    village: str = VILLAGE,
    code: str = "living_allowance",
    **grant: Any,
) -> Award:
    """Make an award by the rules, of a rural household with a yearly income, decided the month before it begins."""
    on = date(from_month.year - (from_month.month == 1), (from_month.month - 2) % 12 + 1, 20)
    program: Program[Any, Any] = get_program(code)
    people = [
        MemberFacts.model_validate({"ref": f"m{n}", "relation": "self", "birth_date": "1980-05-06", **given})
        for n, given in enumerate(members, start=1)
    ]
    income = [Income(member="m1", kind="wage", amount_fen=income_fen, period="year")] if income_fen else []
    answers = {"income": [each.model_dump() for each in income], "property": [], "expenses": [], "supporters": []}
    case = program.build_case(area_class="rural", division=village, members=people, answers=answers)
    parameters = await resolve_parameters(db, program, village, "rural", on)
    judged = program.assess(case, parameters, on)
    body = {"case": case.as_json(), "parameters": parameters.as_json(), "assessment": judged.as_json()}
    given = {"amount_fen": judged.monthly_amount_fen, "from_month": from_month, "body": body, "decided_on": on}
    given["program"] = code
    return await build_award(db, Grant(**{**given, **grant}), county=village[:6])
