"""Requests for correction as both sides read them."""

from uuid import UUID

from app.api.common.decisions import RemedyOut
from app.api.common.explanations import Language
from app.api.common.free_words import Words
from app.api.common.schemas import Moment, Out
from app.core.db import ReadSession
from app.corrections.contents import reason_of, right_of, wrong_of
from app.corrections.lifecycle import ObjectType, Status
from app.corrections.models import CorrectionRequest


class CorrectionOut(Out):
    """A request. Refused, it has the reason and what can be done against it; accepted, whoever keeps the field puts it
    right. `due_on` is the last working day for an answer, by `due_basis`."""

    id: UUID
    application_id: UUID
    object_type: ObjectType
    object_id: UUID
    field: str
    wrong: Words
    right: Words
    status: Status
    requested_at: Moment
    due_on: str
    due_provisional: bool
    due_basis: str
    decided_at: Moment | None
    reason: Words | None
    remedies: list[RemedyOut]

    @classmethod
    def of(cls, db: ReadSession, row: CorrectionRequest, language: Language) -> "CorrectionOut":
        return cls(
            id=row.id,
            application_id=row.application_id,
            object_type=row.object_type,
            object_id=row.object_id,
            field=row.field,
            wrong=wrong_of(db, row),
            right=right_of(db, row),
            status=row.status,
            requested_at=row.requested_at,
            due_on=row.due_on.isoformat(),
            due_provisional=row.due_provisional,
            due_basis=row.due_basis,
            decided_at=row.decided_at,
            reason=reason_of(db, row),
            remedies=[RemedyOut.of(remedy, language) for remedy in row.remedies],
        )
