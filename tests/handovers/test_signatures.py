"""An authorisation that holds in another county leads to the one that was signed, and so to who gave it."""

from datetime import date

from sqlalchemy import select

from app.applications.commands.authorisations import record_signature, signature_of
from app.applications.models import Authorisation, Member
from app.applications.queries import get_whole_application
from app.audit.models import AuditRecord
from app.awards.queries import get_award
from app.core.ids import new_id
from app.identity.actors import SYSTEM, Actor, Role
from tests.builders.handovers import build_counties, hand_over
from tests.builders.people import make_id_number
from tests.builders.standards import build_judged


def _member(db, application):
    row, number = new_id(), make_id_number()
    sealed = {"name": "测试甲", "id_number": number, "profile": "{}"}
    return Member(
        id=row,
        county=application.county,
        application_id=application.id,
        relation="self",
        birth_date=date(1980, 5, 6),
        id_number_index=db.vault.index("members.id_number", number),
        **{f"{field}_sealed": db.vault.seal(f"members.{field}", row, text, division=application.county)
           for field, text in sealed.items()},
    )  # fmt: skip


async def test_each_authorisation_that_goes_over_is_on_record_with_the_one_it_was(database):
    async with database.unit_of_work() as db:
        award, counties = await build_judged(db), await build_counties(db)
        application = await get_whole_application(db, SYSTEM, award.application_id)
        member = _member(db, application)
        db.add(member)
        await db.flush()
        signed = Authorisation(**signature_of(db, application, member, member))
        db.add(signed)
        await db.flush()
        applicant = Actor(application.applicant_id, Role.APPLICANT)
        await record_signature(db, applicant, "authorisation.sign", signed, application.case)

    done = await hand_over(database, counties, award.id)

    async with database.reading() as db:
        case = (await get_award(db, SYSTEM, done.new_award_id)).application_id
        [there] = (await db.scalars(select(Authorisation).where(Authorisation.application_id == case))).all()
        [record] = (await db.scalars(select(AuditRecord).where(AuditRecord.object_id == there.id))).all()
        query = select(AuditRecord).where(AuditRecord.object_id == signed.id)
        [first] = (await db.scalars(query)).all()
    assert (record.action, record.detail["of"]) == ("authorisation.take_along", str(signed.id))
    assert (record.detail["member"], record.applications) == (str(there.member_id), [case])
    assert (first.action, first.actor_id) == ("authorisation.sign", applicant.id)
