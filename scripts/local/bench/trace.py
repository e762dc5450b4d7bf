"""Asks the watched servers one request at a time and writes what each part took, in microseconds a request.

python -m scripts.local.bench.trace PLAN PARTS --floor PORT --ours PORT --count N
"""

import argparse
import json
import sys
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path

import uvloop

from scripts.local.bench.client import ask_all
from scripts.local.bench.load import HOST, Party
from scripts.local.bench.plan import Side, read_cases
from scripts.local.data_folder import write_json

_PARTS = b"GET /traced/parts HTTP/1.1\r\nhost: bench\r\n\r\n"
_MICRO = 1_000_000
_WARM_UP = 10


async def _trace(side: Side, port: int, count: int) -> dict[str, dict[str, float]]:
    """Return, for each part, microseconds and entries per request; `whole` is what the client waited."""
    party = await Party.of(side, port)
    requests = party.requests[-(count + _WARM_UP) :] if side.once else list(islice(cycle(party.requests), count + 10))
    await ask_all(HOST, port, iter(requests[:_WARM_UP]), 1)
    await ask_all(HOST, port, iter([_PARTS]), 1)
    tally = await ask_all(HOST, port, iter(requests[_WARM_UP:]), 1)
    told = (await ask_all(HOST, port, iter([_PARTS]), 1)).last
    parts = json.loads(told.partition(b"\r\n\r\n")[2])
    found = {
        part: {"us": seconds * _MICRO / tally.answers, "times": entries / tally.answers}
        for part, (seconds, entries) in parts.items()
    }
    return {**found, "whole": {"us": tally.seconds * _MICRO / tally.answers, "times": 1}}


async def _trace_all(options: argparse.Namespace) -> None:
    found = {}
    for case in read_cases(options.plan):
        floor = await _trace(case.floor, options.floor, options.count)
        found[case.name] = {"floor": floor, "ours": await _trace(case.ours, options.ours, options.count)}
    write_json(options.parts, found)


def main(arguments: Sequence[str]) -> None:
    """Trace all cases of the plan."""
    parser = argparse.ArgumentParser(prog="trace", description=__doc__)
    parser.add_argument("plan", type=Path)
    parser.add_argument("parts", type=Path)
    parser.add_argument("--floor", type=int, required=True, help="port")
    parser.add_argument("--ours", type=int, required=True, help="port")
    parser.add_argument("--count", type=int, required=True, help="requests of each case")
    uvloop.run(_trace_all(parser.parse_args(arguments)))


if __name__ == "__main__":
    main(sys.argv[1:])
