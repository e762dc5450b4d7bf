"""Whose work a step is: each open one waits in one queue, of one office; what is no post's to do, no post takes."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.applications.clocks import LIMITS, Responsible, StepKind
from app.applications.commands import claim_task
from app.applications.models import ApplicationStep
from app.applications.queries import get_application
from app.applications.queues import OFFICES, TAKERS, TaskState
from app.applications.steps import close_all_steps, close_step, open_step, open_step_until
from app.applications.task_queries import list_tasks
from app.core.clock import legal_date
from app.core.errors import RoleNotAllowed
from app.identity.actors import SYSTEM, Role
from app.reference.calendar import DueDate
from tests.builders.applications import COUNTY, TOWNSHIP, build_submitted
from tests.builders.people import build_staff

# Written a second time, by hand, from the law: in whose queue a step waits, and which posts may take it from there.
TOWNSHIP_POSTS = {Role.TOWNSHIP_HANDLER, Role.TOWNSHIP_REVIEWER, Role.TOWNSHIP_CONFIRMER}
COUNTY_POSTS = {Role.COUNTY_HANDLER, Role.COUNTY_CONFIRMER}
POSTS = sorted(TOWNSHIP_POSTS | COUNTY_POSTS)
# Opened by later stages, with a day of their own.
ELSEWHERE = {
    StepKind.FIRST_PAYMENT: Responsible.COUNTY,
    StepKind.PAYMENT: Responsible.BANK,
    StepKind.CORRECTION: Responsible.TOWNSHIP,
    StepKind.REPAYMENT: Responsible.APPLICANT,
    StepKind.HAND_OVER: Responsible.COUNTY,
    StepKind.EVIDENCE_LETTER: Responsible.TOWNSHIP,
    StepKind.REPORT_DISPUTE: Responsible.AGENCIES,
    StepKind.PERIODIC_REVIEW: Responsible.AGENCIES,
}
# The agency answers; the offices only see to it that it does. A correction goes up where the township cannot tell.
BESIDE = {
    StepKind.VERIFICATION: {Role.COUNTY_HANDLER, Role.TOWNSHIP_HANDLER},
    StepKind.REPORT_DISPUTE: {Role.COUNTY_HANDLER},
    StepKind.CORRECTION: {Role.COUNTY_HANDLER, Role.TOWNSHIP_HANDLER},
    StepKind.PERIODIC_REVIEW: set(),  # a campaign waits for its agencies, and has no day
    StepKind.AWARD_DECISION: set(),  # is done as it is put down
}
_PAGE = 3


def _queue_of(kind: StepKind) -> Responsible:
    return LIMITS[kind].responsible if kind in LIMITS else ELSEWHERE[kind]


@pytest.mark.parametrize("kind", StepKind)
def test_a_step_is_for_posts_of_the_office_in_whose_queue_it_waits(kind):
    queue, takers = _queue_of(kind), set(TAKERS[kind])

    if kind in BESIDE:
        assert takers == BESIDE[kind]
    elif queue is Responsible.TOWNSHIP:
        assert takers
        assert takers <= TOWNSHIP_POSTS
    elif queue is Responsible.COUNTY:
        assert takers
        assert takers <= COUNTY_POSTS
    else:
        assert not takers, "the applicant's, the village's or the bank's: no post takes it"


@pytest.mark.parametrize("kind", StepKind)
def test_where_nobody_may_take_a_step_no_office_is_late_with_it(kind):
    nobodys = kind in (StepKind.PERIODIC_REVIEW, StepKind.AWARD_DECISION)  # no day: nobody can be late with it
    assert bool(TAKERS[kind]) == (_queue_of(kind) in OFFICES and not nobodys)


_kinds = st.sampled_from(list(StepKind))
_acts = st.lists(st.tuples(st.booleans(), _kinds, st.booleans()), min_size=1, max_size=15)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(acts=_acts, post=st.sampled_from(POSTS))
async def test_every_open_step_waits_in_one_queue_for_the_posts_it_is_for(database, acts, post):
    cases = await _two_cases(database)
    opened: set[tuple[int, StepKind]] = set()
    for second, kind, opens in acts:
        await (_open if opens else _close)(database, cases[second], kind)
        (opened.add if opens else opened.discard)((second, kind))

    async with database.unit_of_work() as db:
        actor = await build_staff(db, post, TOWNSHIP if post in TOWNSHIP_POSTS else COUNTY)
        stranger = await build_staff(db, post, "532529203000" if post in TOWNSHIP_POSTS else "532502000000")
    async with database.reading() as db:
        rows = (await db.scalars(select(ApplicationStep).where(ApplicationStep.closed_at.is_(None)))).all()
    queues = {queue: await _all_of(database, actor, queue) for queue in Responsible}

    assert {(cases.index(row.application_id), StepKind(row.kind)) for row in rows} == opened
    assert Counter(step for steps in queues.values() for step in steps) == Counter(row.id for row in rows)
    assert Counter(await _all_of(database, actor, None)) == Counter(row.id for row in rows)
    assert await _all_of(database, stranger, None) == []
    for row in rows:
        assert row.id in queues[_queue_of(StepKind(row.kind))]
        if post in TAKERS[StepKind(row.kind)]:
            await _claim(database, actor, row.id)
        else:
            with pytest.raises(RoleNotAllowed):
                await _claim(database, actor, row.id)
    mine = {row.id for row in rows if post in TAKERS[StepKind(row.kind)]}
    assert set(await _all_of(database, actor, None, TaskState.MINE)) == mine


async def _two_cases(database):
    """Make two cases nothing waits in: each example begins with none of what the one before left open."""
    async with database.unit_of_work() as db:
        for row in (await db.scalars(select(ApplicationStep).where(ApplicationStep.closed_at.is_(None)))).all():
            await close_all_steps(db, await get_application(db, SYSTEM, row.application_id), "done")
        cases = [await build_submitted(db), await build_submitted(db)]
        for case in cases:
            await close_all_steps(db, case, "done")
    return [case.id for case in cases]


async def _open(database, case, kind):
    async with database.unit_of_work() as db:
        application = await get_application(db, SYSTEM, case, lock=True)
        if kind in LIMITS:
            await open_step(db, application, kind)
        else:
            due = DueDate(legal_date(db.clock.now()) + timedelta(days=3), provisional=False)
            await open_step_until(db, application, kind, ELSEWHERE[kind], due, "测试依据")


async def _close(database, case, kind):
    async with database.unit_of_work() as db:
        await close_step(db, await get_application(db, SYSTEM, case, lock=True), kind, "done")


async def _claim(database, actor, step):
    async with database.unit_of_work() as db:
        assert (await claim_task(db, actor, step)).step.taken_by == actor.id


async def _all_of(database, actor, queue, state=TaskState.OPEN):
    """Return what somebody sees in a queue, page after page."""
    found, after = [], None
    while True:
        async with database.reading() as db:
            page = await list_tasks(db, actor, state=state, responsible=queue, after=after, limit=_PAGE)
        found += [task.step.id for task in page]
        if len(page) < _PAGE:
            return found
        after = (page[-1].legal_date or date.max, page[-1].step.id)
