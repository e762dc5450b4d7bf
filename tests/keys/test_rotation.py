"""Moving a division to a new key while work goes on: complete, resumable, and never over somebody else's change."""

import asyncio
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import structlog
from sqlalchemy import text, update

from app.applications.household import answers_of, name_of
from app.applications.models import Application, Member, PayoutAccount
from app.applications.queries import get_whole_application
from app.core.crypto import GENERAL, Suite, key_of
from app.disbursement.models import PayLine
from app.identity.actors import SYSTEM
from app.keys.commands import begin_resealing, rotate_key
from app.keys.errors import NoSuchDivision, RotationUnderWay
from app.keys.jobs import reseal, reseal_batch
from app.keys.loading import PROPAGATION, load_keys
from app.keys.models import Resealing
from app.keys.queries import list_runs
from app.review.decisions import open_decision
from app.review.models import Decision
from tests.builders.applications import ANSWERS
from tests.keys.acts import COUNTY, announce, fill, finish, keys_of, make_usable, rows_of, where_all_lies
from tests.support.vaults import reading_vault

ROOT = Path(__file__).parents[2]


async def test_every_value_lies_under_the_key_of_the_division_its_column_declares(office):
    await fill(office)

    found = await where_all_lies(office)

    assert {division for _, division, _ in found} >= {COUNTY, GENERAL}
    assert len({table for table, _, _ in found}) >= 15
    assert {(table, division) for table, division, key in found if office.vault.key_for(division).id != key} == set()


async def test_a_rotation_brings_all_values_of_a_county_under_the_new_key_and_retires_the_old(office, keeper):
    await fill(office)
    before = await where_all_lies(office)
    row = await announce(keeper)
    await make_usable(keeper, office)

    await finish(keeper)

    after = await where_all_lies(office)
    assert {key for _, division, key in after if division == COUNTY} == {row.id}
    assert {each for each in after if each[1] != COUNTY} == {each for each in before if each[1] != COUNTY}
    old, new = await keys_of(office)
    assert (old.retired_at is not None, new.retired_at, old.destroyed_at) == (True, None, None)


async def test_what_was_sealed_anew_says_the_same_and_is_no_change_of_its_row(office, keeper):
    filled = await fill(office)
    async with office.reading() as db:
        before = await get_whole_application(db, SYSTEM, filled.draft.id)
        names, version = [name_of(db, each) for each in before.members], before.version
        decision = await db.get(Decision, filled.decision.id)
        body = open_decision(db, decision)
    await announce(keeper)
    await make_usable(keeper, office)

    await finish(keeper)

    async with office.reading() as db:
        after = await get_whole_application(db, SYSTEM, filled.draft.id)
        assert [name_of(db, each) for each in after.members] == names
        assert (answers_of(db, after), after.version) == (ANSWERS, version)
        kept = await db.get(Decision, filled.decision.id)
        assert (open_decision(db, kept), kept.digest) == (body, decision.digest)
        assert kept.body_sealed != decision.body_sealed


async def test_the_general_key_rotates_with_copies_that_are_bound_to_another_row(office, keeper):
    filled = await fill(office)
    row = await announce(keeper, GENERAL)
    await make_usable(keeper, office)

    await finish(keeper)

    assert {key for _, division, key in await where_all_lies(office) if division == GENERAL} == {row.id}
    [line] = filled.lines
    async with office.reading() as db:
        kept = await db.get(PayLine, line.id)
        account = db.vault.open("payout_accounts.account", kept.beneficiary_id, kept.account_sealed)
    assert account == office.vault.open("payout_accounts.account", line.beneficiary_id, line.account_sealed)


async def test_a_rotation_may_change_the_suite(office, keeper):
    await fill(office)
    guomi = replace(keeper, vault=reading_vault(keeper.clock, Suite.GUOMI))
    await announce(guomi)
    await make_usable(guomi, office)

    await finish(guomi)

    async with office.reading() as db:
        found = (await db.execute(text("SELECT DISTINCT get_byte(name_sealed, 0) FROM members"))).scalars().all()
    assert found == [Suite.GUOMI]


async def test_nothing_moves_before_the_new_key_is_in_use(office, keeper):
    await fill(office)
    before = await where_all_lies(office)
    await announce(keeper)

    await reseal(keeper)

    assert await where_all_lies(office) == before


async def test_a_run_goes_on_where_it_stopped_also_in_another_worker(office, keeper):
    await fill(office)
    row = await announce(keeper)
    await make_usable(keeper, office)
    async with keeper.reading() as db:
        [run] = await list_runs(db)
    for _ in range(7):
        assert await reseal_batch(keeper, run.id, limit=1)
    async with keeper.reading() as db:
        halfway = await db.get(Resealing, run.id)
    moved = await rows_of_new_key(office, row.id)

    other = replace(keeper, vault=reading_vault(keeper.clock))
    await load_keys(other)
    await reseal_batch(other, run.id, limit=1)

    assert (halfway.total, moved) == (halfway.resealed, halfway.total)
    assert 0 < halfway.total <= 7
    assert await rows_of_new_key(office, row.id) >= moved
    await finish(other)
    assert {key for _, division, key in await where_all_lies(office) if division == COUNTY} == {row.id}


async def rows_of_new_key(office, key_id) -> int:
    """Count the rows of the first tables by name that a run has moved."""
    count = 0
    async with office.reading() as db:
        for table, column in (
            ("applications", "applicant_name_sealed"),
            ("assessments", "body_sealed"),
            ("checks", "facts_sealed"),
        ):
            query = text(f"SELECT count(*) FROM {table} WHERE substring({column} from 2 for 16) = :key")
            count += (await db.execute(query, {"key": key_id.bytes})).scalar_one()
    return count


async def test_a_worker_killed_in_the_middle_leaves_nothing_half_done(office, keeper, database_url):
    await fill(office)
    row = await announce(keeper)
    await make_usable(keeper, office)
    names = await rows_of(database_url, "SELECT id FROM members")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.one_resealer", database_url, office.clock.now().isoformat(),
        cwd=ROOT, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    for _ in range(4):  # each line is a batch of one row, committed
        assert await process.stdout.readline() == b"batch\n"
    process.kill()
    await process.wait()

    assert key_of_any(await where_all_lies(office)) == {office.vault.keys.find(row.id.bytes).id, *old_keys(office, row)}
    await finish(keeper)

    assert {key for _, division, key in await where_all_lies(office) if division == COUNTY} == {row.id}
    async with office.reading() as db:
        for each in names:
            member = await db.get(Member, each["id"])
            assert name_of(db, member).startswith("测试")


def key_of_any(found) -> set:
    return {key for _, division, key in found if division == COUNTY}


def old_keys(office, row) -> set:
    return {key.id for key in office.vault.keys.held().values() if key.division == COUNTY and key.id != row.id}


async def test_two_workers_at_once_do_it_once(office, keeper):
    await fill(office)
    row = await announce(keeper)
    await make_usable(keeper, office)
    other = replace(keeper, vault=reading_vault(keeper.clock))

    await asyncio.gather(reseal(keeper), reseal(other))
    await finish(keeper)

    assert key_of_any(await where_all_lies(office)) == {row.id}
    async with keeper.reading() as db:
        retirements = text("SELECT count(*) FROM audit_records WHERE action = 'keys.retire'")
        assert (await keeper_as_office(office, retirements)) == 1
        assert await list_runs(db) == []


async def keeper_as_office(office, query) -> int:
    async with office.reading() as db:
        return (await db.execute(query)).scalar_one()


async def test_a_row_that_somebody_holds_is_passed_over_and_his_change_stays(office, keeper):
    filled = await fill(office)
    row = await announce(keeper)
    await make_usable(keeper, office)

    async with office.unit_of_work() as db:
        held = await db.get(Application, filled.draft.id, with_for_update=True)
        await asyncio.wait_for(reseal(keeper), 30)  # does not wait for us, and so cannot wait in a circle
        held.address_sealed = db.vault.seal("applications.address", held.id, "测试村二组", division=COUNTY)
    await finish(keeper)

    async with office.reading() as db:
        kept = await db.get(Application, filled.draft.id)
        assert db.vault.open("applications.address", kept.id, kept.address_sealed) == "测试村二组"
        assert (key_of(kept.address_sealed), key_of(kept.answers_sealed)) == (row.id, row.id)


async def test_an_old_value_that_is_committed_late_is_met_in_another_round(office, keeper):
    filled = await fill(office)
    async with office.reading() as db:
        account = await db.get(PayoutAccount, filled.lines[0].beneficiary_id)
    row = await announce(keeper, GENERAL)
    await make_usable(keeper, office)

    async with office.unit_of_work() as db:  # a payroll that is being built: it has read the account already
        await db.execute(
            update(PayLine).where(PayLine.id == filled.lines[0].id).values(account_sealed=account.account_sealed)
        )
        await reseal(keeper)
        async with keeper.reading() as other:
            [run] = await list_runs(other)
            assert run.barrier is not None  # it does not end before we do
    await finish(keeper)

    async with office.reading() as db:
        line = await db.get(PayLine, filled.lines[0].id)
    assert key_of(line.account_sealed) == row.id


async def test_a_damaged_value_stops_nothing_and_keeps_the_old_key(office, keeper, database_url):
    filled = await fill(office)
    await rows_of(
        database_url,
        "UPDATE members SET name_sealed = set_byte(name_sealed, 35, get_byte(name_sealed, 35) # 1) "
        "WHERE id = (SELECT min(id::text)::uuid FROM members WHERE application_id = $1)",
        filled.draft.id,
    )
    row = await announce(keeper)
    await make_usable(keeper, office)

    with structlog.testing.capture_logs() as logs:
        await finish(keeper)

    old, _ = await keys_of(office)
    assert old.retired_at is None
    assert key_of_any(await where_all_lies(office)) == {old.id, row.id}
    [told] = [entry for entry in logs if entry["log_level"] == "error"]
    assert (told["event"], told["count"], told["subject"]) == ("values cannot be opened", 1, COUNTY)


async def test_a_division_rotates_once_at_a_time(office, keeper):
    await announce(keeper)

    with pytest.raises(RotationUnderWay):
        await announce(keeper)
    with pytest.raises(NoSuchDivision):
        await announce(keeper, "999999")


async def test_two_rotations_at_the_same_moment_announce_one_key(office, keeper):
    async def once() -> str:
        try:
            async with keeper.unit_of_work() as db:
                await rotate_key(db, COUNTY, PROPAGATION)
        except RotationUnderWay:
            return "under way"
        return "announced"

    assert sorted(await asyncio.gather(once(), once())) == ["announced", "under way"]


async def test_a_run_may_be_asked_for_twice(office, keeper):
    for _ in range(2):
        async with keeper.unit_of_work() as db:
            await begin_resealing(db, COUNTY)

    async with keeper.reading() as db:
        assert len(await list_runs(db)) == 1
