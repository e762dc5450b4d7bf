"""Recoveries as rows, where only that there is one matters."""

from uuid import UUID

from app.awards.queries import get_award
from app.core.clock import today
from app.core.db import Database
from app.core.ids import new_id, new_number
from app.identity.actors import SYSTEM
from app.overpayments.lifecycle import Ground, Status
from app.overpayments.models import Recovery


async def build_recovery(database: Database, award_id: UUID) -> UUID:
    """Claim something of an award, whatever was paid."""
    async with database.unit_of_work() as db:
        award, row = await get_award(db, SYSTEM, award_id), new_id()
        db.add(
            Recovery(
                id=row, county=award.county, division=award.division, award_id=award.id,
                number=new_number("ZH", award.county, today(db.clock)), status=Status.PROPOSED,
                ground=Ground.AFTER_STOP, total_fen=1,
                reason_sealed=db.vault.seal("recoveries.reason", row, "测试", division=award.county),
                proposed_by=new_id(), proposed_at=db.clock.now(), instalments=[], repaid_fen=0, written_off_fen=0,
            )
        )  # fmt: skip
        return row
