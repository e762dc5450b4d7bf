"""The embedded PostgreSQL, for real: about a second for each start."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from scripts.local.children import ROOT
from scripts.local.narration import Refusal
from scripts.local.postgres import EmbeddedPostgres, check_server, end_leftover
from scripts.local.processes import Supervisor
from tests.scripts.test_children import is_alive, wait_until

# Without the death signal, the server outlives its killed supervisor, as on systems that have no such signal.
_KEEPS_RUNNING = """
import sys, time
from dataclasses import replace
from pathlib import Path
from scripts.local.postgres import EmbeddedPostgres
from scripts.local.processes import Supervisor
data = Path(sys.argv[1])
postgres = EmbeddedPostgres(data)
with Supervisor(data) as supervisor:
    supervisor.start(replace(postgres.service(), death_signal=0))
    postgres.create_database()
    print(supervisor.pids()["postgres"], flush=True)
    print(postgres.url(), flush=True)
    time.sleep(60)
"""


async def _ask(url: str, *statements: str):
    connection = await asyncpg.connect(url)
    try:
        for statement in statements[:-1]:
            await connection.execute(statement)
        return await connection.fetchval(statements[-1])
    finally:
        await connection.close()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "with a space"
    folder.mkdir()
    return folder


def test_it_starts_again_over_the_same_data_after_everything_was_killed(data: Path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", _KEEPS_RUNNING, str(data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as run:
        assert run.stdout is not None
        server, url = int(run.stdout.readline()), run.stdout.readline().strip()
        asyncio.run(_ask(url, "CREATE TABLE kept (id int)", "INSERT INTO kept VALUES (42)", "SELECT 1"))
        run.kill()
    assert is_alive(server)

    postgres = EmbeddedPostgres(data)
    with Supervisor(data) as supervisor:
        supervisor.start(postgres.service())
        postgres.create_database()

        assert not is_alive(server)
        assert supervisor.pids()["postgres"] != server
        assert asyncio.run(_ask(postgres.url(), "SELECT id FROM kept")) == 42
        assert asyncio.run(_ask(postgres.url(), "SHOW fsync")) == "on"
        assert not asyncio.run(_ask(postgres.url(), "SELECT usesuper FROM pg_user WHERE usename = current_user"))
        last = supervisor.pids()["postgres"]
    assert wait_until(lambda: not is_alive(last))
    assert not (data / "postgres" / "postmaster.pid").exists()


def test_a_killed_server_is_started_again_at_the_same_address(data: Path):
    postgres = EmbeddedPostgres(data, durable=False)
    with Supervisor(data, tell=lambda text: None) as supervisor:
        supervisor.start(postgres.service())
        address, first = postgres.url("postgres"), supervisor.pids()["postgres"]

        os.kill(first, signal.SIGKILL)
        while supervisor.pids()["postgres"] == first or not postgres._is_ready():
            supervisor._tick()

        postgres.create_database()
        assert postgres.url("postgres") == address


def test_a_stranger_that_got_the_id_of_a_dead_server_is_left_alone(tmp_path: Path):
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], cwd=tmp_path)
    try:
        (tmp_path / "postmaster.pid").write_text(f"{stranger.pid}\n{tmp_path}\n")

        end_leftover(tmp_path)

        assert is_alive(stranger.pid)
        assert not (tmp_path / "postmaster.pid").exists()
    finally:
        stranger.kill()
        stranger.wait()


def test_an_id_file_that_says_nothing_is_forgotten(tmp_path: Path):
    (tmp_path / "postmaster.pid").write_text("torn\n")

    end_leftover(tmp_path)

    assert not (tmp_path / "postmaster.pid").exists()


def test_a_server_that_does_not_answer_is_refused_without_showing_the_password():
    with pytest.raises(Refusal, match="DATABASE_URL") as refused:
        check_server("postgresql://someone:hushhush@127.0.0.1:9/nothing")

    assert "hushhush" not in str(refused.value)


def test_an_image_without_the_embedded_server_asks_for_another(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.raises(Refusal, match="DATABASE_URL"):
        EmbeddedPostgres(tmp_path)

    assert list(tmp_path.iterdir()) == []
