"""What caseworkers do about a check: ask again, or enter the answer by hand.

An agency that is down answers on paper, and a person of the county stands for what was said, with a scan of the paper:
after the agency was given its time, and only until it answers itself. Who enters an answer takes part in the case.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.applications.clocks import StepKind
from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.models import Application
from app.applications.steps import open_step
from app.audit.commands import record_act
from app.core.clock import today
from app.core.db import WriteSession
from app.core.errors import Fault, SamePersonNotAllowed
from app.facts import (
    CODES,
    MAY_BE_EMPTY,
    NOT_EVERYWHERE,
    NUMBERS,
    UNITS,
    Answer,
    Fact,
    FactKey,
    Item,
    Outcome,
    Unit,
    Value,
)
from app.files.commands import attach_upload
from app.identity.actors import Actor
from app.partners.ways import usual_mode
from app.reference.procedure import Mode
from app.verification.commands.answering import keep_answer
from app.verification.commands.entry import ASKED_AGAIN, settle_entry
from app.verification.commands.opening import due_for_answer, enqueue_asking
from app.verification.dispute_queries import entered_what_is_disputed, is_recheck
from app.verification.errors import (
    AgencyStillAwaited,
    AuthorisationNotInForce,
    FactsNotFitting,
    ScanRequired,
    VerificationClosed,
)
from app.verification.lifecycle import LIFECYCLE, Action, may_be_entered
from app.verification.models import Check
from app.verification.queries import get_check, is_in_force, lock_check
from app.verification.values import from_plain, keys_of, write_facts

_CODE = re.compile(r"[a-z_]{1,32}(:[A-Za-z0-9]{1,16})?")
_DIVISION = re.compile(r"[1-9][0-9]{11}", re.ASCII)
_LARGEST = 10**14


@dataclass(frozen=True)
class GivenAnswer:
    """An answer as a caseworker enters it. `facts`: every field of the item for a hit, none for no record. `scan`: the
    actor's own upload of the paper that it was entered from."""

    outcome: Outcome
    facts: Mapping[str, Any]
    as_of: date
    note: str
    scan: UUID | None = None


async def retry_check(db: WriteSession, actor: Actor, check_id: UUID) -> Check:
    """Ask an agency again that gave no answer; the present report stays until a new one supersedes it.

    Raises:
        CheckNotFound: there is none, or it lies outside the actor's division.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        VerificationClosed: the application is no longer before the agencies.
        AuthorisationNotInForce: the person withdrew.
    """
    await get_check(db, actor, check_id)
    application, check = await lock_check(db, check_id)
    step = LIFECYCLE.step(check.status, Action.RETRY, actor.role)
    await _require_grounds(db, application, check)
    check.status, check.operator = step.target, str(actor.id)
    check.attempts_before = check.attempts
    check.mode = usual_mode(Item(check.item))  # who asks the agency itself says so, whatever is usual in the place
    check.asked_at, check.ticket, check.last_failure = None, None, None
    check.due_on = await due_for_answer(db, application)
    if application.status == ApplicationStatus.ACCEPTED:  # after the decision no clock of the procedure runs
        await open_step(db, application, StepKind.VERIFICATION)
    await record_act(db, actor, "check.retry", "check", check.id, row=check, case=application.case, item=check.item)
    await settle_entry(db, application, ASKED_AGAIN)
    if check.mode == Mode.BATCH:
        check.next_attempt_at = db.clock.now()  # goes out with the next file
    else:
        await enqueue_asking(db, check)
    return check


async def answer_check_manually(db: WriteSession, actor: Actor, check_id: UUID, given: GivenAnswer) -> Check:
    """Enter by hand what an agency said, with a note of how it was said; the actor stands for it.

    Raises:
        CheckNotFound: there is none, or it lies outside the actor's division.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        AgencyStillAwaited: the agency took the question and its day has not passed.
        VerificationClosed: the application is no longer before the agencies.
        AuthorisationNotInForce: the person withdrew.
        SamePersonNotAllowed: the actor entered by hand what is disputed of this item: another looks anew.
        FactsNotFitting: not a whole answer to this item; `errors` names all of it.
        ScanRequired: there is no scan of the paper that it is entered from.
        UploadNotFound, UploadUnfinished: `scan` is no finished upload of the actor's.
    """
    await get_check(db, actor, check_id)
    application, check = await lock_check(db, check_id)
    step = LIFECYCLE.step(check.status, Action.ANSWER_MANUALLY, actor.role)
    if not may_be_entered(check.status, check.due_on, today(db.clock)):
        raise AgencyStillAwaited
    await _require_grounds(db, application, check)
    if await entered_what_is_disputed(db, check, actor.id):
        raise SamePersonNotAllowed
    answer = _read_answer(given, Item(check.item), check.partner, today(db.clock))
    if given.scan is None:
        raise ScanRequired(faults=(Fault("/scan", "required"),))
    scan = await attach_upload(db, actor, given.scan)
    check.status = step.target
    check.asked_at = check.asked_at or db.clock.now()
    check.answered_by = check.entered_by = actor.id
    check.entered_at, check.entered_outcome = db.clock.now(), answer.outcome
    check.entered_facts_sealed = db.vault.seal(
        "checks.entered_facts", check.id, write_facts(answer.facts), division=check.county
    )
    check.note_sealed = db.vault.seal("checks.note", check.id, given.note, division=check.county)
    check.scan_upload_id = scan.id
    await keep_answer(db, application, check, answer, by=actor)
    await record_act(
        db,
        actor,
        "check.answer_manually",
        "check",
        check.id,
        row=check,
        case=application.case,
        program=check.purpose,
        item=check.item,
        outcome=answer.outcome,
        scan=str(scan.id),
        sha256=scan.stored_sha256,
    )
    return check


async def _require_grounds(db: WriteSession, application: Application, check: Check) -> None:
    # What is disputed after the grant is asked like everything else, on paper too.
    disputed = application.status == ApplicationStatus.APPROVED and await is_recheck(db, check.id)
    if application.status != ApplicationStatus.ACCEPTED and not disputed:
        raise VerificationClosed
    if not await is_in_force(db, check.authorisation_id):
        raise AuthorisationNotInForce


def _read_answer(given: GivenAnswer, item: Item, source: str, on: date) -> Answer:
    faults = [Fault("/as_of", "in_future")] if given.as_of > on else []
    if given.outcome is Outcome.NONE:
        faults += [Fault(f"/facts/{name}", "not_expected", "without_record") for name in given.facts]
        if faults:
            raise FactsNotFitting(faults=tuple(faults))
        return Answer.none()
    # A field left out would pass for zero, so a hit has all of them.
    keys = keys_of(item)
    missing = [key for key in keys if key not in given.facts and key not in NOT_EVERYWHERE]
    faults += [Fault(f"/facts/{key}", "required") for key in missing]
    faults += [Fault("/facts", "not_expected") for name in given.facts if name not in keys]
    facts: dict[FactKey, Fact] = {}
    for key in keys:
        if key in given.facts:
            try:
                facts[key] = Fact(key, read_value(key, given.facts[key], on), source, given.as_of)
            except ValueError:
                faults.append(Fault(f"/facts/{key}", "invalid"))
    if faults:
        raise FactsNotFitting(faults=tuple(faults))
    return Answer(Outcome.HIT, facts)


def read_value(key: FactKey, plain: Any, on: date) -> Value:
    """Read one value that a person typed.

    Raises:
        ValueError: not one this field can have.
    """
    value, unit = from_plain(key, plain), UNITS[key]
    fits = True
    if unit is Unit.GRADE:
        fits = isinstance(value, int) and 1 <= value <= 4
    elif unit is Unit.FLAG:
        fits = value in (0, 1)
    elif unit in NUMBERS:
        fits = isinstance(value, int) and 0 <= value <= _LARGEST
    elif unit is Unit.DATE:
        fits = isinstance(value, date) and date(1850, 1, 1) <= value <= on
    elif unit is Unit.DIVISION:
        fits = isinstance(value, str) and _DIVISION.fullmatch(value) is not None
    elif unit is Unit.CODE:
        fits = value in CODES[key]
    elif isinstance(value, tuple):
        fits = (key in MAY_BE_EMPTY or bool(value)) and len(value) <= 20 and all(map(_CODE.fullmatch, value))
    else:
        fits = isinstance(value, str) and 0 < len(value.strip()) <= 100 and value.isprintable()
    if not fits:
        raise ValueError(f"not a {unit}")
    return value
