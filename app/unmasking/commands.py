"""Opening one field. What is opened stands in the record's action, which citizens read on the records about them."""

import dataclasses
from uuid import UUID

from app.audit.commands import record_look
from app.audit.purposes import UNMASK, Purpose, purposes_of
from app.core.db import WriteSession
from app.core.errors import RoleNotAllowed
from app.identity.actors import Actor
from app.unmasking.errors import FieldNotOfObject, PurposeNotOfThisPost
from app.unmasking.fields import ROLES, MaskedField, MaskedObject
from app.unmasking.openers import OPENERS


@dataclasses.dataclass(frozen=True)
class Wanted:
    """Which field of what, what for, and why in the person's own words."""

    object_type: MaskedObject
    object_id: UUID
    field: MaskedField
    purpose: Purpose
    reason: str = dataclasses.field(repr=False)


async def unmask(db: WriteSession, actor: Actor, wanted: Wanted) -> str | None:
    """Return one field in clear, and put on record who saw it, for what purpose and why. None where nothing was
    entered, which is on record as well: that somebody has no disability tells that what is masked is an illness.

    Raises:
        FieldNotOfObject: such an object has no such field.
        ApplicationNotFound, MemberNotFound, AwardNotFound, PayLineNotFound, ComplaintNotFound, ReporterNotFound,
        ObjectionNotFound, ConflictNotFound, ReportNotIssued, DisputeNotFound,
        CorrectionNotFound, EvidenceLetterNotFound: there is none, or it is not theirs to see.
        ConflictOfInterest: it is about the case of a close relative of who asks.
        SamePersonNotAllowed: it is about a complaint, and the actor worked on the application in question.
        RoleNotAllowed: the post does without this field.
        PurposeNotOfThisPost: the purpose is no work of this post.
    """
    key = wanted.object_type, wanted.field
    if key not in ROLES:
        raise FieldNotOfObject
    opened = await OPENERS[key](db, actor, wanted.object_id)
    if actor.role not in ROLES[key]:
        raise RoleNotAllowed
    if wanted.purpose not in purposes_of(actor.role):
        raise PurposeNotOfThisPost
    await record_look(
        db,
        actor,
        UNMASK + wanted.field,
        wanted.object_type,
        wanted.object_id,
        cases=[opened.case] if opened.case else (),
        county=opened.county,
        purpose=wanted.purpose,
        reason=wanted.reason,
    )
    return opened.value
