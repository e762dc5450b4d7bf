"""Case files: erased the day after their last day, whole, and not a day before."""

import itertools
from datetime import date

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import ProgrammingError

from app.applications.lifecycle import Status
from app.applications.models import Application, Authorisation, Claim, Document, Member
from app.audit.models import AuditRecord
from app.awards.models import Award
from app.core.clock import today
from app.core.db import Base
from app.core.ids import new_id
from app.files.models import Upload
from app.identity.actors import Role
from app.identity.commands import start_session
from app.letters.kinds import Kind, Occasion
from app.letters.models import Letter
from app.notices.jobs import end_notices
from app.retention.models import Erasure
from app.retention.queries.erasing import FILE
from app.review.evidence_models import EvidenceLetter
from app.review.models import Decision
from app.verification.commands import send_dispute
from app.verification.dispute_lifecycle import SentWay
from app.verification.dispute_models import ReportDispute
from app.verification.models import Check
from tests.builders.applications import COUNTY, build_draft, build_submitted
from tests.builders.awards import Grant, build_award, build_decision
from tests.builders.disputes import build_dispute, enter_letter
from tests.builders.evidence import answer_letter, build_sent_letter
from tests.builders.files import finish_upload
from tests.builders.letters import build_letter
from tests.builders.people import build_staff
from tests.builders.retention import count, end_application, is_erased, night_of, opened_text, stop
from tests.builders.review import build_office, build_verified, decide, opine, visit
from tests.builders.verification import build_opened
from tests.support.cleaning import load_models

load_models()
DAY = date(2026, 11, 23)  # the clock's
STAY = {
    "applications",  # emptied
    "decisions", "assessments", "reviews",  # erased or, under an award, emptied: `_erase_decisions`
    "documents", "notices",  # with what hangs on them: `erase_files`
    "awards",  # management and payment lists are kept longer
    "complaints",  # a class of their own
    "status_query_lines",  # what another authority was told is kept for three years from then
    "legal_holds", "erasures",  # say that, and why, a file was kept or erased; of nobody
}  # fmt: skip


def test_whatever_names_an_application_is_erased_with_its_file_or_says_why_not():
    named = {table.name for table in Base.metadata.tables.values() if "application_id" in table.c}

    assert named - {model.__tablename__ for model in FILE} == STAY - {"applications"}


async def _refused(database) -> Application:
    async with database.unit_of_work() as db:
        _, application, _ = await build_decision(db, Grant(), outcome="refused")
    await end_application(database, application.id, Status.REFUSED, DAY)
    return application


@pytest.mark.parametrize("status", [Status.REFUSED, Status.WITHDRAWN, Status.TERMINATED, Status.REDIRECTED])
async def test_a_case_that_led_to_nothing_goes_after_a_year(database, eraser, clock, status):
    async with database.unit_of_work() as db:
        application = await build_submitted(db)
    await end_application(database, application.id, status, DAY)

    await night_of(eraser, clock, date(2027, 11, 23))
    assert not await is_erased(database, application.id)
    await night_of(eraser, clock, date(2027, 11, 24))
    assert await is_erased(database, application.id)


async def test_an_open_case_is_never_erased(database, eraser, clock):
    async with database.unit_of_work() as db:
        application = await build_submitted(db)

    await night_of(eraser, clock, date(2056, 1, 1))

    assert not await is_erased(database, application.id)


async def test_a_draft_goes_ninety_days_after_its_owner_was_last_there(database, eraser, clock, keys):
    async with database.unit_of_work() as db:
        draft = await build_draft(db)
    await night_of(eraser, clock, date(2027, 2, 21))
    assert not await is_erased(database, draft.id)
    async with database.unit_of_work() as db:
        await start_session(db, keys, draft.applicant_id, Role.APPLICANT)  # 21 February
    await night_of(eraser, clock, date(2027, 2, 22))
    assert not await is_erased(database, draft.id)
    await night_of(eraser, clock, date(2027, 5, 22))
    assert not await is_erased(database, draft.id)

    await night_of(eraser, clock, date(2027, 5, 23))

    assert await is_erased(database, draft.id)
    assert await count(database, Member) == await count(database, Authorisation) == await count(database, Claim) == 0


@pytest.mark.parametrize(
    ("last_month", "decided", "last_day"),
    [
        (date(2027, 4, 1), date(2027, 4, 15), date(2030, 4, 30)),  # the month's end counts
        (date(2027, 4, 1), date(2027, 6, 15), date(2030, 6, 15)),  # or the decision, where it came later
        (date(2028, 2, 1), date(2028, 2, 10), date(2031, 2, 28)),
    ],
)
async def test_an_approval_file_goes_three_years_after_the_household_stopped(
    database, eraser, clock, last_month, decided, last_day
):
    async with database.unit_of_work() as db:
        award = await build_award(db)
    await stop(database, award.id, last_month, decided)

    await night_of(eraser, clock, last_day)
    assert not await is_erased(database, award.application_id)
    await night_of(eraser, clock, date.fromordinal(last_day.toordinal() + 1))
    assert await is_erased(database, award.application_id)


async def test_an_award_in_force_keeps_its_file(database, eraser, clock):
    async with database.unit_of_work() as db:
        award = await build_award(db)

    await night_of(eraser, clock, date(2056, 1, 1))

    assert not await is_erased(database, award.application_id)


async def test_a_file_is_kept_while_any_county_that_went_on_with_its_award_still_pays(database, eraser, clock):
    async with database.unit_of_work() as db:
        awards = [await build_award(db) for _ in range(3)]
        for before, after in itertools.pairwise(awards):
            await db.execute(update(Award).where(Award.id == after.id).values(taken_over_from=before.id))
    first, second, third = awards
    await stop(database, first.id, date(2027, 4, 1), date(2027, 4, 15))
    await stop(database, second.id, date(2028, 4, 1), date(2028, 4, 15))

    await night_of(eraser, clock, date(2036, 1, 1))
    assert not any([await is_erased(database, each.application_id) for each in awards])

    await stop(database, third.id, date(2036, 1, 1), date(2036, 1, 15))
    await night_of(eraser, clock, date(2039, 1, 31))
    assert not any([await is_erased(database, each.application_id) for each in awards])
    await night_of(eraser, clock, date(2039, 2, 1))
    assert all([await is_erased(database, each.application_id) for each in awards])


async def test_of_a_whole_case_nothing_is_left_that_tells_of_anybody(database, eraser, clock):
    office, case = await build_office(database), await build_verified(database)
    await visit(database, case, office)
    await opine(database, case, office)
    clock.set(clock.now().replace(month=12, day=7))
    await end_notices(database)
    await decide(database, case, office)
    await end_application(database, case.id, Status.REFUSED, date(2026, 12, 7))

    await night_of(eraser, clock, date(2027, 12, 8))

    assert await is_erased(database, case.id)
    for model in (*FILE, Decision):
        assert await count(database, model) == 0, model.__tablename__
    left = await opened_text(database, "applications", "erasures")
    assert "测试" not in left
    assert str(case.applicant.id) not in left
    async with database.reading() as db:
        row = await db.get(Application, case.id)
    assert (row.number, row.answers_sealed, row.address_sealed, row.applicant_id.int) == (None, None, None, 0)


async def test_under_an_award_decision_and_application_stay_empty(database, eraser, clock):
    async with database.unit_of_work() as db:
        award = await build_award(db)
    await stop(database, award.id, date(2027, 4, 1), date(2027, 4, 15))

    await night_of(eraser, clock, date(2030, 5, 1))

    async with database.reading() as db:
        decision = await db.get(Decision, award.decision_id)
    assert decision.body_sealed is None
    assert (decision.monthly_amount_fen, decision.outcome) == (52_000, "approved")


async def test_papers_go_to_the_sweep_of_files_unless_another_case_has_them(database, eraser, clock):
    async with database.unit_of_work() as db:
        ended, live = await build_submitted(db), await build_submitted(db)
        uploads = []
        for number in range(2):
            upload = Upload(
                id=new_id(), owner_id=ended.applicant_id, kind="receipt", size=1, sha256="0" * 64,
                created_at=db.clock.now(), completed_at=db.clock.now(), attached_at=db.clock.now(),
                tidied_at=db.clock.now(),
            )  # fmt: skip
            uploads.append(upload)
            db.add(upload)
            for application in (ended, live)[: number + 1]:
                db.add(
                    Document(
                        id=new_id(), county="532529", application_id=application.id, kind="receipt",
                        upload_id=upload.id, media_type="application/pdf", size=1, sha256="0" * 64,
                        added_at=db.clock.now(),
                    )
                )  # fmt: skip
    await end_application(database, ended.id, Status.WITHDRAWN, DAY)

    await night_of(eraser, clock, date(2027, 11, 24))

    async with database.reading() as db:
        rows = {row.id: row for row in (await db.execute(select(Upload))).scalars()}
    alone, shared = (rows[upload.id] for upload in uploads)
    assert (alone.attached_at, alone.discarded_at) == (None, clock.now())
    assert shared.attached_at is not None
    assert shared.discarded_at is None


async def test_scans_of_answers_go_with_the_checks_unless_another_case_has_them(database, eraser, clock):
    ended, live = await build_opened(database), await build_opened(database)
    async with database.unit_of_work() as db:
        alone, shared = [
            Upload(
                id=new_id(), owner_id=new_id(), kind="other", size=1, sha256="0" * 64, created_at=db.clock.now(),
                completed_at=db.clock.now(), attached_at=db.clock.now(), tidied_at=db.clock.now(),
            )
            for _ in range(2)
        ]  # fmt: skip
        db.add_all([alone, shared])
        own = (await db.execute(select(Check).where(Check.application_id == ended.id).limit(2))).scalars().all()
        others = (await db.execute(select(Check).where(Check.application_id == live.id).limit(1))).scalars().all()
        own[0].scan_upload_id = alone.id
        own[1].scan_upload_id = others[0].scan_upload_id = shared.id
    await end_application(database, ended.id, Status.WITHDRAWN, DAY)

    await night_of(eraser, clock, date(2027, 11, 24))

    async with database.reading() as db:
        rows = {row.id: row for row in (await db.execute(select(Upload))).scalars()}
    assert (rows[alone.id].attached_at, rows[alone.id].discarded_at) == (None, clock.now())
    assert rows[shared.id].attached_at is not None


async def test_the_scan_of_an_answer_to_a_dispute_goes_with_the_file(database, eraser, clock):
    case = await build_verified(database)
    async with database.unit_of_work() as db:
        county = await build_staff(db, Role.COUNTY_HANDLER, COUNTY)
        dispute = await build_dispute(db, case)
        await send_dispute(db, county, dispute.id, today(db.clock), SentWay.POST)
        answered = await enter_letter(db, county, dispute.id)
    await end_application(database, case.id, Status.WITHDRAWN, DAY)

    await night_of(eraser, clock, date(2027, 11, 24))

    async with database.reading() as db:
        paper = await db.get_one(Upload, answered.scan_upload_id)
    assert (paper.attached_at, paper.discarded_at) == (None, clock.now())
    assert await count(database, ReportDispute) == 0


@pytest.mark.parametrize("paper_of", ["ended", "live"])
async def test_what_is_a_paper_in_one_case_and_a_scan_in_another_stays_while_either_does(
    database, eraser, clock, paper_of
):
    cases = {"ended": await build_opened(database), "live": await build_opened(database)}
    scan_of = "live" if paper_of == "ended" else "ended"
    async with database.unit_of_work() as db:
        upload = await finish_upload(db, new_id())
        db.add(
            Document(
                id=new_id(), county="532529", application_id=cases[paper_of].id, kind="receipt", upload_id=upload,
                media_type="application/pdf", size=1, sha256="0" * 64, added_at=db.clock.now(),
            )
        )  # fmt: skip
        query = select(Check).where(Check.application_id == cases[scan_of].id).limit(1)
        (await db.execute(query)).scalar_one().scan_upload_id = upload
        (await db.get_one(Upload, upload)).attached_at = db.clock.now()
    await end_application(database, cases["ended"].id, Status.WITHDRAWN, DAY)

    await night_of(eraser, clock, date(2027, 11, 24))

    async with database.reading() as db:
        kept = await db.get_one(Upload, upload)
    assert (kept.attached_at is None, kept.discarded_at) == (False, None)


async def test_letters_for_evidence_go_with_the_file_and_so_does_the_paper_of_the_answer(database, eraser, clock):
    office, case = await build_office(database), await build_verified(database)
    letter = await build_sent_letter(database, case, office)
    async with database.unit_of_work() as db:
        paper = Upload(
            id=new_id(), owner_id=office.handler.id, kind="other", size=1, sha256="0" * 64, created_at=db.clock.now(),
            completed_at=db.clock.now(), tidied_at=db.clock.now(),
        )  # fmt: skip
        db.add(paper)
    await answer_letter(database, case, office, letter, scan=paper.id)
    await build_letter(database, Occasion(Kind.EVIDENCE, case.id, letter.id))
    await end_application(database, case.id, Status.WITHDRAWN, DAY)

    await night_of(eraser, clock, date(2027, 11, 24))

    async with database.reading() as db:
        (kept,) = (await db.execute(select(Upload).where(Upload.id == paper.id))).scalars()
    assert (kept.attached_at, kept.discarded_at) == (None, clock.now())
    assert await count(database, EvidenceLetter) == await count(database, Letter) == 0


async def test_an_erased_case_leaves_a_tombstone_and_a_record_that_name_nobody(database, eraser, clock):
    application = await _refused(database)

    await night_of(eraser, clock, date(2027, 11, 24))

    async with database.reading() as db:
        (grave,) = (await db.execute(select(Erasure))).scalars()
        records = (await db.execute(select(AuditRecord).where(AuditRecord.action.startswith("retention.")))).scalars()
        records = {record.action: record for record in records}
    assert (grave.application_id, grave.kept, grave.period, grave.started_on) == (
        application.id, "unsuccessful", "P1Y", DAY,
    )  # fmt: skip
    assert grave.basis == ["个人信息保护法 第十九条"]
    assert set(records) == {"retention.erase_file", "retention.erase"}
    assert records["retention.erase_file"].applications == [application.id]
    assert records["retention.erase_file"].citizens == []
    counts = records["retention.erase"].detail["counts"]
    assert counts == {
        "applications": 1,
        "assessments": 1,
        "claims": 1,
        "decisions": 1,
        "payout_accounts": 1,
        "reviews": 1,
    }


async def test_who_erases_can_put_nothing_in_the_place(eraser, database):
    application = await _refused(database)

    for values in ({"outcome": "approved"}, {"monthly_amount_fen": 1}):
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with eraser.unit_of_work() as db:
                await db.execute(update(Decision).where(Decision.application_id == application.id).values(**values))


async def test_a_web_process_cannot_erase_evidence(database):
    for model in (Decision, Erasure):
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with database.unit_of_work() as db:
                await db.execute(delete(model))
