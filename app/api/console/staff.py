"""Staff accounts: an administrator opens and closes those of the own division and below."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.api.common.callers import Caseworker
from app.api.common.deps import Db, ReadDb
from app.api.common.paging import Cursor, CursorRejected, Limit, read_cursor, write_cursor
from app.api.common.problems import problems
from app.api.common.routing import Router
from app.api.common.schemas import CLEAN, DivisionCode, In, Moment, Out, Page
from app.api.common.step_up import recently_authenticated
from app.applications.commands import change_post, close_post
from app.audit.commands import record_act
from app.core.clock import today
from app.core.db import ReadSession
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed
from app.identity.actors import Actor, Role
from app.identity.commands import add_staff, reset_second_factor
from app.identity.errors import (
    NameMalformed,
    PasswordTooSimple,
    SecondFactorNotFound,
    SignInBusy,
    StaffNotFound,
    StepUpRequired,
    TokenRejected,
    UsernameTaken,
)
from app.identity.models import Staff
from app.identity.numbers import read_name
from app.identity.queries import get_staff, list_staff
from app.reference.divisions import Level, covers, level_of, scope_of
from app.reference.errors import DivisionMalformed, DivisionUnknown, OutsideYourDivision, RoleNotForDivision
from app.reference.queries import get_division

router = Router(prefix="/v1/console/staff", tags=["console: staff"])

StaffRole = Literal[
    "village_helper",
    "township_handler",
    "township_reviewer",
    "township_confirmer",
    "county_handler",
    "county_confirmer",
    "finance",
    "supervisor",
    "administrator",
]

# A confirmer of a village or a reviewer of a county would be one person with two people's rights.
_LEVELS: dict[Role, tuple[Level, ...]] = {
    Role.VILLAGE_HELPER: (Level.VILLAGE,),
    Role.TOWNSHIP_HANDLER: (Level.TOWNSHIP,),
    Role.TOWNSHIP_REVIEWER: (Level.TOWNSHIP,),
    Role.TOWNSHIP_CONFIRMER: (Level.TOWNSHIP,),
    Role.COUNTY_HANDLER: (Level.COUNTY,),
    Role.COUNTY_CONFIRMER: (Level.COUNTY,),
    Role.FINANCE: (Level.COUNTY,),
}


class StaffIn(In):
    """A new account. The password is handed to its owner, who signs in with it."""

    username: Annotated[str, Field(pattern=r"^[a-z][a-z0-9._-]{2,63}$", examples=["handler.two"])]
    password: Annotated[str, Field(min_length=12, max_length=128, examples=["correct-Horse-9"])]
    name: Annotated[str, Field(min_length=1, max_length=50, pattern=CLEAN, examples=["测试经办"])]
    role: StaffRole
    division: DivisionCode


class PostIn(In):
    """Another post."""

    role: StaffRole
    division: DivisionCode


class ResetOut(Out):
    """`asked`: another administrator has to do the same within a day; `done`: the authenticator is off."""

    state: Literal["asked", "done"]


class StaffOut(Out):
    """A member of staff."""

    id: UUID
    username: str
    name: str
    role: Role
    division: str
    created_at: Moment
    disabled_at: Moment | None

    @classmethod
    def of(cls, row: Staff) -> "StaffOut":
        """Shape an account."""
        return cls(
            id=row.id,
            username=row.username,
            name=row.name,
            role=row.role,
            division=row.division,
            created_at=row.created_at,
            disabled_at=row.disabled_at,
        )


def _own_division(actor: Actor) -> str:
    if actor.role is not Role.ADMINISTRATOR or actor.division is None:
        raise RoleNotAllowed
    return actor.division


@router.get(
    "",
    operation_id="list_staff",
    summary="List the staff of my division",
    responses=problems(TokenRejected, RoleNotAllowed, CursorRejected),
)
async def list_all(actor: Caseworker, db: ReadDb, limit: Limit = 50, cursor: Cursor = None) -> Page[StaffOut]:
    """By user name, closed accounts included."""
    low, high = scope_of(_own_division(actor))
    after = read_cursor(db.vault, actor, "staff", cursor) or ""
    rows = await list_staff(db, low, high, after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, "staff", rows[limit - 1].username) if len(rows) > limit else None
    return Page(items=[StaffOut.of(row) for row in rows[:limit]], next=following)


@router.post(
    "",
    status_code=201,
    operation_id="add_staff",
    summary="Open a staff account",
    responses=problems(
        TokenRejected,
        RoleNotAllowed,
        OutsideYourDivision,
        RoleNotForDivision,
        DivisionUnknown,
        DivisionMalformed,
        NameMalformed,
        PasswordTooSimple,
        UsernameTaken,
        SignInBusy,
    ),
)
async def add(body: StaffIn, actor: Caseworker, db: Db) -> StaffOut:
    """For the own division or one below it."""
    await _check_post(db, actor, body)
    staff = await add_staff(db, body.username, body.password, read_name(body.name), Role(body.role), body.division)
    await record_act(
        db,
        actor,
        "staff.add",
        "staff",
        staff.id,
        county=staff.division[:6],
        row=staff,
        role=body.role,
        division=staff.division,
    )
    return StaffOut.of(staff)


@router.post(
    "/{staff_id}/disable",
    operation_id="disable_staff",
    summary="Close a staff account",
    responses=problems(TokenRejected, RoleNotAllowed, StaffNotFound, SamePersonNotAllowed),
)
async def disable(staff_id: UUID, actor: Caseworker, db: Db) -> StaffOut:
    """Its next request is refused; tasks it had taken are open again. Nobody closes the own account."""
    await _colleague(db, actor, staff_id)
    staff = await close_post(db, actor, staff_id)
    await record_act(db, actor, "staff.disable", "staff", staff.id, county=staff.division[:6], row=staff)
    return StaffOut.of(staff)


@router.post(
    "/{staff_id}/move",
    operation_id="move_staff",
    summary="Give somebody another post",
    responses=problems(
        TokenRejected,
        RoleNotAllowed,
        StaffNotFound,
        SamePersonNotAllowed,
        OutsideYourDivision,
        RoleNotForDivision,
        DivisionUnknown,
        DivisionMalformed,
    ),
)
async def move(staff_id: UUID, body: PostIn, actor: Caseworker, db: Db) -> StaffOut:
    """From one post to another of the own division and below; all sessions end, and tasks that were taken are open
    again. Nobody moves the own account."""
    standing = await _colleague(db, actor, staff_id)
    await _check_post(db, actor, body)
    role, division = standing.role, standing.division
    staff = await change_post(db, actor, staff_id, Role(body.role), body.division)
    await record_act(
        db,
        actor,
        "staff.move",
        "staff",
        staff.id,
        county=staff.division[:6],
        row=staff,
        from_role=role,
        from_division=division,
        role=body.role,
        division=body.division,
    )
    return StaffOut.of(staff)


@router.post(
    "/{staff_id}/reset-second-factor",
    operation_id="reset_second_factor",
    summary="Take somebody's authenticator off",
    responses=problems(
        TokenRejected, RoleNotAllowed, StaffNotFound, SamePersonNotAllowed, SecondFactorNotFound, StepUpRequired
    ),
    dependencies=[recently_authenticated()],
)
async def reset_factor(staff_id: UUID, actor: Caseworker, db: Db) -> ResetOut:
    """For who lost it. Two administrators do it, one after the other within a day; then all sessions of the account
    end. Nobody does it for the own account."""
    staff = await _colleague(db, actor, staff_id)
    done = await reset_second_factor(db, actor, staff_id)
    action = "second_factor.reset" if done else "second_factor.ask_reset"
    await record_act(db, actor, action, "staff", staff_id, county=staff.division[:6])
    return ResetOut(state="done" if done else "asked")


async def _check_post(db: ReadSession, actor: Actor, post: StaffIn | PostIn) -> None:
    if not covers(_own_division(actor), post.division):
        raise OutsideYourDivision
    if level_of(post.division) not in _LEVELS.get(Role(post.role), tuple(Level)):
        raise RoleNotForDivision
    await get_division(db, post.division, today(db.clock))


async def _colleague(db: ReadSession, actor: Actor, staff_id: UUID) -> Staff:
    division = _own_division(actor)
    if staff_id == actor.id:
        raise SamePersonNotAllowed
    staff = await get_staff(db, staff_id)
    if not covers(division, staff.division):
        raise StaffNotFound
    return staff
