"""A household that moves on is not applied for any more: what it entrusted ends and says why; a guardian goes on."""

import pytest
from sqlalchemy import select

from app.applications.commands import act_for
from app.applications.entrustment_lifecycle import EndedBy, Ground, Kind, Status
from app.applications.entrustment_models import Entrustment
from app.applications.entrustment_queries import get_entrustment, list_entrustments
from app.applications.errors import ApplicationNotFound
from app.applications.models import Application
from app.applications.queries import get_application
from app.audit.models import AuditRecord
from app.awards.queries import get_award
from app.core.clock import today
from app.core.db import Database
from app.core.errors import StepNotAllowed
from app.core.ids import new_id, new_number
from app.identity.actors import SYSTEM, Actor, Role
from app.identity.models import Session
from tests.builders.handovers import THERE, VILLAGE_THERE, build_counties, hand_over
from tests.builders.people import build_citizen
from tests.builders.standards import build_judged

RECORD = "口头委托。（测试）"


async def _entrusted(database: Database, application_id, kind: Kind, keys):
    """Have a granted application be one that a citizen made for its applicant, who is signed in for her."""
    async with database.unit_of_work() as db:
        application = await get_application(db, SYSTEM, application_id)
        agent, row = await build_citizen(db, name="测试壬"), new_id()
        db.add(
            Entrustment(
                id=row, county=application.county, division=application.division,
                number=new_number("WT", application.county, today(db.clock)), status=Status.IN_FORCE, kind=kind,
                ground=Ground.ILLNESS, agent_kind="citizen", agent_id=agent.id, principal_id=application.applicant_id,
                principal_index=row.bytes, application_id=application.id,
                record_sealed=db.vault.seal("entrustments.record", row, RECORD, division=application.county),
                requested_at=db.clock.now(), confirmed_at=db.clock.now(), confirmed_how="seen",
            )
        )  # fmt: skip
        application.entrustment_id = row
        await db.flush()
        await act_for(db, keys, agent, row)
    return agent, row


@pytest.fixture
async def granted(database):
    async with database.unit_of_work() as db:
        return await build_judged(db), await build_counties(db)


async def _new_case(database, done) -> Application:
    async with database.reading() as db:
        return await get_application(db, SYSTEM, (await get_award(db, SYSTEM, done.new_award_id)).application_id)


async def test_what_was_entrusted_ends_with_the_matter_and_says_so(database, granted, keys):
    award, counties = granted
    agent, entrustment_id = await _entrusted(database, award.application_id, Kind.PERSON, keys)

    case = await _new_case(database, await hand_over(database, counties, award.id))

    async with database.unit_of_work() as db:
        [seen] = await list_entrustments(db, agent, after=None, limit=10)
        sessions = (await db.scalars(select(Session).where(Session.entrustment_id == entrustment_id))).all()
        record = await db.scalar(select(AuditRecord).where(AuditRecord.action == "entrustment.end"))
        with pytest.raises(StepNotAllowed):
            await act_for(db, keys, agent, entrustment_id)
        assert (seen.status, seen.ended_by, case.entrustment_id) == (Status.ENDED, EndedBy.MATTER, None)
        assert all(session.revoked_at is not None for session in sessions)
        assert record.object_id == entrustment_id


async def test_a_guardian_goes_on_in_the_other_county(database, granted, keys):
    award, counties = granted
    agent, entrustment_id = await _entrusted(database, award.application_id, Kind.GUARDIAN, keys)

    case = await _new_case(database, await hand_over(database, counties, award.id))

    async with database.unit_of_work() as db:
        there, former = await list_entrustments(db, agent, after=None, limit=10)
        assert (former.id, former.status, former.ended_by) == (entrustment_id, Status.ENDED, EndedBy.MATTER)
        assert (there.status, there.county, there.division) == (Status.IN_FORCE, THERE, VILLAGE_THERE)
        assert (there.application_id, case.entrustment_id) == (case.id, there.id)
        assert db.vault.open("entrustments.record", there.id, there.record_sealed) == RECORD
        await act_for(db, keys, agent, there.id)
        acting = Actor(case.applicant_id, Role.APPLICANT, entrustment=there.id)
        assert (await get_application(db, acting, case.id)).id == case.id
        with pytest.raises(ApplicationNotFound):
            await get_application(db, acting, award.application_id)
        desk = await get_entrustment(db, counties.there.handler, there.id)
        assert desk.id == there.id


async def test_what_nobody_was_entrusted_with_goes_over_as_ever(database, granted):
    award, counties = granted

    case = await _new_case(database, await hand_over(database, counties, award.id))

    assert case.entrustment_id is None
