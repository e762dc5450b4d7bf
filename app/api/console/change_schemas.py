"""Shapes that changes of standards and of parameters share."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from app.api.common.schemas import CLEAN, DivisionCode, In, Line, Moment, Out, Paragraph
from app.core.db import ReadSession
from app.identity.actors import Actor
from app.programs.declaration import PlainDate
from app.reference.divisions import covers
from app.standards.commands import Document
from app.standards.lifecycle import LIFECYCLE, Action, Status
from app.standards.models import Change

Code = Annotated[str, Field(pattern=r"^[a-z_]{1,32}$", examples=["living_allowance"])]
Note = Annotated[str, Field(max_length=500, pattern=CLEAN, examples=["全州统一执行"])]


class DocumentIn(In):
    """The published document that says so: decisions cite it as it is written here."""

    number: Annotated[Line, Field(examples=["红民发〔2026〕12号"])]
    title: Annotated[str, Field(min_length=1, max_length=200, pattern=CLEAN, examples=["关于调整保障标准的通知"])]
    issuer: Annotated[Line, Field(examples=["红河州民政局"])]
    published_on: PlainDate

    def document(self) -> Document:
        """Return it as the command takes it."""
        return Document(self.number, self.title, self.issuer, self.published_on)


class NumberIn(In):
    """What changes of either kind say beside the number itself."""

    program: Code
    area: DivisionCode
    valid_from: PlainDate
    valid_to: PlainDate | None = None
    note: Note = ""
    document: DocumentIn


class RejectIn(In):
    """Why."""

    reason: Paragraph


class DocumentOut(Out):
    """The published document."""

    number: str
    title: str
    issuer: str
    published_on: date


class ChangeOut(Out):
    """A change of one number. `draft` until another person puts it `in_force` or it is `rejected`.

    What is in force is not edited: a further change of the same number and first day supersedes it.
    """

    id: UUID
    program: str
    area: str
    valid_from: date
    valid_to: date | None
    note: str
    document: DocumentOut
    status: Status
    drafted_by: UUID
    drafted_at: Moment
    decided_by: UUID | None
    decided_at: Moment | None
    reject_reason: str | None
    version: int
    actions: list[Action]


def shared_parts(db: ReadSession, actor: Actor, change: Change) -> dict[str, Any]:
    """Return what `ChangeOut` says of a change."""
    sealed = change.reject_reason_sealed
    reason = db.vault.open("number_changes.reject_reason", change.id, sealed) if sealed else None
    within = actor.division is not None and covers(actor.division, change.area)
    actions = LIFECYCLE.actions(change.status, actor.role) if within else ()
    return {
        "id": change.id,
        "program": change.program,
        "area": change.area,
        "valid_from": change.valid_from,
        "valid_to": change.valid_to,
        "note": change.note,
        "document": DocumentOut(
            number=change.document_number,
            title=change.document_title,
            issuer=change.issuer,
            published_on=change.published_on,
        ),
        "status": change.status,
        "drafted_by": change.drafted_by,
        "drafted_at": change.drafted_at,
        "decided_by": change.decided_by,
        "decided_at": change.decided_at,
        "reject_reason": reason,
        "version": change.version,
        "actions": [each for each in actions if each is not Action.APPROVE or actor.id != change.drafted_by],
    }
