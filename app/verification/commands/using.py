"""Asking about nobody twice: a case takes the answer that another case of the same person has, while it is fresh.

Only a first question does so, and a campaign's. Who objects to an answer, or asks an agency again, wants a new one.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from app.applications.household import id_number_of
from app.applications.models import Application, Member
from app.audit.commands import record_act, record_look
from app.audit.purposes import Purpose
from app.audit.subjects import Case
from app.core.clock import today
from app.core.db import WriteSession
from app.core.ids import new_id
from app.facts import Answer, Item, Outcome
from app.identity.actors import SYSTEM
from app.identity.queries import find_accounts
from app.reference.term_queries import load_procedure
from app.verification.commands.answering import keep_answer
from app.verification.commands.opening import FIRST_ROUND
from app.verification.group_queries import Place, find_answers_elsewhere
from app.verification.lifecycle import LIFECYCLE, Action, Status
from app.verification.models import Check
from app.verification.need_models import CheckUse
from app.verification.queries import facts_found


async def use_fresh_answers(
    db: WriteSession, application: Application, checks: Sequence[Check], members: Mapping[UUID, Member]
) -> list[Check]:
    """Answer questions that were never put by what an agency said about the same person for another case; return those
    for which there is no such answer, or it is too old here. Its times stay those of the question that was put."""
    places: dict[UUID, Place] = {
        check.id: (members[check.member_id].id_number_index, Item(check.item)) for check in checks if _is_first(check)
    }
    answers = await find_answers_elsewhere(db, application.id, places.values()) if places else {}
    if not answers:
        return list(checks)
    procedure, now, left = await load_procedure(db, application.division, today(db.clock)), db.clock.now(), []
    accounts = await find_other_accounts(db, application, members)
    for check in checks:
        place = places.get(check.id)
        source = answers.get((place, check.partner, check.purpose)) if place is not None else None
        days = procedure.fresh_days_of(check.item).value
        answered_at = source.answered_at if source is not None and days else None
        if source is not None and answered_at is not None and answered_at >= now - timedelta(days=days):
            await _use(db, application, check, accounts.get(check.member_id), source, answered_at)
        else:
            left.append(check)
    return left


def _is_first(check: Check) -> bool:
    untried = not check.attempts and not check.attempts_before
    first = check.round == FIRST_ROUND or check.campaign_id is not None or check.of_supporter
    return check.status == Status.REQUESTED and first and untried


async def _use(
    db: WriteSession, application: Application, check: Check, account: UUID | None, source: Check, answered_at: datetime
) -> None:
    db.add(
        CheckUse(
            id=new_id(),
            county=check.county,
            division=check.division,
            application_id=check.application_id,
            check_id=check.id,
            source_check_id=source.id,
            authorisation_id=check.authorisation_id,
            answered_at=answered_at,
            used_at=db.clock.now(),
        )
    )
    await record_act(
        db,
        SYSTEM,
        "check.use",
        "check",
        check.id,
        case=application.case,
        item=check.item,
        partner=check.partner,
        source=str(source.id),
        authorisation=str(check.authorisation_id),
    )
    if account is not None:
        await record_look(
            db,
            SYSTEM,
            "check.use",
            "check",
            check.id,
            cases=[Case(None, account)],
            county=check.county,
            purpose=Purpose.VERIFICATION,
            item=check.item,
        )
    check.status = LIFECYCLE.step(check.status, Action.ANSWER, SYSTEM.role).target
    check.asked_at = source.asked_at
    assert source.outcome is not None  # by the table: it is answered
    answer = Answer(Outcome(source.outcome), facts_found(db, source))
    await keep_answer(db, application, check, answer, at=answered_at)


async def find_other_accounts(
    db: WriteSession, application: Application, members: Mapping[UUID, Member]
) -> Mapping[UUID, UUID]:
    """Return the accounts of those members who have one and are not the applicant, by the member's id."""
    numbers = {member.id: id_number_of(db, member) for member in members.values()}
    accounts = await find_accounts(db, numbers.values())
    found = {member: accounts.get(number) for member, number in numbers.items()}
    return {member: account for member, account in found.items() if account not in (None, application.applicant_id)}
