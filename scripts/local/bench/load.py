"""The load generator, a process of its own: asks floor and product in turn and writes what each round reached.

python -m scripts.local.bench.load PLAN RESULTS --floor PORT --ours PORT --rounds N --seconds S --each N
"""

import argparse
import gc
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import uvloop

from scripts.local.bench.client import Tally, ask_all, for_a_time
from scripts.local.bench.plan import Ask, Case, Side, read_cases
from scripts.local.data_folder import write_json

HOST = "127.0.0.1"
CONNECTIONS = 16
_WARM_UP = 0.4  # seconds


@dataclass
class Party:
    """One side of a case with the requests it has not sent yet."""

    side: Side
    port: int
    requests: list[bytes]

    @classmethod
    async def of(cls, side: Side, port: int) -> "Party":
        host = f"{HOST}:{port}"
        etags = [await _etag(ask, port) if ask.again else "" for ask in side.asks]
        return cls(side, port, [ask.wire(host, etag) for ask, etag in zip(side.asks, etags, strict=True)])

    async def warm_up(self) -> Tally:
        return await self._ask(self._take(CONNECTIONS * 2) if self.side.once else self._go_round(_WARM_UP))

    async def round(self, seconds: float, each: int) -> Tally:
        return await self._ask(self._take(each) if self.side.once else self._go_round(seconds))

    def _go_round(self, seconds: float) -> Iterator[bytes]:
        return for_a_time(self.requests, seconds)

    def _take(self, count: int) -> Iterator[bytes]:
        taken, self.requests = self.requests[:count], self.requests[count:]
        return iter(taken)

    async def _ask(self, requests: Iterator[bytes]) -> Tally:
        gc.collect()
        tally = await ask_all(HOST, self.port, requests, CONNECTIONS)
        if set(tally.statuses) != {self.side.status}:
            raise SystemExit(f"expected {self.side.status}, got {dict(tally.statuses)}: {tally.last[:600]!r}")
        return tally


async def _etag(ask: Ask, port: int) -> str:
    """Ask for the first time, and return the ETag of the answer."""
    tally = await ask_all(HOST, port, iter([ask.wire(f"{HOST}:{port}")]), 1)
    found = re.search(rb"\r\netag: ([^\r]+)", tally.last, re.IGNORECASE)
    if found is None:
        raise SystemExit(f"no ETag: {tally.last[:600]!r}")
    return found[1].decode()


async def _measure(case: Case, options: argparse.Namespace) -> dict[str, object]:
    floor, ours = await Party.of(case.floor, options.floor), await Party.of(case.ours, options.ours)
    sizes = [len((await party.warm_up()).last) for party in (floor, ours)]
    rates: list[tuple[float, float]] = []
    for _ in range(options.rounds):
        below = await floor.round(options.seconds, options.each)
        rates.append((below.rate, (await ours.round(options.seconds, options.each)).rate))
    return {"name": case.name, "target": case.target, "octets": sizes, "rates": rates}


async def _measure_all(options: argparse.Namespace) -> None:
    results = []
    for case in read_cases(options.plan):
        print(f"  {case.name}", flush=True)
        results.append(await _measure(case, options))
    write_json(options.results, results)


def main(arguments: Sequence[str]) -> None:
    """Measure all cases of the plan."""
    parser = argparse.ArgumentParser(prog="load", description=__doc__)
    parser.add_argument("plan", type=Path)
    parser.add_argument("results", type=Path)
    parser.add_argument("--floor", type=int, required=True, help="port")
    parser.add_argument("--ours", type=int, required=True, help="port")
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True, help="of a round of reads")
    parser.add_argument("--each", type=int, required=True, help="requests in a round of submissions")
    uvloop.run(_measure_all(parser.parse_args(arguments)))


if __name__ == "__main__":
    main(sys.argv[1:])
