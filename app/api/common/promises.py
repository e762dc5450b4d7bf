"""Promises in the place of papers, as both sides read them."""

from typing import Literal
from uuid import UUID

from app.api.common.free_words import Words
from app.api.common.schemas import Moment, Out
from app.applications.commands import words_of
from app.applications.promise_lifecycle import Settlement, Status
from app.applications.promise_models import Promise
from app.core.db import ReadSession

Paper = Literal["diagnosis", "receipt", "agreement"]
Way = Literal["paper", "agency", "letter", "visit"]


class PromiseOut(Out):
    """A promise. `status`: promised, withdrawn, kept or broken once the township has seen (`way`, `finding`), settled
    once it was decided what follows (`settlement`: refused, reduced, stopped, or kept as it is)."""

    id: UUID
    kind: str
    member_id: UUID
    status: Status
    fact: Words | None
    why: Words | None
    terms_version: str
    signed_by_member_id: UUID
    method: str
    signed_at: Moment
    withdrawn_at: Moment | None
    way: str | None
    finding: Words | None
    verified_at: Moment | None
    settlement: Settlement | None
    settled_reason: Words | None
    settled_at: Moment | None

    @classmethod
    def of(cls, db: ReadSession, row: Promise) -> "PromiseOut":
        """Shape one promise."""
        names = cls.model_fields.keys() - {"fact", "why", "finding", "settled_reason"}
        return cls(**{name: getattr(row, name) for name in names}, **words_of(db, row))


class PromisesOut(Out):
    """All of one case, oldest first."""

    items: list[PromiseOut]
