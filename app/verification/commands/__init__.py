"""The use cases of this stage, one module each group."""

from app.verification.commands.answering import note_unsigned_answer, record_answer, take_late_answer
from app.verification.commands.answering_disputes import (
    TicketAnswer,
    Written,
    answer_dispute,
    disputed_words_of,
    find_disputed,
    let_disputes_lapse,
    move_on,
    reasons_of,
    settle_disputes,
)
from app.verification.commands.asking import hand_over_due_checks
from app.verification.commands.cancelling import cancel_campaigns_checks, cancel_rechecks, cancel_void_checks
from app.verification.commands.casework import GivenAnswer, answer_check_manually, retry_check
from app.verification.commands.claiming import Claimed, claim_checks
from app.verification.commands.concluding import conclude_from_report, statement_of
from app.verification.commands.disputing import (
    Disputed,
    may_be_asked,
    raise_dispute,
    take_back_dispute,
    take_up_unwritten,
)
from app.verification.commands.filling import begin_prefill
from app.verification.commands.gathering import WORK_BATCH
from app.verification.commands.opening import ASK_CHECK, ASK_CHECKS, asking_by_case, open_application_checks
from app.verification.commands.rechecking import ask_again
from app.verification.commands.recording import Result, record_results
from app.verification.commands.renewing import renew_report
from app.verification.commands.reporting import FOLLOW_LATER_REPORT, conclude
from app.verification.commands.sending_disputes import send_dispute
from app.verification.commands.supporting import follow_supporters
from app.verification.commands.watching import (
    give_away,
    is_about_one_item,
    reroute,
    tell_of_answers,
    tell_of_silence,
    wholes_and_items,
)

__all__ = [
    "ASK_CHECK",
    "ASK_CHECKS",
    "FOLLOW_LATER_REPORT",
    "WORK_BATCH",
    "Claimed",
    "Disputed",
    "GivenAnswer",
    "Result",
    "TicketAnswer",
    "Written",
    "answer_check_manually",
    "answer_dispute",
    "ask_again",
    "asking_by_case",
    "begin_prefill",
    "cancel_campaigns_checks",
    "cancel_rechecks",
    "cancel_void_checks",
    "claim_checks",
    "conclude",
    "conclude_from_report",
    "disputed_words_of",
    "find_disputed",
    "follow_supporters",
    "give_away",
    "hand_over_due_checks",
    "is_about_one_item",
    "let_disputes_lapse",
    "may_be_asked",
    "move_on",
    "note_unsigned_answer",
    "open_application_checks",
    "raise_dispute",
    "reasons_of",
    "record_answer",
    "record_results",
    "renew_report",
    "reroute",
    "retry_check",
    "send_dispute",
    "settle_disputes",
    "statement_of",
    "take_back_dispute",
    "take_late_answer",
    "take_up_unwritten",
    "tell_of_answers",
    "tell_of_silence",
    "wholes_and_items",
]
