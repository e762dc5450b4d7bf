"""Destroying keys: what still lies under one is erased, and nothing that is in use can be."""

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from app.api.common.problems import status_of
from app.applications.household import name_of
from app.applications.models import Member
from app.applications.queries import list_members
from app.core.crypto import DataKeys, EnvironmentKeys, KekUnknown, KeyUnknown, ValueErased, Vault
from app.core.db import Base
from app.keys.commands import destroy_keys, wrap_anew
from app.keys.errors import KeyStillInUse, NothingToDestroy
from app.keys.loading import load_keys
from app.keys.targets import targets
from tests.keys.acts import COUNTY, announce, fill, finish, keys_of, make_usable
from tests.support.cleaning import load_models
from tests.support.vaults import INDEX_KEY, KEK

NEW_KEK = "77" * 32


@pytest.fixture
async def rotated(office, keeper):
    """A county whose old key is retired; returns the names as they were sealed under it, by member."""
    filled = await fill(office)
    async with office.reading() as db:
        old = {each.id: each.name_sealed for each in await list_members(db, filled.draft.id)}
    await announce(keeper)
    await make_usable(keeper, office)
    await finish(keeper)
    return old


async def destroy(keeper, division=COUNTY) -> int:
    async with keeper.unit_of_work() as db:
        return await destroy_keys(db, division)


async def test_a_destroyed_key_is_overwritten_and_its_values_are_erased(office, keeper, rotated):
    assert await destroy(keeper) == 1
    await load_keys(office)

    old, new = await keys_of(office)
    assert (old.wrapped, old.destroyed_at is not None, new.destroyed_at) == (b"", True, None)
    for member, sealed in rotated.items():
        with pytest.raises(ValueErased):
            office.vault.open("members.name", member, sealed)
    async with office.reading() as db:
        for member in rotated:
            assert name_of(db, await db.get(Member, member)).startswith("测试")


def test_erased_values_are_told_as_gone_and_keys_not_read_as_worth_another_try():
    assert (status_of(ValueErased), status_of(KeyUnknown)) == (410, 503)


async def test_a_key_in_use_cannot_be_destroyed(office, keeper):
    with pytest.raises(NothingToDestroy):
        await destroy(keeper)


async def test_a_retired_key_under_which_something_lies_all_the_same_is_not_destroyed(office, keeper, rotated):
    member, sealed = next(iter(rotated.items()))
    async with office.unit_of_work() as db:  # a process that had not read the table for long
        (await db.get(Member, member)).name_sealed = sealed

    with pytest.raises(KeyStillInUse):
        await destroy(keeper)

    old, _ = await keys_of(office)
    assert old.destroyed_at is None


async def test_backups_are_erased_with_the_key_encryption_key_of_their_time(office, keeper, rotated):
    backup = [row.wrapped for row in await keys_of(office)]
    both = Vault(EnvironmentKeys(f"{NEW_KEK},{KEK}", INDEX_KEY), office.clock, DataKeys())
    async with replace(keeper, vault=both).unit_of_work() as db:
        await wrap_anew(db)

    alone = replace(office, vault=Vault(EnvironmentKeys(NEW_KEK, INDEX_KEY), office.clock, DataKeys()))
    await load_keys(alone)
    for wrapped in backup:
        with pytest.raises(KekUnknown):
            await alone.vault.provider.unwrap(wrapped, b"")
    async with alone.reading() as db:
        for member in rotated:
            assert name_of(db, await db.get(Member, member)).startswith("测试")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE decisions SET digest = 'x'",
        "UPDATE decisions SET outcome = 'refused'",
        "DELETE FROM decisions",
        "UPDATE members SET relation = 'self'",
        "UPDATE pay_lines SET amount_fen = 1",
        "INSERT INTO claims (kind, key, application_id, county) SELECT 'x', '', gen_random_uuid(), '532529'",
        "UPDATE audit_records SET action = 'x'",
        "DELETE FROM data_keys",
        "SELECT * FROM staff",
    ],
)
async def test_who_seals_anew_may_do_nothing_else(keeper, change):
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with keeper.unit_of_work() as db:
            await db.execute(text(change))


async def test_evidence_stays_append_only_for_the_application(office):
    async with office.reading() as db:
        query = text("SELECT has_column_privilege('dibao_app', 'decisions', 'body_sealed', 'UPDATE')")
        assert (await db.execute(query)).scalar_one() is False


async def test_who_seals_anew_may_overwrite_every_sealed_column(office):
    load_models()
    query = text("SELECT has_column_privilege('dibao_keys', :table, :column, 'UPDATE')")
    async with office.reading() as db:
        missing = [
            f"{target.table.name}.{name}"
            for target in targets(Base.metadata)
            for column, declared in target.columns
            for name in filter(None, (column.name, declared.clear, declared.index and declared.index.column))
            if not (await db.execute(query, {"table": target.table.name, "column": name})).scalar_one()
        ]
    assert missing == []


async def test_the_database_refuses_a_key_that_is_destroyed_and_still_there(keeper):
    change = text("UPDATE data_keys SET replaced_at = now(), retired_at = now(), destroyed_at = now()")

    with pytest.raises(IntegrityError, match="overwritten"):
        async with keeper.unit_of_work() as db:
            await db.execute(change)
