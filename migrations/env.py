"""Runs migrations: as the database's owner, with short lock waits, one transaction a revision."""

import asyncio
import importlib
import os
import pkgutil

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.schema import SchemaItem

import app
from app.core.db import Base, make_engine

for module in pkgutil.walk_packages(app.__path__, "app."):
    if module.name.endswith(".models"):
        importlib.import_module(module.name)


def ours(item: SchemaItem, name: str | None, type_: str, reflected: bool, compare_to: SchemaItem | None) -> bool:
    """Leave the queue's own tables to the queue."""
    return not (type_ == "table" and (name or "").startswith("pgqueuer"))


def migrate(connection: Connection) -> None:
    """Run on one connection."""
    # A migration that cannot get its lock gives up instead of making everybody wait behind it.
    connection.execute(text("SET lock_timeout = '5s'"))
    connection.execute(text("SET statement_timeout = '15min'"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=ours,
        transaction_per_migration=True,
        compare_server_default=False,
    )
    with context.begin_transaction():
        context.run_migrations()


async def run() -> None:
    """Connect to DATABASE_URL as the owner."""
    engine = make_engine(os.environ["DATABASE_URL"], 1, role=None)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
        await connection.commit()
    await engine.dispose()


if context.is_offline_mode():
    raise SystemExit("migrations run against a database; offline SQL is not supported")
asyncio.run(run())
