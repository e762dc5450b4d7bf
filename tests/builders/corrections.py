"""Requests for correction, made by the stage's own command."""

from typing import Any

from app.core.db import WriteSession
from app.corrections.commands import request_correction
from app.corrections.commands.asking import WrongField
from app.corrections.lifecycle import ObjectType
from app.corrections.models import CorrectionRequest
from tests.builders.verification import Case


def wrong_about(case: Case, **given: Any) -> WrongField:
    """Say that the spouse's profile is wrong."""
    values = {
        "object_type": ObjectType.MEMBER,
        "object_id": case.member("spouse"),
        "field": "can_work",
        "wrong": "登记为有劳动能力。",
        "right": "已评定为重度残疾，无劳动能力。",
    }
    return WrongField(**{**values, **given})


async def build_correction(db: WriteSession, case: Case, **given: Any) -> CorrectionRequest:
    """Ask for a correction."""
    return await request_correction(db, case.applicant, case.id, wrong_about(case, **given))
