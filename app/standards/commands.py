"""Drafting a change, putting it in force, rejecting it.

Nothing in force changes in place, and nothing that was decided: a change adds a row from its first day on, and what it
means for awards is worked out by those who hear of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from app.audit.commands import record_act
from app.core.crypto import GENERAL
from app.core.db import WriteSession
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed
from app.core.ids import new_id
from app.events.commands import record_event
from app.identity.actors import Actor
from app.reference.commands import LocalParameter, put_parameter, put_standard
from app.reference.divisions import covers
from app.reference.errors import OutsideYourDivision
from app.reference.published import PublishedStandard
from app.standards.checking import check
from app.standards.errors import ChangeOvertaken
from app.standards.events import NumbersChanged, ParameterChanged, StandardChanged
from app.standards.lifecycle import LIFECYCLE, WRITERS, Action, Kind, Status
from app.standards.models import Change
from app.standards.queries import find_draft, get_change


@dataclass(frozen=True)
class Document:
    """The published document that a number rests on."""

    number: str
    title: str
    issuer: str
    published_on: date


@dataclass(frozen=True)
class Draft:
    """What is to be in force; see `Change`."""

    kind: Kind
    program: str
    area: str
    name: str
    value: Any
    valid_from: date
    valid_to: date | None
    note: str
    document: Document

    def fields(self) -> Mapping[str, Any]:
        """Return it by the columns of a change."""
        document = self.document
        own = {name: value for name, value in vars(self).items() if name != "document"}
        return {
            **own,
            "document_number": document.number,
            "document_title": document.title,
            "issuer": document.issuer,
            "published_on": document.published_on,
        }


async def find_standing_draft(db: WriteSession, actor: Actor, draft: Draft) -> Change | None:
    """Return the draft that `draft` would replace.

    Raises:
        RoleNotAllowed, OutsideYourDivision: the actor does not write for this place.
    """
    _require_writer(actor, draft.area)
    return await find_draft(db, draft.kind, draft.program, draft.area, draft.name, draft.valid_from)


def is_as(change: Change, draft: Draft) -> bool:
    """Say whether a change says all that a draft says."""
    return all(getattr(change, name) == value for name, value in draft.fields().items())


async def put_draft(db: WriteSession, actor: Actor, draft: Draft) -> Change:
    """Draft a change, or edit the one draft there is of this number and first day; the same again changes nothing.

    Raises:
        RoleNotAllowed: not an administrator.
        OutsideYourDivision: the place is not theirs.
        StandardInvalid, ParameterInvalid, ParameterNotUsable, ProgramUnknown, RulesNotInForce, StandardBelowGuidance,
        DivisionUnknown: it cannot be right.
    """
    standing = await find_standing_draft(db, actor, draft)
    if standing is not None and is_as(standing, draft):
        return standing
    change = standing or Change(id=new_id(), status=Status.DRAFT)
    change.status = LIFECYCLE.step(change.status, Action.EDIT, actor.role).target
    for name, value in draft.fields().items():
        setattr(change, name, value)
    change.drafted_by, change.drafted_at = actor.id, db.clock.now()
    with db.no_autoflush:
        await check(db, change)
    db.add(change)
    try:
        async with db.begin_nested():
            await db.flush()
    except IntegrityError:
        raise ChangeOvertaken from None
    await _record(db, actor, "draft", change)
    return change


async def approve_change(db: WriteSession, actor: Actor, kind: Kind, change_id: UUID) -> Change:
    """Put a change in force. Its first day may have passed: what follows for awards is worked out from then on.

    Raises:
        ChangeNotFound: there is none, or it does not concern the actor's division.
        StepNotAllowed, RoleNotAllowed: not a draft any more, or not for this role.
        OutsideYourDivision: the place is not theirs.
        SamePersonNotAllowed: the actor drafted it.
        StandardInvalid, ParameterInvalid, ParameterNotUsable, RulesNotInForce, StandardBelowGuidance: it cannot be
        right, as things stand by now.
        ChangeOvertaken: the same number was changed at this moment.
    """
    change = await _decide(db, actor, kind, change_id, Action.APPROVE)
    if actor.id == change.drafted_by:
        raise SamePersonNotAllowed
    await check(db, change)
    try:
        async with db.begin_nested():
            await _put_in_force(db, change)
    except IntegrityError:
        raise ChangeOvertaken from None
    await _record(db, actor, "approve", change)
    await record_event(db, _event_of(change))
    return change


async def reject_change(db: WriteSession, actor: Actor, kind: Kind, change_id: UUID, *, reason: str) -> Change:
    """End a draft without effect; who drafted it may, too.

    Raises:
        ChangeNotFound: there is none, or it does not concern the actor's division.
        StepNotAllowed, RoleNotAllowed: not a draft any more, or not for this role.
        OutsideYourDivision: the place is not theirs.
    """
    change = await _decide(db, actor, kind, change_id, Action.REJECT)
    change.reject_reason_sealed = db.vault.seal("number_changes.reject_reason", change.id, reason, division=GENERAL)
    await _record(db, actor, "reject", change)
    return change


async def _decide(db: WriteSession, actor: Actor, kind: Kind, change_id: UUID, action: Action) -> Change:
    change = await get_change(db, actor, kind, change_id, lock=True)
    step = LIFECYCLE.step(change.status, action, actor.role)
    _require_within(actor, change.area)
    change.status, change.decided_by, change.decided_at = step.target, actor.id, db.clock.now()
    return change


async def _put_in_force(db: WriteSession, change: Change) -> None:
    if change.kind == Kind.PARAMETER:
        parameter = LocalParameter(
            change.program, change.name, change.area, change.value, change.law, change.valid_from, change.valid_to
        )
        await put_parameter(db, parameter, change_id=change.id)
        return
    await put_standard(db, published(change), change_id=change.id)


def published(change: Change) -> PublishedStandard:
    """Return the standard that a change publishes."""
    period: Literal["month", "year"] = "year" if change.value["period"] == "year" else "month"
    return PublishedStandard(
        program=change.program,
        area=change.area,
        area_class=change.name,
        amount_fen=change.value["amount_fen"],
        period=period,
        valid_from=change.valid_from,
        valid_to=change.valid_to,
        source=change.law,
        note=change.note,
    )


def _event_of(change: Change) -> NumbersChanged:
    event = StandardChanged if change.kind == Kind.STANDARD else ParameterChanged
    return event(
        subject=change.id,
        county=change.area[:6],
        program=change.program,
        area=change.area,
        code=change.name,
        valid_from=change.valid_from,
    )


def _require_writer(actor: Actor, area: str) -> None:
    if actor.role not in WRITERS:
        raise RoleNotAllowed
    _require_within(actor, area)


def _require_within(actor: Actor, area: str) -> None:
    if actor.division is None or not covers(actor.division, area):
        raise OutsideYourDivision


async def _record(db: WriteSession, actor: Actor, act: str, change: Change) -> None:
    await record_act(
        db,
        actor,
        f"{Kind(change.kind).value}.{act}",
        Kind(change.kind).value,
        change.id,
        county=change.area[:6],
        row=change,
        program=change.program,
        area=change.area,
        number=change.name,
        valid_from=change.valid_from.isoformat(),
    )
