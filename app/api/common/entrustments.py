"""Entrustments as both sides read and ask for them."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.api.common.schemas import DivisionCode, IdNumber, In, Line, Moment, Out, Paragraph
from app.applications.commands import Wish
from app.applications.entrustment_lifecycle import EndedBy, Ground, Kind, Status
from app.applications.entrustment_models import Entrustment

PHONE = Annotated[str, Field(min_length=11, max_length=20, examples=["19000000001"])]


class EntrustmentIn(In):
    """Apply for somebody who cannot do so herself: `kind` person (by a citizen), committee (by its people), guardian
    (for who has no or limited capacity). `record`: how she entrusted it, or what makes somebody her guardian. Her
    `phone` gets the code that confirms it; without one, the township or another of the committee confirms to have seen
    her."""

    kind: Annotated[Kind, Field(strict=False)]
    ground: Annotated[Ground, Field(strict=False)]
    division: DivisionCode
    name: Line
    id_number: IdNumber
    phone: PHONE | None = None
    record: Paragraph

    def wish(self) -> Wish:
        """Return what the command takes."""
        return Wish(self.kind, self.ground, self.division, self.name, self.id_number, self.phone, self.record)


class EntrustmentOut(Out):
    """An entrustment. `confirmed_how`: `code`, by her telephone; `seen`, by an office. Nobody is named.

    `ended_by` matter: what was applied for is granted, and the household has moved on to another county (civil code
    art. 173); a guardian's goes on there under another id, as he acts by law."""

    id: UUID
    number: str
    status: Status
    kind: Kind
    ground: Ground
    division: str
    application_id: UUID | None
    requested_at: Moment
    confirmed_at: Moment | None
    confirmed_how: str | None
    ended_at: Moment | None
    ended_by: EndedBy | None

    @classmethod
    def of(cls, row: Entrustment) -> "EntrustmentOut":
        return cls(**{name: getattr(row, name) for name in cls.model_fields})
