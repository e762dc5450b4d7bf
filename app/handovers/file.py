"""What another county is told of a case: its conclusions, people masked as at every desk.

Kept with the hand-over as it was released: the other county sees nothing of the file itself, and what it is asked to go
on with does not change while it looks.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.applications.household import name_of
from app.applications.models import Application
from app.awards.models import Award
from app.core.db import ReadSession
from app.handovers.lifecycle import OPEN, Status
from app.handovers.models import Handover
from app.identity.masks import mask_name
from app.programs.assessment import Weight
from app.review.models import Decision

_TOLD = OPEN | {Status.COMPLETED}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class FilePerson(_Part):
    """One of the household. `benefits`: the award is for him, too."""

    relation: str
    name: str
    birth_year: int
    benefits: bool


class FileFinding(_Part):
    """One condition, and whether it was met; null: a person settled it."""

    rule: str
    met: bool | None


class CaseConclusions(_Part):
    """What a case came to. `monthly_amount_fen`: what is paid this month, or in the first one."""

    application_number: str | None
    decision_number: str
    decided_on: date
    area_class: str
    members_counted: int
    members: tuple[FilePerson, ...]
    monthly_amount_fen: int
    from_month: date
    judged_on: date
    findings: tuple[FileFinding, ...]


def conclude(
    db: ReadSession, application: Application, award: Award, decision: Decision, body: Mapping[str, Any], fen: int
) -> CaseConclusions:
    """Put together what is told; `application` is loaded whole, `body` is what was decided on."""
    people = [
        FilePerson(
            relation=member.relation,
            name=mask_name(name_of(db, member)),
            birth_year=member.birth_date.year,
            benefits=member.claimed,
        )
        for member in application.members
    ]
    judged = body["assessment"]
    return CaseConclusions(
        application_number=application.number,
        decision_number=decision.number,
        decided_on=decision.decided_on,
        area_class=application.area_class,
        members_counted=decision.members_counted,
        members=tuple(people),
        monthly_amount_fen=fen,
        from_month=award.from_month,
        judged_on=date.fromisoformat(judged["on"]),
        findings=_conditions(judged["findings"]),
    )


def _conditions(findings: Sequence[Mapping[str, Any]]) -> tuple[FileFinding, ...]:
    return tuple(FileFinding(rule=each["rule"], met=each["met"]) for each in findings if each["weight"] != Weight.NOTE)


def seal_file(db: ReadSession, row: UUID, to_county: str, told: CaseConclusions) -> bytes:
    """Seal it under the key of the county that it is for."""
    return db.vault.seal("handovers.file", row, told.model_dump_json(), division=to_county)


def open_file(db: ReadSession, handover: Handover) -> CaseConclusions | None:
    """Return what the other county is told: from when it is released, as long as it has something to decide on, or went
    on with the award."""
    if handover.file_sealed is None or handover.status not in _TOLD:
        return None
    return CaseConclusions.model_validate_json(db.vault.open("handovers.file", handover.id, handover.file_sealed))
