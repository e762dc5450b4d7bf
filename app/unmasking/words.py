"""What people wrote, whole, as JSON: elsewhere the numbers in it are masked (`identity/masks.py`)."""

import json
from typing import Any
from uuid import UUID

from app.applications.commands import words_of
from app.applications.promise_queries import list_promises
from app.applications.queries import get_application
from app.awards.queries import get_award, list_hearings
from app.complaints.contents import answer_of, text_of
from app.complaints.queries import get_complaint
from app.core.db import ReadSession
from app.corrections.contents import reason_of, right_of, wrong_of
from app.corrections.queries import get_correction
from app.identity.actors import Actor
from app.notices.queries import get_objection
from app.overpayments.queries import list_recoveries
from app.review.check_result_queries import list_check_results
from app.review.commands import objection_of
from app.review.commands.human_reviews import answer_of as answer_of_human_review
from app.review.commands.human_reviews import why_of
from app.review.decisions import open_reasons, open_statement
from app.review.evidence_queries import list_evidence_letters
from app.review.evidence_words import words_of_letter
from app.review.queries import list_appraisals, list_human_reviews, list_opinions, list_send_backs, list_visits
from app.unmasking.opened import Opened
from app.verification.commands import disputed_words_of, reasons_of
from app.verification.dispute_queries import get_dispute


async def of_application(db: ReadSession, actor: Actor, object_id: UUID) -> Opened:
    """Open what was written in the course of a case."""
    case = await get_application(db, actor, object_id)
    written = {
        "visits": [
            {"id": str(row.id), "findings": db.vault.open("visits.findings", row.id, row.findings_sealed)}
            for row in await list_visits(db, case.id)
        ],
        "appraisals": [
            {"id": str(row.id), "conclusion": db.vault.open("appraisals.conclusion", row.id, row.conclusion_sealed)}
            for row in await list_appraisals(db, case.id)
        ],
        "evidence_letters": [
            {"id": str(row.id), **words_of_letter(db, row)} for row in await list_evidence_letters(db, case.id)
        ],
        "opinions": [
            {"id": str(row.id), "statement": open_statement(db, row), "reasons": open_reasons(db, row)}
            for row in await list_opinions(db, case.id)
        ],
        "send_backs": [
            {"id": str(row.id), "reason": db.vault.open("send_backs.reason", row.id, row.reason_sealed)}
            for row in await list_send_backs(db, case.id)
        ],
        "check_results": [
            {"id": str(row.id), "objection": objection_of(db, row)} for row in await list_check_results(db, case.id)
        ],
        "promises": [{"id": str(row.id), **words_of(db, row)} for row in await list_promises(db, case.id)],
        "human_reviews": [
            {"id": str(row.id), "why": why_of(db, row), "answer": answer_of_human_review(db, row)}
            for row in await list_human_reviews(db, case.id)
        ],
    }
    return Opened(_written(written), case.county, case.case)


async def of_award(db: ReadSession, actor: Actor, object_id: UUID) -> Opened:
    """Open what the household said when it was heard, and why an award was stopped."""
    award = await get_award(db, actor, object_id)
    written = {
        "hearings": [
            {"id": str(row.id), "opinion": db.vault.open("award_hearings.opinion", row.id, row.opinion_sealed)}
            for row in await list_hearings(db, award.id)
        ],
        "recoveries": [
            {
                "id": str(row.id),
                "reason": db.vault.open("recoveries.reason", row.id, row.reason_sealed),
                "opinion": _open(db, "recoveries.opinion", row.id, row.opinion_sealed),
            }
            for row in await list_recoveries(db, award.id)
        ],
        "stop_reason": _open(db, "awards.stop_reason", award.id, award.stop_reason_sealed),
    }
    return Opened(_written(written), award.county, award.case)


async def of_complaint(db: ReadSession, actor: Actor, object_id: UUID) -> Opened:
    """Open a complaint and its answer; the household it is about does not learn of it."""
    row = await get_complaint(db, actor, object_id)
    written = {"text": text_of(db.vault, row), "answer": answer_of(db.vault, row)}
    return Opened(_written(written), row.county, None)


async def of_objection(db: ReadSession, actor: Actor, object_id: UUID) -> Opened:
    """Open an objection to a notice."""
    row = await get_objection(db, actor, object_id)
    statement = db.vault.open("objections.statement", row.id, row.statement_sealed)
    return Opened(_written({"statement": statement}), row.county, None)


async def of_dispute(db: ReadSession, actor: Actor, object_id: UUID) -> Opened:
    """Open what is said of a finding, and what its agency answered."""
    row = await get_dispute(db, actor, object_id)
    written = {"statement": disputed_words_of(db, row), "reasons": reasons_of(db, row)}
    return Opened(_written(written), row.county, row.case)


async def of_correction(db: ReadSession, actor: Actor, object_id: UUID) -> Opened:
    """Open what is said to be wrong, what would be right, and why it was refused."""
    row = await get_correction(db, actor, object_id)
    written = {"wrong": wrong_of(db, row), "right": right_of(db, row), "reason": reason_of(db, row)}
    return Opened(_written(written), row.county, row.case)


def _open(db: ReadSession, column: str, row: UUID, sealed: bytes | None) -> str | None:
    return None if sealed is None else db.vault.open(column, row, sealed)


def _written(words: Any) -> str:
    return json.dumps(words, ensure_ascii=False)
