"""The use cases of this stage, one module each group."""

from app.review.commands.check_results import (
    accept_result,
    findings_of,
    let_stand,
    object_to_result,
    objection_of,
    recheck,
    weigh_report,
)
from app.review.commands.conflicts import register_conflict, register_relative, withdraw_conflict
from app.review.commands.county import object_to_opinion, require_county_visit, send_back, send_to_county
from app.review.commands.deciding import confirm, record_delivery, refuse
from app.review.commands.evidence import Asked, Sending, send_evidence_letter, write_evidence_letter
from app.review.commands.evidence_answers import (
    Reply,
    cancel_evidence_letters,
    enter_evidence_answer,
    note_silence,
    set_evidence_letter_aside,
)
from app.review.commands.human_reviews import answer_human_review, ask_human_review
from app.review.commands.opening import begin_review, end_review, lock_review, open_opinion_step
from app.review.commands.opinions import give_opinion
from app.review.commands.replaying import replay_next, replay_one
from app.review.commands.revisiting import Revisited, revisit
from app.review.commands.surveys import (
    AppraisalDetails,
    VisitDetails,
    record_appraisal,
    record_county_visit,
    record_visit,
)

__all__ = [
    "AppraisalDetails",
    "Asked",
    "Reply",
    "Revisited",
    "Sending",
    "VisitDetails",
    "accept_result",
    "answer_human_review",
    "ask_human_review",
    "begin_review",
    "cancel_evidence_letters",
    "confirm",
    "end_review",
    "enter_evidence_answer",
    "findings_of",
    "give_opinion",
    "let_stand",
    "lock_review",
    "note_silence",
    "object_to_opinion",
    "object_to_result",
    "objection_of",
    "open_opinion_step",
    "recheck",
    "record_appraisal",
    "record_county_visit",
    "record_delivery",
    "record_visit",
    "refuse",
    "register_conflict",
    "register_relative",
    "replay_next",
    "replay_one",
    "require_county_visit",
    "revisit",
    "send_back",
    "send_evidence_letter",
    "send_to_county",
    "set_evidence_letter_aside",
    "weigh_report",
    "withdraw_conflict",
    "write_evidence_letter",
]
