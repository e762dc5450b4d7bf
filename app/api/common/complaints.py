"""Complaints as whoever made them sees them, with or without an account."""

from typing import Annotated

from pydantic import Field

from app.api.common.schemas import DivisionCode, In, Moment, Out, Paragraph
from app.complaints.commands import Filed
from app.complaints.contents import answer_of
from app.complaints.lifecycle import Category, Status
from app.complaints.models import Complaint
from app.core.crypto import Vault

ReceiptNumber = Annotated[
    str, Field(min_length=8, max_length=32, pattern=r"^[0-9A-Za-z]+$", examples=["DB532502261123ABCDEFGH7"])
]


class MatterIn(In):
    """What it is about: a division, an application, or both. The text goes to the handler only."""

    category: Annotated[Category, Field(strict=False)]
    text: Paragraph
    division: DivisionCode | None = None
    application_number: ReceiptNumber | None = None


def place_of(matter: MatterIn) -> str:
    """Return what it is about as limits count it: the place, else the application; a matter without either is refused
    anyway."""
    return matter.division or (matter.application_number or "").upper()


class FiledOut(Out):
    """Keep both: `number` and `code` together show what became of it. The code is shown only now."""

    number: str
    code: str
    status: Status
    named: bool
    received_at: Moment
    due_on: str | None
    due_provisional: bool

    @classmethod
    def of(cls, filed: Filed) -> "FiledOut":
        """Shape what was taken in."""
        row = filed.complaint
        return cls(
            number=row.number,
            code=filed.code,
            status=row.status,
            named=row.named,
            received_at=row.received_at,
            due_on=row.due_on.isoformat() if row.due_on else None,
            due_provisional=row.due_provisional,
        )


class FollowedOut(Out):
    """How far it is. `due_on` is null where no time limit holds: anonymous complaints, suggestions."""

    number: str
    category: Category
    status: Status
    named: bool
    received_at: Moment
    due_on: str | None
    due_provisional: bool
    due_basis: str | None
    answered_at: Moment | None
    answer: str | None

    @classmethod
    def of(cls, vault: Vault, row: Complaint) -> "FollowedOut":
        """Shape one complaint; never who handles it."""
        return cls(
            number=row.number,
            category=row.category,
            status=row.status,
            named=row.named,
            received_at=row.received_at,
            due_on=row.due_on.isoformat() if row.due_on else None,
            due_provisional=row.due_provisional,
            due_basis=row.due_basis,
            answered_at=row.answered_at,
            answer=answer_of(vault, row),
        )
