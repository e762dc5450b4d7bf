"""Every authorisation leads to the record of who gave it: also a child's, and one that went over to another county."""

from sqlalchemy import exists, select

from app.applications.commands import sign_authorisation, submit_application, withdraw_authorisation
from app.applications.models import Authorisation
from app.audit.models import AuditRecord
from tests.builders.applications import build_draft, build_household, build_submitted


async def _unresolved(db):
    told = exists().where(AuditRecord.object_id == Authorisation.id, AuditRecord.object_type == "authorisation")
    return (await db.scalars(select(Authorisation.id).where(~told))).all()


async def _records_of(db, authorisation_id):
    query = select(AuditRecord).where(AuditRecord.object_id == authorisation_id).order_by(AuditRecord.id)
    return (await db.scalars(query)).all()


async def test_what_an_applicant_signs_for_a_child_by_handing_in_is_on_record_about_the_child(database):
    async with database.unit_of_work() as db:
        household = await build_household(db)
        application = await build_submitted(db, household)
        members = {details.relation: member_id for member_id, details in household.members}

    async with database.reading() as db:
        query = select(Authorisation).where(Authorisation.member_id == members["child"])
        [signed] = (await db.scalars(query)).all()
        [record] = await _records_of(db, signed.id)
        assert await _unresolved(db) == []
    assert (record.action, record.object_type, record.actor_id) == (
        "authorisation.sign",
        "authorisation",
        household.applicant.id,
    )
    assert (record.detail["member"], record.detail["signer"]) == (str(members["child"]), str(members["self"]))
    assert (record.citizens, record.applications) == ([household.applicant.id], [application.id])


async def test_what_was_signed_for_a_child_beforehand_is_on_record_once(database):
    async with database.unit_of_work() as db:
        household = await build_household(db)
        draft = await build_draft(db, household)
        members = {details.relation: (member_id, details) for member_id, details in household.members}
        spouse, details = members["spouse"]
        child, _ = members["child"]
        await sign_authorisation(
            db,
            household.applicant,
            draft.id,
            child,
            signer_member_id=spouse,
            signer_name=details.name,
            signer_id_number=details.id_number,
        )
        await submit_application(db, household.applicant, draft.id, truth_promised=True)
        await withdraw_authorisation(db, household.applicant, draft.id, child)

    async with database.reading() as db:
        [signed] = (await db.scalars(select(Authorisation).where(Authorisation.member_id == child))).all()
        records = await _records_of(db, signed.id)
    assert [each.action for each in records] == ["authorisation.sign", "authorisation.withdraw"]
    assert records[0].detail["signer"] == str(spouse)
