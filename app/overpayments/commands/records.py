"""What every act of this stage leaves behind."""

from typing import Any

from app.audit.commands import record_act
from app.awards.models import Award
from app.core.db import WriteSession
from app.events.commands import record_event
from app.identity.actors import Actor
from app.overpayments.events import RecoveryEnded
from app.overpayments.models import Recovery


def whose(award: Award, recovery: Recovery) -> dict[str, Any]:
    """Return what every event of this stage says, by the fields of `AwardEvent`."""
    return {
        "subject": award.id,
        "county": award.county,
        "applicant_id": award.beneficiary_id,
        "application_id": award.application_id,
        "recovery_id": recovery.id,
    }


async def record(db: WriteSession, actor: Actor, act: str, award: Award, recovery: Recovery) -> None:
    """Keep who did what, in the same transaction."""
    await db.flush()
    await record_act(
        db, actor, act, "recovery", recovery.id, row=recovery, case=award.case, award=str(award.id),
        ground=recovery.ground,
    )  # fmt: skip


async def tell_end(db: WriteSession, award: Award, recovery: Recovery) -> None:
    """Tell that nothing is to come back any more."""
    await record_event(db, RecoveryEnded(**whose(award, recovery), outcome=recovery.status.value))
