"""Households are verified while every agency spoils three answers in ten, one is dead for a week and the worker dies.

Small in the suite; `scripts/trial-verification` runs it with a thousand households and fifty kills
(TRIAL_VERIFICATION) and prints what it measured. TRIAL_SEED repeats a run's choices, though not the moments at which
they meet a kill.

All end with a report; no silence passes for "no record"; nothing is asked without an authorisation in force, or twice
without need: looked up for every row, in the database and in what the agencies themselves noted. That the look-up
finds what is wrong is shown afterwards by planting it.
"""

import asyncio
import os
import random
import time
from collections import Counter

import asyncpg
import pytest_asyncio

from app.keys.loading import open_vault
from tests.support.cleaning import empty_tables
from tests.support.verification_trial.audit import find_faults
from tests.support.verification_trial.cases import make_cases
from tests.support.verification_trial.course import Course
from tests.support.verification_trial.plants import PLANTED, plant
from tests.support.verification_trial.stack import VerificationStack
from tests.support.verification_trial.table import show

HOUSEHOLDS = int(os.environ.get("TRIAL_VERIFICATION", "10"))
KILLS = int(os.environ.get("TRIAL_KILLS") or (50 if "TRIAL_VERIFICATION" in os.environ else 3))
SEED = int(os.environ.get("TRIAL_SEED") or random.randrange(10**9))
STEPS = ("PT12H",) * 14 if HOUSEHOLDS >= 100 else ("P2D", "P2D", "P3D")
PATIENCE = 900 + 12 * HOUSEHOLDS  # seconds for all of it: what bounds a hang, on a machine with much else to do


@pytest_asyncio.fixture
async def owner(database_url: str):
    """The database's owner, who may plant what nobody else could; what the trial left is gone afterwards."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()
    await empty_tables(database_url)


async def test_all_reach_a_true_report_and_nobody_is_asked_about_without_ground(database_url, owner, tmp_path):
    print(f"\nseed {SEED}")
    stack = VerificationStack(tmp_path, database_url)
    seen = stack.database()
    try:
        await open_vault(seen)
        began = time.monotonic()
        async with stack.running(), asyncio.timeout(PATIENCE):
            cases = await make_cases(seen, stack.keys, HOUSEHOLDS)
            prepared = time.monotonic()
            course = Course(stack, seen, cases, STEPS, KILLS, random.Random(SEED))
            await course.run()
            ended = time.monotonic()
            counters = await stack.tell("GET", "/counters")
        rows, kinds, words = await find_faults(seen, stack.sandbox_file, cases, course.withdrawn)
        print(show(rows, course, counters, prepared - began, ended - prepared))
        assert not kinds, "\n".join(words)
        assert stack.kills == KILLS
        await plant(owner, seen, stack.sandbox_file, rows, course.withdrawn)
        _, kinds, _ = await find_faults(seen, stack.sandbox_file, cases, course.withdrawn)
        assert kinds == Counter(PLANTED)
    finally:
        await seen.dispose()
