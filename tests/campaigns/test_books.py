"""Opening a campaign over many persons, and its books: a few statements a slice, and the same memory to the end.

Small in the suite; `scripts/trial-campaign` runs it with 100,000 persons (TRIAL_BOOKS) and prints what it measured.
Agencies answer by one statement here: what is measured is what the campaign itself does.
"""

import os
import resource
import time
from contextlib import contextmanager
from datetime import date, timedelta

import asyncpg
import pytest_asyncio
from sqlalchemy import text

from app.campaigns.commands import approve_campaign, open_next, release_next, take_up_next
from app.campaigns.commands.listing import AT_ONCE
from app.campaigns.jobs import pursue_campaigns
from app.campaigns.lifecycle import Kind, Status
from app.campaigns.queries.releasing import list_desks
from app.campaigns.queries.settling import settle_plain
from app.reference.commands import LocalParameter, put_parameter
from tests.builders.campaigns import (
    PREFECTURE,
    PROVINCE,
    build_desks,
    campaign_of,
    counted,
    plan,
    progress,
)
from tests.builders.verification import NEEDED

PERSONS = int(os.environ.get("TRIAL_BOOKS", "60"))
IN_HOUSEHOLD = 2
_SINCE = date(2026, 1, 1)
OF_REVIEW = min(20_000, PERSONS * NEEDED)  # questions of the review that are put, of all that are listed

# Households in ten townships of two counties, with what must stand behind an award and nothing that would be opened.
_MANY = """
    CREATE TEMPORARY TABLE many ON COMMIT DROP AS
    SELECT gen_random_uuid() AS application, gen_random_uuid() AS award, gen_random_uuid() AS citizen,
           gen_random_uuid() AS review, gen_random_uuid() AS assessment, gen_random_uuid() AS decision,
           county, county || lpad((n % 10 + 100)::text, 3, '0') || '201' AS division, n
    FROM generate_series(1, {households}) AS n,
         LATERAL (SELECT CASE WHEN n % 10 = 0 THEN '532501' ELSE '532529' END AS county) AS place;
    INSERT INTO applications (id, county, division, program, form_version, status, applicant_id, area_class,
                              field_versions, relative_of_staff, created_at, decide_by_provisional, version)
    SELECT application, county, division, 'living_allowance', 1, 'approved', citizen, 'rural', '{{}}', false, now(),
           false, 1 FROM many;
    INSERT INTO reviews (id, county, division, application_id, status, round, created_at, version)
    SELECT review, county, division, application, 'confirmed', 1, now(), 1 FROM many;
    INSERT INTO assessments (id, county, division, application_id, report_id, program, judged_on, outcome,
                             monthly_amount_fen, members_counted, parameter_versions, digest, made_by, made_at)
    SELECT assessment, county, division, application, review, 'living_allowance', now(), 'eligible', 50000, {each},
           '{{}}', '', review, now() FROM many;
    INSERT INTO decisions (id, county, division, number, application_id, review_id, assessment_id, program, outcome,
                           monthly_amount_fen, members_counted, first_month, basis, remedies, parameter_versions,
                           digest, decided_by, decided_on, decided_at)
    SELECT decision, county, division, 'JD' || n, application, review, assessment, 'living_allowance', 'approved',
           50000, {each}, '2026-12-01', '[]', '[]', '{{}}', '', review, now(), now() FROM many;
    INSERT INTO awards (id, county, division, application_id, decision_id, beneficiary_id, program, monthly_amount_fen,
                        members_count, from_month, status, opened_at, version)
    SELECT award, county, division, application, decision, citizen, 'living_allowance', 50000, {each}, '2026-12-01',
           'active', now(), 1 FROM many;
    INSERT INTO members (id, county, application_id, relation, id_number_sealed, id_number_index, birth_date, claimed,
                         profile_sealed)
    SELECT gen_random_uuid(), county, application, 'self', '', decode(md5(application::text || m), 'hex'), '1980-01-01',
           true, '' FROM many, generate_series(1, {each}) AS m;
    INSERT INTO authorisations (id, county, application_id, member_id, signed_by_member_id, text_version, method,
                                signed_at)
    SELECT gen_random_uuid(), county, application_id, id, id, '1', 'code', now() FROM members
    WHERE application_id IN (SELECT application FROM many)
"""


@pytest_asyncio.fixture
async def many(database, database_url: str):
    """Awards of so many persons."""
    owner = await asyncpg.connect(database_url)
    try:
        async with owner.transaction():
            await owner.execute(_MANY.format(households=PERSONS // IN_HOUSEHOLD, each=IN_HOUSEHOLD))
        if PERSONS > 1_000:
            await owner.execute("ANALYZE awards, members, authorisations, applications")
            for table in ("checks", "campaign_questions", "campaign_households", "members", "authorisations"):
                # Who drops the database afterwards may not end a vacuum.
                await owner.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = off)")
    finally:
        await owner.close()


@contextmanager
def _measured(what: str, number: int):
    """Print how long something took, of our own processor as well, and what memory it took beyond what there was."""
    wall, cpu, held = time.monotonic(), time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    wall, cpu = time.monotonic() - wall, time.process_time() - cpu
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held) / 1024
    print(f"{what}: {number:,} in {wall:.1f} s, {cpu:.1f} s of our CPU, {more:.0f} MB more at most")


async def _start(database, kind: Kind):
    desks = await build_desks(database, PREFECTURE)
    campaign = await plan(database, desks.planner, kind, PREFECTURE)
    async with database.unit_of_work() as db:
        await approve_campaign(db, desks.approver, campaign.id)
    return campaign


async def _open(database, campaign, statements: list[str]) -> int:
    slices, more = 0, True
    before = len(statements)
    while more:
        async with database.unit_of_work() as db:
            more = await open_next(db, campaign.id)
        slices += 1
    print(f"{slices} slices of {AT_ONCE} households, {(len(statements) - before) / slices:.1f} statements each")
    return slices


async def _as_fast_as_can_be(database) -> None:
    async with database.unit_of_work() as db:
        for partner in {desk.partner for desk in await list_desks(db)} | {"civil_affairs"}:
            for name in ("campaign_hourly", "campaign_at_once"):
                row = LocalParameter("procedure", f"{name}.{partner}", PROVINCE, 1_000_000, "测试", _SINCE)
                await put_parameter(db, row)


async def _release(database, most: int) -> int:
    put = 0
    async with database.reading() as db:
        desks = await list_desks(db)
    while put < most:
        before = put
        for desk in desks:
            async with database.unit_of_work() as db:
                put += await release_next(db, desk)
        database.clock.advance(timedelta(minutes=1))
        if put == before:
            break
    return put


async def _answer_all(database) -> int:
    async with database.unit_of_work() as db:
        answered = await db.execute(
            text(
                "UPDATE checks SET status = 'answered', outcome = 'none', answered_at = :now, asked_at = :now, "
                "next_attempt_at = NULL, to_take_up = true WHERE campaign_id IS NOT NULL AND status = 'requested'"
            ),
            {"now": database.clock.now()},
        )
    return answered.rowcount


async def _repeat(database, work) -> int:
    done, more = 0, 1
    while more:
        async with database.unit_of_work() as db:
            more = await work(db)
        done += more
    return done


async def test_a_review_of_many_is_listed_in_slices_and_put_in_batches(database, many, statements):
    print()
    campaign = await _start(database, Kind.YEARLY_REVIEW)
    questions = PERSONS * NEEDED
    with _measured("listing a review, questions", questions):
        slices = await _open(database, campaign, statements)
    await _as_fast_as_can_be(database)
    with _measured("putting questions of it", OF_REVIEW):
        put = await _release(database, OF_REVIEW)

    told = await progress(database, campaign)
    assert slices == PERSONS // IN_HOUSEHOLD // AT_ONCE + 1
    assert told == await counted(database, campaign)
    assert sum(told.values()) == questions
    assert told["asked"] == put >= min(OF_REVIEW, questions)


async def test_a_match_of_many_is_kept_to_its_end(database, many, statements):
    print()
    campaign = await _start(database, Kind.DEATH_MATCH)
    with _measured("listing a match, questions", PERSONS):
        await _open(database, campaign, statements)
    await _as_fast_as_can_be(database)
    with _measured("putting them", PERSONS):
        put = await _release(database, PERSONS)
    answered = await _answer_all(database)
    with _measured("taking the answers up", answered):
        await _repeat(database, take_up_next)
    with _measured("settling households", PERSONS // IN_HOUSEHOLD):
        await _repeat(database, lambda db: settle_plain(db, database.clock.now(), 2_000))
    await pursue_campaigns(database)

    assert put == answered == PERSONS
    assert await progress(database, campaign) == await counted(database, campaign) == {"none": PERSONS}
    assert (await campaign_of(database, campaign.id)).status == Status.DONE
