"""What is printed: the ratios, and in words what the product does that the floor does not."""

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from scripts.local.bench.load import CONNECTIONS
from scripts.local.narration import say

Part = Mapping[str, float]  # us: microseconds a request; times: how often in a request
Sides = Mapping[str, Mapping[str, Part]]  # floor, ours → part

_WORDS = {
    "gate": "the gate: trace id, size, deadline and text of the request, limits, ETag, packing, links",
    "framework": "FastAPI: finding the route, reading strict parameters and bodies, resolving dependencies",
    "token": "checking the access token",  # words # nosec B105
    "mapper": "SQLAlchemy: statements, objects and the unit of work",
    "postgres": "waiting for PostgreSQL ({ours:.0f} round trips, the floor {floor:.0f})",
    "endpoint": "our own code: rules, seals, what may be seen, the answer's shape; and the driver",
    "writing": "writing the answer as JSON",
    "server": "handing the answer to the server",
    "outside": "the server itself, the sockets and the client",
}
_WORTH_SAYING = 0.03  # of the floor's time


def show_conditions(rounds: int, seconds: float, each: int, pool: str) -> None:
    """Say under which conditions it was measured."""
    say("")
    say("Floor: a bare FastAPI route with one asyncpg statement (a submission: one transaction with the same rows).")
    say(f"Both: one process, uvloop, httptools, a pool of {pool}, the same PostgreSQL with fsync on this machine;")
    say(f"{CONNECTIONS} connections, {rounds} rounds of {seconds:g} s or {each} submissions each, in turn.")


def show_ratios(measured: Sequence[Mapping[str, Any]]) -> bool:
    """Print which part of the floor's requests per second the product reaches; say whether it is enough."""
    say("")
    say("  of the floor's rate, the product reaches    median  (least to most)  target   bytes, floor and product")
    reached = []
    for case in measured:
        ratios = [ours / floor for floor, ours in case["rates"]]
        median, sizes = statistics.median(ratios), case["octets"]
        reached.append(median >= case["target"])
        spread = f"({min(ratios):.2f} to {max(ratios):.2f})"
        end = f"{sizes[0]}, {sizes[1]}" + ("" if reached[-1] else "   MISSED")
        say(f"  {case['name']:<42}  {median:6.2f}  {spread:<15}  {case['target']:>6.2f}   {end}")
    return all(reached)


def show_parts(parts: Mapping[str, Sides]) -> None:
    """Print, for each case, how much longer than the floor one request takes, and what the difference is spent on."""
    say("")
    say("What the rest is spent on, one request at a time; 1.00 is the time the floor takes:")
    for name, sides in parts.items():
        floor, ours = _with_outside(sides["floor"]), _with_outside(sides["ours"])
        whole = floor["whole"]["us"]
        say(f"  {name}: {ours['whole']['us'] / whole:.2f}")
        more = {part: (_of(ours, part, "us") - _of(floor, part, "us")) / whole for part in _WORDS}
        for part, share in sorted(more.items(), key=lambda item: -item[1]):
            if abs(share) >= _WORTH_SAYING:
                words = _WORDS[part].format(ours=_of(ours, part, "times"), floor=_of(floor, part, "times"))
                say(f"    {share:+.2f}  {words}")


def _with_outside(parts: Mapping[str, Part]) -> Mapping[str, Part]:
    """Add what happened outside the application."""
    inside = sum(part["us"] for name, part in parts.items() if name != "whole")
    return {**parts, "outside": {"us": parts["whole"]["us"] - inside, "times": 1}}


def _of(parts: Mapping[str, Part], part: str, what: str) -> float:
    return parts[part][what] if part in parts else 0.0
