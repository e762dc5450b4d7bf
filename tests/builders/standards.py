"""Changes of standards and parameters, made by the stage's own commands."""

from dataclasses import replace
from datetime import date
from typing import Any

from app.core.db import WriteSession
from app.identity.actors import Actor, Role
from app.standards.commands import Document, Draft, approve_change, put_draft
from app.standards.lifecycle import Kind
from app.standards.models import Change
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
