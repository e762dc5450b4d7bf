"""Everything that is checked without running tests. All checks run, also after one failed."""

import argparse
import re
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from scripts.local.installation import Installation
from scripts.local.narration import last_words, say
from scripts.local.postgres import start_throw_away, temporary_supervisor
from scripts.local.processes import Stop, Supervisor, python

_PROGRAMS = Path(sys.executable).parent  # of .venv
_DOCUMENT = "openapi/openapi.json"
_SPECTRAL = ("--ruleset", "openapi/spectral.yaml", "--fail-severity", "hint", _DOCUMENT)
_REDOCLY = ("--config", "openapi/redocly.yaml", "--max-problems", "1000", _DOCUMENT)
# The scripts start our own programs by lists of words, without a shell: that they do is no finding.
_OWN_PROGRAMS = ("--skip", "B101,B404,B603,B606,B607")


def _bandit(*arguments: str) -> tuple[str, ...]:
    return (str(_PROGRAMS / "bandit"), "--quiet", "--configfile", "pyproject.toml", "--recursive", *arguments)


_CHECKS: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (
    ("lint", ((str(_PROGRAMS / "ruff"), "check", "."),)),
    ("format", ((str(_PROGRAMS / "ruff"), "format", "--check", "."),)),
    ("house rules", (("-m", "scripts.local.rules"),)),
    ("insecure calls", (_bandit("app", "migrations"), _bandit("scripts", *_OWN_PROGRAMS))),
    ("import contracts", ((str(_PROGRAMS / "lint-imports"), "--no-logo"),)),
    ("types", ((str(_PROGRAMS / "mypy"), "--strict"),)),
    ("migrations match models", (("-m", "alembic", "upgrade", "head"), ("-m", "alembic", "check"))),
    ("OpenAPI document is current", (("-m", "scripts.local.openapi", "--check"),)),
    ("OpenAPI document breaks no client", (("-m", "scripts.local.contract_diff"),)),
    ("OpenAPI document by Spectral", (("-m", "scripts.local.node", "spectral", "lint", *_SPECTRAL),)),
    ("OpenAPI document by Redocly", (("-m", "scripts.local.node", "redocly", "lint", *_REDOCLY),)),
)


def check(arguments: Sequence[str], stop: Stop) -> int:
    """Run all checks; return 1 when one fails.

    Raises:
        Refusal: the throw-away database does not start.
        StopRequested: somebody asked us to end.
    """
    argparse.ArgumentParser(prog="scripts/check", description=__doc__).parse_args(arguments)
    with temporary_supervisor(stop) as supervisor:
        installation = Installation(supervisor.data, "127.0.0.1", port=8000, sandbox_port=8100)  # nobody listens
        installation.make_files()
        environment = installation.environment(start_throw_away(supervisor))
        failed = [name for name, commands in _CHECKS if not _passes(supervisor, name, commands, environment)]
    say(
        f"{len(_CHECKS) - len(failed)} of {len(_CHECKS)} checks passed"
        + (f"; failed: {', '.join(failed)}" * bool(failed))
    )
    return 1 if failed else 0


def _passes(
    supervisor: Supervisor, name: str, commands: Sequence[Sequence[str]], environment: Mapping[str, str]
) -> bool:
    began = time.monotonic()
    log = re.sub(r"\W+", "-", name)
    passed = all(
        supervisor.attempt(log, python(*command) if command[0] == "-m" else command, environment) == 0
        for command in commands
    )
    say(f"  {'passed' if passed else 'FAILED'}  {name} ({time.monotonic() - began:.1f} s)")
    if not passed:
        say(last_words(supervisor.log(log), 200) + "\n")
    return passed
