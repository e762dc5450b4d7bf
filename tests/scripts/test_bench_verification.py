"""`scripts/bench verification` measures what it says: both sides put the same questions, and a refused one ends it."""

import json
import os
import time

import asyncpg
import httpx
import pytest

from app.core.connections import Connection
from app.partners.registry import SINGLY, partner_for
from app.sandbox.population import grow
from app.sandbox.world import SERVICES
from scripts.local.bench.cpu import cpu_of
from scripts.local.bench.families import list_families
from scripts.local.bench.verification import TARGET, show
from scripts.local.bench.verification_load import _NEEDED, Floor, NotMeasured
from scripts.local.bench.verification_prepare import prepare
from scripts.local.installation import Installation
from tests.support.cleaning import empty_tables

_PEOPLE = [["539900198005170014", "测试甲"], ["53990019820304002X", "测试乙"]]


def _connections() -> dict[str, Connection]:
    return {code: Connection(f"https://{code}.test", secret="ours", at_once=2) for code in SERVICES}


async def test_the_floor_puts_every_question_a_household_needs_to_its_agency():
    floor, sent = Floor(_connections()), []

    def note(request: httpx.Request) -> httpx.Response:
        sent.append(request.url.host.removesuffix(".test"))
        return httpx.Response(200)

    questions = await floor.write(_PEOPLE)
    async with httpx.AsyncClient(transport=httpx.MockTransport(note)) as http:
        await floor.ask(http, questions)

    assert sorted(sent) == sorted(partner_for(item) for item in _NEEDED for _ in _PEOPLE)
    assert set(sent) == {agency.code for agency in SINGLY if not agency.items.keys().isdisjoint(_NEEDED)}


async def test_a_question_that_is_refused_ends_the_measurement():
    floor = Floor(_connections())
    questions = await floor.write(_PEOPLE[:1])
    refusing = httpx.MockTransport(lambda _: httpx.Response(401))

    async with httpx.AsyncClient(transport=refusing) as http:
        with pytest.raises(NotMeasured, match="401"):
            await floor.ask(http, questions)


def test_half_of_the_floors_rate_is_enough_and_less_is_not(capsys):
    spent = {"driver": 1.0, "worker": 1.0, "sandbox": 1.0, "postgres": 1.0}

    def rounds(rate: float):
        rates = {"floor": 200.0, "pooled": 800.0, "ours": rate}
        return [{side: {"rate": each, **spent} for side, each in rates.items()}] * 3

    assert show(40, rounds(200.0 * TARGET))
    assert not show(40, rounds(200.0 * TARGET - 1))
    assert "MISSED" in capsys.readouterr().out


def test_a_process_that_works_takes_time():
    before, until = cpu_of(os.getpid()), time.process_time() + 0.05
    while time.process_time() < until:
        pass

    assert cpu_of(os.getpid()) > before
    assert cpu_of(2**22 + 1) == 0, "there is no such process"


async def test_what_is_measured_with_can_be_prepared(database_url, tmp_path, monkeypatch):
    installation = Installation(tmp_path, "127.0.0.1", 1, 2, 3)  # nobody listens there
    installation.make_files()
    for name, value in installation.environment(database_url).items():
        monkeypatch.setenv(name, value)
    owner = await asyncpg.connect(database_url)
    try:
        await prepare(tmp_path / "plan.json", rounds=2, each=1)

        planned = json.loads((tmp_path / "plan.json").read_text())
        jobs = await owner.fetch("SELECT round, entrypoint FROM bench_jobs ORDER BY round")
        waiting = await owner.fetchval("SELECT count(*) FROM checks WHERE status = 'requested'")
    finally:
        await owner.execute("DROP TABLE IF EXISTS bench_jobs")
        await owner.close()
        await empty_tables(database_url)
    assert [tuple(job) for job in jobs] == [(0, "ask_checks"), (1, "ask_checks")]
    assert sum(each["questions"] for each in planned) == waiting > 0
    assert [each["questions"] for each in planned] == [len(each["people"]) * len(_NEEDED) for each in planned]


def test_families_beyond_those_there_are_cannot_be_had():
    grow(10_000)
    assert len({family.number for family in list_families(50)}) == 50
    with pytest.raises(IndexError):
        list_families(1_000_000)
