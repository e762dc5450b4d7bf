"""The server that tests run on: thrown away after them, and begun from one whose schema has been built before.

To make a cluster and build the schema takes as long as a hundred tests. Both are done once for each state of what the
schema comes from; every run works on a copy.
"""

import asyncio
import contextlib
import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import asyncpg

from scripts.local.children import ROOT
from scripts.local.data_folder import claimed
from scripts.local.narration import Refusal
from scripts.local.postgres import EmbeddedPostgres, end_leftover, start_throw_away
from scripts.local.processes import Stop, Supervisor, base_environment, python

TEMPLATE = "grown"
"""The database whose copies tests work on; nobody connects to it."""

_KEPT = ROOT / ".data" / "test"
_PARTS = ("postgres", "secrets.json")
_SOURCES = (
    "migrations",
    "app/reference",
    "app/core/db.py",
    "app/keys/__init__.py",
    "app/retention/__init__.py",
    "requirements.lock",
    "scripts/local/postgres.py",
)


def start_grown(supervisor: Supervisor, stop: Stop) -> tuple[str, str | None]:
    """Start a server over the supervisor's folder; return the address of its database, and the name of the template
    that it has: none while somebody else is making it.

    Raises:
        Refusal: the server does not start, or the schema cannot be built.
    """
    kept = _KEPT / f"grown-{_digest()}"
    with contextlib.ExitStack() as held:
        try:
            held.enter_context(claimed(kept))
        except Refusal:  # another run holds it
            return start_throw_away(supervisor), None
        if not (kept / "postgres").exists():
            _grow(kept, stop)
            _forget_others(kept)
        for part in _PARTS:
            _copy(kept / part, supervisor.data / part)
    return start_throw_away(supervisor), TEMPLATE


def _grow(kept: Path, stop: Stop) -> None:
    """Make the cluster beside its place, and move it there whole."""
    fresh = kept / "new"
    end_leftover(fresh / "postgres")
    shutil.rmtree(fresh, ignore_errors=True)
    with Supervisor(fresh, stop) as supervisor:
        postgres = EmbeddedPostgres(fresh, durable=False)
        supervisor.start(postgres.service())
        postgres.create_database()
        asyncio.run(_create(postgres.url()))
        environment = {**base_environment(), "DATABASE_URL": postgres.url(TEMPLATE)}
        supervisor.run("schema", python("-m", "tests.support.schema"), environment)
    for part in reversed(_PARTS):
        (fresh / part).rename(kept / part)
    shutil.rmtree(fresh, ignore_errors=True)


async def _create(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(f"CREATE DATABASE {TEMPLATE}")  # rule raw-sql: a name of ours
    finally:
        await connection.close()


def _forget_others(kept: Path) -> None:
    for folder in _KEPT.glob("grown-*"):
        if folder != kept:
            shutil.rmtree(folder, ignore_errors=True)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True)
    else:
        shutil.copy2(source, target)


def _digest() -> str:
    digest = hashlib.sha256()
    for path in _files():
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _files() -> Iterator[Path]:
    for source in _SOURCES:
        place = ROOT / source
        found = place.rglob("*") if place.is_dir() else (place,)
        yield from sorted(path for path in found if path.is_file() and "__pycache__" not in path.parts)
