"""The record of a decision: what it says, and what it is made of."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.applications.models import Application
from app.core.clock import today
from app.core.crypto import ValueErased
from app.core.db import ReadSession, WriteSession
from app.core.ids import new_id, new_number
from app.core.months import first_of_month, next_month
from app.identity.actors import Actor
from app.programs.assessment import Weight
from app.programs.canonical import Json, canonical_bytes
from app.reference.divisions import level_of
from app.reference.procedure import Authority
from app.review.assessing import digest_of, open_assessment
from app.review.authority import authority_of
from app.review.basis import basis_of, remedies_of
from app.review.grounds import RefusalGround, laws_of_ground
from app.review.models import Assessment, Decision, Opinion
from app.review.notice_skipping import BASIS, SkipGround
from app.verification.models import HouseholdReport

APPROVED, REFUSED = "approved", "refused"
_GROUND = "@ground"  # beside the names of rules, and never one


@dataclass(frozen=True)
class Papers:
    """What the county decides on."""

    application: Application
    review_id: UUID
    opinion: Opinion
    assessment: Assessment
    report: HouseholdReport


async def keep_decision(
    db: WriteSession,
    actor: Actor,
    papers: Papers,
    *,
    outcome: str,
    statement: str | None = None,
    reasons: Sequence[str] = (),
    ground: RefusalGround | None = None,
) -> Decision:
    """Write the decision: the amount of the assessment from the month after (D57 art. 21), or nothing with reasons, and
    with the ground where the rules speak for the household."""
    on, application, assessment = today(db.clock), papers.application, papers.assessment
    body = open_assessment(db, assessment)
    row = Decision(
        id=new_id(),
        county=application.county,
        division=application.division,
        number=new_number("JD", application.county, on),
        application_id=application.id,
        review_id=papers.review_id,
        assessment_id=assessment.id,
        program=application.program,
        outcome=outcome,
        monthly_amount_fen=assessment.monthly_amount_fen if outcome == APPROVED else 0,
        members_counted=assessment.members_counted,
        first_month=next_month(first_of_month(on)) if outcome == APPROVED else None,
        basis=basis_of(
            outcome,
            on,
            [*_laws_that_decided(outcome, body["assessment"]), *(laws_of_ground(ground, on) if ground else [])],
            by_township=authority_of(application) is Authority.TOWNSHIP,
        ),
        remedies=remedies_of(on),
        parameter_versions=assessment.parameter_versions,
        decided_by=actor.id,
        decided_on=on,
        decided_at=db.clock.now(),
    )
    record = decided(row, actor, statement, list(reasons), ground)
    content = canonical_bytes({**body, "opinion": _opinion(db, papers.opinion), "decision": record})
    row.digest = digest_of(content)
    row.body_sealed = db.vault.seal("decisions.body", row.id, content.decode(), division=row.county)
    db.add(row)
    await db.flush()
    return row


def open_decision(db: ReadSession, row: Decision) -> dict[str, Any]:
    """Return the body of a decision: case, parameters, assessment, opinion, decision.

    Raises:
        ValueErased: it went with the case's file.
    """
    if row.body_sealed is None:
        raise ValueErased
    body: dict[str, Any] = json.loads(db.vault.open("decisions.body", row.id, row.body_sealed))
    return body


def write_reasons(reasons: Mapping[str, str], ground: RefusalGround | None) -> str:
    """Write how the reviewer settled each open point, and the ground of an opinion against a household that the rules
    speak for; both are sealed as one text."""
    named = {_GROUND: ground.value} if ground else {}
    return json.dumps({**reasons, **named}, ensure_ascii=False, sort_keys=True)


def open_reasons(db: ReadSession, opinion: Opinion) -> dict[str, str]:
    """Return how the reviewer settled each point the rules left open."""
    return {rule: reason for rule, reason in _written(db, opinion).items() if rule != _GROUND}


def open_ground(db: ReadSession, opinion: Opinion) -> RefusalGround | None:
    """Return the ground that an unfavourable opinion names, where it had to or did."""
    named = _written(db, opinion).get(_GROUND)
    return RefusalGround(named) if named else None


def _written(db: ReadSession, opinion: Opinion) -> dict[str, str]:
    written: dict[str, str] = json.loads(db.vault.open("opinions.reasons", opinion.id, opinion.reasons_sealed))
    return written


def open_statement(db: ReadSession, opinion: Opinion) -> str:
    """Return the reviewer's words."""
    return db.vault.open("opinions.statement", opinion.id, opinion.statement_sealed)


def _opinion(db: ReadSession, opinion: Opinion) -> dict[str, Json]:
    skipped = opinion.notice_skipped
    unposted: dict[str, Json] = (
        {} if skipped is None else {"notice_skipped": skipped, "notice_skipped_by": BASIS[SkipGround(skipped)]}
    )
    ground = open_ground(db, opinion)
    named: dict[str, Json] = {} if ground is None else {"ground": ground.value}
    return {
        **unposted,
        **named,
        "id": str(opinion.id),
        "round": opinion.round,
        "favourable": opinion.favourable,
        "given_by": str(opinion.given_by),
        "statement": open_statement(db, opinion),
        "reasons": open_reasons(db, opinion),
    }


def row_of(row: Decision) -> dict[str, Json]:
    """Write what the row of a decision tells of it: what letters and lists are made of."""
    return {
        "id": str(row.id),
        "number": row.number,
        "application": str(row.application_id),
        "assessment": str(row.assessment_id),
        "outcome": row.outcome,
        "monthly_amount_fen": row.monthly_amount_fen,
        "members_counted": row.members_counted,
        "first_month": _iso(row.first_month),
        "decided_on": _iso(row.decided_on),
        "decided_by": str(row.decided_by),
        "basis": row.basis,
        "remedies": row.remedies,
    }


def decided(
    row: Decision, actor: Actor, statement: str | None, reasons: list[str], ground: RefusalGround | None = None
) -> dict[str, Json]:
    """Write what was decided, by whom and why, as the record of a decision has it."""
    named: dict[str, Json] = {} if ground is None else {"ground": ground.value}
    return {
        **named,
        **row_of(row),
        "decided_by_role": actor.role.value,
        "decided_at_level": level_of(actor.division).value if actor.division else None,
        "statement": statement,
        "reasons": reasons,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _laws_that_decided(outcome: str, judgement: Mapping[str, Any]) -> list[str]:
    """List the laws of the conditions: all of them where they are met, the failed and open ones of a refusal."""
    conditions = [finding for finding in judgement["findings"] if finding["weight"] != Weight.NOTE]
    if outcome == REFUSED:
        conditions = [finding for finding in conditions if finding["met"] is not True]
    return [law for finding in conditions for law in finding["law"]]
