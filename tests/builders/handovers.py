"""Hand-overs between two counties, made by the stage's own commands, and the people of both."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.awards.queries import get_award
from app.core.db import Database, WriteSession
from app.core.ids import new_id
from app.core.reach import Reach
from app.handovers.commands import Move, accept_handover, confirm_handover, propose_handover, release_handover
from app.handovers.lifecycle import Ground, Source, Status
from app.handovers.models import Handover
from app.handovers.queries import get_handover
from app.identity.actors import SYSTEM, Actor, Role
from app.reference.divisions import scope_of
from tests.builders.awards import COUNTY
from tests.builders.payrolls import Office, build_office
from tests.builders.people import build_staff

THERE = "530627"  # 镇雄县
TOWNSHIP_THERE = "530627102000"
VILLAGE_THERE = "530627102210"
MOVE = Move(TOWNSHIP_THERE, date(2026, 11, 20), Ground.RELOCATION, Source.REPORT, "已迁入安置点居住。（测试）")


@dataclass(frozen=True)
class Counties:
    """The people of the county that pays, and of the one that is to go on."""

    here: Office
    there: Office
    township_here: Actor
    township_there: Actor


async def build_counties(db: WriteSession) -> Counties:
    """Employ them."""
    return Counties(
        await build_office(db),
        await build_office(db, THERE),
        await build_staff(db, Role.TOWNSHIP_HANDLER, f"{COUNTY}103000"),
        await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP_THERE),
    )


def seen_by(database: Database, actor: Actor) -> Database:
    """Return the database as a request of this member of staff sees it."""
    assert actor.division is not None
    return database.reaching(Reach(*scope_of(actor.division), actor=actor.id))


async def propose(database: Database, counties: Counties, award_id: UUID, move: Move = MOVE) -> UUID:
    """Let the county that pays propose it."""
    async with seen_by(database, counties.here.handler).unit_of_work() as db:
        return (await propose_handover(db, counties.here.handler, award_id, move)).id


async def release(database: Database, counties: Counties, award_id: UUID, move: Move = MOVE) -> UUID:
    """Go on to where the other county is asked."""
    handover_id = await propose(database, counties, award_id, move)
    async with seen_by(database, counties.here.confirmer).unit_of_work() as db:
        await release_handover(db, counties.here.confirmer, handover_id)
    return handover_id


async def accept(database: Database, counties: Counties, award_id: UUID, move: Move = MOVE) -> UUID:
    """Go on to where somebody there has said that they go on."""
    handover_id = await release(database, counties, award_id, move)
    async with seen_by(database, counties.there.handler).unit_of_work() as db:
        await accept_handover(db, counties.there.handler, handover_id, village=VILLAGE_THERE)
    return handover_id


async def confirm(database: Database, counties: Counties, handover_id: UUID) -> Handover:
    """Let another person there confirm."""
    async with seen_by(database, counties.there.confirmer).unit_of_work() as db:
        return await confirm_handover(db, counties.there.confirmer, handover_id)


async def hand_over(database: Database, counties: Counties, award_id: UUID, move: Move = MOVE) -> Handover:
    """Go all the way."""
    return await confirm(database, counties, await accept(database, counties, award_id, move))


async def hand_over_back(database: Database, counties: Counties, award_id: UUID) -> Handover:
    """Let the county that went on with an award hand it over in turn, to the one that had it first."""
    here, there = counties.here, counties.there
    async with seen_by(database, there.handler).unit_of_work() as db:
        back = (await propose_handover(db, there.handler, award_id, moved(to_division=f"{COUNTY}103000"))).id
    async with seen_by(database, there.confirmer).unit_of_work() as db:
        await release_handover(db, there.confirmer, back)
    async with seen_by(database, here.handler).unit_of_work() as db:
        await accept_handover(db, here.handler, back, village=f"{COUNTY}103204")
    async with seen_by(database, here.confirmer).unit_of_work() as db:
        return await confirm_handover(db, here.confirmer, back)


async def reload(database: Database, handover_id: UUID) -> Handover:
    """Return it as it stands now."""
    async with database.reading() as db:
        return await get_handover(db, SYSTEM, handover_id)


async def build_handover(database: Database, award_id: UUID) -> UUID:
    """Have one proposed, whatever waits for the county: where only that there is one matters."""
    async with database.unit_of_work() as db:
        award, row = await get_award(db, SYSTEM, award_id), new_id()
        db.add(
            Handover(
                id=row, county=award.county, division=award.division, to_county=THERE, to_division=TOWNSHIP_THERE,
                application_id=award.application_id, award_id=award.id, beneficiary_id=award.beneficiary_id,
                program=award.program, status=Status.PROPOSED, ground=MOVE.ground, source=MOVE.source,
                moved_on=MOVE.moved_on, proposed_by=new_id(), proposed_at=db.clock.now(),
                reason_sealed=db.vault.seal("handovers.reason", row, MOVE.reason, division=award.county),
            )
        )  # fmt: skip
        return row


def moved(**given: Any) -> Move:
    """Describe a move, unless told otherwise."""
    return Move(**{**MOVE.__dict__, **given})
