"""Filling a draft: with the applicant as she signed in, and with what registers tell about its members."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.applications.commands.drafts import check_shape
from app.applications.commands.members import MemberDetails, put_member
from app.applications.edits import Edit
from app.applications.household import APPLICANT, answers_of, open_address, put_answers
from app.applications.lifecycle import Status
from app.applications.models import Application, Member
from app.applications.prefilling import ADDRESS, LISTS, Told, marks_of, profile_of, put_marks, says
from app.applications.queries import get_whole_application
from app.core.db import WriteSession
from app.core.errors import StepNotAllowed
from app.core.ids import new_id
from app.identity.actors import Actor
from app.identity.errors import RealNameRequired
from app.identity.queries import get_citizen
from app.identity.real_names import real_name_of
from app.programs.registry import get_program


async def put_applicant(db: WriteSession, actor: Actor, application_id: UUID) -> Member:
    """Put the applicant into her own draft, by the name and number of her account; who is there already stays.

    Raises:
        ApplicationNotFound: there is none, or it is not theirs.
        StepNotAllowed: it is no draft any more.
        RealNameRequired: the account has no proved name.
        MemberAlreadyInHousehold: she is listed, as somebody else's relative.
    """
    application = await get_whole_application(db, actor, application_id, lock=True)
    if application.status != Status.DRAFT:
        raise StepNotAllowed
    found = next((member for member in application.members if member.relation == APPLICANT), None)
    if found is not None:
        return found
    citizen = await get_citizen(db, actor.id)
    name = real_name_of(db.vault, citizen)
    if name is None or citizen.id_number_sealed is None:
        raise RealNameRequired
    number = db.vault.open("citizens.id_number", citizen.id, citizen.id_number_sealed)
    details = MemberDetails(APPLICANT, name, number)
    _, member = await put_member(db, actor, application_id, new_id(), details, seen=None)
    return member


async def fill_in(db: WriteSession, application: Application, member: Member, told: Sequence[Told]) -> Sequence[Told]:
    """Fill what nobody has filled yet; returns what was filled. The application is locked by whoever calls.

    A list is added to for as long as all of it was told by registers: once the citizen has stated it, it is hers.
    """
    if application.status != Status.DRAFT:
        return ()
    marks = marks_of(db, application)
    edit = Edit(application, application.version)
    filled: list[Told] = []
    for each in told:
        if _fill(db, application, member, edit, [*marks, *filled], each):
            filled.append(each)
    if not filled:
        return ()
    put_marks(db, application, [*marks, *filled])
    edit.settle()
    await db.flush()
    return filled


def _fill(
    db: WriteSession, application: Application, member: Member, edit: Edit, marks: Sequence[Told], told: Told
) -> bool:
    if told.pointer == ADDRESS:
        return _fill_address(db, application, edit, told)
    if told.pointer.startswith(LISTS):
        return _add_line(db, application, edit, marks, told)
    return _fill_profile(db, application, member, edit, told)


def _fill_address(db: WriteSession, application: Application, edit: Edit, told: Told) -> bool:
    if open_address(db, application) is not None:
        return False
    edit.claims(ADDRESS, None, told.value)
    application.address_sealed = db.vault.seal(
        "applications.address", application.id, told.value, division=application.county
    )
    return True


def _add_line(db: WriteSession, application: Application, edit: Edit, marks: Sequence[Told], told: Told) -> bool:
    program, name = get_program(application.program), told.pointer.removeprefix(LISTS)
    if name not in program.answers_model.model_fields:
        return False
    answers = answers_of(db, application)
    lines: list[dict[str, Any]] | None = answers.get(name)
    ours = [mark.value for mark in marks if mark.pointer == told.pointer]
    if lines is not None and not (lines and all(any(says(line, one) for one in ours) for line in lines)):
        return False
    grown = {**answers, name: [*(lines or []), told.value]}
    check_shape(program, grown)
    edit.claims(told.pointer, lines, grown[name])
    put_answers(db, application, grown)
    return True


def _fill_profile(db: WriteSession, application: Application, member: Member, edit: Edit, told: Told) -> bool:
    profile, name = profile_of(db, member), told.pointer.rpartition("/")[2]
    if profile.get(name) is not None:
        return False
    filled = {**profile, name: told.value}
    edit.claims(f"/members/{member.id}", profile, filled)
    member.profile_sealed = db.vault.seal(
        "members.profile", member.id, json.dumps(filled, sort_keys=True), division=application.county
    )
    return True
