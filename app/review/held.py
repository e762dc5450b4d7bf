"""What the review holds about a citizen: visits, opinions, assessments, decisions. Nobody of the staff is named.

The records of visits, appraisals and evidence letters tell what others said: they are kept back, as are the facts about
single members that an assessment started from; its findings are given whole.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from app.core.db import ReadSession
from app.core.held import Holding, Subject
from app.review.assessing import open_assessment
from app.review.check_result_models import CheckResult
from app.review.decisions import open_decision
from app.review.evidence_models import EvidenceLetter
from app.review.models import (
    Appraisal,
    Assessment,
    Decision,
    DecisionDelivery,
    HumanReview,
    Opinion,
    Review,
    SendBack,
    Visit,
    VisitSignature,
)
from app.review.queries import decisions_of

_PEOPLE = frozenset({"county", "recorded_by", "given_by", "sent_by", "made_by", "decided_by"})
# Who was asked, and what he said of somebody: his, as what neighbours said is theirs.
_OF_OTHERS = frozenset(
    {"addressee_name_sealed", "addressee_address_sealed", "answers_sealed", "remarks_sealed", "scan_upload_id"}
)
_FINDINGS = ("findings", "per_capita_income_fen", "another_program", "members")


def _assessed(db: ReadSession, row: Assessment, _: Subject) -> Mapping[str, Any]:
    body = open_assessment(db, row).get("assessment", {})
    return {name: body.get(name) for name in _FINDINGS}


def _decided(db: ReadSession, row: Decision, _: Subject) -> Mapping[str, Any]:
    body = open_decision(db, row)
    decided = body.get("decision", {})
    findings = body.get("assessment", {}).get("findings", [])
    return {"statement": decided.get("statement"), "reasons": decided.get("reasons", []), "findings": findings}


def _signed(who: Subject) -> ColumnElement[bool]:
    """Of one's own cases who signed beside the investigators, and what one signed oneself for another's household."""
    of_household = and_(VisitSignature.application_id.in_(who.cases), VisitSignature.signer_kind != "investigator")
    return or_(of_household, and_(VisitSignature.signer_kind == "agent", VisitSignature.signer_id == who.citizen))


def _signer(_: ReadSession, row: VisitSignature, who: Subject) -> Mapping[str, Any]:
    """Who acted for the household is another account, or staff: that he signed is told, and not by which id."""
    own = row.signer_kind == "member" or row.signer_id == who.citizen
    return {"signer_id": row.signer_id} if own else {}


HELD = (
    Holding(
        Review,
        lambda who: Review.application_id.in_(who.cases),
        without=frozenset({"county", "version"}),
    ),
    Holding(
        Visit,
        lambda who: Visit.application_id.in_(who.cases),
        without=_PEOPLE | {"findings_sealed"},
        withheld=("findings",),
    ),
    Holding(
        VisitSignature,
        _signed,
        without=frozenset({"county", "signer_id"}),
        adds=_signer,
    ),
    Holding(
        Appraisal,
        lambda who: Appraisal.application_id.in_(who.cases),
        without=_PEOPLE | {"conclusion_sealed"},
        withheld=("conclusion",),
    ),
    Holding(
        Assessment,
        lambda who: Assessment.application_id.in_(who.cases),
        without=_PEOPLE | {"body_sealed", "parameter_versions"},
        adds=_assessed,
        withheld=("case",),
        most=10,
    ),
    Holding(
        EvidenceLetter,
        lambda who: EvidenceLetter.application_id.in_(who.cases),
        without=_PEOPLE | _OF_OTHERS | {"written_by", "entered_by", "set_aside_by", "version"},
        withheld=("addressee", "answers", "remarks", "scan"),
    ),
    Holding(
        Opinion,
        lambda who: Opinion.application_id.in_(who.cases),
        without=_PEOPLE | {"evidence_sealed"},
        withheld=("evidence",),
    ),
    Holding(
        HumanReview,
        lambda who: HumanReview.application_id.in_(who.cases),
        without=frozenset({"county", "answered_by"}),
    ),
    Holding(
        CheckResult,
        lambda who: CheckResult.application_id.in_(who.cases),
        without=_PEOPLE | {"recheck_asked_by"},
    ),
    Holding(SendBack, lambda who: SendBack.application_id.in_(who.cases), without=_PEOPLE),
    Holding(
        Decision,
        lambda who: Decision.application_id.in_(who.cases),
        without=_PEOPLE | {"body_sealed", "parameter_versions"},
        adds=_decided,
        withheld=("case",),
        most=20,
    ),
    Holding(DecisionDelivery, lambda who: DecisionDelivery.decision_id.in_(decisions_of(who.cases)), without=_PEOPLE),
)
