"""A decision as a letter would say it: what, why, by which law, and what may be done against it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal
from uuid import UUID

from app.api.common.explanations import FindingOut, Language
from app.api.common.free_words import Words
from app.api.common.schemas import Out
from app.core.db import ReadSession
from app.core.money import CURRENCY
from app.identity.actors import SYSTEM
from app.review.decisions import open_decision
from app.review.grounds import WORDS, RefusalGround, laws_of_ground
from app.review.models import Decision

REMEDIES: dict[str, dict[Language, str]] = {
    "administrative_reconsideration": {
        "zh": "如不服本决定，可以自知道本决定之日起60日内向县级人民政府申请行政复议。",
        "en": "You may apply to the county people's government for administrative reconsideration within 60 days from "
        "the day you learn of this decision.",
    },
    "administrative_suit": {
        "zh": "也可以自知道本决定之日起6个月内依法向人民法院提起行政诉讼。",
        "en": "You may also bring an administrative suit before the people's court within 6 months from that day.",
    },
}


class RemedyOut(Out):
    """What may be done against the decision: where, within what time from learning of it, by which law."""

    kind: str
    body: str
    within: int
    unit: str
    basis: list[str]
    text: str

    @classmethod
    def of(cls, stored: Mapping[str, Any], language: Language) -> "RemedyOut":
        """Shape one remedy as it is stored."""
        return cls(**stored, text=REMEDIES[stored["kind"]][language])


class GroundOut(Out):
    """What a refusal rests on beside the rules: the code, its words, its law."""

    code: RefusalGround
    text: str
    law: list[str]

    @classmethod
    def of(cls, stored: str | None, on: date, language: Language) -> "GroundOut | None":
        """Shape the ground of a decision of a day, where it has one."""
        if stored is None:
            return None
        ground = RefusalGround(stored)
        return cls(code=ground, text=WORDS[ground].to(language), law=laws_of_ground(ground, on))


class DecisionOut(Out):
    """The county's decision. `first_month` is the first month that is paid; `reasons` are those of a refusal.

    A person decided it, of `decided_by_role` at `decided_at_level`, null in decisions of before that was kept; what the
    rules computed is advice (个人信息保护法 art. 24). `notice_skipped`: the ground on which nothing was posted.
    `ground`, of a refusal: what a person found against a household that the rules speak for, with its words and law.
    `digest` is the SHA-256 of the whole record: case, numbers, findings, opinion and decision.
    """

    id: UUID
    number: str
    program: str
    outcome: Literal["approved", "refused"]
    monthly_amount_fen: int
    currency: str
    members_counted: int
    first_month: str | None
    decided_on: str
    decided_by_person: bool
    decided_by_role: str | None
    decided_at_level: str | None
    notice_skipped: str | None
    statement: Words | None
    ground: GroundOut | None
    reasons: list[Words]
    findings: list[FindingOut]
    basis: list[str]
    remedies: list[RemedyOut]
    digest: str

    @classmethod
    def of(cls, db: ReadSession, row: Decision, language: Language) -> "DecisionOut":
        """Shape a decision, with its findings in words."""
        body = open_decision(db, row)
        return cls(
            id=row.id,
            number=row.number,
            program=row.program,
            outcome="approved" if row.outcome == "approved" else "refused",
            monthly_amount_fen=row.monthly_amount_fen,
            currency=CURRENCY,
            members_counted=row.members_counted,
            first_month=row.first_month.isoformat() if row.first_month else None,
            decided_on=row.decided_on.isoformat(),
            decided_by_person=row.decided_by != SYSTEM.id,
            decided_by_role=body["decision"].get("decided_by_role"),
            decided_at_level=body["decision"].get("decided_at_level"),
            notice_skipped=body["opinion"].get("notice_skipped"),
            statement=body["decision"]["statement"],
            ground=GroundOut.of(body["decision"].get("ground"), row.decided_on, language),
            reasons=body["decision"]["reasons"],
            findings=[FindingOut.of(row.program, finding, language) for finding in body["assessment"]["findings"]],
            basis=row.basis,
            remedies=[RemedyOut.of(remedy, language) for remedy in row.remedies],
            digest=row.digest,
        )
