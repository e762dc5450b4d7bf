"""Shapes of an application as staff see it: masked. What is hidden is opened one field at a time, on record."""

from typing import Any
from uuid import UUID

from app.api.applicant.schemas import ApplicationOut, ApplicationSummary
from app.api.common.schemas import Out
from app.applications.household import facts_of, hukou_of, id_number_of, live_authorisation, name_of
from app.applications.models import Application, Member
from app.core.clock import today
from app.core.db import ReadSession
from app.identity.actors import Role
from app.identity.masks import HIDDEN, mask_address, mask_id_number, mask_name
from app.reference.queries import get_division

# What tells of it: kinds of expense, and grounds on which one applies alone.
_HEALTH = frozenset({"medical", "disability", "severe_disability", "serious_illness"})


class StaffApplicationSummary(ApplicationSummary):
    """An application in a list; the applicant's name is masked."""

    @classmethod
    def of_row(cls, db: ReadSession, application: Application) -> "StaffApplicationSummary":
        shown = ApplicationSummary.of_row(db, application).model_dump()
        return cls(**{**shown, "applicant_name": mask_name(shown["applicant_name"])})


class StaffMemberOut(Out):
    """A member; name and identity number are masked, of the birth date the year is shown. `health`: `***` where a
    disability or a serious illness was declared, null where neither was."""

    id: UUID
    relation: str
    name: str
    id_number_masked: str
    birth_year: int
    student: bool
    health: str | None
    can_work: bool
    situation: str
    hukou_division: str
    authorised: bool

    @classmethod
    def of(cls, db: ReadSession, application: Application, member: Member) -> "StaffMemberOut":
        facts = facts_of(db, member)
        return cls(
            id=member.id,
            relation=member.relation,
            name=mask_name(name_of(db, member)),
            id_number_masked=mask_id_number(id_number_of(db, member)),
            birth_year=member.birth_date.year,
            student=facts.student,
            health=HIDDEN if facts.serious_illness or facts.disability is not None else None,
            can_work=facts.can_work,
            situation=facts.situation,
            hukou_division=hukou_of(db, application, member),
            authorised=live_authorisation(application, member.id) is not None,
        )


class StaffApplicationOut(ApplicationOut):
    """A whole application, masked. `address` shows the village; in `answers` the household's own words and what an
    expense for health is for are `***`. `actions` is what the caller may do now."""

    answers: dict[str, Any]  # the form as the household sees it, but for what is `***`
    members: list[StaffMemberOut]  # type: ignore[assignment]  # staff see less of a member

    @classmethod
    async def masked(cls, db: ReadSession, application: Application, role: Role) -> "StaffApplicationOut":
        """Shape an application for somebody of a role."""
        whole = ApplicationOut.of(db, application, role)
        place = await get_division(db, application.division, today(db.clock))
        shown = {name: getattr(whole, name) for name in ApplicationOut.model_fields}
        shown["applicant_name"] = mask_name(whole.applicant_name)
        shown["answers"] = mask_answers(whole.answers)
        shown["address"] = None if whole.address is None else mask_address(place.name)
        shown["members"] = [StaffMemberOut.of(db, application, member) for member in application.members]
        return cls(**shown)


def mask_answers(answers: dict[str, Any]) -> dict[str, Any]:
    """Return the answers without the household's own words, and without what tells of somebody's health."""
    return {part: _mask_part(said) for part, said in answers.items()}


def _mask_part(said: Any) -> Any:
    """Mask a list of lines, or a part that is one line itself: who applies alone, and on which ground."""
    if isinstance(said, list):
        return [_mask_line(line) for line in said]
    return _mask_line(said) if isinstance(said, dict) else said


def _mask_line(line: dict[str, Any]) -> dict[str, Any]:
    hidden = {name: HIDDEN for name in ("detail",) if line.get(name) is not None}
    hidden |= {name: HIDDEN for name in ("kind", "ground") if line.get(name) in _HEALTH}
    return {**line, **hidden}
