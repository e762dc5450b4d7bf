"""A promise that stands for a paper: made, taken back, seen to be true or not, and what follows (告知承诺)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.applications.clocks import StepKind
from app.applications.edits import touch
from app.applications.errors import MemberNotFound, PaperPromised, PromiseBroken, PromiseNotOpen, SignatureMismatch
from app.applications.events import PromiseFoundBroken
from app.applications.household import is_minor, live_authorisation, name_of
from app.applications.lifecycle import LIFECYCLE as APPLICATIONS
from app.applications.lifecycle import Action as ApplicationAction
from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.models import Application, Member
from app.applications.promise_lifecycle import LIFECYCLE, Action, Settlement, Status
from app.applications.promise_models import Promise
from app.applications.promise_queries import broke_one, find_live, get_promise, has_promise, list_broken, list_promises
from app.applications.promise_terms import VERSION
from app.applications.queries import get_applicant, get_application, get_whole_application
from app.applications.steps import close_step, open_step
from app.audit.commands import record_act
from app.core.clock import today
from app.core.db import ReadSession, WriteSession
from app.core.errors import StepNotAllowed
from app.core.ids import new_id
from app.events.commands import record_event
from app.identity.actors import SYSTEM, Actor
from app.identity.numbers import read_id_number, read_name
from app.reference.procedure import Setting
from app.reference.term_queries import load_procedure


@dataclass(frozen=True)
class Word:
    """What is promised: which paper it stands for, about whom, what is so, why the paper cannot be had, who signs."""

    kind: str
    member_id: UUID
    fact: str
    why: str
    terms_version: str
    signer_member_id: UUID
    signer_name: str
    signer_id_number: str


async def make_promise(db: WriteSession, actor: Actor, application_id: UUID, word: Word) -> Promise:
    """Keep a member's promise in the place of a paper; promising the same again returns the promise there is.

    Raises:
        ApplicationNotFound, MemberNotFound: there is none, or it is not theirs.
        StepNotAllowed: the application can no longer be edited.
        PromiseNotOpen: the place has not opened it for this paper, somebody known broke a promise before (see
            `papers_open_to`), or the words told were others.
        SignatureMismatch: name or number are not the signer's, or a minor signs.
    """
    await get_application(db, actor, application_id, lock=True)
    application = await get_whole_application(db, actor, application_id)
    APPLICATIONS.step(application.status, ApplicationAction.EDIT, actor.role)
    _member(application, word.member_id)
    signer = _member(application, word.signer_member_id)
    _check_signature(db, signer, word)
    if word.terms_version != VERSION or word.kind not in await papers_open_to(db, application):
        raise PromiseNotOpen
    existing = await find_live(db, application.id, word.member_id, word.kind)
    if existing is not None:
        return existing
    promise = _promise_of(db, actor, application, signer, word)
    db.add(promise)
    await touch(db, application)
    await _record(db, actor, "promise.make", application, promise)
    return promise


async def papers_open_to(db: ReadSession, application: Application) -> list[str]:
    """List the kinds of paper that this household may promise for: none where the applicant, or a member who has
    authorised it to be checked, broke a promise. Of who was only typed in nothing is told, as nobody else is to learn
    from a number whether its owner broke one."""
    kinds = (await load_procedure(db, application.division, today(db.clock)))[Setting.PROMISED_PAPERS].value
    if not kinds:
        return []
    known = {each.id_number_index for each in application.members if live_authorisation(application, each.id)}
    proved, _ = await get_applicant(db, application.applicant_id)
    if proved is not None:
        number = db.vault.open("citizens.id_number", application.applicant_id, proved)
        known.add(db.vault.index("members.id_number", number))
    return [] if await _broke_one(db, known) else list(kinds)


async def drop_promises_if_broken(db: WriteSession, actor: Actor, application: Application, member: Member) -> None:
    """End what was promised in an application, where a member who authorises now broke a promise before: until then
    that could not be looked at, and all adults authorise before it is handed in."""
    standing = [each for each in await list_promises(db, application.id) if each.status == Status.PROMISED]
    if not standing or not await _broke_one(db, {member.id_number_index}):
        return
    for promise in standing:
        promise.status = LIFECYCLE.step(promise.status, Action.WITHDRAW, actor.role).target
        promise.withdrawn_at = db.clock.now()
        await _record(db, SYSTEM, "promise.withdraw", application, promise)


async def _broke_one(db: ReadSession, signers: Collection[bytes]) -> bool:
    async with db.wider():  # it may have been in another county; which, nobody is told
        return await broke_one(db, signers)


async def withdraw_promise(db: WriteSession, actor: Actor, application_id: UUID, promise_id: UUID) -> Promise:
    """Take a promise back, as the paper was found, say.

    Raises:
        ApplicationNotFound, PromiseNotFound: there is none, or it is not theirs.
        StepNotAllowed: the application can no longer be edited, or the promise is no longer open.
    """
    application = await get_application(db, actor, application_id, lock=True)
    APPLICATIONS.step(application.status, ApplicationAction.EDIT, actor.role)
    promise = await get_promise(db, application.id, promise_id)
    step = LIFECYCLE.step(promise.status, Action.WITHDRAW, actor.role)
    promise.status, promise.withdrawn_at = step.target, db.clock.now()
    await touch(db, application)
    await _record(db, actor, "promise.withdraw", application, promise)
    return promise


async def verify_promise(
    db: WriteSession, actor: Actor, application_id: UUID, promise_id: UUID, *, kept: bool, way: str, finding: str
) -> Promise:
    """Keep what the township found when it looked whether a promise was true, in words, and by which way.

    Raises:
        ApplicationNotFound, PromiseNotFound: there is none, or it lies outside the actor's division.
        StepNotAllowed, RoleNotAllowed: the application was not accepted, or ended; it was verified before; or not for
            this role.
    """
    application = await get_application(db, actor, application_id, lock=True)
    promise = await get_promise(db, application.id, promise_id)
    step = LIFECYCLE.step(promise.status, Action.FIND_KEPT if kept else Action.FIND_BROKEN, actor.role)
    if application.status not in (ApplicationStatus.ACCEPTED, ApplicationStatus.APPROVED):
        raise StepNotAllowed
    promise.status, promise.way = step.target, way
    promise.verified_by, promise.verified_at = actor.id, db.clock.now()
    promise.finding_sealed = db.vault.seal("promises.finding", promise.id, finding, division=promise.county)
    await db.flush()
    if not await has_promise(db, application.id, Status.PROMISED):
        await close_step(db, application, StepKind.PROMISE_CHECK, "verified", by=actor)
    await _record(db, actor, "promise.verify", application, promise)
    if not kept:
        await record_event(
            db,
            PromiseFoundBroken(
                subject=application.id,
                county=application.county,
                applicant_id=application.applicant_id,
                promise_id=promise.id,
            ),
        )
    return promise


async def begin_verifying(db: WriteSession, application: Application) -> None:
    """Open the task to see whether promises are true, where there are any; called with the acceptance."""
    if await has_promise(db, application.id, Status.PROMISED):
        await open_step(db, application, StepKind.PROMISE_CHECK)


async def require_unpromised(db: ReadSession, application_id: UUID, kinds: Collection[str]) -> None:
    """Refuse to ask for a paper for which a promise stands.

    Raises:
        PaperPromised: one of them is such a paper.
    """
    if kinds and await has_promise(db, application_id, Status.PROMISED, kinds):
        raise PaperPromised


async def require_unbroken(db: ReadSession, application_id: UUID) -> None:
    """Refuse to grant anything on a promise that was found untrue.

    Raises:
        PromiseBroken: there is one.
    """
    if await has_promise(db, application_id, Status.BROKEN):
        raise PromiseBroken


async def settle_broken(
    db: WriteSession,
    actor: Actor,
    application: Application,
    settlement: Settlement,
    *,
    reason: str | None = None,
    until: datetime | None = None,
) -> bool:
    """Keep what was decided to follow from broken promises; says whether there were any. `until`: what was found untrue
    later goes on waiting, for nobody has decided about it.

    Raises:
        RoleNotAllowed: this is for who decides.
    """
    broken = await list_broken(db, application.id)
    decided = [each for each in broken if until is None or each.verified_at is None or each.verified_at <= until]
    for promise in decided:
        promise.status = LIFECYCLE.step(promise.status, Action.SETTLE, actor.role).target
        promise.settlement, promise.settled_by, promise.settled_at = settlement, actor.id, db.clock.now()
        if reason is not None:
            promise.settled_reason_sealed = db.vault.seal(
                "promises.settled_reason", promise.id, reason, division=promise.county
            )
        await db.flush()
        await _record(db, actor, "promise.settle", application, promise)
    if len(decided) == len(broken):
        await close_step(db, application, StepKind.BROKEN_PROMISE, settlement.value, by=actor)
    return bool(decided)


def words_of(db: ReadSession, promise: Promise) -> dict[str, str | None]:
    """Return what was written about a promise: `fact`, `why`, `finding`, `settled_reason`."""
    sealed = {
        "fact": promise.fact_sealed,
        "why": promise.why_sealed,
        "finding": promise.finding_sealed,
        "settled_reason": promise.settled_reason_sealed,
    }
    return {
        name: db.vault.open(f"promises.{name}", promise.id, value) if value else None for name, value in sealed.items()
    }


def _promise_of(db: WriteSession, actor: Actor, application: Application, signer: Member, word: Word) -> Promise:
    row, county = new_id(), application.county
    return Promise(
        id=row,
        county=county,
        division=application.division,
        application_id=application.id,
        member_id=word.member_id,
        kind=word.kind,
        status=Status.PROMISED,
        fact_sealed=db.vault.seal("promises.fact", row, word.fact, division=county),
        why_sealed=db.vault.seal("promises.why", row, word.why, division=county),
        terms_version=word.terms_version,
        signed_by_member_id=signer.id,
        signer_index=signer.id_number_index,
        method="electronic" if actor.entrustment is None else "by_agent",
        signed_at=db.clock.now(),
    )


def _check_signature(db: ReadSession, signer: Member, word: Word) -> None:
    number = read_id_number(word.signer_id_number, "/signer_id_number").text
    if db.vault.index("members.id_number", number) != signer.id_number_index:
        raise SignatureMismatch
    if read_name(word.signer_name) != name_of(db, signer) or is_minor(signer, today(db.clock)):
        raise SignatureMismatch


def _member(application: Application, member_id: UUID) -> Member:
    found = next((member for member in application.members if member.id == member_id), None)
    if found is None:
        raise MemberNotFound
    return found


async def _record(db: WriteSession, actor: Actor, act: str, application: Application, promise: Promise) -> None:
    await record_act(
        db,
        actor,
        act,
        "application",
        application.id,
        row=promise,
        case=application.case,
        promise=str(promise.id),
        paper=promise.kind,
        found=promise.status,
        settlement=promise.settlement,
    )
