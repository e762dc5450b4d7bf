"""Drafts that registers fill: asked once the applicant has signed, each answer put where nobody has written yet.

About the applicant alone, by the number that the account has proved. Whoever else stands in a draft was typed into it,
signature included: asked about them at once, registers would tell anybody who knows a name and a number what its owner
draws and owns, and where a child lives. They are asked about after acceptance, when somebody has looked at the case.
"""

from uuid import UUID

from app.applications.commands import fill_in, put_applicant, sign_authorisation
from app.applications.household import live_authorisation
from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.models import Application
from app.applications.queries import find_member, get_applicant, get_whole_application
from app.audit.commands import record_act
from app.core.db import WriteSession
from app.facts import Answer, Item
from app.identity.actors import SYSTEM, Actor
from app.programs.registry import get_program
from app.reference.procedure import Mode
from app.verification.commands.opening import begin, load_ways, new_check
from app.verification.lifecycle import Status
from app.verification.models import Check
from app.verification.need_queries import forget_needs_of
from app.verification.prefill import PREFILL, PREFILLING, told_by
from app.verification.queries import list_checks


async def begin_prefill(
    db: WriteSession, actor: Actor, application_id: UUID, signature: tuple[str, str] | None
) -> list[Check]:
    """Put the applicant into her draft, take her signature, and ask the registers about her.

    `signature`: name and number as she repeats them; None where she has signed already.

    Raises:
        ApplicationNotFound: there is none, or it is not theirs.
        StepNotAllowed: it is no draft any more.
        RealNameRequired: the account has no proved name.
        MemberAlreadyInHousehold: she is listed, as somebody else's relative.
        SignatureMismatch: name or number are not hers.
    """
    applicant = await put_applicant(db, actor, application_id)
    if signature is not None:
        name, number = signature
        await sign_authorisation(
            db,
            actor,
            application_id,
            applicant.id,
            signer_member_id=applicant.id,
            signer_name=name,
            signer_id_number=number,
        )
    application = await get_whole_application(db, actor, application_id)
    opened = await _open(db, application)
    if opened:
        await record_act(
            db, actor, "checks.open", "application", application.id, case=application.case, count=len(opened)
        )
    return opened


async def _open(db: WriteSession, application: Application) -> list[Check]:
    known = {(check.member_id, check.item): check for check in await list_checks(db, application.id)}
    ways, proved = await load_ways(db, application), await _proved_number(db, application)
    needed = PREFILL & get_program(application.program).needs
    # What the place asks on paper takes days, and a member of staff: after acceptance.
    items = [item for item in Item if item in needed and ways.mode_of(item) is Mode.INTERFACE]
    opened: list[Check] = []
    for member in application.members:
        authorisation = live_authorisation(application, member.id)
        if authorisation is None or member.id_number_index != proved:
            continue
        for item in items:
            check = known.get((member.id, item))
            if check is not None and check.authorisation_id != authorisation.id:
                await db.delete(check)  # on a signature that was withdrawn; that it was asked stays on record
                await db.flush()
                await forget_needs_of(db, application.id)
            elif check is not None:
                continue
            opened.append(new_check(db, application, authorisation, item, ways, round_=PREFILLING))
    db.add_all(opened)
    await begin(db, application, opened)
    return opened


async def _proved_number(db: WriteSession, application: Application) -> bytes | None:
    """Return the number that public security has confirmed to be the applicant's, as members' are found by."""
    sealed, _ = await get_applicant(db, application.applicant_id)
    if sealed is None:
        return None
    return db.vault.index("members.id_number", db.vault.open("citizens.id_number", application.applicant_id, sealed))


async def fill_from(db: WriteSession, application: Application, check: Check, answer: Answer) -> None:
    """Put what a register told into the draft it was asked for; nothing where the draft is one no more."""
    member = await find_member(db, check.member_id)
    if member is None or application.status != ApplicationStatus.DRAFT or check.status != Status.ANSWERED:
        return
    told = told_by(Item(check.item), answer.facts, member.id, application.division)
    filled = await fill_in(db, application, member, told)
    if filled:
        await record_act(
            db,
            SYSTEM,
            "application.prefill",
            "application",
            application.id,
            row=application,
            case=application.case,
            item=check.item,
            partner=check.partner,
            count=len(filled),
        )
