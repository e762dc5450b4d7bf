"""The web process and the worker refuse a database that is not theirs, in one and the same line."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from app.core.db import APPLICATION_ROLE, Database, make_engine
from app.core.errors import CannotStart
from app.core.starting import refuse_outdated_schema
from scripts.local.children import ROOT, free_port
from scripts.local.installation import Installation
from scripts.local.processes import python
from tests.support.postgres import drop_database


@pytest_asyncio.fixture
async def empty() -> AsyncIterator[str]:
    """The URL of a database in which nothing is yet."""
    server, name = os.environ["TEST_DATABASE_URL"], f"test_{uuid4().hex[:12]}"
    connection = await asyncpg.connect(server)
    await connection.execute(f'CREATE DATABASE "{name}"')
    yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    await drop_database(connection, name)
    await connection.close()


async def test_an_empty_database_is_refused_by_both_in_one_line(empty: str, tmp_path: Path):
    installation = Installation(tmp_path, "127.0.0.1", 8000, 8100)
    installation.make_files()
    uvicorn = ("-m", "uvicorn", "--factory", "--port", str(free_port("127.0.0.1")), "app.main:create_app")
    environment = installation.environment(empty)

    commands = (python("-m", "app.worker"), python(*uvicorn))
    ended = await asyncio.gather(*(asyncio.to_thread(_run, command, environment) for command in commands))

    assert [each.returncode for each in ended] == [2, 3]  # 3 is uvicorn's
    for each in ended:
        assert "The database is empty: run `alembic upgrade head` first." in each.stderr
        assert "Traceback" not in each.stderr + each.stdout


async def test_a_new_server_on_which_there_is_not_even_the_role_is_empty(database: Database, empty: str):
    await _refused(database, empty, "The database is empty", role="no_such_role")


async def test_a_schema_of_another_release_is_refused(database: Database, empty: str):
    connection = await asyncpg.connect(empty)
    await connection.execute("CREATE TABLE alembic_version (version_num text)")
    await connection.execute("GRANT SELECT ON alembic_version TO PUBLIC")
    await connection.execute("INSERT INTO alembic_version VALUES ('of_last_year')")
    await connection.close()

    await _refused(database, empty, "The database stands at revision of_last_year, this release needs .* upgrade head")


async def test_a_database_that_does_not_answer_is_said_so(database: Database):
    url = f"postgresql://nobody@127.0.0.1:{free_port('127.0.0.1')}/none"

    await _refused(database, url, "The database that DATABASE_URL names does not answer")


async def test_the_schema_of_this_release_is_none_to_refuse(database: Database):
    await refuse_outdated_schema(database)


async def _refused(database: Database, url: str, words: str, role: str = APPLICATION_ROLE) -> None:
    engine = make_engine(url, 1, role=role)
    with pytest.raises(CannotStart, match=words):
        await refuse_outdated_schema(replace(database, engine=engine))
    await engine.dispose()


def _run(command: list[str], environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
