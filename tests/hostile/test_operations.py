"""The corpus against every operation: no 5xx, no hang, a problem document for every refusal, nothing changed by one.

By itself a part of the whole product: each case meets three operations, each operation a hundred cases. With
TRIAL_HOSTILE=full (scripts/trial-hostile) every case at every place of every operation.
"""

import gc
import os
from collections import Counter
from collections.abc import Iterable

import psutil
import pytest
import structlog
from fastapi import FastAPI

from tests.hostile.attack import Shot, everything, fire, sample
from tests.hostile.contract import operations
from tests.hostile.corpus import corpus
from tests.hostile.world import World
from tests.support.contract import contract

FULL = os.environ.get("TRIAL_HOSTILE") == "full"
OPERATIONS = operations(contract())
PARTS = len(OPERATIONS) if FULL else 8  # each a test with records of its own
MOST_GROWTH = 48 * 1024 * 1024  # bytes, between the first fifth of a part and its end
_LOOK = 10  # refusals, after which the tables are looked at


def _shots(part: int) -> dict[str, list[Shot]]:
    own = OPERATIONS[part::PARTS]
    if FULL:
        return {operation.id: list(everything([operation])) for operation in own}
    chosen = sample(OPERATIONS)
    return {operation.id: chosen[operation.id] for operation in own}


def test_the_sample_spares_no_case_and_no_operation():
    chosen = sample(OPERATIONS)
    met = Counter((shot.case.slot, shot.case.name) for shots in chosen.values() for shot in shots)

    assert len(corpus()) >= 2000
    assert min(met.values()) >= 3
    assert len(met) == len(corpus())
    assert min(map(len, chosen.values())) >= 100


@pytest.mark.parametrize("part", range(PARTS))
async def test_no_operation_breaks_hangs_or_changes_anything_it_refused(app: FastAPI, world: World, part: int):
    wrong: list[str] = []
    codes: Counter[int] = Counter()
    first = 0
    with structlog.testing.capture_logs() as logs:
        shots = _shots(part)
        for place, batch in enumerate(shots.values()):
            wrong += await _attack(app, world, batch, codes)
            logs.clear()
            if place == len(shots) // 5:
                first = _resident()

    assert wrong == []
    assert codes[401] + codes[429] < sum(codes.values()) / 2, "most of it was sent away at the door"
    assert FULL or _resident() - first < MOST_GROWTH


async def _attack(app: FastAPI, world: World, shots: Iterable[Shot], codes: Counter[int]) -> list[str]:
    """Fire, and see that tables only change when something was granted; returns what went wrong."""
    wrong, marks, refused = [], await world.marks(), 0
    for shot in shots:
        status, fault = await fire(app, world, shot)
        codes[status] += 1
        if fault:
            wrong.append(fault)
        refused = refused + 1 if status >= 400 or not shot.operation.changes else 0
        if refused == 0:
            marks = await world.marks()
        elif refused % _LOOK == 0 and shot.operation.changes:
            wrong += _changes(shot, marks, marks := await world.marks())
    return wrong + _changes(shot, marks, await world.marks())


def _changes(shot: Shot, before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]) -> list[str]:
    changed = [name for name in after if before.get(name) != after[name]]
    return [f"{shot}: refused, and yet {', '.join(changed)} changed"] if changed else []


def _resident() -> int:
    gc.collect()  # takes as long as fifty shots: looked at twice only
    return int(psutil.Process().memory_info().rss)
