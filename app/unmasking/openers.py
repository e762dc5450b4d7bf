"""How each field is found and opened: through its stage's own door, `visible_to` and the relatives' gate.

An object outside one's division is not found, whatever stands in it.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from uuid import UUID

from app.applications.conflict_queries import get_conflict
from app.applications.errors import ApplicationNotFound, MemberNotFound
from app.applications.household import answers_of, applicant_name_of, facts_of, id_number_of, name_of, open_address
from app.applications.models import Application, Member
from app.applications.queries import find_member, find_payout_account, get_application, list_cases
from app.awards.payees import payee_of
from app.awards.queries import get_award
from app.complaints.commands import open_reporter
from app.core.db import ReadSession
from app.disbursement.accounts import account_of, paid_to
from app.disbursement.queries import get_pay_line
from app.facts import FactKey
from app.identity.actors import Actor
from app.identity.commands import phone_of
from app.identity.queries import get_citizen
from app.notices.queries import get_objection
from app.review.evidence_models import EvidenceLetter
from app.review.evidence_queries import get_visible_letter
from app.review.evidence_words import address_of, addressee_of
from app.unmasking import words
from app.unmasking.fields import MaskedField, MaskedObject
from app.unmasking.opened import Opened
from app.verification.queries import get_current_report, open_report

Opener = Callable[[ReadSession, Actor, UUID], Awaitable[Opened]]


async def _of_application(
    what: Callable[[ReadSession, Application], Awaitable[str | None]], db: ReadSession, actor: Actor, object_id: UUID
) -> Opened:
    application = await get_application(db, actor, object_id)
    return Opened(await what(db, application), application.county, application.case)


async def _applicant(db: ReadSession, application: Application) -> str:
    return applicant_name_of(db, application)


async def _phone(db: ReadSession, application: Application) -> str | None:
    return await _phone_of(db, application.applicant_id)


async def _address(db: ReadSession, application: Application) -> str | None:
    return open_address(db, application)


async def _account(db: ReadSession, application: Application) -> str | None:
    return await _account_of(db, application.applicant_id)


async def _answers(db: ReadSession, application: Application) -> str:
    return json.dumps(answers_of(db, application), ensure_ascii=False)


async def _of_member(
    what: Callable[[ReadSession, Member], str | None], db: ReadSession, actor: Actor, object_id: UUID
) -> Opened:
    member, application = await _get_member(db, actor, object_id)
    return Opened(what(db, member), application.county, application.case)


def _disability(db: ReadSession, member: Member) -> str | None:
    found = facts_of(db, member).disability
    return None if found is None else f"{found.kind}/{found.grade}"


def _illness(db: ReadSession, member: Member) -> str | None:
    return "serious_illness" if facts_of(db, member).serious_illness else None


async def _registered_name(db: ReadSession, actor: Actor, object_id: UUID) -> Opened:
    member, application = await _get_member(db, actor, object_id)
    content = open_report(db, await get_current_report(db, actor, application.id))
    found = [
        str(each.found)
        for person in content.members
        for entry in person.entries
        for each in entry.fields
        if person.member == member.id and each.key is FactKey.REGISTERED_NAME and each.found is not None
    ]
    return Opened(found[0] if found else None, application.county, application.case)


async def _award(
    what: Callable[[ReadSession, UUID], Awaitable[str | None]] | None, db: ReadSession, actor: Actor, object_id: UUID
) -> Opened:
    award = await get_award(db, actor, object_id)
    value = payee_of(db, award) if what is None else await what(db, award.beneficiary_id)
    return Opened(value, award.county, award.case)


async def _payee(db: ReadSession, actor: Actor, object_id: UUID) -> Opened:
    line, case = await get_pay_line(db, actor, object_id)
    return Opened(paid_to(db, line), line.county, case)


async def _paid_account(db: ReadSession, actor: Actor, object_id: UUID) -> Opened:
    line, case = await get_pay_line(db, actor, object_id)
    return Opened(account_of(db, line), line.county, case)


async def _reporter_name(db: ReadSession, actor: Actor, object_id: UUID) -> Opened:
    complaint, seen = await open_reporter(db, actor, object_id)
    return Opened(seen.name, complaint.county, None)


async def _reporter_phone(db: ReadSession, actor: Actor, object_id: UUID) -> Opened:
    complaint, seen = await open_reporter(db, actor, object_id)
    return Opened(seen.phone, complaint.county, None)


async def _objector(column: str, db: ReadSession, actor: Actor, object_id: UUID) -> Opened:
    row = await get_objection(db, actor, object_id)
    sealed: bytes | None = getattr(row, f"{column}_sealed")
    return Opened(_open(db, f"objections.{column}", row.id, sealed), row.county, None)


async def _named_person(db: ReadSession, actor: Actor, object_id: UUID) -> Opened:
    row = await get_conflict(db, actor, object_id)
    await get_application(db, actor, row.application_id)  # the register is open to more than its cases are
    [case] = await list_cases(db, [row.application_id])
    return Opened(_open(db, "conflict_registrations.who", row.id, row.who_sealed), row.county, case)


async def _of_letter(
    what: Callable[[ReadSession, EvidenceLetter], str], db: ReadSession, actor: Actor, object_id: UUID
) -> Opened:
    letter = await get_visible_letter(db, actor, object_id)
    [case] = await list_cases(db, [letter.application_id])
    return Opened(what(db, letter), letter.county, case)


async def _get_member(db: ReadSession, actor: Actor, member_id: UUID) -> tuple[Member, Application]:
    member = await find_member(db, member_id)
    if member is None:
        raise MemberNotFound
    try:
        return member, await get_application(db, actor, member.application_id)
    except ApplicationNotFound:  # another answer would say that somewhere there is such a member
        raise MemberNotFound from None


async def _phone_of(db: ReadSession, citizen_id: UUID) -> str | None:
    return phone_of(db, await get_citizen(db, citizen_id))


async def _account_of(db: ReadSession, citizen_id: UUID) -> str | None:
    row = await find_payout_account(db, citizen_id)
    return _open(db, "payout_accounts.account", citizen_id, row.account_sealed if row else None)


def _open(db: ReadSession, column: str, row: UUID, sealed: bytes | None) -> str | None:
    return None if sealed is None else db.vault.open(column, row, sealed)


OPENERS: Mapping[tuple[MaskedObject, MaskedField], Opener] = {
    (MaskedObject.APPLICATION, MaskedField.NAME): partial(_of_application, _applicant),
    (MaskedObject.APPLICATION, MaskedField.PHONE): partial(_of_application, _phone),
    (MaskedObject.APPLICATION, MaskedField.ADDRESS): partial(_of_application, _address),
    (MaskedObject.APPLICATION, MaskedField.ACCOUNT): partial(_of_application, _account),
    (MaskedObject.APPLICATION, MaskedField.ANSWERS): partial(_of_application, _answers),
    (MaskedObject.MEMBER, MaskedField.NAME): partial(_of_member, name_of),
    (MaskedObject.MEMBER, MaskedField.ID_NUMBER): partial(_of_member, id_number_of),
    (MaskedObject.MEMBER, MaskedField.BIRTH_DATE): partial(_of_member, lambda _, member: member.birth_date.isoformat()),
    (MaskedObject.MEMBER, MaskedField.DISABILITY): partial(_of_member, _disability),
    (MaskedObject.MEMBER, MaskedField.ILLNESS): partial(_of_member, _illness),
    (MaskedObject.MEMBER, MaskedField.REGISTERED_NAME): _registered_name,
    (MaskedObject.AWARD, MaskedField.NAME): partial(_award, None),
    (MaskedObject.AWARD, MaskedField.PHONE): partial(_award, _phone_of),
    (MaskedObject.AWARD, MaskedField.ACCOUNT): partial(_award, _account_of),
    (MaskedObject.PAY_LINE, MaskedField.NAME): _payee,
    (MaskedObject.PAY_LINE, MaskedField.ACCOUNT): _paid_account,
    (MaskedObject.COMPLAINT, MaskedField.REPORTER_NAME): _reporter_name,
    (MaskedObject.COMPLAINT, MaskedField.REPORTER_PHONE): _reporter_phone,
    (MaskedObject.OBJECTION, MaskedField.REPORTER_NAME): partial(_objector, "name"),
    (MaskedObject.OBJECTION, MaskedField.REPORTER_PHONE): partial(_objector, "phone"),
    (MaskedObject.CONFLICT, MaskedField.NAMED_PERSON): _named_person,
    (MaskedObject.EVIDENCE_LETTER, MaskedField.NAME): partial(_of_letter, addressee_of),
    (MaskedObject.EVIDENCE_LETTER, MaskedField.ADDRESS): partial(_of_letter, address_of),
    (MaskedObject.APPLICATION, MaskedField.WORDS): words.of_application,
    (MaskedObject.AWARD, MaskedField.WORDS): words.of_award,
    (MaskedObject.COMPLAINT, MaskedField.WORDS): words.of_complaint,
    (MaskedObject.OBJECTION, MaskedField.WORDS): words.of_objection,
    (MaskedObject.DISPUTE, MaskedField.WORDS): words.of_dispute,
    (MaskedObject.CORRECTION, MaskedField.WORDS): words.of_correction,
}
