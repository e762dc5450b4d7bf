"""No code of the timeline stands without words: what any stage may write there is looked up in the code itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.api.common.progress_words import EXTENDED, STATUS_WORDS, STEP_TITLES, words_of_outcome
from app.applications.clocks import EXTENSION_REASONS, StepKind
from app.applications.lifecycle import OPEN, Status
from app.applications.promise_lifecycle import Settlement as Broken
from app.awards.lifecycle import HANDED_OVER, Settlement
from app.campaigns.lifecycle import Outcome
from app.corrections.lifecycle import Status as Correction
from app.handovers.lifecycle import Status as Handover
from app.overpayments.lifecycle import Status as Recovery
from app.review.commands import evidence_answers
from app.review.notice_skipping import SkipGround
from app.verification.commands import sending_disputes
from app.verification.dispute_lifecycle import Status as Dispute

APP = Path(__file__).parents[3] / "app"
_CLOSING = {"close_step": 3, "close_all_steps": 2, "close_review": 3}  # where the outcome stands


def _written() -> Iterator[str]:
    """Yield the outcomes that are written out where a step is closed."""
    for path in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CLOSING:
                for part in ast.walk(node.args[_CLOSING[node.func.id]]):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value[-1] != "_":
                        yield part.value


def _computed() -> Iterator[str]:
    """Yield those that come from a lifecycle."""
    yield from set(Status) - OPEN - {Status.DISCARDED}
    yield from set(Broken) | set(Outcome)
    yield from set(Settlement) - {Settlement.NONE, Settlement.OPEN}
    yield from {Correction.ACCEPTED, Correction.REFUSED}
    yield from {Handover.DECLINED, Handover.WITHDRAWN, Handover.COMPLETED}
    yield from {Recovery.REPAID, Recovery.WRITTEN_OFF, Recovery.DROPPED}
    yield from {Dispute.CORRECTED, Dispute.UPHELD, Dispute.TAKEN_BACK, Dispute.LAPSED}
    yield from (f"not_posted_{ground}" for ground in SkipGround)
    yield from ("favourable", "unfavourable", "settled", "stands", HANDED_OVER)
    yield from (evidence_answers.RECEIVED, evidence_answers.NO_ANSWER)
    yield from (evidence_answers.NOT_WAITED_FOR, evidence_answers.ENDED)
    yield sending_disputes.SENT


def test_where_steps_are_closed_outcomes_are_found():
    assert {"accepted", "supplement_requested", "no_objection", "paid", "delivered"} <= set(_written())


@pytest.mark.parametrize("outcome", sorted({str(each) for each in (*_written(), *_computed())}))
def test_every_outcome_has_words_in_both_languages(outcome):
    words = words_of_outcome(StepKind.OPINION, outcome)

    assert words is not None
    assert all(words)
    assert outcome not in words


def test_every_status_step_and_reason_has_words():
    assert set(STATUS_WORDS) == set(Status)
    assert set(STEP_TITLES) == set(StepKind)
    assert set(EXTENDED) == EXTENSION_REASONS


def test_an_open_step_has_no_outcome_and_a_code_of_long_ago_stands_alone():
    assert words_of_outcome(StepKind.OPINION, None) is None
    assert words_of_outcome(StepKind.OPINION, "of_long_ago") is None
