"""What the audit keeps of an authorisation: whoever finds its id with a question finds whose it is, and who signed."""

from sqlalchemy import select

from app.applications.commands import submit_application, withdraw_authorisation
from app.applications.queries import get_whole_application
from app.audit.models import AuditRecord
from app.identity.actors import SYSTEM
from tests.builders.applications import build_draft, build_household


async def _about(db, authorisation):
    query = select(AuditRecord).where(AuditRecord.object_id == authorisation.id).order_by(AuditRecord.id)
    return (await db.execute(query)).scalars().all()


async def test_signing_and_withdrawing_are_on_record_under_the_authorisations_id(database):
    async with database.unit_of_work() as db:
        household = await build_household(db)
        draft = await build_draft(db, household)
        await submit_application(db, household.applicant, draft.id, truth_promised=True)
        case = await get_whole_application(db, SYSTEM, draft.id)
        await withdraw_authorisation(db, household.applicant, draft.id, case.members[0].id)

    async with database.reading() as db:
        adults = [each for each in case.authorisations if each.member_id == each.signed_by_member_id]
        for authorisation in adults:
            records = await _about(db, authorisation)
            first = authorisation.member_id == case.members[0].id
            acts = ["authorisation.sign", *(["authorisation.withdraw"] if first else [])]
            assert [record.action for record in records] == acts
            for record in records:
                assert record.object_type == "authorisation"
                assert record.applications == [case.id]
                assert record.detail == {
                    "member": str(authorisation.member_id),
                    "signer": str(authorisation.signed_by_member_id),
                    "method": authorisation.method,
                    "text_version": authorisation.text_version,
                }
    assert len(adults) == 2
