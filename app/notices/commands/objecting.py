"""Objecting to a notice: anybody may, with or without a name."""

from dataclasses import dataclass
from uuid import UUID

from app.applications.clocks import StepKind
from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.models import Application
from app.applications.queries import get_application
from app.applications.steps import close_step
from app.audit.commands import record_act
from app.core.clock import today
from app.core.db import WriteSession
from app.core.ids import new_id, new_number, new_secret_code
from app.events.commands import record_event
from app.identity.actors import SYSTEM
from app.identity.numbers import read_name, read_phone
from app.notices.errors import NoticeClosed
from app.notices.events import NoticeObjected
from app.notices.lifecycle import LIFECYCLE, UP, Action, Kind
from app.notices.models import Notice, Objection
from app.notices.queries import get_notice
from app.review.commands import object_to_opinion


@dataclass(frozen=True)
class Receipt:
    """What the objector keeps: the code is told once and stored only as a blind index."""

    number: str
    code: str


async def object_to_notice(
    db: WriteSession, notice_id: UUID, *, statement: str, name: str | None = None, phone: str | None = None
) -> Receipt:
    """Keep an objection; the household is surveyed again or appraised (D57 art. 19).

    Raises:
        NoticeNotFound: there is no such notice.
        NoticeClosed: its last day has passed, or it tells of a decision.
        NameMalformed, PhoneMalformed: the contact is not one.
    """
    notice = await get_notice(db, notice_id)
    application = await get_application(db, SYSTEM, notice.application_id, lock=True)
    notice = await get_notice(db, notice_id)
    if not _is_open(db, notice, application):
        raise NoticeClosed
    objection, code = _objection(db, notice, statement, name, phone)
    db.add(objection)
    notice.status = LIFECYCLE.step(notice.status, Action.OBJECT, SYSTEM.role).target
    await db.flush()
    await close_step(db, application, StepKind.NOTICE, "objected")
    await object_to_opinion(db, application.id)
    await record_act(db, SYSTEM, "notice.object", "notice", notice.id, row=notice, case=application.case)
    await record_event(
        db,
        NoticeObjected(
            subject=application.id,
            county=application.county,
            applicant_id=application.applicant_id,
            notice_id=notice.id,
            objection_id=objection.id,
        ),
    )
    return Receipt(objection.number, code)


def _is_open(db: WriteSession, notice: Notice, application: Application) -> bool:
    """Say whether one may still object; the date decides, not the sweep that marks a notice as ended."""
    if notice.kind != Kind.OPINION or notice.status not in UP or application.status != ApplicationStatus.ACCEPTED:
        return False
    return notice.ends_on is not None and notice.ends_on >= today(db.clock)


def _objection(
    db: WriteSession, notice: Notice, statement: str, name: str | None, phone: str | None
) -> tuple[Objection, str]:
    row_id, code = new_id(), new_secret_code()
    objection = Objection(
        id=row_id,
        county=notice.county,
        division=notice.division,
        notice_id=notice.id,
        number=new_number("YY", notice.county, today(db.clock)),
        code_index=db.vault.index("objections.code", code),
        statement_sealed=db.vault.seal("objections.statement", row_id, statement, division=notice.county),
        name_sealed=db.vault.seal("objections.name", row_id, read_name(name), division=notice.county) if name else None,
        phone_sealed=db.vault.seal("objections.phone", row_id, read_phone(phone), division=notice.county)
        if phone
        else None,
        made_at=db.clock.now(),
    )
    return objection, code
