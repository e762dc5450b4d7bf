"""Drafts: begun, changed, thrown away."""

import json
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from app.applications.claims import claim_applicant, release_claims
from app.applications.commands.moving_entrustments import take_entrustment_along
from app.applications.edits import Edit
from app.applications.entrustment_queries import get_entrustment, has_made_other
from app.applications.errors import EntrustmentNotAllowed, NotAVillage
from app.applications.household import answers_of, open_address, plain_residence, put_answers
from app.applications.lifecycle import LIFECYCLE, Action, Status
from app.applications.models import Application
from app.applications.queries import get_application
from app.applications.supporter_queries import list_people
from app.audit.commands import record_act
from app.core.clock import today
from app.core.db import WriteSession
from app.core.ids import new_id
from app.events.commands import enqueue
from app.identity.actors import Actor
from app.identity.errors import RealNameRequired
from app.identity.queries import get_citizen
from app.identity.real_names import real_name_of
from app.programs.base import Program
from app.programs.declaration import faults_of
from app.programs.errors import AnswersNotValid, ProgramNotOpen
from app.programs.registry import get_program
from app.reference.divisions import area_class_of, county_of, parse_division
from app.reference.queries import get_division, require_place

# The job that forgets who was asked about for a draft, or for a member that was in it; payload: the application.
FORGET_NEEDS = "forget_needs"


async def start_draft(
    db: WriteSession, actor: Actor, program_code: str, division: str, *, instead_of: Application | None = None
) -> Application:
    """Begin an application for the household registered in village `division`; `instead_of` one that was sent there.

    Raises:
        RealNameRequired: the applicant has not proved a real name.
        ProgramUnknown: no such program.
        ProgramNotOpen: one can only check oneself for it.
        DivisionUnknown: no such division today.
        NotAVillage: a division of another level.
        ApplicationAlreadyOpen: the applicant has an open one for this program.
        EntrustmentNotAllowed: who acts for the applicant has made one before, or has thrown away one for another
            program.
    """
    citizen = await get_citizen(db, actor.id)
    name = real_name_of(db.vault, citizen)
    if name is None or citizen.real_name_proved_at is None:
        raise RealNameRequired
    program = get_program(program_code)
    if not program.open_for_applications:
        raise ProgramNotOpen
    village = await get_division(db, division, today(db.clock))
    if village.level != "village":
        raise NotAVillage
    row, county = new_id(), county_of(village.code)
    application = Application(
        id=row,
        county=county,
        division=village.code,
        program=program.code,
        form_version=program.form_version,
        status=Status.DRAFT,
        applicant_id=citizen.id,
        applicant_name_sealed=db.vault.seal("applications.applicant_name", row, name, division=county),
        area_class=area_class_of(village.code),
        field_versions={},
        entrustment_id=actor.entrustment,
        created_at=db.clock.now(),
    )
    await claim_applicant(db, application)
    db.add(application)
    await db.flush()
    if instead_of is not None:
        await take_entrustment_along(db, actor, instead_of, application)
    await _use_entrustment(db, actor, application)
    await record_act(
        db, actor, "application.start", "application", application.id, row=application, case=application.case
    )
    return application


async def _use_entrustment(db: WriteSession, actor: Actor, application: Application) -> None:
    if actor.entrustment is None:
        return
    entrustment = await get_entrustment(db, actor, actor.entrustment, lock=True)
    if entrustment.application_id is not None:
        raise EntrustmentNotAllowed
    if await has_made_other(db, entrustment, application.program):
        raise EntrustmentNotAllowed  # what was entrusted is a matter, and the first draft has said which
    entrustment.application_id = application.id
    await db.flush()


async def _give_entrustment_back(db: WriteSession, actor: Actor, application: Application) -> None:
    """Let an agent who throws the own draft away begin anew: nothing has come of what was entrusted. Where she whom it
    is for throws it away, her word stands."""
    if actor.entrustment is None:
        return
    entrustment = await get_entrustment(db, actor, actor.entrustment, lock=True)
    if entrustment.application_id == application.id:
        entrustment.application_id = None
        await db.flush()


async def edit_draft(
    db: WriteSession, actor: Actor, application_id: UUID, changes: dict[str, Any], *, seen: int
) -> Application:
    """Apply a merge patch (RFC 7396) of `answers`, `address` and `residence`, made on version `seen`.

    Fields that others changed since are kept, as long as they are other fields.

    Raises:
        ApplicationNotFound: there is none, or it is not theirs.
        StepNotAllowed: it can no longer be edited.
        EditedElsewhere: another device changed the same field to something else.
        VersionNotGivenOut: the application never had version `seen`.
        AnswersNotValid: the answers do not fit the form; nothing was changed.
        DivisionMalformed, DivisionUnknown: there is no place where it is said to live.
    """
    application = await get_application(db, actor, application_id, lock=True)
    LIFECYCLE.step(application.status, Action.EDIT, actor.role)
    edit = Edit(application, seen)
    if "answers" in changes:
        before = answers_of(db, application)
        answers = merge_patch(before, changes["answers"] or {})
        check_shape(get_program(application.program), answers)
        changed = [
            edit.claims(f"/answers/{name}", before.get(name), answers.get(name))
            for name in sorted(changes["answers"] or ())
        ]
        if any(changed):  # sealed anew it would differ, though it is the same
            put_answers(db, application, answers)
    if "address" in changes and edit.claims("/address", open_address(db, application), changes["address"]):
        text = changes["address"]
        application.address_sealed = text and db.vault.seal(
            "applications.address", application.id, text, division=application.county
        )
    if "residence" in changes:
        await _put_residence(db, application, edit, changes["residence"])
    edit.settle()
    await db.flush()
    return application


async def _put_residence(db: WriteSession, application: Application, edit: Edit, change: dict[str, Any] | None) -> None:
    before = plain_residence(db, application)
    given = None if change is None else merge_patch(before or {}, change)
    if not edit.claims("/residence", before, given):
        return
    if given is not None:
        await require_place(db, parse_division(given["division"]), today(db.clock))
    application.residence_sealed = given and db.vault.seal(
        "applications.residence", application.id, json.dumps(given), division=application.county
    )


async def discard_draft(db: WriteSession, actor: Actor, application_id: UUID) -> None:
    """Throw a draft away, with what was entered about the household.

    Raises:
        ApplicationNotFound: there is none, or it is not theirs.
        StepNotAllowed: it was already submitted.
    """
    application = await get_application(db, actor, application_id, lock=True)
    step = LIFECYCLE.step(application.status, Action.DISCARD, actor.role)
    application.status, application.ended_at = step.target, db.clock.now()
    application.answers_sealed = application.answers_clear = application.address_sealed = None
    application.residence_sealed = application.prefilled_sealed = None
    for person in await list_people(db, application.id):
        await db.delete(person)
    await release_claims(db, application)
    await _give_entrustment_back(db, actor, application)
    await record_act(
        db, actor, "application.discard", "application", application.id, row=application, case=application.case
    )
    await enqueue(db, FORGET_NEEDS, {"application": str(application.id)})


def check_shape(program: Program[Any, Any], answers: dict[str, Any]) -> None:
    """Refuse answers that do not fit the program's form; a draft may be incomplete, but not malformed.

    Raises:
        AnswersNotValid: with every fault.
    """
    try:
        program.answers_model.model_validate(answers)
    except ValidationError as error:
        raise AnswersNotValid(faults=tuple(faults_of(error, "/answers"))) from error


def merge_patch(target: Any, patch: Any) -> Any:
    """Return `target` changed by `patch` as RFC 7396 says: objects merge, null removes, all else replaces."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged
