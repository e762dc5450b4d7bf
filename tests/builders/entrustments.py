"""Somebody who acts for the applicant of a case, as if it had been made by him."""

from datetime import timedelta

from app.applications.entrustment_lifecycle import EndedBy, Ground, Kind
from app.applications.entrustment_lifecycle import Status as EntrustmentStatus
from app.applications.entrustment_models import Entrustment
from app.applications.queries import get_application
from app.core.clock import today
from app.core.db import Database
from app.core.ids import new_id, new_number
from app.identity.actors import SYSTEM, Actor
from tests.builders.applications import Household
from tests.builders.people import build_citizen


async def build_entrusted(
    database: Database,
    case: Household,
    kind: Kind = Kind.GUARDIAN,
    *,
    ended: timedelta | None = None,
    staff: Actor | None = None,
    id_number: str | None = None,
) -> Actor:
    """Have a citizen outside the household, or staff, act for the applicant, from now on, or until `ended` later."""
    async with database.unit_of_work() as db:
        application = await get_application(db, SYSTEM, case.id)
        agent = staff or await build_citizen(db, name="测试壬", id_number=id_number)
        row, now = new_id(), db.clock.now()
        status = EntrustmentStatus.IN_FORCE if ended is None else EntrustmentStatus.ENDED
        db.add(
            Entrustment(
                id=row, county=application.county, division=application.division,
                number=new_number("WT", application.county, today(db.clock)), status=status, kind=kind,
                ground=Ground.CAPACITY, agent_kind="staff" if staff else "citizen", agent_id=agent.id,
                principal_id=application.applicant_id,
                principal_index=row.bytes, application_id=application.id,
                record_sealed=db.vault.seal("entrustments.record", row, "测试", division=application.county),
                requested_at=now, confirmed_at=now, confirmed_how="seen",
                ended_at=None if ended is None else now + ended, ended_by=None if ended is None else EndedBy.AGENT,
            )
        )  # fmt: skip
    return agent
