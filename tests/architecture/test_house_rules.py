"""Conventions that matter, as tests: who commits, where SQL lives, what every operation says about itself."""

import ast
import inspect
import re
from pathlib import Path

import pytest

from app.events.base import Event
from app.main import ROUTERS
from tests.support.contract import contract

ROOT = Path(__file__).parents[2]
APP = ROOT / "app"
SOURCES = [path for path in APP.rglob("*.py") if "__pycache__" not in path.parts]
STAGES = (
    "applications", "verification", "review", "notices", "awards", "letters", "complaints", "corrections",
    "disbursement", "overpayments", "handovers", "status_queries", "exports", "retention",
)  # fmt: skip

# Operations that need no sign-in.
OPEN_TO_ALL = re.compile(r"^\w+ /(v1/public/|v1/auth/|\.well-known/|healthz|readyz|metrics|problems)")


def _name(path: Path) -> str:
    return str(path.relative_to(APP))


def _calls(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    return {
        node.func.attr for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }


def test_only_the_unit_of_work_commits():
    offenders = {_name(path) for path in SOURCES if _calls(path) & {"commit", "begin"}} - {"core/db.py"}

    assert not {name for name in offenders if not name.startswith("sandbox/")}


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_builds_sql_in_its_queries_only(stage):
    imports_select = re.compile(r"^from sqlalchemy import .*\b(select|insert|update|delete|text)\b", re.MULTILINE)
    offenders = {
        _name(path)
        for path in (APP / stage).rglob("*.py")
        if imports_select.search(path.read_text())
        and "queries" not in path.parts[-1]
        and "models" not in path.name
        and "queries" not in path.parent.name
        and "models" not in path.parent.name
    }

    assert not offenders


@pytest.mark.parametrize("stage", STAGES)
def test_every_table_of_a_stage_carries_its_county(stage):
    import importlib

    from app.core.db import Base

    importlib.import_module(f"app.{stage}.models")
    tables = [
        mapper.local_table
        for mapper in Base.registry.mappers
        if mapper.class_.__module__.startswith(f"app.{stage}.models")
    ]
    without = {table.name for table in tables if "county" not in table.c or table.c.county.nullable} - {
        "payout_accounts",  # a citizen's, not a case's
        "retention_runs",  # nobody's
        "replay_runs",
        "number_sets",  # public facts
    }

    assert tables
    assert not without


def test_every_operation_says_who_may_call_it():
    paths = contract()["paths"]
    nameless = {
        f"{verb} {path}"
        for path, item in paths.items()
        for verb, operation in item.items()
        if not operation.get("security")
    }

    assert not {name for name in nameless if not OPEN_TO_ALL.match(name)}


def test_every_operation_has_a_name_a_summary_and_words_for_the_phones_developer():
    for path, item in contract()["paths"].items():
        for verb, operation in item.items():
            assert re.fullmatch(r"[a-z][a-z_]+", operation["operationId"]), f"{verb} {path}"
            assert operation["summary"], f"{verb} {path}"
            assert operation["tags"], f"{verb} {path}"


def test_operation_names_are_unique():
    names = [op["operationId"] for item in contract()["paths"].values() for op in item.values()]

    assert len(names) == len(set(names))


def test_files_stay_small():
    long = {_name(path): n for path in SOURCES if (n := len(path.read_text().splitlines())) > 400}

    assert not long


def test_every_module_says_why_it_exists():
    silent = {_name(path) for path in SOURCES if not ast.get_docstring(ast.parse(path.read_text()))} - {"__init__.py"}

    assert not silent


def test_events_carry_ids_and_codes_only():
    personal = re.compile(r"name|phone|number|account|address|amount|birth|answers")

    def fields(cls):
        yield from ((cls.__name__, field) for field in getattr(cls, "__dataclass_fields__", {}))
        for child in cls.__subclasses__():
            yield from fields(child)

    assert not {(cls, field) for cls, field in fields(Event) if personal.search(field)}


def test_log_messages_are_static_and_fields_are_listed():
    from app.core.logs import ALLOWED

    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in {"info", "warning", "error", "exception"}
                and "log" in ast.unparse(node.func.value)
            ):
                where = f"{_name(path)}:{node.lineno}"
                assert isinstance(node.args[0], ast.Constant), where
                assert {kw.arg for kw in node.keywords} - {"exc_info"} <= ALLOWED, where


def test_the_product_never_reads_the_shared_folder_or_names_a_machine():
    for path in [*SOURCES, *(ROOT / "scripts").rglob("*")]:
        if path.is_file() and "__pycache__" not in path.parts:
            assert not re.search(r"\.\./shared|/(?:root|home/\w+)/", path.read_text(errors="ignore")), path


def _dependencies(dependant) -> set[object]:
    return {dependant.call}.union(*(_dependencies(inner) for inner in dependant.dependencies))


def test_every_dependency_and_endpoint_is_async():
    """FastAPI runs the others in a thread: that costs more than most requests do."""
    routes = [route for router in ROUTERS for route in router.routes]
    calls = set().union(*(_dependencies(route.dependant) for route in routes))

    threads = {
        f"{call.__module__}.{call.__qualname__}"
        for call in calls
        if inspect.isfunction(call) or inspect.isclass(call)
        if not (inspect.iscoroutinefunction(call) or inspect.isasyncgenfunction(call))
    }
    assert not threads
