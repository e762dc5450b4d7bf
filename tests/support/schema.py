"""Builds the schema of a fresh test database, the one that DATABASE_URL names: the migrations, then reference data."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

from app.core.db import WriteSession, make_engine
from app.reference.commands import load_reference_data

ROOT = Path(__file__).parents[2]


async def build_schema(url: str) -> None:
    """Migrate to the newest revision and load divisions, standards and calendar."""
    migrate(url, "upgrade", "head")
    engine = make_engine(url, 1)
    async with WriteSession(engine) as session, session.begin():
        await load_reference_data(session)
    await engine.dispose()


def migrate(url: str, *arguments: str) -> str:
    """Run alembic as an operator would, and return what it printed."""
    environment = {**os.environ, "DATABASE_URL": url}
    command = [sys.executable, "-m", "alembic", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


if __name__ == "__main__":
    asyncio.run(build_schema(os.environ["DATABASE_URL"]))
