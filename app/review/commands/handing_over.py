"""The decision that a taken over case rests on: the one it was granted by, confirmed by the county that takes it over.

No household is in an award without a decision (D57 art. 28), so the county that takes one over has one of its own. Its
facts are those of the first one, which is mutually recognised (社会救助法 art. 42); what they give by this county's
numbers is for the award to say.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from app.applications.copying import renamed
from app.applications.models import Application
from app.core.clock import today
from app.core.crypto import ValueErased
from app.core.db import WriteSession
from app.core.ids import new_id, new_number
from app.identity.actors import Actor
from app.programs.articles import law, review
from app.programs.canonical import canonical_bytes
from app.programs.errors import RulesVersionUnknown
from app.programs.laws import cite
from app.programs.registry import get_program
from app.review.assessing import digest_of
from app.review.basis import remedies_of
from app.review.decisions import APPROVED, decided, open_decision
from app.review.lifecycle import Status
from app.review.models import Assessment, Decision, Review
from app.review.queries import get_assessment

# Who took it over confirms and pays (art. 5, 20); a change is followed by the proper procedure (art. 32); what was
# confirmed is recognised elsewhere (社会救助法 art. 42).
_BASIS = (review("第五条"), review("第二十条"), review("第三十二条"), law("第四十二条"))


async def copy_decision(
    db: WriteSession, actor: Actor, before: Decision, case: Application, refs: Mapping[str, str], first_month: date
) -> Decision:
    """Keep the decision of the case that was taken over, with what a replay needs.

    `refs`: each member's id before and now.

    Raises:
        ValueErased: what it was decided on is not there any more.
    """
    body = _body_of(open_decision(db, before), case, refs, before)
    review_id, assessment = new_id(), await get_assessment(db, before.assessment_id)
    now = db.clock.now()
    db.add(
        Review(
            id=review_id,
            county=case.county,
            division=case.division,
            application_id=case.id,
            status=Status.CONFIRMED,
            created_at=now,
            ended_at=now,
        )
    )
    copied = _assessment_of(db, assessment, case, body)
    db.add(copied)
    await db.flush()
    row = _row_of(db, actor, before, case, (review_id, copied), first_month)
    content = canonical_bytes({**body, "decision": decided(row, actor, None, [])})
    row.digest = digest_of(content)
    row.body_sealed = db.vault.seal("decisions.body", row.id, content.decode(), division=row.county)
    db.add(row)
    await db.flush()
    return row


def _body_of(body: Mapping[str, Any], case: Application, refs: Mapping[str, str], before: Decision) -> dict[str, Any]:
    """Return the record with the persons of the new case in its new place, judged again by the numbers it has."""
    if "case" not in body:
        raise ValueErased
    judged_case = {**renamed(body["case"], refs), "division": case.division, "area_class": case.area_class}
    rules = body["assessment"]["rules_version"]
    try:
        judged = get_program(case.program).replay(judged_case, body["parameters"], rules).as_json()
    except RulesVersionUnknown:  # then nobody replays it here either
        judged = renamed(body["assessment"], refs)
    return {
        "case": judged_case,
        "parameters": body["parameters"],
        "assessment": judged,
        "opinion": body.get("opinion", {}),
        "taken_over": {"decision": before.number, "county": before.county, "decided_on": before.decided_on.isoformat()},
    }


def _assessment_of(db: WriteSession, before: Assessment, case: Application, body: Mapping[str, Any]) -> Assessment:
    row = new_id()
    content = canonical_bytes({name: body[name] for name in ("case", "parameters", "assessment")})
    return Assessment(
        id=row,
        county=case.county,
        division=case.division,
        application_id=case.id,
        report_id=before.report_id,
        program=before.program,
        judged_on=before.judged_on,
        outcome=before.outcome,
        monthly_amount_fen=before.monthly_amount_fen,
        members_counted=before.members_counted,
        parameter_versions=before.parameter_versions,
        digest=digest_of(content),
        body_sealed=db.vault.seal("assessments.body", row, content.decode(), division=case.county),
        made_by=before.made_by,
        made_at=before.made_at,
    )


def _row_of(
    db: WriteSession, actor: Actor, before: Decision, case: Application, made_of: tuple[Any, Assessment], first: date
) -> Decision:
    on, (review_id, assessment) = today(db.clock), made_of
    return Decision(
        id=new_id(),
        county=case.county,
        division=case.division,
        number=new_number("JD", case.county, on),
        application_id=case.id,
        review_id=review_id,
        assessment_id=assessment.id,
        program=case.program,
        outcome=APPROVED,
        monthly_amount_fen=before.monthly_amount_fen,
        members_counted=before.members_counted,
        first_month=first,
        basis=json.loads(canonical_bytes(list(cite(_BASIS, on)))),
        remedies=remedies_of(on),
        parameter_versions=before.parameter_versions,
        decided_by=actor.id,
        decided_on=on,
        decided_at=db.clock.now(),
    )
