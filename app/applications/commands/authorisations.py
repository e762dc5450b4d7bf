"""Consent to being checked: signed by each adult for himself, for a minor by a legal representative.

The nation-wide form: identity comparison first, then an electronic signature; valid until the applicant leaves the
matter. Persons without full civil capacity are signed for by their legal representative.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from app.applications.commands.promises import drop_promises_if_broken
from app.applications.edits import touch
from app.applications.errors import MemberNotFound, SignatureMismatch
from app.applications.events import AuthorisationWithdrawn
from app.applications.household import is_minor, live_authorisation, name_of
from app.applications.lifecycle import LIFECYCLE, Action
from app.applications.models import GUARDIAN, Application, Authorisation, Member
from app.applications.queries import get_application, get_whole_application
from app.audit.commands import record_act, record_acts
from app.audit.subjects import Case
from app.core.clock import today
from app.core.db import WriteSession
from app.core.ids import new_id
from app.events.commands import record_event
from app.identity.actors import SYSTEM, Actor
from app.identity.numbers import read_id_number, read_name

TEXT_VERSION = "2026-1"


async def sign_authorisation(
    db: WriteSession,
    actor: Actor,
    application_id: UUID,
    member_id: UUID,
    *,
    signer_member_id: UUID,
    signer_name: str,
    signer_id_number: str,
    without_capacity: bool = False,
) -> Authorisation:
    """Keep a member's signature; signing again returns the signature there is.

    The signer repeats name and number, which must be those of the member (or of an adult member who signs for a minor).
    `without_capacity`: the member has no or limited capacity, and an adult of the household signs as guardian (civil
    code art. 23, 28); the signature says so, for the township to look into.

    Raises:
        ApplicationNotFound, MemberNotFound: there is none, or it is not theirs.
        StepNotAllowed: the application can no longer be edited.
        SignatureMismatch: name or number are not the signer's, or a minor signs, or an adult is signed for.
    """
    await get_application(db, actor, application_id, lock=True)
    application = await get_whole_application(db, actor, application_id)
    LIFECYCLE.step(application.status, Action.EDIT, actor.role)
    member, signer = _member(application, member_id), _member(application, signer_member_id)
    number = read_id_number(signer_id_number, "/signer_id_number").text
    if db.vault.index("members.id_number", number) != signer.id_number_index or read_name(signer_name) != name_of(
        db, signer
    ):
        raise SignatureMismatch
    on = today(db.clock)
    if is_minor(signer, on) or (signer.id != member.id and not (is_minor(member, on) or without_capacity)):
        raise SignatureMismatch
    existing = live_authorisation(application, member.id)
    if existing is not None:
        return existing
    authorisation = Authorisation(**signature_of(db, application, member, signer))
    if signer.id != member.id and without_capacity:
        authorisation.method = GUARDIAN
    elif actor.entrustment is not None:
        authorisation.method = "by_agent"
    db.add(authorisation)
    await drop_promises_if_broken(db, actor, application, member)
    await touch(db, application)
    await record_signature(db, actor, "authorisation.sign", authorisation, application.case)
    return authorisation


async def withdraw_authorisation(db: WriteSession, actor: Actor, application_id: UUID, member_id: UUID) -> None:
    """Withdraw a member's consent: no new query is made from now on (个人信息保护法 art. 15).

    Raises:
        ApplicationNotFound, MemberNotFound: there is none, or it is not theirs.
    """
    await get_application(db, actor, application_id, lock=True)
    application = await get_whole_application(db, actor, application_id)
    _member(application, member_id)
    existing = live_authorisation(application, member_id)
    if existing is None:
        return
    await end_authorisation(db, actor, application, existing, application.case)


async def end_authorisation(
    db: WriteSession, actor: Actor, application: Application, authorisation: Authorisation, case: Case
) -> None:
    """Withdraw what was given, and let what follows from it follow; the application is locked. `case`: whom the record
    is about."""
    authorisation.withdrawn_at = db.clock.now()
    await touch(db, application)
    await record_signature(db, actor, "authorisation.withdraw", authorisation, case)
    await record_event(
        db,
        AuthorisationWithdrawn(
            subject=application.id,
            county=application.county,
            applicant_id=application.applicant_id,
            member_id=authorisation.member_id,
        ),
    )


async def record_signature(db: WriteSession, actor: Actor, act: str, authorisation: Authorisation, case: Case) -> None:
    """Keep that an authorisation was given or withdrawn, about its own id: the record of each question names it, and
    leads here to whose it is, who signed it, how, and which text. Ids and codes, no names."""
    await record_act(
        db,
        actor,
        act,
        "authorisation",
        authorisation.id,
        row=authorisation,
        case=case,
        **_said_of(authorisation),
    )


async def record_signatures(
    db: WriteSession, actor: Actor, act: str, authorisations: Sequence[Authorisation], case: Case
) -> None:
    """Keep the same of several at once, as what a guardian signs for each of his children by handing in."""
    details = {each.id: _said_of(each) for each in authorisations}
    await record_acts(db, actor, act, "authorisation", details, case=case)


async def record_taken_along(db: WriteSession, held: Mapping[UUID, Authorisation], case: Case) -> None:
    """Keep that authorisations hold in a case that goes on in another county, each by the id it has there; whose act
    it was leads through the one that was signed, `of`."""
    details = {each.id: {**_said_of(each), "of": str(former)} for former, each in held.items()}
    await record_acts(db, SYSTEM, "authorisation.take_along", "authorisation", details, case=case)


def _said_of(authorisation: Authorisation) -> dict[str, Any]:
    return {
        "member": str(authorisation.member_id),
        "signer": str(authorisation.signed_by_member_id),
        "method": authorisation.method,
        "text_version": authorisation.text_version,
    }


def signature_of(db: WriteSession, application: Application, member: Member, signer: Member) -> dict[str, Any]:
    """Return the columns of a signature given now."""
    return {
        "id": new_id(),
        "county": application.county,
        "application_id": application.id,
        "member_id": member.id,
        "signed_by_member_id": signer.id,
        "text_version": TEXT_VERSION,
        "method": "electronic",
        "signed_at": db.clock.now(),
    }


def _member(application: Application, member_id: UUID) -> Member:
    found = next((m for m in application.members if m.id == member_id), None)
    if found is None:
        raise MemberNotFound
    return found
