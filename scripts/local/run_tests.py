"""Runs pytest against a throw-away PostgreSQL. pytest's closing line is the last line."""

import argparse
import os
from collections.abc import Sequence

from scripts.local.grown_server import start_grown
from scripts.local.postgres import temporary_supervisor
from scripts.local.processes import Stop, Supervisor, base_environment, python

_MOST_PROCESSES = 8  # each has a database of its own on one small server


def run_tests(arguments: Sequence[str], stop: Stop) -> int:
    """Run pytest with `arguments` and return its exit code.

    TEST_DATABASE_URL names a server to use instead; its user must be allowed to create databases and roles.

    Raises:
        Refusal: the server does not start.
        StopRequested: somebody asked us to end.
    """
    with temporary_supervisor(stop) as supervisor:
        environment = {**base_environment(), **_server(supervisor, stop)}
        # Who keeps the tree free of bytecode would have each of a hundred processes compile the product anew.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        # Some tests take a minute: who is done with his takes from the others, so that all end together.
        spread = ("-n", str(_processes()), "--dist", "worksteal")
        return supervisor.play(python("-m", "pytest", *spread, *arguments), environment)


def fuzz(arguments: Sequence[str], stop: Stop) -> int:
    """Let schemathesis try the contract in full, with a new seed; return 1 when something was found.

    Raises:
        Refusal: the server does not start.
        StopRequested: somebody asked us to end.
    """
    parser = argparse.ArgumentParser(prog="scripts/fuzz", description=fuzz.__doc__)
    parser.add_argument("--minutes", type=float, default=20.0, help="for how long (default: %(default)s)")
    options = parser.parse_args(arguments)
    with temporary_supervisor(stop) as supervisor:
        minutes = {"FUZZ_MINUTES": str(options.minutes)}
        environment = {**base_environment(), **_server(supervisor, stop), **minutes}
        return supervisor.play(python("-m", "pytest", "-s", "tests/contract/test_schemathesis.py"), environment)


def _server(supervisor: Supervisor, stop: Stop) -> dict[str, str]:
    """Return what the tests have to know of their server."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        return {"TEST_DATABASE_URL": url}
    url, template = start_grown(supervisor, stop)
    return {"TEST_DATABASE_URL": url, **({"TEST_DATABASE_TEMPLATE": template} if template else {})}


def _processes() -> int:
    # What this process may use, not what the machine has: containers and CI give a part of it.
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2
    return max(1, min(usable, _MOST_PROCESSES))
