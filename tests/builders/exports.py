"""Exports in any state, made by the stage's own commands."""

from typing import Any

from app.audit.purposes import Purpose
from app.core.db import WriteSession
from app.exports.commands import Wanted, approve_export, request_export
from app.exports.kinds import ExportKind
from app.exports.models import Export
from app.identity.actors import Actor, Role
from tests.builders.applications import COUNTY
from tests.builders.people import build_staff


def wanted(**given: Any) -> Wanted:
    """Say what is wanted: all awards of one's division, masked, unless told otherwise."""
    usual: dict[str, Any] = {
        "kind": ExportKind.AWARDS,
        "division": None,
        "month": None,
        "status": None,
        "columns": (),
        "unmasked": (),
        "purpose": Purpose.AWARD_MANAGEMENT,
        "reason": "季度抽查（测试）",
    }
    return Wanted(**{**usual, **given})


async def build_requested(db: WriteSession, actor: Actor, **given: Any) -> Export:
    """Ask for an export."""
    return await request_export(db, actor, wanted(**given))


async def build_approved_export(db: WriteSession, actor: Actor, **given: Any) -> Export:
    """Ask for an export, and let a supervisor of the county approve it."""
    export = await build_requested(db, actor, **given)
    return await approve_export(db, await build_staff(db, Role.SUPERVISOR, COUNTY), export.id)
