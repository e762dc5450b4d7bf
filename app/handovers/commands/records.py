"""What every act of this stage passes, and leaves behind."""

from typing import Any

from app.audit.commands import record_act
from app.awards.models import Award
from app.core.db import WriteSession
from app.handovers.errors import OtherCountysStep
from app.handovers.lifecycle import FROM_THERE, LIFECYCLE, Action, Status
from app.handovers.models import Handover
from app.identity.actors import Actor, Role
from app.reference.divisions import covers


def side_of(actor: Actor, handover: Handover, action: Action) -> bool:
    """Say whether an action is for the actor's county: of what is done, half is the one's and half the other's."""
    if actor.role is Role.SYSTEM:
        return True
    place = handover.division if action in FROM_THERE else handover.to_division
    return actor.division is not None and covers(actor.division, place)


def step_of(actor: Actor, handover: Handover, action: Action) -> Status:
    """Return where an action leads.

    Raises:
        OtherCountysStep: it is not for the actor's county.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
    """
    if not side_of(actor, handover, action):
        raise OtherCountysStep
    return LIFECYCLE.step(handover.status, action, actor.role).target


def actions_of(actor: Actor, handover: Handover) -> list[Action]:
    """List what the actor may do now."""
    return [each for each in LIFECYCLE.actions(handover.status, actor.role) if side_of(actor, handover, each)]


def whose(handover: Handover) -> dict[str, Any]:
    """Return what every event of this stage says, by the fields of `AwardEvent`."""
    return {
        "subject": handover.award_id,
        "county": handover.county,
        "applicant_id": handover.beneficiary_id,
        "application_id": handover.application_id,
        "handover_id": handover.id,
    }


async def record(
    db: WriteSession, actor: Actor, act: str, handover: Handover, *, first: str | None = None, reason: str | None = None
) -> None:
    """Keep who did what, in the same transaction. `first`: the month; `reason`: the code it rests on."""
    detail: dict[str, Any] = {"first": first} if first else {}
    detail |= {"ground": reason} if reason else {}
    await db.flush()
    await record_act(
        db, actor, act, "handover", handover.id, row=handover, case=handover.case, award=str(handover.award_id),
        to=handover.to_division, **detail,
    )  # fmt: skip


async def record_new_award(db: WriteSession, actor: Actor, award: Award, handover: Handover) -> None:
    """Keep that an award was opened by a hand-over."""
    await record_act(
        db, actor, "award.take_over", "award", award.id, row=award, case=award.case, handover=str(handover.id),
        first=award.from_month.isoformat(),
    )  # fmt: skip
