"""The one changed row, sent without the unit of work: what it comes to is what the mapper would have made of it."""

import pytest
from sqlalchemy import func, inspect, select
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.orm.unitofwork import UOWTransaction

from app.applications.models import Application, Member
from app.core.db import WriteSession
from tests.builders.applications import build_draft


@pytest.fixture
async def draft(database):
    async with database.unit_of_work() as db:
        return await build_draft(db)


@pytest.fixture
def by_the_mapper(monkeypatch: pytest.MonkeyPatch) -> list[UOWTransaction]:
    """What was sent by the mapper's unit of work."""
    found: list[UOWTransaction] = []
    original = UOWTransaction.execute

    def execute(self: UOWTransaction) -> None:
        found.append(self)
        original(self)

    monkeypatch.setattr(UOWTransaction, "execute", execute)
    return found


async def _get(db: WriteSession, draft: Application) -> Application:
    found = await db.get(Application, draft.id)
    assert found is not None
    return found


async def test_new_values_are_sent_and_the_version_is_counted(database, draft, by_the_mapper):
    async with database.unit_of_work() as db:
        application = await _get(db, draft)
        application.redirected_to, application.field_versions = "532529103205", {"/address": 7}
        application.submitted_at = database.clock.now()
        await db.send_pending()
        assert application.version == draft.version + 1
        assert not db.dirty
        assert not inspect(application).modified
    assert not by_the_mapper

    async with database.reading() as db:
        application = await _get(db, draft)
        assert (application.redirected_to, application.field_versions) == ("532529103205", {"/address": 7})
        assert (application.submitted_at, application.version) == (database.clock.now(), draft.version + 1)
        assert application.address_sealed == draft.address_sealed


async def test_what_changed_last_goes_with_the_commit(database, draft, by_the_mapper):
    async with database.unit_of_work() as db:
        (await _get(db, draft)).redirected_to = "532529103205"
    assert not by_the_mapper

    async with database.reading() as db:
        assert (await _get(db, draft)).redirected_to == "532529103205"


async def test_a_row_without_a_version_is_found_by_its_key(database, draft, by_the_mapper):
    async with database.unit_of_work() as db:
        query = select(Member).where(Member.application_id == draft.id).order_by(Member.id).limit(1)
        first = (await db.scalars(query)).one()
        first.claimed = False
    assert not by_the_mapper

    async with database.reading() as db:
        listed = (await db.scalars(select(Member).where(Member.application_id == draft.id))).all()
        assert [each.id for each in listed if not each.claimed] == [first.id]


async def test_whoever_was_second_changes_nothing(database, draft):
    async with database.unit_of_work() as db:
        application = await _get(db, draft)
        async with database.unit_of_work() as other:
            (await _get(other, draft)).redirected_to = "532529103205"
        application.redirected_to = "532529103206"
        with pytest.raises(StaleDataError):
            await db.send_pending()
        await db.rollback()

    async with database.reading() as db:
        application = await _get(db, draft)
        assert (application.redirected_to, application.version) == ("532529103205", draft.version + 1)


async def test_within_a_savepoint_it_is_forgotten_with_the_savepoint(database, draft):
    async with database.unit_of_work() as db:
        application = await _get(db, draft)
        savepoint = await db.begin_nested()
        application.redirected_to = "532529103205"
        await db.send_pending()
        await savepoint.rollback()
        await db.refresh(application)
        assert (application.redirected_to, application.version) == (None, draft.version)


async def test_what_is_more_than_values_in_one_row_is_left_to_the_mapper(database, draft, by_the_mapper):
    async with database.unit_of_work() as db:
        application = await _get(db, draft)
        application.lookup_code = func.upper("computed")
        await db.send_pending()
        assert len(by_the_mapper) == 1
        await db.refresh(application)
        assert application.lookup_code == "COMPUTED"

        application.redirected_to = "532529103205"
        member = (await db.scalars(select(Member).where(Member.application_id == draft.id).limit(1))).one()
        before = len(by_the_mapper)
        application.redirected_to, member.claimed = "532529103206", False
        await db.send_pending()
        assert len(by_the_mapper) == before + 1


async def test_the_same_value_again_is_no_change(database, draft):
    async with database.unit_of_work() as db:
        application = await _get(db, draft)
        application.redirected_to = None
        await db.send_pending()

    async with database.reading() as db:
        assert (await _get(db, draft)).version == draft.version
