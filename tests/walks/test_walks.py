"""People who do whatever they like, in any order, on any day: nothing happens but what the procedure allows.

A few walks in the suite, always the same; `scripts/trial-walks` takes two hundred (TRIAL_WALKS) and prints what they
tried and where they never came. TRIAL_SEED repeats a trial.
"""

import os
import random

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.walks.machine import Theatre, machine_of

IS_TRIAL = "TRIAL_WALKS" in os.environ
WALKS = int(os.environ.get("TRIAL_WALKS", "3"))
STEPS = int(os.environ.get("TRIAL_STEPS", "45"))
SEED = int(os.environ.get("TRIAL_SEED") or (random.randrange(10**9) if IS_TRIAL else 5))


def test_whatever_anybody_tries_only_what_the_procedure_allows_happens(theatre: Theatre):
    if IS_TRIAL:
        print(f"\nseed {SEED}")
    machine = machine_of(theatre)
    walking = settings(
        max_examples=WALKS,
        stateful_step_count=STEPS,
        phases=[Phase.generate],  # a story is told as it was: a shorter one would take an hour to find
        report_multiple_bugs=False,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(seed(SEED)(machine), settings=walking)
    finally:
        if IS_TRIAL:
            print("\n".join(theatre.tally.lines()))
    assert theatre.tally.walks >= WALKS
    assert theatre.tally.steps > WALKS * STEPS // 2, "hardly anybody went anywhere"
