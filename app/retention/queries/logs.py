"""Erasing what belongs to no case: sign-ins, codes, messages, ended declarations, accounts nobody uses."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, Uuid, and_, delete, exists, func, literal, or_, select, update
from sqlalchemy.orm import aliased

from app.applications.models import Application, PayoutAccount
from app.audit.models import AuditRecord
from app.awards.models import Award
from app.core.db import ReadSession, WriteSession
from app.exports.models import Export
from app.files.models import Upload
from app.identity.models import Citizen, IdentityQuestion, OneTimeCode, RefreshToken, Session, SessionEpoch
from app.notifications.models import Message
from app.relatives.models import CommitteeMember, DeclaredRelative
from app.retention.queries.reading import names_somebody, used_at
from app.status_queries.models import RegistryMessage, StatusQuery, StatusQueryLine
from app.verification.agency_models import CheckAttempt
from app.webhooks.lifecycle import DeliveryStatus
from app.webhooks.models import WebhookAttempt, WebhookDelivery

_UNSYNCHRONISED = {"synchronize_session": False}


async def erase_messages(db: WriteSession, before: datetime, limit: int) -> int:
    """Erase messages of before an instant."""
    return await _erase(db, Message, Message.id, Message.created_at < before, limit)


async def erase_codes(db: WriteSession, before: datetime, limit: int) -> int:
    """Erase codes that expired before an instant."""
    return await _erase(db, OneTimeCode, OneTimeCode.id, OneTimeCode.expires_at < before, limit)


async def erase_identity_questions(db: WriteSession, before: datetime, limit: int) -> int:
    """Erase the records of questions about names put before an instant."""
    return await _erase(db, IdentityQuestion, IdentityQuestion.id, IdentityQuestion.asked_at < before, limit)


async def erase_told(db: WriteSession, before: datetime, limit: int) -> int:
    """Erase what other authorities were told about somebody before an instant."""
    return await _erase(db, StatusQueryLine, StatusQueryLine.id, StatusQueryLine.asked_at < before, limit, lock=False)


async def erase_status_queries(db: WriteSession, before: datetime, limit: int) -> int:
    """Erase the queries of before an instant of which nobody is left."""
    empty = ~exists().where(StatusQueryLine.query_id == StatusQuery.id)
    return await _erase(db, StatusQuery, StatusQuery.id, and_(StatusQuery.asked_at < before, empty), limit, lock=False)


async def erase_attempts(db: WriteSession, before: datetime, limit: int) -> int:
    """Erase how attempts at questions went that were put before an instant."""
    return await _erase(db, CheckAttempt, CheckAttempt.id, CheckAttempt.asked_at < before, limit)


async def erase_registry_messages(db: WriteSession, before: datetime, limit: int) -> int:
    """Erase messages of other registries that came before an instant, with their answers."""
    return await _erase(
        db, RegistryMessage, RegistryMessage.id, RegistryMessage.received_at < before, limit, lock=False
    )


async def erase_declarations(db: WriteSession, before: datetime, limit: int) -> int:
    """Erase declarations of relatives that ended before an instant."""
    return await _erase(db, DeclaredRelative, DeclaredRelative.id, DeclaredRelative.ended_at < before, limit)


async def erase_deliveries(db: WriteSession, before: datetime, limit: int) -> int:
    """Erase deliveries to partners of before an instant, with their tries, but for what is still on its way."""
    old = and_(WebhookDelivery.created_at < before, WebhookDelivery.next_attempt_at < before)
    query = select(WebhookDelivery.id).where(old, WebhookDelivery.status != DeliveryStatus.PENDING)
    query = query.order_by(WebhookDelivery.created_at).limit(limit).with_for_update(skip_locked=True)
    ids = (await db.execute(query)).scalars().all()
    for statement in (
        delete(WebhookAttempt).where(WebhookAttempt.delivery_id.in_(ids)),
        delete(WebhookDelivery).where(WebhookDelivery.id.in_(ids)),
    ):
        await db.execute(statement, execution_options=_UNSYNCHRONISED)
    return len(ids)


async def erase_exports(db: WriteSession, before: datetime, limit: int) -> int:
    """Erase who asked for which list before an instant, whatever became of it. A file found later leads nowhere."""
    return await _erase(db, Export, Export.id, Export.requested_at < before, limit)


async def erase_committee_members(db: WriteSession, before: datetime, limit: int) -> int:
    """Erase who left a committee before an instant, with the relatives who were declared for him: nobody ends those."""
    left = select(CommitteeMember.id).where(CommitteeMember.left_at < before)
    ids = (await db.execute(left.order_by(CommitteeMember.id).limit(limit).with_for_update(skip_locked=True))).scalars()
    gone = ids.all()
    for statement in (
        delete(DeclaredRelative).where(DeclaredRelative.person_id.in_(gone)),
        delete(CommitteeMember).where(CommitteeMember.id.in_(gone)),
    ):
        await db.execute(statement, execution_options=_UNSYNCHRONISED)
    return len(gone)


async def erase_sessions(db: WriteSession, before: datetime, limit: int) -> int:
    """Erase sessions last used before an instant, but for the last of each account: it tells when that was used."""
    later = aliased(Session)
    newer = exists().where(later.subject_id == Session.subject_id, later.id > Session.id)
    old = select(Session.id).where(used_at(Session) < before, newer).order_by(Session.id).limit(limit)
    ids = (await db.execute(old.with_for_update(of=Session, skip_locked=True))).scalars().all()
    await db.execute(delete(RefreshToken).where(RefreshToken.session_id.in_(ids)), execution_options=_UNSYNCHRONISED)
    await db.execute(delete(Session).where(Session.id.in_(ids)), execution_options=_UNSYNCHRONISED)
    return len(ids)


async def empty_reasons(db: WriteSession, before: datetime, limit: int) -> int:
    """Take from the audit the words that were given with looks before an instant. Leaves hold their digest, so that the
    tree is proved as ever."""
    given = and_(AuditRecord.at < before, AuditRecord.reason_sealed.is_not(None))
    ids = select(AuditRecord.id).where(given).order_by(AuditRecord.id).limit(limit).with_for_update(skip_locked=True)
    emptied = update(AuditRecord).where(AuditRecord.id.in_(ids.scalar_subquery())).values(reason_sealed=None)
    return cast("CursorResult[Any]", await db.execute(emptied, execution_options=_UNSYNCHRONISED)).rowcount


async def take_idle_accounts(db: WriteSession, before: datetime, limit: int) -> Collection[UUID]:
    """Lock accounts without a case, and last used before an instant."""
    there = exists().where(Session.subject_id == Citizen.id, used_at(Session) >= before)
    query = select(Citizen.id).where(Citizen.created_at < before, ~there, ~has_case(Citizen.id.expression))
    query = query.order_by(Citizen.id).limit(limit).with_for_update(skip_locked=True)
    return (await db.execute(query)).scalars().all()


async def erase_accounts(db: WriteSession, citizens: Collection[UUID], now: datetime) -> int:
    """Erase accounts that are locked, with what only they have, and the sessions in which they act for others; the
    sweep of files clears away their uploads."""
    theirs = or_(Session.subject_id.in_(citizens), Session.agent_id.in_(citizens))
    sessions = select(Session.id).where(theirs)
    unattached = update(Upload).where(Upload.owner_id.in_(citizens), Upload.attached_at.is_(None))
    for statement in (
        unattached.values(discarded_at=func.coalesce(Upload.discarded_at, now)),
        delete(RefreshToken).where(RefreshToken.session_id.in_(sessions)),
        delete(Session).where(theirs),
        delete(SessionEpoch).where(SessionEpoch.subject_id.in_(citizens)),
        delete(Message).where(Message.citizen_id.in_(citizens)),
        delete(PayoutAccount).where(PayoutAccount.citizen_id.in_(citizens)),
    ):
        await db.execute(statement, execution_options=_UNSYNCHRONISED)
    gone = await db.execute(delete(Citizen).where(Citizen.id.in_(citizens)), execution_options=_UNSYNCHRONISED)
    return cast("CursorResult[Any]", gone).rowcount


def has_case(citizen_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Say whether a citizen has an application whose file is there, or an award that names him."""
    application = exists().where(Application.applicant_id == citizen_id)
    return or_(application, _is_named(citizen_id))


async def has_award_left(db: ReadSession, citizen_id: UUID) -> bool:
    """Say whether there is an award that still names a citizen, also where its case's file is gone."""
    return bool(await db.scalar(select(_is_named(literal(citizen_id, Uuid)))))


def _is_named(citizen_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    return exists().where(Award.beneficiary_id == citizen_id, names_somebody(Award))


async def _erase(
    db: WriteSession, model: Any, key: Any, due: ColumnElement[bool], limit: int, *, lock: bool = True
) -> int:
    """`lock=False`: where nobody may change a row, nobody may lock one either; of two workers the second then waits."""
    ids = select(key).where(due).order_by(key).limit(limit)
    if lock:
        ids = ids.with_for_update(skip_locked=True)
    gone = await db.execute(delete(model).where(key.in_(ids.scalar_subquery())), execution_options=_UNSYNCHRONISED)
    return cast("CursorResult[Any]", gone).rowcount
