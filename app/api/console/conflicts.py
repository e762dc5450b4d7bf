"""The register of cases of close relatives (单独登记备案): for the county and the supervisors."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import ConfigDict, Field, model_validator

from app.api.common.callers import Caseworker
from app.api.common.deps import Db
from app.api.common.free_words import Words
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.problems import problems
from app.api.common.routing import Router
from app.api.common.schemas import Id, In, Moment, Out, Page, Paragraph, exactly_one
from app.applications.commands.conflicts import Found, Person
from app.applications.conflict_queries import list_conflicts
from app.applications.errors import (
    ApplicationNotFound,
    ConflictAlreadyRegistered,
    ConflictAlreadyWithdrawn,
    ConflictNotFound,
    ConflictOfInterest,
    MatterEnded,
    MemberNotFound,
)
from app.applications.models import ConflictRegistration
from app.applications.queries import list_cases
from app.audit.commands import record_look
from app.core.db import ReadSession
from app.core.errors import RoleNotAllowed
from app.identity.errors import StaffNotFound, TokenRejected
from app.identity.masks import HIDDEN, mask_name
from app.identity.models import Staff
from app.relatives.errors import CommitteeMemberNotFound
from app.relatives.kinship import Kinship, PersonKind
from app.relatives.models import CommitteeMember
from app.relatives.queries import find_people
from app.review.commands import register_conflict, withdraw_conflict

router = Router(prefix="/v1/console", tags=["console: conflicts of interest"])


class ConflictIn(In):
    """Which member is whose close relative. Exactly one of `staff_id` and `committee_member_id`."""

    model_config = ConfigDict(json_schema_extra=exactly_one("staff_id", "committee_member_id"))

    member_id: Id
    relation: Annotated[Kinship, Field(strict=False, examples=["sibling"])]
    staff_id: Annotated[Id | None, Field(examples=["0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"])] = None
    committee_member_id: Id | None = None

    @model_validator(mode="after")
    def _one_person(self) -> "ConflictIn":
        if (self.staff_id is None) == (self.committee_member_id is None):
            raise ValueError("exactly one of staff_id and committee_member_id")
        return self

    def person(self) -> Person:
        """Return whose relative it is."""
        if self.staff_id is not None:
            return Person(PersonKind.STAFF, self.staff_id)
        assert self.committee_member_id is not None
        return Person(PersonKind.COMMITTEE, self.committee_member_id)


class WithdrawIn(In):
    """Why the registration has no ground; kept sealed beside it."""

    reason: Paragraph


class ConflictOut(Out):
    """One separate registration. `person`: the user name of staff, the masked name of a committee member; null where
    nobody was named. `who`: `***` where the household
    named somebody in words of its own. `relation`: what the member is to that person."""

    id: UUID
    application_id: UUID
    division: str
    member_id: UUID | None
    person_kind: PersonKind | None
    person_id: UUID | None
    person: str | None
    relation: Kinship | None
    found: Found
    who: str | None
    registered_at: Moment
    withdrawn_at: Moment | None
    withdrawn_by: UUID | None
    withdrawn_reason: Words | None

    @classmethod
    def of(
        cls, db: ReadSession, row: ConflictRegistration, people: dict[UUID, Staff | CommitteeMember]
    ) -> "ConflictOut":
        """Shape a registration."""
        reason = row.withdrawn_reason_sealed
        return cls(
            id=row.id,
            application_id=row.application_id,
            division=row.division,
            member_id=row.member_id,
            person_kind=PersonKind(row.person_kind) if row.person_kind else None,
            person_id=row.person_id,
            person=_label(db, people[row.person_id]) if row.person_id in people else None,
            relation=Kinship(row.relation) if row.relation else None,
            found=Found(row.found),
            who=HIDDEN if row.who_sealed else None,
            registered_at=row.registered_at,
            withdrawn_at=row.withdrawn_at,
            withdrawn_by=row.withdrawn_by,
            withdrawn_reason=(
                db.vault.open("conflict_registrations.withdrawn_reason", row.id, reason) if reason else None
            ),
        )


def _label(db: ReadSession, person: Staff | CommitteeMember) -> str:
    if isinstance(person, Staff):
        return person.username
    return mask_name(db.vault.open("committee_members.name", person.id, person.name_sealed))


async def _shape(db: ReadSession, row: ConflictRegistration) -> ConflictOut:
    people = await find_people(db, [row.person_id] if row.person_id else [])
    return ConflictOut.of(db, row, people)


@router.get(
    "/conflicts",
    operation_id="list_conflicts",
    summary="List the cases registered separately",
    responses=problems(TokenRejected, CursorRejected),
)
async def list_all(
    actor: Caseworker,
    db: Db,
    application_id: Annotated[UUID | None, Query()] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[ConflictOut]:
    """Newest first, withdrawn ones too, below the caller's division; for the county and supervisors. Nobody finds those
    about himself here. Every look is recorded."""
    name = f"conflicts:{application_id}"
    after = read_id_cursor(db.vault, actor, name, cursor)
    rows = await list_conflicts(db, actor, application_id=application_id, after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, name, str(rows[limit - 1].id)) if len(rows) > limit else None
    people = await find_people(db, (row.person_id for row in rows if row.person_id))
    shown = rows[:limit]
    if shown:
        cases = await list_cases(db, {row.application_id for row in shown})
        await record_look(db, actor, "conflict.list", "conflict", cases=cases, count=len(shown))
    return Page(items=[ConflictOut.of(db, row, people) for row in shown], next=following)


@router.post(
    "/applications/{application_id}/conflicts",
    status_code=201,
    operation_id="register_conflict",
    summary="Register a case of a close relative by hand",
    responses=problems(
        TokenRejected,
        ApplicationNotFound,
        ConflictOfInterest,
        RoleNotAllowed,
        StaffNotFound,
        CommitteeMemberNotFound,
        MemberNotFound,
        MatterEnded,
        ConflictAlreadyRegistered,
    ),
)
async def register(application_id: UUID, body: ConflictIn, actor: Caseworker, db: Db) -> ConflictOut:
    """A county handler's or supervisor's step: what a report brought out, or whom the household meant. The county has
    to visit before it decides."""
    row = await register_conflict(
        db, actor, application_id, member_id=body.member_id, person=body.person(), relation=body.relation
    )
    return await _shape(db, row)


@router.post(
    "/conflicts/{conflict_id}/withdraw",
    operation_id="withdraw_conflict",
    summary="Withdraw a separate registration",
    responses=problems(
        TokenRejected,
        ConflictNotFound,
        ApplicationNotFound,
        ConflictOfInterest,
        RoleNotAllowed,
        ConflictAlreadyWithdrawn,
    ),
)
async def withdraw(conflict_id: UUID, body: WithdrawIn, actor: Caseworker, db: Db) -> ConflictOut:
    """A supervisor's step, with the reason why it is unfounded. The person may see to the case again; the same match
    does not register it anew. It stays on the register as withdrawn."""
    return await _shape(db, await withdraw_conflict(db, actor, conflict_id, reason=body.reason))
