"""Measures verification: the worker's checks beside bare httpx calls that put the same questions to the same sandbox.

python -m scripts.local.bench.verification_load PLAN RESULTS --worker PID --sandbox PID --postgres PID

In each round this program first puts the questions itself, with nothing around them, over httpx as it comes (the
floor) and over the worker's own kind of connections, and then lets the worker ask the same, by putting its jobs into
the queue. All have the same number of questions under way with each agency. The first round only warms up.
"""

import argparse
import asyncio
import gc
import json
import ssl
import sys
import time
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx

from app.core.connections import Connection
from app.facts import Item
from app.partners.base import PartnerUnavailable, Query
from app.partners.registry import SINGLY, partner_for
from app.partners.transport import partner_client
from app.programs.registry import get_program
from app.settings import load_settings
from scripts.local.bench.cpu import cpu_of
from scripts.local.data_folder import write_json

_NEEDED = [item for item in Item if item in get_program("living_allowance").needs]
_FINE = frozenset({200, 202, 404})  # 404: some agencies' way of saying that there is no record
_PATIENCE = 300.0  # seconds for a round; then something hangs
_ENQUEUE = """
    INSERT INTO pgqueuer (priority, status, entrypoint, payload)
    SELECT priority, 'queued', entrypoint, payload FROM bench_jobs WHERE round = $1
"""
_WAITING = "SELECT count(*) FROM checks WHERE application_id = ANY($1::uuid[]) AND status = 'requested'"
_FAILED = """
    SELECT partner || ' ' || item || ': ' || outcome || ' ' || count(*) FROM check_attempts
    WHERE outcome NOT IN ('hit', 'none', 'taken') GROUP BY partner, item, outcome ORDER BY partner, item, outcome
"""


class NotMeasured(Exception):
    """An agency did not answer: the rates would be of something else."""


@dataclass(frozen=True)
class Processes:
    """Whose processor time is counted, by process id."""

    worker: int
    sandbox: int
    postgres: int

    def cpu(self) -> dict[str, float]:
        """Return the seconds each has taken so far; `driver` is this process, which is the floor's client."""
        spent = {name: cpu_of(getattr(self, name)) for name in ("worker", "sandbox", "postgres")}
        return {**spent, "driver": time.process_time()}


class Floor:
    """Bare calls: each question is written down beforehand, as its agency's adapter would write it."""

    def __init__(self, connections: dict[str, Connection]) -> None:
        self._connections = connections
        self._places = {code: asyncio.Semaphore(each.at_once) for code, each in connections.items()}

    async def write(self, people: Sequence[Sequence[str]]) -> list[tuple[str, httpx.Request]]:
        """Return what has to be sent to ask everything about these people."""
        agencies = {agency.code: agency for agency in SINGLY}
        written: list[httpx.Request] = []

        def keep(request: httpx.Request) -> httpx.Response:
            written.append(request)
            return httpx.Response(500)

        codes = []
        async with httpx.AsyncClient(transport=httpx.MockTransport(keep)) as nobody:
            for number, name in people:
                for item in _NEEDED:
                    code = partner_for(item)
                    query = Query(uuid4(), item, number, name, "living_allowance", "bench", str(uuid4()), "system")
                    try:
                        await agencies[code](self._connections[code], nobody).ask(query)
                    except PartnerUnavailable:
                        codes.append(code)
        return list(zip(codes, written, strict=True))

    async def ask(self, http: httpx.AsyncClient, questions: Sequence[tuple[str, httpx.Request]]) -> None:
        """Put them, as many at once with each agency as it takes from the worker."""

        async def put(code: str, request: httpx.Request) -> None:
            async with self._places[code]:
                answer = await http.send(request)
            if answer.status_code not in _FINE:
                raise NotMeasured(f"{code} answered {answer.status_code}: {answer.text[:300]}")

        await asyncio.gather(*(put(code, request) for code, request in questions))


async def measure(plan: Path, results: Path, processes: Processes) -> None:
    """Measure in turn, and write rates and processor time a check."""
    settings, rounds = load_settings(), json.loads(plan.read_text())  # noqa: ASYNC240 - nobody waits yet
    connections = settings.partners()
    owner = await asyncpg.connect(settings.database_url)
    floor, measured = Floor(connections), []
    async with partner_client(connections, _as_it_comes) as http, partner_client(connections) as pooled:
        for number, planned in enumerate(rounds):
            bare = await _timed_questions(processes, floor, http, planned["people"])
            same = await _timed_questions(processes, floor, pooled, planned["people"])
            ours = await _timed(processes, planned["questions"], _let_ask(owner, number, planned["applications"]))
            measured.append({"floor": bare, "pooled": same, "ours": ours})
    failed = [line for (line,) in await owner.fetch(_FAILED)]
    await owner.close()
    if failed:
        raise NotMeasured(f"attempts without an answer, so nothing was measured: {', '.join(failed)}")
    write_json(results, {"questions": planned["questions"], "rounds": measured[1:]})


def _as_it_comes(context: ssl.SSLContext) -> httpx.AsyncBaseTransport:
    return httpx.AsyncHTTPTransport(verify=context)


async def _timed_questions(
    processes: Processes, floor: Floor, http: httpx.AsyncClient, people: Sequence[Sequence[str]]
) -> dict[str, float]:
    # Written anew each time: what is signed is good for minutes, and some of it for once.
    questions = await floor.write(people)
    return await _timed(processes, len(questions), floor.ask(http, questions))


async def _timed(processes: Processes, questions: int, work: Awaitable[None]) -> dict[str, float]:
    gc.collect()
    before, began = processes.cpu(), time.perf_counter()
    async with asyncio.timeout(_PATIENCE):
        await work
    took, after = time.perf_counter() - began, processes.cpu()
    spent = {name: (after[name] - before[name]) / questions * 1000 for name in after}  # milliseconds a check
    return {"rate": questions / took, **spent}


async def _let_ask(owner: Any, number: int, applications: Sequence[str]) -> None:
    await owner.execute(_ENQUEUE, number)
    while await owner.fetchval(_WAITING, applications):  # noqa: ASYNC110 - another process works
        await asyncio.sleep(0.02)


def main(arguments: Sequence[str]) -> None:
    """Measure all rounds of the plan."""
    parser = argparse.ArgumentParser(prog="verification_load", description=__doc__)
    parser.add_argument("plan", type=Path)
    parser.add_argument("results", type=Path)
    for name in ("worker", "sandbox", "postgres"):
        parser.add_argument(f"--{name}", type=int, required=True, help="process id")
    options = parser.parse_args(arguments)
    asyncio.run(measure(options.plan, options.results, Processes(options.worker, options.sandbox, options.postgres)))


if __name__ == "__main__":
    main(sys.argv[1:])
