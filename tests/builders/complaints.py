"""Complaints in any state, made by the stage's own commands."""

from app.complaints.commands import Filed, ReporterDetails, assign_complaint, file_complaint
from app.complaints.lifecycle import Category
from app.complaints.models import Complaint
from app.core.db import WriteSession
from app.identity.actors import Actor, Role
from tests.builders.applications import COUNTY, TOWNSHIP, VILLAGE
from tests.builders.people import build_staff, make_phone


def reporter(name: str | None = "测试庚", phone: str | None = None) -> ReporterDetails:
    """Describe somebody who gives a name."""
    return ReporterDetails(name=name, phone=phone or make_phone())


async def build_filed(
    db: WriteSession,
    *,
    category: Category = Category.COMPLAINT,
    division: str | None = VILLAGE,
    application_number: str | None = None,
    by: ReporterDetails | None = None,
    text: str = "调查人员态度粗暴。",
) -> Filed:
    """File a complaint, anonymous unless `by` says who."""
    return await file_complaint(
        db,
        category=category,
        text=text,
        division=division,
        application_number=application_number,
        reporter=by,
    )


async def build_assigned(
    db: WriteSession,
    *,
    category: Category = Category.COMPLAINT,
    by: ReporterDetails | None = None,
    text: str = "调查人员态度粗暴。",
) -> tuple[Complaint, Actor, Actor]:
    """File a complaint and give it to a township handler; returns it, the handler and who gave it."""
    filed = await build_filed(db, category=category, by=by, text=text)
    county = await build_staff(db, Role.COUNTY_HANDLER, COUNTY)
    handler = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
    complaint = await assign_complaint(db, county, filed.complaint.id, staff_id=handler.id)
    return complaint, handler, county
