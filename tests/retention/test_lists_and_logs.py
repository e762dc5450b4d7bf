"""Awards, payments, notices, complaints, and what belongs to no case: each to the day."""

from datetime import date, timedelta

from sqlalchemy import func, select, update

from app.applications.models import PayoutAccount
from app.audit.commands import record_look
from app.audit.models import AuditRecord
from app.audit.purposes import Purpose
from app.awards.models import Award, Hearing
from app.complaints.commands import answer_complaint
from app.complaints.lifecycle import Category
from app.complaints.models import Complaint, ComplaintReporter
from app.core.crypto import GENERAL
from app.core.ids import new_id
from app.disbursement.models import PayLine, Payroll
from app.exports.models import Export
from app.identity.actors import Role
from app.identity.commands import start_session
from app.identity.envelopes import Form
from app.identity.models import Citizen, IdentityQuestion, OneTimeCode, RefreshToken, Session
from app.ledger.models import Posting
from app.notices.lifecycle import Kind
from app.notices.lifecycle import Status as NoticeStatus
from app.notices.models import Notice
from app.notices.queries import name_on
from app.notifications.lifecycle import Status as MessageStatus
from app.notifications.models import Message
from app.relatives.commands import (
    Declaration,
    add_committee_member,
    declare_for_committee,
    end_committee_member,
)
from app.relatives.kinship import Kinship
from app.relatives.models import CommitteeMember, DeclaredRelative
from app.status_queries.commands import Person, ask_status
from app.status_queries.grounds import Basis, QueryPurpose
from app.status_queries.lifecycle import MessageDelivery
from app.status_queries.models import RegistryMessage, StatusQuery, StatusQueryLine
from app.verification.agency_models import CheckAttempt
from app.webhooks.models import WebhookAttempt, WebhookDelivery
from tests.builders.applications import TOWNSHIP, VILLAGE, build_submitted
from tests.builders.awards import build_award
from tests.builders.complaints import build_assigned, reporter
from tests.builders.exports import build_approved_export
from tests.builders.payrolls import build_office, build_released, lines_of
from tests.builders.people import build_citizen, build_staff, make_id_number
from tests.builders.retention import count, night_of, noon, opened_text, stop
from tests.builders.status_queries import build_asking
from tests.builders.webhooks import build_endpoint

DAY = date(2026, 11, 23)


async def test_what_managing_an_award_left_goes_after_five_years(database, eraser, clock):
    async with database.unit_of_work() as db:
        award = await build_award(db)
        hearing = new_id()
        db.add(
            Hearing(
                id=hearing, county="532529", award_id=award.id, about="stop", heard_on=DAY, heard_by=new_id(),
                opinion_sealed=db.vault.seal("award_hearings.opinion", hearing, "没有意见", division="532529"),
                recorded_at=db.clock.now(),
            )
        )  # fmt: skip
    await stop(database, award.id, date(2027, 4, 1), date(2027, 4, 15))

    await night_of(eraser, clock, date(2032, 4, 30))
    assert "测试甲" in await opened_text(database, "awards")
    await night_of(eraser, clock, date(2032, 5, 1))

    left = await _award(database)
    assert (left.payee_name_sealed, left.payee_name_index, left.stop_reason_sealed) == (None, None, None)
    assert left.beneficiary_id.int == 0
    assert left.monthly_amount_fen == 52_000
    assert await count(database, Hearing) == 0


async def _award(database) -> Award:
    async with database.reading() as db:
        return (await db.execute(select(Award))).scalar_one()


async def _paid_in_december(database) -> Award:
    async with database.unit_of_work() as db:
        award = await build_award(db)
        payroll = await build_released(db, await build_office(db))
    (line,) = await lines_of(database, payroll)
    async with database.unit_of_work() as db:
        settled = update(PayLine).where(PayLine.id == line.id)
        await db.execute(settled.values(status="paid", transaction_no="T1", paid_on=date(2026, 12, 8)))
    return award


async def test_payments_lose_their_people_thirty_years_after_the_accounts_year_and_keep_their_sums(
    database, eraser, clock
):
    clock.set(noon(date(2026, 12, 1)))
    award = await _paid_in_december(database)
    await stop(database, award.id, date(2027, 4, 1), date(2027, 4, 15))
    before = await _sums(database)

    await night_of(eraser, clock, date(2056, 12, 31))
    assert "测试甲" in await opened_text(database, "pay_lines")
    await night_of(eraser, clock, date(2057, 1, 1))

    left = await opened_text(database, "pay_lines", "awards")
    assert "测试甲" not in left
    assert str(award.beneficiary_id) not in left
    assert await _sums(database) == before
    async with database.reading() as db:
        (line,) = (await db.execute(select(PayLine))).scalars()
    assert (line.account_sealed, line.account_index, line.transaction_no) == (None, b"", "T1")


async def _sums(database) -> tuple[object, ...]:
    async with database.reading() as db:
        return (
            *(await db.execute(select(func.sum(PayLine.amount_fen), func.count(PayLine.id)))).one(),
            *(await db.execute(select(func.sum(Payroll.total_fen)))).one(),
            *(await db.execute(select(func.sum(Posting.amount_fen), func.min(Posting.debit)))).one(),
        )


async def test_a_payment_under_way_keeps_file_and_people(database, eraser, clock):
    clock.set(noon(date(2026, 12, 1)))
    async with database.unit_of_work() as db:
        award = await build_award(db)
        await build_released(db, await build_office(db))
    await stop(database, award.id, date(2027, 4, 1), date(2027, 4, 15))

    await night_of(eraser, clock, date(2060, 1, 1))

    assert "测试甲" in await opened_text(database, "awards")
    assert "测试甲" in await opened_text(database, "pay_lines")


async def test_a_notice_loses_its_name_six_months_after_it_was_taken_down(database, eraser, clock):
    async with database.unit_of_work() as db:
        application = await build_submitted(db)
        for closed_at in (db.clock.now(), None):
            row = new_id()
            name = db.vault.seal("notices.applicant_name", row, "测试甲", division="532529")
            db.add(
                Notice(
                    id=row, county="532529", division=application.division, application_id=application.id,
                    kind=Kind.OPINION, round=1 if closed_at else 2, program="living_allowance",
                    applicant_name_sealed=name, members_count=3, monthly_amount_fen=1, status=NoticeStatus.POSTED,
                    posted_on=DAY, ends_on=DAY, ends_provisional=False, posted_at=db.clock.now(), closed_at=closed_at,
                )
            )  # fmt: skip

    await night_of(eraser, clock, date(2027, 5, 23))
    assert await _names(database) == ["测试甲", "测试甲"]
    await night_of(eraser, clock, date(2027, 5, 24))
    assert await _names(database) == ["", "测试甲"], "what is still up keeps it"


async def _names(database) -> list[str]:
    async with database.reading() as db:
        notices = (await db.execute(select(Notice).order_by(Notice.round))).scalars()
        return [name_on(db.vault, notice) for notice in notices]


async def test_a_complaint_goes_with_its_reporter_three_years_after_the_answer(database, eraser, clock):
    async with database.unit_of_work() as db:
        complaint, handler, _ = await build_assigned(db, category=Category.INQUIRY, by=reporter())
        await answer_complaint(db, handler, complaint.id, text="已答复。")
        await build_assigned(db, category=Category.INQUIRY, by=reporter())  # still open

    await night_of(eraser, clock, date(2029, 11, 23))
    assert await count(database, Complaint) == 2
    await night_of(eraser, clock, date(2029, 11, 24))
    assert await count(database, Complaint) == await count(database, ComplaintReporter) == 1


async def test_a_code_goes_the_day_after_it_expired(database, eraser, clock):
    async with database.unit_of_work() as db:
        row = new_id()
        db.add(
            OneTimeCode(
                id=row, phone_sealed=db.vault.seal("one_time_codes.phone", row, "19000000001", division=GENERAL),
                phone_index=b"", code_sealed=db.vault.seal("one_time_codes.code", row, "123456", division=GENERAL),
                created_at=db.clock.now(), expires_at=db.clock.now() + timedelta(minutes=5),
            )
        )  # fmt: skip

    await night_of(eraser, clock, date(2026, 11, 24))
    assert await count(database, OneTimeCode) == 1
    await night_of(eraser, clock, date(2026, 11, 25))
    assert await count(database, OneTimeCode) == 0


async def test_a_question_about_a_name_goes_after_three_years(database, eraser, clock):
    citizen = new_id()
    async with database.unit_of_work() as db:
        db.add(
            IdentityQuestion(
                id=new_id(), citizen_id=citizen, item="identity", partner="public_security", purpose="real_name",
                authorisation="own_request", operator=citizen, asked_at=db.clock.now(),
            )
        )  # fmt: skip

    await night_of(eraser, clock, date(2029, 11, 23))
    assert await count(database, IdentityQuestion) == 1
    await night_of(eraser, clock, date(2029, 11, 24))
    assert await count(database, IdentityQuestion) == 0


async def test_what_other_authorities_were_told_goes_after_three_years(database, eraser, clock):
    async with database.unit_of_work() as db:
        asking = await build_asking(db)
        await ask_status(
            db, asking.partner, purpose=QueryPurpose.TEMPORARY_AID, basis=Basis.SOCIAL_ASSISTANCE_LAW_29,
            persons=[Person(str(each), make_id_number(), "测试甲") for each in range(3)],
        )  # fmt: skip

    await night_of(eraser, clock, date(2029, 11, 23))
    assert (await count(database, StatusQuery), await count(database, StatusQueryLine)) == (1, 3)
    await night_of(eraser, clock, date(2029, 11, 24))
    assert (await count(database, StatusQuery), await count(database, StatusQueryLine)) == (0, 0)


async def test_a_message_of_another_registry_goes_after_three_years(database, eraser, clock):
    async with database.unit_of_work() as db:
        asking, row = await build_asking(db), new_id()
        db.add(
            RegistryMessage(
                id=row, county="532529", division="532529000000", partner_id=asking.partner.id, message_id="M-1",
                action="search", transaction_id="T-1", requests=1, digest=b"", form=Form.JWS,
                answer_sealed=db.vault.seal("registry_messages.answer", row, "{}", division=GENERAL),
                received_at=db.clock.now(), answered_at=db.clock.now(), delivery=MessageDelivery.NONE, attempts=0,
            )
        )  # fmt: skip

    await night_of(eraser, clock, date(2029, 11, 23))
    assert await count(database, RegistryMessage) == 1
    await night_of(eraser, clock, date(2029, 11, 24))
    assert await count(database, RegistryMessage) == 0


async def test_a_message_goes_after_six_months(database, eraser, clock):
    async with database.unit_of_work() as db:
        db.add(
            Message(
                id=new_id(), county="532529", citizen_id=new_id(), event_id=new_id(), template="application.submitted",
                number="DB1", status=MessageStatus.SENT, attempts=1, next_attempt_at=db.clock.now(),
                created_at=db.clock.now(),
            )
        )  # fmt: skip

    await night_of(eraser, clock, date(2027, 5, 23))
    assert await count(database, Message) == 1
    await night_of(eraser, clock, date(2027, 5, 24))
    assert await count(database, Message) == 0


async def test_a_sign_in_goes_after_six_months_but_for_the_accounts_last(database, eraser, clock, keys):
    async with database.unit_of_work() as db:
        citizen = await build_citizen(db)
        for _ in range(3):
            await start_session(db, keys, citizen.id, Role.APPLICANT)

    await night_of(eraser, clock, date(2027, 5, 23))
    assert await count(database, Session) == 3
    await night_of(eraser, clock, date(2027, 5, 24))
    assert await count(database, Session) == await count(database, RefreshToken) == 1


async def test_an_account_without_a_case_goes_when_nobody_used_it_for_three_years(database, eraser, clock, keys):
    async with database.unit_of_work() as db:
        idle = await build_citizen(db)
        await start_session(db, keys, idle.id, Role.APPLICANT)
        application = await build_submitted(db)

    await night_of(eraser, clock, date(2029, 11, 23))
    assert await count(database, Citizen) == 2
    await night_of(eraser, clock, date(2029, 11, 24))

    async with database.reading() as db:
        assert (await db.execute(select(Citizen.id))).scalars().all() == [application.applicant_id]
        assert (await db.execute(select(PayoutAccount.citizen_id))).scalars().all() == [application.applicant_id]
    assert await count(database, Session) == 0


async def test_the_words_given_with_a_look_go_after_three_years_and_the_record_stays(database, eraser, clock):
    async with database.unit_of_work() as db:
        supervisor = await build_staff(db, Role.SUPERVISOR, "532529000000")
        await record_look(db, supervisor, "complaint.read", "complaint", new_id(), reason="核查信访件")

    await night_of(eraser, clock, date(2029, 11, 23))
    assert (await _look(database)).reason_sealed is not None
    await night_of(eraser, clock, date(2029, 11, 24))

    look = await _look(database)
    assert (look.reason_sealed, look.purpose) == (None, "supervision")
    assert look.reason_digest is not None


async def _look(database) -> AuditRecord:
    async with database.reading() as db:
        return (await db.execute(select(AuditRecord).where(AuditRecord.look))).scalar_one()


async def test_how_an_attempt_at_a_question_went_is_kept_for_three_years(database, eraser, clock):
    async with database.unit_of_work() as db:
        application = await build_submitted(db)
        db.add(
            CheckAttempt(
                id=new_id(), county="532529", division=application.division, application_id=application.id,
                check_id=new_id(), partner="tax", item="income", asked_at=db.clock.now(), took_ms=5, outcome="none",
            )
        )  # fmt: skip

    await night_of(eraser, clock, date(2029, 11, 23))
    assert await count(database, CheckAttempt) == 1
    await night_of(eraser, clock, date(2029, 11, 24))
    assert await count(database, CheckAttempt) == 0


async def test_a_delivery_goes_with_its_tries_after_six_months_unless_it_is_on_its_way(database, eraser, clock):
    async with database.unit_of_work() as db:
        _, endpoint, _ = await build_endpoint(db, "http://127.0.0.1:9/hook")
        for status in ("delivered", "failed", "pending"):
            delivery = WebhookDelivery(
                id=new_id(), county="532529", endpoint_id=endpoint.id, event_id=new_id(), event_type="test.knocked",
                status=status, attempts=1, attempts_before=0, next_attempt_at=db.clock.now(), created_at=db.clock.now(),
            )  # fmt: skip
            db.add(delivery)
            await db.flush()
            tried = {"delivery_id": delivery.id, "number": 1, "started_at": db.clock.now()}
            db.add(WebhookAttempt(id=new_id(), county="532529", **tried))

    await night_of(eraser, clock, date(2027, 5, 23))
    assert (await count(database, WebhookDelivery), await count(database, WebhookAttempt)) == (3, 3)
    await night_of(eraser, clock, date(2027, 5, 24))
    assert (await count(database, WebhookDelivery), await count(database, WebhookAttempt)) == (1, 1)


async def test_who_was_given_a_list_is_kept_for_three_years(database, eraser, clock):
    async with database.unit_of_work() as db:
        await build_approved_export(
            db, await build_staff(db, Role.SUPERVISOR, "532529000000"), purpose=Purpose.SUPERVISION
        )

    await night_of(eraser, clock, date(2029, 11, 23))
    assert await count(database, Export) == 1
    await night_of(eraser, clock, date(2029, 11, 24))
    assert await count(database, Export) == 0


async def test_who_left_a_committee_goes_after_five_years_with_the_relatives_declared_for_him(database, eraser, clock):
    async with database.unit_of_work() as db:
        handler = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
        left, stays = [await add_committee_member(db, handler, VILLAGE, "测试委员", "member") for _ in range(2)]
        for member in (left, stays):
            declared = Declaration(Kinship.SIBLING, "测试乙", make_id_number())
            await declare_for_committee(db, handler, member.id, declared)
        await end_committee_member(db, handler, left.id)

    await night_of(eraser, clock, date(2031, 11, 23))
    assert (await count(database, CommitteeMember), await count(database, DeclaredRelative)) == (2, 2)
    await night_of(eraser, clock, date(2031, 11, 24))

    async with database.reading() as db:
        assert (await db.execute(select(CommitteeMember.id))).scalars().all() == [stays.id]
        assert (await db.execute(select(DeclaredRelative.person_id))).scalars().all() == [stays.id]
