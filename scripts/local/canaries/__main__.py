"""Plays the planted people against a running service: python -m scripts.local.canaries --data … --households … --out …

Kills the API and the worker in the middle: the supervisor starts them again, and every caller here tries again.
"""

import argparse
import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path

from scripts.local.canaries import plays
from scripts.local.canaries.people import Planted, plant
from scripts.local.demo.clients import Console, Sandbox
from scripts.local.demo.narration import StoryStopped
from scripts.local.narration import say

_PATIENCE = 1200.0  # seconds: two cores have thousands of questions to put
_AT_ONCE = 8  # households that act at the same time
_KEPT_OF = 20  # households between two looks at what the webhook received
_TOLD_EVERY = 5  # such groups
_TAKEN_IN = 50  # applications that a township takes in before it waits for the agencies


def play(data: Path, count: int, out: Path) -> None:
    """Play everything, and write to `out` what others were answered and what the partner's webhook received.

    Raises:
        StoryStopped: something did not happen as it should.
    """
    people, cast = plant(count), _gather(data)
    _subscribe(cast)
    _each(cast, people, plays.settle)
    third = count // 3
    for part in (people[:third], people[third : 2 * third], people[2 * third :]):
        _each(cast, part, plays.apply, meanwhile=partial(_kill, data, "worker", "api"))
    say(f"  {count} households have applied as far as they go: {dict(Counter(person.end for person in people))}")
    plays.declare(cast, people)
    # A township takes in as many as the agencies can be asked about meanwhile, not a thousand at once.
    for start in range(0, count, _TAKEN_IN):
        some = people[start : start + _TAKEN_IN]
        _each(cast, some, plays.take_in)
        if start == 0:
            _kill(data, "worker")
        _verified(cast, some)
    _each(cast, people, plays.survey)
    _posted(cast, people)
    _each(cast, people, plays.report)
    _let_notices_end(cast)
    _collect(cast)
    _with_county(cast, people)
    _each(cast, people, plays.decide)
    _pay(cast, data, people)
    _collect(cast)
    plays.leave_control(cast)
    out.write_text(json.dumps({
        "answers": [answer.decode("utf-8", "surrogateescape") for answer in cast.answers],
        "webhooks": list(cast.received.values()),
        "notices": cast.notices,
    }))  # fmt: skip


def _gather(data: Path) -> plays.Cast:
    facts = json.loads((data / "sandbox.json").read_text())
    base = facts["base_url"]
    own = plays.VILLAGE[:6]
    staff = {
        person["username"].partition("-")[2]: Console(base, person)
        for person in facts["staff"]
        if person["division"][:6] == own
    }
    stranger = next(p for p in facts["staff"] if p["division"][:6] not in (own, "530000"))
    return plays.Cast(base, facts["sandbox_url"], Sandbox(facts["sandbox_url"]), staff, Console(base, stranger))


def _subscribe(cast: plays.Cast) -> None:
    url = f"{cast.sandbox_url}/webhook-sink/{plays.SINK}"
    cast.staff["admin"].post("/v1/console/webhook-endpoints", {"url": url, "description": "trial"})


def _collect(cast: plays.Cast) -> None:
    """Keep what the webhook received so far; its receiver remembers the last two hundred only."""
    for delivery in cast.sandbox.get(f"/webhook-sink/{plays.SINK}")["deliveries"]:
        cast.received[json.dumps(delivery, sort_keys=True, ensure_ascii=False)] = delivery


def _each(
    cast: plays.Cast,
    people: list[Planted],
    act: Callable[[plays.Cast, Planted], None],
    *,
    meanwhile: Callable[[], None] | None = None,
) -> None:
    """Let each of them act, some at a time; `meanwhile` happens once, while the first of them are at it."""
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        for start in range(0, len(people), _KEPT_OF):
            acting = [threads.submit(act, cast, person) for person in people[start : start + _KEPT_OF]]
            if start == 0 and meanwhile is not None:
                acting[0].result()
                meanwhile()
            for each in acting:
                each.result()
            _collect(cast)
            if start // _KEPT_OF % _TOLD_EVERY == _TOLD_EVERY - 1:
                say(f"  {act.__name__.replace('_', ' ')}: {start + _KEPT_OF} of {len(people)}")
    say(f"  {act.__name__.replace('_', ' ')}: done")


def _ending(people: list[Planted], *ends: str) -> list[Planted]:
    return [person for person in people if person.end in ends]


def _verified(cast: plays.Cast, people: list[Planted]) -> None:
    for person in _ending(people, "accepted", "visited", "objected", "refused", "notice", "paid"):
        url = f"/v1/console/applications/{cast.cases[person.number]}"
        _until("the report is there", partial(_answers_well, cast.staff["reviewer"], f"{url}/report"))


def _answers_well(console: Console, url: str) -> bool:
    try:
        console.get(url)
    except StoryStopped:
        return False
    return True


def _posted(cast: plays.Cast, people: list[Planted]) -> None:
    names = {person.head.name for person in _ending(people, "objected")}

    def all_hang() -> bool:
        cast.notices = plays._notices(cast.stranger)
        return names <= {notice["applicant_name"] for notice in cast.notices}

    _until("notices are posted", all_hang)


def _let_notices_end(cast: plays.Cast) -> None:
    """Go to the day after the last on which one hangs: seven days, and longer over days of rest."""
    last = max(date.fromisoformat(notice["ends_on"]) for notice in cast.notices)
    cast.sandbox.advance(f"P{(last - date.fromisoformat(cast.sandbox.today())).days + 1}D")


def _with_county(cast: plays.Cast, people: list[Planted]) -> None:
    for person in _ending(people, "paid", "refused"):
        _until("the notice ends", partial(_is_with_county, cast, person))


def _is_with_county(cast: plays.Cast, person: Planted) -> bool:
    url = f"/v1/console/applications/{cast.cases[person.number]}/review"
    return bool(cast.staff["reviewer"].get(url)["status"] == "with_county")


def _pay(cast: plays.Cast, data: Path, people: list[Planted]) -> None:
    paid = _ending(people, "paid")
    phone = cast.phone(paid[-1])
    _until("the award is opened", lambda: bool(phone.get("/v1/awards")["items"]))
    month = str(phone.get("/v1/awards")["items"][0]["from_month"])
    days = (date.fromisoformat(f"{month}-01") - date.fromisoformat(cast.sandbox.today())).days
    cast.sandbox.advance(f"P{max(days, 1)}D")
    payroll = plays.pay(cast, month)
    _kill(data, "worker", "api")
    url = f"/v1/console/payrolls/{payroll}"

    def settled() -> bool:
        totals = cast.staff["finance"].get(url)["totals"]
        return all(total["status"] in ("paid", "failed") for total in totals)

    _until("the bank has paid", settled)
    say(f"  paid: {cast.staff['finance'].get(url)['totals']}")


def _until(what: str, done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not done():
        if time.monotonic() > deadline:
            raise StoryStopped(f"not in time: {what}")
        time.sleep(0.2)


def _kill(data: Path, *services: str) -> None:
    """End services in the middle of whatever they are doing."""
    for service in services:
        os.kill(int((data / "run" / f"{service}.pid").read_text()), signal.SIGKILL)


def main() -> int:
    """Play, and say how it ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--households", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    try:
        play(options.data, options.households, options.out)
    except StoryStopped as stop:
        say(f"The planted people got stuck: {stop}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
