"""`scripts/bench`: brings up a database, the floor and the product, has them measured, and says what it found."""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.local import children
from scripts.local.bench.load import CONNECTIONS, HOST
from scripts.local.bench.report import Sides, show_conditions, show_parts, show_ratios
from scripts.local.bench.rules import bench_rules
from scripts.local.bench.verification import bench_verification
from scripts.local.installation import Installation
from scripts.local.narration import Refusal, say
from scripts.local.postgres import EmbeddedPostgres, temporary_supervisor
from scripts.local.processes import Service, Stop, Supervisor, python

# The same for both: one process, uvloop, httptools, no access log.
_SERVER = ("--factory", "--loop", "uvloop", "--http", "httptools", "--no-access-log", "--no-proxy-headers")
_SPARE = 2 * CONNECTIONS  # requests of a round that only warm up


@dataclass(frozen=True)
class _Length:
    """How long it takes. `each`: submissions in a round; `traced`: requests of the breakdown."""

    rounds: int
    seconds: float
    each: int
    traced: int

    @property
    def drafts(self) -> int:
        """How many drafts are handed in, on both sides together."""
        return 2 * (self.rounds * self.each + _SPARE + self.traced + _SPARE)


_FULL = _Length(rounds=9, seconds=1.5, each=120, traced=150)
_QUICK = _Length(rounds=3, seconds=0.8, each=50, traced=50)


def bench(arguments: Sequence[str], stop: Stop) -> int:
    """Measure and print; return 1 when a target is missed.

    Raises:
        Refusal: something does not start, or answers other than it should.
        StopRequested: somebody asked us to end.
    """
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a minute instead of four, and less certain")
    parser.add_argument("--evidence", action="store_true", help="only what records of acts and looks cost, and sealing")
    parser.add_argument(
        "what",
        nargs="?",
        choices=("rules", "verification"),
        help="only the rules, beside the same in OpenFisca; or only verification, beside bare calls of its questions",
    )
    options = parser.parse_args(arguments)
    if options.what == "rules":
        return bench_rules()
    if options.what == "verification":
        return bench_verification(stop, quick=options.quick)
    length = _QUICK if options.quick else _FULL
    if options.evidence:
        return _bench_evidence(stop, quick=options.quick)
    with temporary_supervisor(stop) as supervisor:
        say("Preparing a database with fsync, the floor and the product")
        environment = _environment(supervisor)
        plan, results = supervisor.data / "plan.json", supervisor.data / "results.json"
        drafts = str(length.drafts)
        supervisor.run(
            "prepare", python("-m", "scripts.local.bench.prepare", str(plan), "--drafts", drafts), environment
        )
        floor = _start(supervisor, "floor", "scripts.local.bench.floor:create_app", environment)
        ours = _start(supervisor, "ours", "app.main:create_app", environment)
        say("Measuring, floor and product in turn")
        asked = ["--floor", str(floor), "--ours", str(ours), "--rounds", str(length.rounds)]
        asked += ["--seconds", str(length.seconds), "--each", str(length.each)]
        _play(supervisor, python("-m", "scripts.local.bench.load", str(plan), str(results), *asked), environment)
        measured = json.loads(results.read_text())
        say("Looking where the time goes")
        parts = _trace(supervisor, plan, length, environment)
    show_conditions(length.rounds, length.seconds, length.each, environment["DIBAO_POOL_SIZE"])
    show_parts(parts)
    return 0 if show_ratios(measured) else 1


def _bench_evidence(stop: Stop, *, quick: bool) -> int:
    with temporary_supervisor(stop) as supervisor:
        say("Preparing a database with fsync")
        environment = _environment(supervisor)
        seconds = "1" if quick else "3"
        _play(supervisor, python("-m", "scripts.local.bench.evidence", "--seconds", seconds), environment)
    return 0


def _environment(supervisor: Supervisor) -> dict[str, str]:
    postgres = EmbeddedPostgres(supervisor.data)
    supervisor.start(postgres.service())
    postgres.create_database()
    installation = Installation(supervisor.data, HOST, port=8000, sandbox_port=8100)  # nobody listens there
    installation.make_files()
    # The limits are counted as always, but one machine may ask like thousands of phones.
    environment = {**installation.environment(postgres.url()), "DIBAO_LIMIT_FACTOR": "1000000"}
    environment |= {"DIBAO_LOG_LEVEL": "warning", "DIBAO_POOL_SIZE": "10"}
    environment.pop("DIBAO_SANDBOX_CLOCK_FILE")  # a clock that can be moved is the sandbox's alone
    supervisor.run("migrations", python("-m", "alembic", "upgrade", "head"), environment)
    supervisor.run("reference", python("-m", "scripts.local.load_reference"), environment)
    return environment


def _start(supervisor: Supervisor, name: str, factory: str, environment: Mapping[str, str]) -> int:
    port = children.free_port(HOST)
    command = python("-m", "uvicorn", *_SERVER, "--host", HOST, "--port", str(port), factory)
    supervisor.start(Service(name, lambda: command, environment, ready=lambda: children.accepts(HOST, port)))
    return port


def _play(supervisor: Supervisor, command: Sequence[str], environment: Mapping[str, str]) -> None:
    if supervisor.play(command, environment) != 0:
        raise Refusal(f"The measurement ended early. Logs are in {supervisor.data / 'logs'}.")


def _trace(supervisor: Supervisor, plan: Path, length: _Length, environment: Mapping[str, str]) -> dict[str, Sides]:
    parts = supervisor.data / "parts.json"
    floor = _start(supervisor, "floor-traced", "scripts.local.bench.traced:create_floor", environment)
    ours = _start(supervisor, "ours-traced", "scripts.local.bench.traced:create_ours", environment)
    options = ("--floor", str(floor), "--ours", str(ours), "--count", str(length.traced))
    _play(supervisor, python("-m", "scripts.local.bench.trace", str(plan), str(parts), *options), environment)
    found: dict[str, Sides] = json.loads(parts.read_text())
    return found
