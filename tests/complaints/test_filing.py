"""Taking in: with and without a name, by place and by number; what is kept and what is not."""

from datetime import UTC, datetime

import asyncpg
import pytest
from sqlalchemy import select

from app.applications.models import Application
from app.audit.models import AuditRecord
from app.complaints.commands import ReporterDetails
from app.complaints.contents import text_of
from app.complaints.errors import NumberMalformed, PlaceMissing, PlaceTooHigh
from app.complaints.lifecycle import Category, Status
from app.complaints.models import Complaint, ComplaintReporter
from app.core.ids import new_number, number_is_valid
from app.events.queries import list_subject_events
from app.identity.errors import NameMalformed, PhoneMalformed
from app.reference.errors import DivisionUnknown
from tests.builders.applications import COUNTY, VILLAGE, build_submitted
from tests.builders.complaints import build_filed, reporter
from tests.builders.people import build_citizen
from tests.builders.review import (
    build_accepted_case,
    build_office,
    build_verified,
    opine,
    react,
    review_of,
    visit,
)


async def test_an_anonymous_complaint_gets_a_number_and_a_code_and_no_time_limit(db):
    filed = await build_filed(db)

    assert number_is_valid(filed.complaint.number)
    assert filed.complaint.number[:8] == "TS" + VILLAGE[:6]
    assert len(filed.code) == 12
    assert (filed.complaint.status, filed.complaint.named, filed.complaint.due_on) == (Status.RECEIVED, False, None)


@pytest.mark.parametrize("category", [Category.COMPLAINT, Category.REPORT])
async def test_a_real_name_report_is_due_within_fifteen_days(db, category):
    filed = await build_filed(db, category=category, by=reporter())

    assert filed.complaint.named
    assert filed.complaint.due_on.isoformat() == "2026-12-08"
    assert "第三十七条" in filed.complaint.due_basis


async def test_an_inquiry_is_due_within_three_working_days_with_or_without_a_name(db):
    filed = await build_filed(db, category=Category.INQUIRY)

    assert filed.complaint.due_on.isoformat() == "2026-11-26"


async def test_a_due_date_in_a_year_not_announced_is_provisional(database, clock):
    clock.set(datetime(2026, 12, 28, 4, tzinfo=UTC))
    async with database.unit_of_work() as db:
        filed = await build_filed(db, by=reporter())

    assert filed.complaint.due_provisional


async def test_nothing_that_leads_to_the_reporter_is_readable_in_the_database(database, database_url):
    by = reporter(name="测试壬癸", phone="19000004321")
    async with database.unit_of_work() as db:
        filed = await build_filed(db, by=by, text="只有我家知道的事")

    connection = await asyncpg.connect(database_url)
    try:
        rows = [
            str(dict(row))
            for table in ("complaints", "complaint_reporters", "audit_records", "events", "messages", "pgqueuer")
            for row in await connection.fetch(f"SELECT * FROM {table}")
        ]
    finally:
        await connection.close()
    everything = "\n".join(rows)
    for secret in ("测试壬癸", "19000004321", "只有我家知道的事", filed.code):
        assert secret not in everything


async def test_a_signed_in_reporter_is_not_named_in_audit_or_events(database):
    async with database.unit_of_work() as db:
        citizen = await build_citizen(db)
        by = ReporterDetails(name="测试甲", phone="19000001234", citizen_id=citizen.id)
        filed = await build_filed(db, by=by)

    async with database.reading() as db:
        records = (await db.execute(select(AuditRecord))).scalars().all()
        events = await list_subject_events(db, filed.complaint.id)
        row = (await db.execute(select(ComplaintReporter))).scalar_one()
    assert citizen.id not in {record.actor_id for record in records}
    assert str(citizen.id) not in str([event.data for event in events])
    assert citizen.id.bytes not in row.citizen_index


async def test_a_complaint_about_an_application_belongs_to_its_village(db):
    application = await build_submitted(db)

    filed = await build_filed(db, division=COUNTY, application_number=application.number.lower())

    assert (filed.complaint.division, filed.complaint.application_id) == (VILLAGE, application.id)


async def test_a_number_that_names_nothing_is_kept_as_told_and_nobody_learns_whether_it_exists(db, clock):
    number = new_number("DB", COUNTY[:6], clock.now().date())

    filed = await build_filed(db, division=None, application_number=number)

    assert filed.complaint.application_id is None
    assert (filed.complaint.application_number, filed.complaint.division) == (number, COUNTY)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"division": None}, PlaceMissing),
        ({"division": "530000000000"}, PlaceTooHigh),
        ({"division": "532500000000"}, PlaceTooHigh),
        ({"division": "532529999999"}, DivisionUnknown),
        ({"application_number": "DB532529261123ABCDEFGH1"}, NumberMalformed),
        ({"application_number": "A" * 20}, NumberMalformed),
        ({"by": reporter(name="测\n试")}, NameMalformed),
        ({"by": reporter(phone="12345")}, PhoneMalformed),
    ],
)
async def test_what_cannot_be_taken_in_is_refused_and_leaves_nothing(database, given, refusal):
    with pytest.raises(refusal):
        async with database.unit_of_work() as db:
            await build_filed(db, **given)

    async with database.reading() as db:
        assert (await db.execute(select(Complaint))).first() is None


@pytest.mark.parametrize("category", [Category.COMPLAINT, Category.REPORT])
async def test_a_complaint_while_the_county_decides_obliges_it_to_visit(database, category):
    office = await build_office(database)
    case = await build_verified(database)
    await visit(database, case, office)
    await opine(database, case, office)

    async with database.unit_of_work() as db:
        application = await db.get_one(Application, case.id)
        await build_filed(db, category=category, application_number=application.number)

    review = await review_of(database, case)
    assert review.county_visit_reason == category


async def test_a_question_about_an_application_obliges_nobody_to_visit(database):
    case = await build_accepted_case(database)
    await react(database, case)

    async with database.unit_of_work() as db:
        application = await db.get_one(Application, case.id)
        await build_filed(db, category=Category.INQUIRY, application_number=application.number)

    assert (await review_of(database, case)).county_visit_required_at is None


async def test_a_complaint_about_an_application_that_was_only_handed_in_is_taken(db):
    application = await build_submitted(db)

    filed = await build_filed(db, application_number=application.number)

    assert filed.complaint.status is Status.RECEIVED


async def test_the_text_opens_for_who_may_read_it(db):
    filed = await build_filed(db, text="请核实。")

    assert text_of(db.vault, filed.complaint) == "请核实。"
