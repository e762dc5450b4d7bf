"""Judging decisions again: one that somebody asks about, and each night a sample of all."""

from uuid import UUID

import structlog
from cryptography.exceptions import InvalidTag

from app.applications.queries import list_cases
from app.audit.commands import record_act, record_look
from app.audit.purposes import Purpose
from app.core.crypto import ValueErased
from app.core.db import WriteSession
from app.core.errors import RoleNotAllowed
from app.identity.actors import SYSTEM, Actor, Role
from app.programs.errors import RulesVersionUnknown
from app.review.models import Decision, ReplayRun
from app.review.queries import get_decision_by_id
from app.review.replay import Replay, replay_decision

_MAY_REPLAY = frozenset({Role.COUNTY_HANDLER, Role.COUNTY_CONFIRMER, Role.SUPERVISOR})


async def replay_one(db: WriteSession, actor: Actor, decision_id: UUID) -> tuple[Decision, Replay]:
    """Judge the case of a decision again, by what was kept with it; the look is on record.

    Raises:
        DecisionUnknown: there is none, or it is not theirs to see.
        ConflictOfInterest: it is a close relative's.
        RoleNotAllowed: only the county's staff and supervisors ask for it.
        RulesVersionUnknown: the rules it was decided under are not here any more.
        ValueErased: it went with the case's file.
    """
    decision = await get_decision_by_id(db, actor, decision_id)
    if actor.role not in _MAY_REPLAY:
        raise RoleNotAllowed
    cases = await list_cases(db, [decision.application_id])
    await record_look(db, actor, "decision.replay", "decision", decision.id, cases=cases)
    return decision, replay_decision(db, decision)


async def replay_next(db: WriteSession, run: ReplayRun, decision_id: UUID) -> None:
    """Judge the next decision of a night's sample again; one that does not come out as it was made is an alarm.

    The alarm is a line of the log and a record of the audit; together with it the run moves on.
    """
    run.checked += 1
    decision = await db.get(Decision, decision_id)
    reason = _what_is_wrong(db, decision) if decision is not None else None
    if decision is None or reason is None:
        return
    run.different += 1
    structlog.get_logger().error("decision does not replay", decision_id=str(decision.id), reason=reason)
    (case,) = await list_cases(db, [decision.application_id])
    await record_act(
        db,
        SYSTEM,
        "decision.replay_alarm",
        "decision",
        decision.id,
        purpose=Purpose.SUPERVISION,
        case=case,
        reason=reason,
    )


def _what_is_wrong(db: WriteSession, decision: Decision) -> str | None:
    try:
        again = replay_decision(db, decision)
    except ValueErased:  # since the sample was drawn
        return None
    except RulesVersionUnknown:
        return "rules_version_unknown"
    except InvalidTag:  # what lies there is not what was sealed
        return "unreadable"
    if again.same:
        return None
    return "record_changed" if not again.digest_fits else "differs"
