"""Digests of an object before and after: equal for equal states, telling nothing without the key."""

import hashlib

from sqlalchemy import select

from app.applications.commands import accept_application, return_application
from app.applications.edits import touch
from app.applications.models import Application
from app.audit.commands import record_act
from app.audit.models import AuditRecord
from app.awards.models import Award
from app.core.canonical import canonical_bytes
from app.core.crypto import DataKeys, EnvironmentKeys, Suite, Vault
from app.identity.actors import SYSTEM, Role
from tests.builders.applications import TOWNSHIP, build_submitted
from tests.builders.awards import build_award
from tests.builders.people import build_staff


async def _records(db, object_id) -> list[AuditRecord]:
    query = select(AuditRecord).where(AuditRecord.object_id == object_id).order_by(AuditRecord.id)
    return list((await db.execute(query)).scalars())


async def test_the_state_after_an_act_is_the_state_before_the_next(database):
    async with database.unit_of_work() as db:
        application = await build_submitted(db)
    async with database.unit_of_work() as db:
        handler = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
        await accept_application(db, handler, application.id, relative_of_staff=False)

        submitted, accepted = (await _records(db, application.id))[-2:]

    assert (submitted.action, accepted.action) == ("application.submit", "application.accept")
    assert accepted.before_digest == submitted.after_digest
    assert accepted.after_digest != accepted.before_digest
    assert accepted.object_version > submitted.object_version


async def test_what_is_made_has_no_state_before(database):
    async with database.unit_of_work() as db:
        application = await build_submitted(db)
        started = (await _records(db, application.id))[0]

    assert started.action == "application.start"
    assert started.before_digest is None
    assert started.after_digest is not None


async def test_an_act_that_changes_nothing_has_one_state(database):
    async with database.unit_of_work() as db:
        application = await build_submitted(db)
    async with database.unit_of_work() as db:
        row = await db.get(Application, application.id)
        await record_act(db, SYSTEM, "application.accept", "application", row.id, row=row, case=row.case)
        last = (await _records(db, application.id))[-1]

    assert last.before_digest == last.after_digest


async def test_a_row_that_is_only_flagged_as_changed_was_before_what_it_was(database):
    async with database.unit_of_work() as db:
        application = await build_submitted(db)
    async with database.unit_of_work() as db:
        row = await db.get(Application, application.id)
        await touch(db, row)
        await record_act(db, SYSTEM, "application.accept", "application", row.id, row=row, case=row.case)
        submitted, touched = (await _records(db, application.id))[-2:]

    assert touched.before_digest == submitted.after_digest
    assert touched.object_version == submitted.object_version + 1


async def test_a_flush_in_the_middle_of_a_command_hides_nothing(database):
    async with database.unit_of_work() as db:
        application = await build_submitted(db)
        submitted = (await _records(db, application.id))[-1]
    async with database.unit_of_work() as db:
        row = await db.get(Application, application.id)
        row.relative_of_staff = True
        await db.flush()
        row.area_class = "urban"
        await record_act(db, SYSTEM, "application.accept", "application", row.id, row=row)
        last = (await _records(db, application.id))[-1]

    assert last.before_digest == submitted.after_digest


async def test_a_sealed_field_counts_by_its_text_and_not_by_its_ciphertext(database):
    async with database.unit_of_work() as db:
        application = await build_submitted(db)
    async with database.unit_of_work() as db:
        row = await db.get(Application, application.id)
        address = db.vault.open("applications.address", row.id, row.address_sealed)
        row.address_sealed = db.vault.seal("applications.address", row.id, address, division=row.county)
        row.version = row.version  # only the ciphertext is new
        await record_act(db, SYSTEM, "application.reseal", "application", row.id, row=row)
        same = (await _records(db, application.id))[-1]
        row.missing_sealed = db.vault.seal("applications.missing", row.id, "[]", division=row.county)
        await record_act(db, SYSTEM, "application.return", "application", row.id, row=row)
        other = (await _records(db, application.id))[-1]

    assert other.before_digest == same.after_digest
    assert other.after_digest != same.after_digest


async def test_a_digest_cannot_be_guessed_without_the_key(database):
    async with database.unit_of_work() as db:
        award = await build_award(db)
        row = await db.get(Award, award.id)
        await record_act(db, SYSTEM, "award.open", "award", row.id, row=row)
        last = (await _records(db, row.id))[-1]
    plain = {"table": "awards", "row": {"id": str(row.id), "monthly_amount_fen": row.monthly_amount_fen}}

    assert last.after_digest != hashlib.sha256(canonical_bytes(plain)).digest()
    other = Vault(EnvironmentKeys(bytes(32).hex(), bytes(32).hex()), database.clock, DataKeys(), Suite.INTL)
    assert other.index("audit_records.state", "x") != database.vault.index("audit_records.state", "x")


async def test_returning_tells_of_the_case_and_its_applicant(database):
    async with database.unit_of_work() as db:
        application = await build_submitted(db)
        handler = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
        await return_application(db, handler, application.id, missing=["诊断证明"])
        last = (await _records(db, application.id))[-1]

    assert last.applications == [application.id]
    assert last.citizens == [application.applicant_id]
    assert (last.actor_role, last.actor_level, last.actor_division) == ("township_handler", "township", TOWNSHIP)
    assert (last.purpose, last.county) == ("casework", "532529")
