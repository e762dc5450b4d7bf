"""What the journeys take of the procedure: every arrow of its tables, and every refusal that it can give.

While a journey runs it is noted which steps are taken and which refusals somebody is told. When the whole of
`tests/journeys` has passed in one session, on however many processes, a session that left one out fails and lists them.
A part of the folder, or a run in which something else has failed already, is not judged.

A step counts once the work in which it was taken is committed, and a refusal once its problem document is written.
"""

import ast
import inspect
from collections.abc import AsyncIterator, Collection, Generator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import app.applications.errors
import app.awards.lifecycle
import app.notices.errors
import app.notices.lifecycle
import app.review.errors
from app.api.common import problems
from app.applications import entrustment_lifecycle, promise_lifecycle
from app.applications import lifecycle as application_lifecycle
from app.core.db import Database, WriteSession
from app.core.errors import DomainError
from app.core.lifecycle import Lifecycle
from app.review import check_result_lifecycle, evidence_lifecycle
from app.review import lifecycle as review_lifecycle

FOLDER = Path(__file__).parents[1] / "journeys"
TABLES: Mapping[str, Lifecycle[Any, Any, Any]] = {
    "application": application_lifecycle.LIFECYCLE,
    "entrustment": entrustment_lifecycle.LIFECYCLE,
    "promise": promise_lifecycle.LIFECYCLE,
    "review": review_lifecycle.LIFECYCLE,
    "evidence letter": evidence_lifecycle.LIFECYCLE,
    "check result": check_result_lifecycle.LIFECYCLE,
    "notice": app.notices.lifecycle.LIFECYCLE,
    "award": app.awards.lifecycle.LIFECYCLE,
    "award, to another county": app.awards.lifecycle.GOING_OVER,
}
REFUSALS: tuple[ModuleType, ...] = (app.applications.errors, app.review.errors, app.notices.errors)

# What no journey can take, and why.
EXCEPTIONS: Mapping[str, str] = {}

_NAMES = {id(table): name for name, table in TABLES.items()}
_SENT = "journeys_taken"  # what a process of pytest-xdist sends home


def everything() -> set[str]:
    """Name every arrow and every refusal of the procedure."""
    arrows = {_arrow(name, step.source, step.action) for name, table in TABLES.items() for step in table.steps}
    named = ((module, each) for module in REFUSALS for each in vars(module).values() if inspect.isclass(each))
    own = (each for module, each in named if each.__module__ == module.__name__ and issubclass(each, DomainError))
    return arrows | {_refusal(each) for each in own}


def journeys_in(folder: Path) -> set[str]:
    """Name the tests of a folder as pytest names them, without their parameters."""
    found = set()
    for path in folder.glob("test_*.py"):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        functions = (each for each in body if isinstance(each, ast.AsyncFunctionDef | ast.FunctionDef))
        found |= {_journey(path.name, each.name) for each in functions if each.name.startswith("test_")}
    return found


def left_out(
    taken: Collection[str], passed: Collection[str], *, journeys: Collection[str], expected: Collection[str]
) -> list[str]:
    """List what of `expected` was not taken; nothing unless every one of the `journeys` has passed."""
    if not set(journeys) <= set(passed):
        return []
    return sorted(set(expected) - set(taken) - set(EXCEPTIONS))


@contextmanager
def noting(taken: set[str]) -> Iterator[None]:
    """Note in `taken` which steps of the tables are taken, in work that is committed, and which refusals are told."""
    ask, tell, work = Lifecycle.step, problems.sentence_of, Database.unit_of_work
    under_way: ContextVar[set[str] | None] = ContextVar("under_way", default=None)

    def step(self: Any, status: Any, action: Any, role: Any) -> Any:
        allowed = ask(self, status, action, role)
        name, steps = _NAMES.get(id(self)), under_way.get()
        if name is not None and steps is not None:
            steps.add(_arrow(name, status, action))
        return allowed

    @asynccontextmanager
    async def unit_of_work(self: Database, trace: str = "") -> AsyncIterator[WriteSession]:
        around, steps = under_way.get(), set[str]()
        under_way.set(steps)
        try:
            async with work(self, trace) as db:
                yield db
        finally:
            under_way.set(around)
        taken.update(steps)

    def sentence_of(error: DomainError, *, english: bool) -> str | None:
        taken.add(_refusal(type(error)))
        return tell(error, english=english)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Lifecycle, "step", step)
        patch.setattr(Database, "unit_of_work", unit_of_work)
        patch.setattr(problems, "sentence_of", sentence_of)
        yield


class JourneysTaken:
    """The plugin: notes in every process, judges in the one that reports."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.taken: set[str] = set()
        self.passed: set[str] = set()
        self.missing: list[str] = []
        self._folder = folder

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Note what a journey takes, and of nothing else."""
        if item.path.parent != self._folder:
            return (yield)
        with noting(self.taken):
            return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember which journeys have passed, in whichever process."""
        path, _, name = report.nodeid.partition("::")
        if report.when == "call" and report.passed and path.startswith("tests/journeys/"):
            self.passed.add(_journey(Path(path).name, name.partition("[")[0]))

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take what another process has noted."""
        self.taken |= set(getattr(node, "workeroutput", {}).get(_SENT, ()))

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Send home what was noted; at home, judge it."""
        sent = getattr(session.config, "workeroutput", None)
        if sent is not None:
            sent[_SENT] = sorted(self.taken)
            return
        if exitstatus == pytest.ExitCode.OK and self.passed:
            self.missing = left_out(self.taken, self.passed, journeys=journeys_in(self._folder), expected=everything())
            if self.missing:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what no journey takes."""
        if self.missing:
            terminalreporter.section("no journey takes", red=True, bold=True)
            for each in self.missing:
                terminalreporter.line(each)


def _arrow(table: str, source: str, action: str) -> str:
    return f"{table}: {source!s} -> {action!s}"


def _refusal(error: type[DomainError]) -> str:
    return f"{error.__module__}.{error.__qualname__}"


def _journey(file: str, name: str) -> str:
    return f"{file}::{name}"
