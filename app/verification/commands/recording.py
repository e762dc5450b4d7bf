"""What came of questions that were put together is kept together: answers, acknowledgements, silence, holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.applications.models import Application
from app.core.db import WriteSession
from app.facts import Answer, Outcome
from app.identity.actors import SYSTEM
from app.partners.base import Acknowledged, GroundsGone, HeldBack, PartnerUnavailable
from app.reference.procedure import Mode
from app.verification.commands.answering import take_answer
from app.verification.commands.asking import keep_hold, keep_silence, keep_ticket
from app.verification.commands.attempts import keep_attempt
from app.verification.commands.cancelling import keep_unput, served_in
from app.verification.commands.claiming import Claimed
from app.verification.commands.reporting import conclude
from app.verification.group_queries import list_in_force, lock_checks, write_answers
from app.verification.lifecycle import ASKED, LIFECYCLE, Action
from app.verification.models import Check
from app.verification.patience import Patience
from app.verification.prefill import PREFILLING
from app.verification.values import write_facts


@dataclass(frozen=True)
class Result:
    """What came of one question. `took`: seconds."""

    claimed: Claimed
    came: Answer | Acknowledged | PartnerUnavailable | GroundsGone
    took: float


async def record_results(db: WriteSession, application_id: UUID, results: Sequence[Result], patience: Patience) -> None:
    """Keep what came of some of a case's questions, and issue the report if nothing is open any more.

    Raises:
        CheckNotFound: there is no such application.
    """
    application, checks = await lock_checks(db, application_id, [each.claimed.query.reference for each in results])
    known, in_force = {check.id: check for check in checks}, await list_in_force(db, application_id)
    answers: dict[UUID, Answer] = {}
    for result in results:
        check, came = known.get(result.claimed.query.reference), result.came
        if check is None:  # of a member who was taken out of the draft
            continue
        if isinstance(came, HeldBack):  # between the look and the call another question found the agency down
            await keep_hold(db, application, check, result.claimed.attempt, came, patience)
            continue
        if isinstance(came, GroundsGone):
            await keep_unput(db, application, check, result.claimed.attempt, in_force)
            continue
        keep_attempt(db, result.claimed, result.took, came)
        if isinstance(came, PartnerUnavailable):
            await keep_silence(db, application, check, came.reason, patience)
        elif isinstance(came, Acknowledged):
            keep_ticket(db, check, came.ticket, patience)
        elif _is_plain(application, check, in_force):
            LIFECYCLE.step(check.status, Action.ANSWER, SYSTEM.role)
            answers[check.id] = came
        else:
            await take_answer(db, SYSTEM, application, check, came)
    await db.flush()
    if answers:
        await _write(db, answers, known)
        await conclude(db, application)


def _is_plain(application: Application, check: Check, in_force: frozenset[UUID]) -> bool:
    """Say whether an answer has nothing to do but to be written: nobody entered one, nothing waits for it beside the
    report, and it is still authorised."""
    served = application.status in served_in(check) and check.authorisation_id in in_force
    plain = check.round != PREFILLING and check.campaign_id is None and check.mode == Mode.INTERFACE
    return served and check.status in ASKED and plain


async def _write(db: WriteSession, answers: Mapping[UUID, Answer], known: Mapping[UUID, Check]) -> None:
    rows = {
        check: (
            answer.outcome.value,
            db.vault.seal("checks.facts", check, write_facts(answer.facts), division=known[check].county)
            if answer.outcome is Outcome.HIT
            else None,
        )
        for check, answer in answers.items()
    }
    await write_answers(db, rows, db.clock.now())
