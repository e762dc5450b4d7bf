"""A database for one test process: made on the server that TEST_DATABASE_URL names, dropped at the end.

Where TEST_DATABASE_TEMPLATE names a database whose schema is built already, it is a copy of that one.
"""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg

from tests.support.schema import build_schema


@contextmanager
def build_database() -> Iterator[str]:
    """Create a database, build the schema in it, yield its URL, drop it."""
    server = os.environ["TEST_DATABASE_URL"]
    name = f"test_{uuid4().hex[:12]}"
    url = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    template = os.environ.get("TEST_DATABASE_TEMPLATE")
    asyncio.run(_execute(server, f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else "")))
    try:
        if not template:
            asyncio.run(build_schema(url))
        yield url
    finally:
        asyncio.run(_drop(server, name))


async def drop_database(connection: asyncpg.Connection, name: str) -> None:
    """Drop a database with whoever of ours is still in it.

    Not WITH (FORCE): that fails where an autovacuum worker happens to be in it, which only a superuser may end. A drop
    without it asks such a worker to leave, and waits.
    """
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND usename = session_user", name
    )
    await connection.execute(f'DROP DATABASE "{name}"')


async def _drop(server: str, name: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        await drop_database(connection, name)
    finally:
        await connection.close()


async def _execute(url: str, sql: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()
