"""Keys made for every county, announced before they are used, read by every process."""

import asyncio
from dataclasses import replace

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.core.crypto import (
    GENERAL,
    DataKeys,
    EnvironmentKeys,
    KekUnknown,
    KeyUnknown,
    Suite,
    ValueErased,
    Vault,
    key_of,
)
from app.core.ids import new_id
from app.keys.commands import destroy_keys, make_first_keys
from app.keys.loading import PROPAGATION, keep_loaded, load_keys, open_vault
from app.keys.queries import list_keys
from tests.keys.acts import COUNTY, announce, finish, keys_of, make_usable
from tests.support.vaults import INDEX_KEY, provider, reading_vault

COLUMN, ROW = "members.name", new_id()


def another_process(database, suite: Suite = Suite.INTL):
    return replace(database, vault=reading_vault(database.clock, suite))


async def test_every_county_and_what_belongs_to_none_has_a_key_from_the_start(office):
    async with office.reading() as db:
        counties = await db.execute(text("SELECT DISTINCT left(code, 6) FROM divisions WHERE level = 'county'"))
        expected = {GENERAL, *counties.scalars()}
        keys = await list_keys(db)

    assert len(expected) > 100
    assert expected <= {key.division for key in keys}
    assert len(keys) == len({key.division for key in keys})
    assert all(office.vault.key_for(division) for division in expected)


async def test_a_second_start_makes_no_second_key(office):
    async with office.unit_of_work() as db:
        assert await make_first_keys(db) == 0


async def test_processes_that_start_at_once_agree_on_the_keys(database, clock):
    processes = [replace(database, vault=reading_vault(clock)) for _ in range(3)]

    await asyncio.gather(*(open_vault(each) for each in processes))

    assert len({each.vault.key_for(COUNTY).id for each in processes}) == 1


async def test_what_one_process_seals_another_opens(office):
    other = another_process(office)
    await load_keys(other)

    assert other.vault.open(COLUMN, ROW, office.vault.seal(COLUMN, ROW, "测试娃", division=COUNTY)) == "测试娃"


async def test_a_new_key_is_known_to_all_before_any_process_uses_it(office, keeper):
    other = another_process(office)
    await load_keys(other)
    before = office.vault.key_for(COUNTY).id
    row = await announce(keeper)
    await load_keys(office)  # this process has read the table again, the other has not yet

    early = office.vault.seal(COLUMN, ROW, "测试娃", division=COUNTY)
    assert key_of(early) == before
    assert other.vault.open(COLUMN, ROW, early) == "测试娃"

    await load_keys(other)
    office.clock.advance(PROPAGATION)
    late = office.vault.seal(COLUMN, ROW, "测试娃", division=COUNTY)
    assert key_of(late) == row.id
    assert other.vault.open(COLUMN, ROW, late) == "测试娃"
    assert key_of(other.vault.seal(COLUMN, ROW, "测试娃", division=COUNTY)) == row.id


async def was_read(database, key_id: bytes) -> None:
    while database.vault.keys.find(key_id) is None:  # noqa: ASYNC110 - reading tells nobody
        await asyncio.sleep(0)


async def test_a_value_under_a_key_not_read_yet_has_the_table_read_at_once(office, keeper):
    late = another_process(office)
    await load_keys(late)
    await announce(keeper)
    await make_usable(keeper, office)
    sealed = office.vault.seal(COLUMN, ROW, "测试娃", division=COUNTY)
    stop = asyncio.Event()
    keeping = asyncio.create_task(keep_loaded(late, stop, every=3600))

    with pytest.raises(KeyUnknown):
        late.vault.open(COLUMN, ROW, sealed)
    async with asyncio.timeout(5):
        await was_read(late, sealed[1:17])
    stop.set()
    await keeping

    assert late.vault.open(COLUMN, ROW, sealed) == "测试娃"


async def test_a_process_that_cannot_read_the_keys_goes_on_with_those_it_has(office, keeper):
    late = another_process(office)
    await load_keys(late)
    held = set(late.vault.keys.held())
    late.vault.provider = EnvironmentKeys("99" * 32, INDEX_KEY)
    new = (await announce(keeper)).id
    stop = asyncio.Event()
    with structlog.testing.capture_logs() as logs:
        keeping = asyncio.create_task(keep_loaded(late, stop, every=3600))
        late.vault.keys.wanted.set()
        async with asyncio.timeout(5):
            while not logs:  # noqa: ASYNC110 - a log wakes nobody
                await asyncio.sleep(0)
        late.vault.provider = provider()
        late.vault.keys.wanted.set()
        async with asyncio.timeout(5):
            await was_read(late, new.bytes)
        stop.set()
        await keeping

    logged = [(entry["event"], entry["error_type"]) for entry in logs]
    assert logged == [("keys not read", "KekUnknown")]
    assert set(late.vault.keys.held()) == {*held, new}


async def test_a_process_without_the_key_encryption_key_does_not_start(office):
    stranger = Vault(EnvironmentKeys("99" * 32, INDEX_KEY), office.clock, DataKeys())

    with pytest.raises(KekUnknown):
        await open_vault(replace(office, vault=stranger))


async def test_the_suite_of_new_keys_is_a_setting_and_old_values_stay_readable(office, keeper):
    old = office.vault.seal(COLUMN, ROW, "测试娃", division=COUNTY)
    guomi = another_process(keeper, Suite.GUOMI)

    await announce(guomi)
    await make_usable(guomi, office)
    new = office.vault.seal(COLUMN, ROW, "测试娃", division=COUNTY)

    assert (old[0], new[0]) == (Suite.INTL, Suite.GUOMI)
    assert {office.vault.open(COLUMN, ROW, each) for each in (old, new)} == {"测试娃"}


@pytest.mark.parametrize(
    "change", ["UPDATE data_keys SET wrapped = ''", "DELETE FROM data_keys", "UPDATE resealings SET round = 9"]
)
async def test_a_web_process_cannot_change_keys_or_runs(office, change):
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with office.unit_of_work() as db:
            await db.execute(text(change))


async def test_the_table_allows_one_active_key_a_division(office, database_url):
    keys = await keys_of(office)

    assert len([key for key in keys if key.replaced_at is None]) == 1
    async with office.reading() as db:
        indexes = await db.execute(text("SELECT indexdef FROM pg_indexes WHERE indexname = 'data_keys_one_active_key'"))
        assert "UNIQUE" in indexes.scalar_one()


async def test_erased_is_another_refusal_than_not_yet_read(office, keeper):
    sealed = office.vault.seal(COLUMN, ROW, "测试娃", division=COUNTY)
    await announce(keeper)
    await make_usable(keeper, office)
    await finish(keeper)
    async with keeper.unit_of_work() as db:
        await destroy_keys(db, COUNTY)
    await load_keys(office)

    with pytest.raises(ValueErased):
        office.vault.open(COLUMN, ROW, sealed)
