"""The guard that the journeys take every arrow of the procedure and meet every refusal: what it notes and judges."""

from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.api.common import problems
from app.applications.errors import TaskTaken
from app.applications.promise_lifecycle import LIFECYCLE, Action, Status
from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.core.lifecycle import Lifecycle
from app.identity.actors import Role
from tests.support.journeys_taken import EXCEPTIONS, TABLES, JourneysTaken, everything, journeys_in, left_out, noting

_APP = Path(problems.__file__).parents[2]
_WITHDRAWN = "promise: promised -> withdraw"
_TAKEN = "app.applications.errors.TaskTaken"


async def test_a_step_that_is_committed_and_a_refusal_that_is_told_are_noted_and_nothing_else(database):
    taken: set[str] = set()
    with noting(taken):
        async with database.unit_of_work():
            LIFECYCLE.step(Status.PROMISED, Action.WITHDRAW, Role.APPLICANT)
            with pytest.raises(RoleNotAllowed):
                LIFECYCLE.step(Status.PROMISED, Action.FIND_KEPT, Role.APPLICANT)
        with pytest.raises(StepNotAllowed):
            await _refused_at_the_end(database)
        problems.RowProblem.of(TaskTaken(), english=True)
    async with database.unit_of_work():
        LIFECYCLE.step(Status.PROMISED, Action.FIND_KEPT, Role.TOWNSHIP_HANDLER)
    assert taken == {_WITHDRAWN, _TAKEN}
    assert taken <= everything()


def test_what_no_journey_takes_is_listed_once_all_of_them_have_passed():
    journeys, expected = {"test_a.py::test_one", "test_a.py::test_two"}, {_WITHDRAWN, _TAKEN}
    assert left_out({_TAKEN}, journeys, journeys=journeys, expected=expected) == [_WITHDRAWN]
    assert left_out(expected, journeys, journeys=journeys, expected=expected) == []
    assert left_out(set(), {"test_a.py::test_one"}, journeys=journeys, expected=expected) == []


def test_a_session_of_several_processes_fails_by_what_none_of_them_has_taken(tmp_path):
    (tmp_path / "test_a.py").write_text("async def test_one(world): ...\n\nasync def _helper(): ...\n")
    assert journeys_in(tmp_path) == {"test_a.py::test_one"}
    missing = {_WITHDRAWN, _TAKEN}
    first, second = sorted(everything() - missing)[::2], sorted(everything() - missing)[1::2]

    home = JourneysTaken(tmp_path)
    for taken in (first, second):
        away = JourneysTaken(tmp_path)
        away.taken |= set(taken)
        node = SimpleNamespace(workeroutput={})
        away.pytest_sessionfinish(SimpleNamespace(config=node), pytest.ExitCode.OK)
        home.pytest_testnodedown(node)
    session = SimpleNamespace(config=SimpleNamespace(), exitstatus=pytest.ExitCode.OK)
    home.pytest_sessionfinish(session, pytest.ExitCode.OK)
    assert (home.missing, session.exitstatus) == ([], pytest.ExitCode.OK), "nothing has run"

    ran = SimpleNamespace(nodeid="tests/journeys/test_a.py::test_one[1]", when="call", passed=True)
    home.pytest_runtest_logreport(ran)
    home.pytest_sessionfinish(session, pytest.ExitCode.OK)
    assert (home.missing, session.exitstatus) == (sorted(missing), pytest.ExitCode.TESTS_FAILED)


def test_every_table_of_the_procedure_is_watched_and_no_exception_is_stale():
    found = set()
    for stage in ("applications", "review", "notices", "awards"):
        for path in (_APP / stage).glob("*lifecycle.py"):
            tables = vars(import_module(f"app.{stage}.{path.stem}")).values()
            found |= {id(table) for table in tables if isinstance(table, Lifecycle)}
    assert found <= {id(table) for table in TABLES.values()}
    assert set(EXCEPTIONS) <= everything()


async def _refused_at_the_end(database):
    async with database.unit_of_work():
        LIFECYCLE.step(Status.PROMISED, Action.FIND_BROKEN, Role.TOWNSHIP_HANDLER)
        LIFECYCLE.step(Status.WITHDRAWN, Action.FIND_KEPT, Role.TOWNSHIP_HANDLER)
