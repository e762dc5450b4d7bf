"""The use cases of this stage, one module each group."""

from app.verification.commands.answering import record_answer, take_late_answer
from app.verification.commands.asking import (
    Claimed,
    claim_check,
    hand_over_due_checks,
    record_hold,
    record_silence,
    record_ticket,
)
from app.verification.commands.attempts import keep_attempt
from app.verification.commands.cancelling import cancel_void_checks
from app.verification.commands.casework import GivenAnswer, answer_check_manually, retry_check
from app.verification.commands.filling import begin_prefill
from app.verification.commands.opening import ASK_CHECK, open_application_checks
from app.verification.commands.rechecking import ask_again
from app.verification.commands.reporting import conclude
from app.verification.commands.watching import reroute, tell_of_answers, tell_of_silence

__all__ = [
    "ASK_CHECK",
    "Claimed",
    "GivenAnswer",
    "answer_check_manually",
    "ask_again",
    "begin_prefill",
    "cancel_void_checks",
    "claim_check",
    "conclude",
    "hand_over_due_checks",
    "keep_attempt",
    "open_application_checks",
    "record_answer",
    "record_hold",
    "record_silence",
    "record_ticket",
    "reroute",
    "retry_check",
    "take_late_answer",
    "tell_of_answers",
    "tell_of_silence",
]
