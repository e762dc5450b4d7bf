"""Looking at a household's rows: who is adult, whose authorisation is in force, what was declared about a member."""

import json
from datetime import date
from typing import Any
from uuid import UUID

from app.applications.models import Application, Authorisation, Member
from app.applications.venue import PermitGround, Residence
from app.core.age import full_years
from app.core.db import ReadSession, WriteSession
from app.programs.declaration import MemberFacts

ADULT_AGE = 18  # 民法典 第十七条
HUKOU = "hukou_division"  # in a member's profile
APPLICANT = "self"  # the relation of the member who applies


def is_minor(member: Member, on: date) -> bool:
    """Say whether a member is under age on a date."""
    return full_years(member.birth_date, on) < ADULT_AGE


def live_authorisation(application: Application, member_id: object) -> Authorisation | None:
    """Return the member's authorisation in force."""
    return next((a for a in application.authorisations if a.member_id == member_id and a.withdrawn_at is None), None)


def facts_of(db: ReadSession, member: Member) -> MemberFacts:
    """Return a member as the rules see it: no name, no number, `ref` is the member's id."""
    profile = json.loads(db.vault.open("members.profile", member.id, member.profile_sealed))
    known = {name: profile[name] for name in MemberFacts.model_fields.keys() & profile.keys()}
    return MemberFacts.model_validate(
        {**known, "ref": str(member.id), "relation": member.relation, "birth_date": member.birth_date}
    )


def hukou_of(db: ReadSession, application: Application, member: Member) -> str:
    """Return where a member is registered: where the household applies, unless it was declared otherwise."""
    profile = json.loads(db.vault.open("members.profile", member.id, member.profile_sealed))
    declared: str | None = profile.get(HUKOU)
    return declared or application.division


def plain_residence(db: ReadSession, application: Application) -> dict[str, Any] | None:
    """Return what the household said of where it lives, as it is kept: division, since, permit, relocated."""
    if application.residence_sealed is None:
        return None
    said: dict[str, Any] = json.loads(
        db.vault.open("applications.residence", application.id, application.residence_sealed)
    )
    return said


def residence_of(db: ReadSession, application: Application) -> Residence | None:
    """Return where the household said that it lives; None where that is where it applies."""
    said = plain_residence(db, application)
    if said is None:
        return None
    permit = said.get("permit")
    return Residence(
        said["division"],
        date.fromisoformat(said["since"]),
        None if permit is None else PermitGround(permit),
        said.get("relocated", False),
    )


def applicant_name_of(db: ReadSession, application: Application) -> str:
    """Return the applicant's proved name as it was when the draft was begun; nothing once it was erased."""
    if application.applicant_name_sealed is None:
        return application.applicant_name_clear or ""
    return db.vault.open("applications.applicant_name", application.id, application.applicant_name_sealed)


def name_of(db: ReadSession, member: Member) -> str:
    """Return a member's name in clear."""
    return open_name(db, member.id, member.name_sealed, member.name_clear)


def open_name(db: ReadSession, member_id: UUID, sealed: bytes | None, clear: str | None) -> str:
    """Return a member's name in clear, by what its row holds of it."""
    return clear or "" if sealed is None else db.vault.open("members.name", member_id, sealed)


def answers_of(db: ReadSession, application: Application) -> dict[str, Any]:
    """Return what the household answered; empty where nothing was yet."""
    if application.answers_sealed is None:
        return application.answers_clear or {}
    answers: dict[str, Any] = json.loads(
        db.vault.open("applications.answers", application.id, application.answers_sealed)
    )
    return answers


def put_answers(db: WriteSession, application: Application, answers: dict[str, Any]) -> None:
    """Keep what the household answered, sealed: it tells of illness, debts and money."""
    text = json.dumps(answers, ensure_ascii=False)
    application.answers_sealed = db.vault.seal(
        "applications.answers", application.id, text, division=application.county
    )
    application.answers_clear = None


def open_address(db: ReadSession, application: Application) -> str | None:
    """Return the household's address in clear."""
    sealed = application.address_sealed
    return db.vault.open("applications.address", application.id, sealed) if sealed else None


def missing_of(db: ReadSession, application: Application) -> list[str]:
    """Return what the one-time notice asked for; empty where none was given."""
    sealed = application.missing_sealed
    missing: list[str] = json.loads(db.vault.open("applications.missing", application.id, sealed)) if sealed else []
    return missing


def ended_reason_of(db: ReadSession, application: Application) -> str | None:
    """Return why the procedure was ended without a decision."""
    sealed = application.ended_reason_sealed
    return db.vault.open("applications.ended_reason", application.id, sealed) if sealed else None


def id_number_of(db: ReadSession, member: Member) -> str:
    """Return a member's identity number in clear."""
    return db.vault.open("members.id_number", member.id, member.id_number_sealed)
