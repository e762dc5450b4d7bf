"""`scripts/bench verification`: brings up a database, the sandbox and the worker, and has the worker's checks measured
beside bare calls of the same questions."""

import json
import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from scripts.local import children
from scripts.local.bench.load import HOST
from scripts.local.installation import Installation
from scripts.local.narration import Refusal, say
from scripts.local.postgres import EmbeddedPostgres, temporary_supervisor
from scripts.local.processes import Service, Stop, python

TARGET = 0.5
_FULL, _QUICK = (7, 24), (3, 6)  # rounds, and households in each
_PARTIES = ("driver", "worker", "sandbox", "postgres")
_UVICORN = ("-m", "uvicorn", "--factory", "--no-access-log", "--no-proxy-headers", "--host", HOST, "--port")


def bench_verification(stop: Stop, *, quick: bool) -> int:
    """Measure and print; return 1 when the target is missed.

    Raises:
        Refusal: something does not start, or a question was not answered.
        StopRequested: somebody asked us to end.
    """
    rounds, each = _QUICK if quick else _FULL
    with temporary_supervisor(stop) as supervisor:
        say("Preparing a database with fsync, accepted applications and the sandbox of agencies")
        postgres = EmbeddedPostgres(supervisor.data)
        supervisor.start(postgres.service())
        postgres.create_database()
        ports = [children.free_port(HOST) for _ in range(3)]
        installation = Installation(supervisor.data, HOST, *ports)
        installation.make_files()
        # Banks that keep their answers to themselves: nobody is there to be called back.
        settings = {"DIBAO_SANDBOX_ANSWER_SECONDS": "3600", "DIBAO_SWEEP_SECONDS": "5"}
        settings |= {"DIBAO_LOG_LEVEL": "warning"}
        environment = {**installation.environment(postgres.url()), **settings}
        supervisor.run("migrations", python("-m", "alembic", "upgrade", "head"), environment)
        supervisor.run("reference", python("-m", "scripts.local.load_reference"), environment)
        plan, results = supervisor.data / "plan.json", supervisor.data / "results.json"
        # One round more than is measured, to warm up.
        options = ("--rounds", str(rounds + 1), "--each", str(each))
        prepare = python("-m", "scripts.local.bench.verification_prepare", str(plan), *options)
        supervisor.run("prepare", prepare, environment)
        sandbox, port = python(*_UVICORN, str(ports[1]), "app.sandbox.main:create_app"), ports[1]
        supervisor.start(
            Service("sandbox", lambda: sandbox, environment, ready=lambda: children.answers(HOST, port, "/clock")),
            Service("worker", lambda: python("-m", "app.worker"), environment),
        )
        say("Measuring, bare calls and worker in turn")
        pids = supervisor.pids()
        watched = [part for name in ("worker", "sandbox", "postgres") for part in (f"--{name}", str(pids[name]))]
        load = python("-m", "scripts.local.bench.verification_load", str(plan), str(results), *watched)
        if supervisor.play(load, environment) != 0:
            raise Refusal(f"The measurement ended early. Logs are in {supervisor.data / 'logs'}.")
        measured = json.loads(results.read_text())
    return 0 if show(measured["questions"], measured["rounds"]) else 1


def show(questions: int, rounds: Sequence[Mapping[str, Mapping[str, float]]]) -> bool:
    """Print rates, their ratio, and the processor time behind them; say whether it is enough."""
    ratios, alike = ([each["ours"]["rate"] / each[side]["rate"] for each in rounds] for side in ("floor", "pooled"))
    ratio = statistics.median(ratios)
    say("")
    say(f"Floor: bare httpx calls, the same questions. {len(rounds)} rounds of {questions} questions each, in turn.")
    say(f"  bare calls   {_median(rounds, 'floor', 'rate'):6.0f} a second")
    say(f"  the worker   {_median(rounds, 'ours', 'rate'):6.0f} checks a second")
    say(f"  bare calls over the worker's kind of connections {_median(rounds, 'pooled', 'rate'):.0f} a second")
    missed = "" if ratio >= TARGET else "   MISSED"
    say(f"  of the floor's rate {ratio:.2f}  ({min(ratios):.2f} to {max(ratios):.2f}), target {TARGET:.2f}{missed}")
    say(f"  of bare calls over its kind of connections {statistics.median(alike):.2f}")
    say("Processor time a check, in milliseconds:")
    for side, words in (("floor", "bare calls"), ("pooled", "bare, its connections"), ("ours", "the worker")):
        parts = ", ".join(f"{party} {_median(rounds, side, party):.2f}" for party in _PARTIES)
        say(f"  {words}: {parts}")
    return ratio >= TARGET


def _median(rounds: Sequence[Mapping[str, Any]], side: str, what: str) -> float:
    return float(statistics.median(each[side][what] for each in rounds))
