"""Judging one application: facts beside the declaration, published numbers, and what the program's rules say.

The rules never see the database and the database never sees the rules: everything they share is put together here, and
kept as one canonical string of bytes, so that years later the same bytes come out again.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.applications.household import answers_of, facts_of
from app.applications.models import Application
from app.core.clock import today
from app.core.crypto import ValueErased
from app.core.db import ReadSession, WriteSession
from app.core.ids import new_id
from app.identity.actors import Actor
from app.programs.assessment import Assessment as Judgement
from app.programs.assessment import Finding, Outcome, Weight
from app.programs.base import Parameters, Program
from app.programs.canonical import Json, canonical_bytes
from app.programs.case import Case
from app.programs.registry import get_program
from app.review.errors import VerificationIncomplete
from app.review.models import Assessment
from app.review.numbers import resolve_parameters
from app.verification.queries import collect_facts, find_current_report, has_open_checks


@dataclass(frozen=True)
class Prepared:
    """A judgement made now, with everything it rests on."""

    program: Program[Any, Any]
    report_id: UUID
    case: Case[Any]
    parameters: Parameters
    judgement: Judgement

    def body(self) -> dict[str, Json]:
        """Write what a replay needs, and what it must reproduce."""
        return {
            "case": self.case.as_json(),
            "parameters": self.parameters.as_json(),
            "assessment": self.judgement.as_json(),
        }

    def versions(self) -> dict[str, Json]:
        """Name the rules and every number with its source; public facts, nothing about the household."""
        return {
            "program": self.program.code,
            "form_version": self.program.form_version,
            "rules_version": self.program.rules_version,
            "parameters": self.parameters.as_json(),
        }


async def judge(db: ReadSession, application: Application) -> Prepared:
    """Judge an application, loaded with its members, by the rules and numbers of today.

    Raises:
        VerificationIncomplete: there is no current report, or an agency is still being asked.
        StandardMissing, ParameterNotUsable, RulesNotInForce: the numbers of this place and day cannot be used.
    """
    report = await find_current_report(db, application.id)
    if report is None or await has_open_checks(db, application.id):
        raise VerificationIncomplete
    program, on = get_program(application.program), today(db.clock)
    collected = await collect_facts(db, application.id)
    case = program.build_case(
        area_class="urban" if application.area_class == "urban" else "rural",
        division=application.division,
        members=[facts_of(db, member) for member in application.members],
        answers=answers_of(db, application),
        verified=collected.facts,
        unavailable=collected.unavailable,
        asked=collected.asked,
    )
    parameters = await resolve_parameters(db, program, application.division, application.area_class, on)
    return Prepared(program, report.id, case, parameters, program.assess(case, parameters, on))


async def verification_is_complete(db: ReadSession, application_id: UUID) -> bool:
    """Say whether the report is there and nobody is still being asked."""
    return await find_current_report(db, application_id) is not None and not await has_open_checks(db, application_id)


async def keep_assessment(db: WriteSession, actor: Actor, application: Application, prepared: Prepared) -> Assessment:
    """Store a judgement, sealed, with the digest of its canonical bytes."""
    row_id, content = new_id(), canonical_bytes(prepared.body())
    row = Assessment(
        id=row_id,
        county=application.county,
        division=application.division,
        application_id=application.id,
        report_id=prepared.report_id,
        program=prepared.program.code,
        judged_on=prepared.judgement.on,
        outcome=prepared.judgement.outcome,
        monthly_amount_fen=prepared.judgement.monthly_amount_fen,
        members_counted=prepared.judgement.counted_members,
        parameter_versions=json.loads(canonical_bytes(prepared.versions())),
        digest=digest_of(content),
        body_sealed=db.vault.seal("assessments.body", row_id, content.decode(), division=application.county),
        made_by=actor.id,
        made_at=db.clock.now(),
    )
    db.add(row)
    await db.flush()
    return row


def open_assessment(db: ReadSession, row: Assessment) -> dict[str, Any]:
    """Return the body of a kept assessment: case, parameters, assessment.

    Raises:
        ValueErased: it went with the case's file.
    """
    if row.body_sealed is None:
        raise ValueErased
    body: dict[str, Any] = json.loads(db.vault.open("assessments.body", row.id, row.body_sealed))
    return body


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of canonical bytes, in hex."""
    return hashlib.sha256(content).hexdigest()


def open_points(judgement: Judgement) -> list[Finding]:
    """List the findings a person must settle before the case can be closed."""
    return [finding for finding in judgement.findings if finding.met is None and finding.weight is not Weight.NOTE]


def without_authorisation(application: Application, members: Iterable[Mapping[str, Any]]) -> list[str]:
    """List the counted members, as an assessment has them, who have no authorisation in force now.

    `application` is loaded with its authorisations.
    """
    live = {str(each.member_id) for each in application.authorisations if each.withdrawn_at is None}
    return [str(member["ref"]) for member in members if member["counted"] and member["ref"] not in live]


def allows_favour(judgement: Judgement) -> bool:
    """Say whether a favourable opinion is possible: nothing certain speaks against it, and there is an amount to pay.

    Beside the outcome every finding is looked at: while a foundation is open the outcome is "a person must look", and
    yet a condition may have failed for certain.
    """
    failed = any(finding.met is False and finding.weight is not Weight.NOTE for finding in judgement.findings)
    allowed = judgement.outcome in (Outcome.LIKELY_ELIGIBLE, Outcome.NEEDS_PERSON)
    return allowed and not failed and judgement.monthly_amount_fen > 0
