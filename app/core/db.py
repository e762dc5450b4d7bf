"""The database: engine, sessions and the one place that commits.

Reads and writes are distinct session types, so that the type checker keeps a query from writing. A session carries the
clock and the vault it was made with: a command asks `db.clock.now()` and never the machine. It also carries how far it
sees, and tells PostgreSQL at the beginning of its transaction.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, TypeVar

import asyncpg
from sqlalchemy import ColumnElement, Connection, MetaData, Text, event, func, inspect, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction
from sqlalchemy.orm.attributes import set_committed_value

from app.core.changes import only_change, settle
from app.core.clock import Clock
from app.core.crypto import Vault
from app.core.hot_reads import HotPool, HotRead
from app.core.outages import SUSPECTS, connect, pass_over_closed
from app.core.prepared import Prepared, asked
from app.core.reach import EVERYTHING, NOTHING, Reach

SessionT = TypeVar("SessionT", bound="ReadSession")
RowT = TypeVar("RowT", bound="Base")
_SERVER_SETTINGS = {"application_name": "dibao", "timezone": "UTC"}
APPLICATION_ROLE = "dibao_app"  # owns nothing; what it may do to each table is said by GRANTs in the migrations
HOT_ROLE = "dibao_hot"  # reads the few columns that hot reads tell of
_DRIVER = "driver"
_AS_HOT_ROLE = f"SET LOCAL ROLE {HOT_ROLE}"


class Base(DeclarativeBase):
    """Base of all tables; one naming convention, so that migrations and error handlers can rely on names."""

    metadata = MetaData(
        naming_convention={
            "ix": "%(table_name)s_%(column_0_N_name)s_idx",
            "uq": "%(table_name)s_%(column_0_N_name)s_key",
            "ck": "%(table_name)s_%(constraint_name)s_check",
            "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
            "pk": "%(table_name)s_pkey",
        }
    )


def columns_of(kind: type[Base]) -> list[ColumnElement[Any]]:
    """Return all columns of a table, for a prepared statement that reads whole rows."""
    return list(inspect(kind).columns)


@cache
def _attributes_of(kind: type[Base]) -> tuple[str, ...]:
    mapper = inspect(kind)
    return tuple(mapper.get_property_by_column(column).key for column in mapper.columns)


@cache
def _primary_key_of(kind: type[Base]) -> tuple[str, ...]:
    mapper = inspect(kind)
    return tuple(mapper.get_property_by_column(column).key for column in mapper.primary_key)


class _ReachingSession(Session):
    """Tells PostgreSQL how far it sees, with the first statement of each transaction."""


@event.listens_for(_ReachingSession, "after_begin")
def _announce(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    reach = session.info.get("reach", NOTHING)
    if not transaction.nested and reach != NOTHING:  # unsaid, the settings are nothing
        connection.exec_driver_sql(_TELL.text, tuple(_TELL.values(reach.settings())))


# What a statement selects to tell of a reach, for the rest of the transaction; where it finds nothing, none is told of.
TELLING = [func.set_config(name, asked(name, Text), True) for name in NOTHING.settings()]
_TELL = Prepared(select(*TELLING))


class ReadSession(AsyncSession):
    """A session for reading. Its transaction is read-only in the database, too."""

    sync_session_class = _ReachingSession

    @property
    def clock(self) -> Clock:
        """The clock this session was made with."""
        clock: Clock = self.info["clock"]
        return clock

    @property
    def vault(self) -> Vault:
        """The vault this session was made with."""
        vault: Vault = self.info["vault"]
        return vault

    @property
    def trace(self) -> str:
        """Id that ties log lines, audit records and the caller's problem document together."""
        trace: str = self.info.get("trace", "")
        return trace

    @property
    def reach(self) -> Reach:
        """How far this session sees."""
        reach: Reach = self.info["reach"]
        return reach

    async def fetch(self, statement: Prepared, **values: Any) -> Sequence[Sequence[Any]]:
        """Run a prepared statement in this session's transaction and return its rows, whose columns are found by place.

        Like any other query it sees what the session was given before.

        Raises:
            asyncpg.PostgresError: as from any other statement; where it is a transaction's first, inside a DBAPIError.
        """
        if self.sync_session.autoflush:
            await self.send_pending()
        return await self._run(statement, values)

    async def fetch_and_reach(self, statement: Prepared, reach: Reach, **values: Any) -> Sequence[Sequence[Any]]:
        """Run a prepared statement that selects `TELLING` too, and see as far as `reach` from now on if it found a row.

        Raises:
            asyncpg.PostgresError, DBAPIError: as `fetch`.
        """
        rows = await self.fetch(statement, **values, **reach.settings())
        if rows:
            self.info["reach"] = reach
        return rows

    def take_up(self, kind: type[RowT], values: Sequence[Any]) -> RowT:
        """Return the object of a row that a prepared statement read whole, its values in the order of `columns_of`: the
        session's own, as if the mapper had read it, and as the row is now."""
        mapper = inspect(kind)
        named = dict(zip(_attributes_of(kind), values, strict=True))
        key = mapper.identity_key_from_primary_key(tuple(named[name] for name in _primary_key_of(kind)))
        known = self.sync_session.identity_map.get(key)
        if known is not None:
            assert isinstance(known, kind)
            for name, value in named.items():
                set_committed_value(known, name, value)
            return known
        row = mapper.class_manager.new_instance()
        assert isinstance(row, kind)
        row.__dict__.update(named)
        state = inspect(row)  # what follows is what the mapper does with a row it has read
        state.key, state.session_id = key, self.sync_session.hash_key
        self.sync_session.identity_map.add(state)
        return row

    async def send_pending(self) -> None:
        """Send what was changed and not yet sent.

        Raises:
            StaleDataError: somebody else changed a row meanwhile.
            asyncpg.PostgresError, sqlalchemy.exc.DBAPIError: as from any other statement; who goes on after one uses
                `flush`, where it is always the second.
        """
        session = self.sync_session
        change = only_change(session)
        if change is not None:
            settle(session, change, found=bool(await self._run(change.statement, change.values)))
        elif session.new or session.dirty or session.deleted:
            await self.flush()

    async def driver(self) -> asyncpg.Connection:
        """Return the driver's connection of the transaction, or savepoint, that is open; it is looked for once in each.

        A statement must have run in it before this one is used directly: SQLAlchemy begins the driver's transaction
        with the first of its own, and outside it every statement is committed by itself.
        """
        session = self.sync_session
        within = session.get_nested_transaction() or session.get_transaction()
        known, driver = self.info.get(_DRIVER, (None, None))
        if within is None or known is not within:
            connection = await (await self.connection()).get_raw_connection()
            driver = connection.driver_connection
            self.info[_DRIVER] = (session.get_nested_transaction() or session.get_transaction(), driver)
        return driver

    async def reach_to(self, reach: Reach) -> None:
        """See so far from now on: for a session that was open before it was known whom it serves."""
        await self.send_pending()  # what was written until now was written within the reach there was
        begun = self.sync_session.in_transaction()
        if begun:
            await self.driver()  # begins what is lazy about it, savepoints too, while the reach is what it was
        self.info["reach"] = reach
        if begun:
            await self._run(_TELL, reach.settings())

    @asynccontextmanager
    async def reaching(self, reach: Reach) -> AsyncIterator[None]:
        """See so far while the block lasts."""
        before = self.reach
        if before == reach:
            yield
            return
        await self.reach_to(reach)
        try:
            yield
        except BaseException:
            self.info["reach"] = before
            # What failed may have ended the transaction or savepoint, and these settings with it; nor does anything go
            # on in one in which this statement fails. What is told is the failure that came first.
            with suppress(SQLAlchemyError, *SUSPECTS):
                await self._run(_TELL, before.settings())
            raise
        await self.reach_to(before)

    def wider(self) -> AbstractAsyncContextManager[None]:
        """See everything while the block lasts: where the law has something looked for beyond what the one who asks may
        see, like a household that is in another case already. What is found there is not shown to him."""
        return self.reaching(EVERYTHING)

    async def _run(self, statement: Prepared, values: dict[str, Any]) -> Sequence[Sequence[Any]]:
        driver, given = await self.driver(), statement.values(values)
        if driver.is_in_transaction():
            rows: Sequence[Sequence[Any]] = await driver.fetch(statement.text, *given)
            return rows
        result = await (await self.connection()).exec_driver_sql(statement.text, tuple(given))
        return result.all() if result.returns_rows else ()


class WriteSession(ReadSession):
    """A session that may write; `unit_of_work` commits it."""


@dataclass(frozen=True)
class Database:
    """What a process needs to make sessions. Built once, passed down.

    `side` is a small engine for `aside`, `hot` the connections of hot reads; without them, these share the connections
    of the rest. `reach` is how far its sessions see. A process that works through jobs sees everything; the web process
    sees what each caller may.
    """

    engine: AsyncEngine
    clock: Clock
    vault: Vault
    side: AsyncEngine | None = None
    hot: HotPool | None = None
    reach: Reach = NOTHING

    def reaching(self, reach: Reach) -> "Database":
        """Return the same database, seen so far."""
        return replace(self, reach=reach)

    @asynccontextmanager
    async def reading(self, trace: str = "") -> AsyncIterator[ReadSession]:
        """Open a read-only session; nothing it does survives."""
        async with self._session(ReadSession, trace) as session:
            await session.connection(execution_options={"postgresql_readonly": True})
            yield session

    @asynccontextmanager
    async def unit_of_work(self, trace: str = "") -> AsyncIterator[WriteSession]:
        """Open a session whose work is committed when the block ends well, and undone when it raises."""
        async with self._session(WriteSession, trace) as session, session.begin():
            yield session
            await session.send_pending()

    @asynccontextmanager
    async def aside(self, trace: str = "") -> AsyncIterator[WriteSession]:
        """Open a short unit of work while the request may hold another: from connections set aside, because requests
        that each hold one and wait for a second starve the pool."""
        async with self._session(WriteSession, trace, self.side) as session, session.begin():
            yield session

    async def look_up(self, read: HotRead, **values: Any) -> Sequence[Any]:
        """Run a hot read and return its rows, whose columns are found by name."""
        if self.hot is not None:
            return await self.hot.fetch(read, values)
        async with self.engine.connect() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            assert driver is not None
            async with driver.transaction(readonly=True):
                await driver.execute(_AS_HOT_ROLE)
                rows: Sequence[Any] = await driver.fetch(read.text, *read.values(values))
            return rows

    async def dispose(self) -> None:
        """Close all connections."""
        if self.hot is not None:
            await self.hot.close()
        for engine in (self.engine, self.side):
            if engine is not None:
                await engine.dispose()

    def _session(self, kind: type[SessionT], trace: str, engine: AsyncEngine | None = None) -> SessionT:
        info: dict[Any, Any] = {"clock": self.clock, "vault": self.vault, "trace": trace, "reach": self.reach}
        return kind(engine or self.engine, expire_on_commit=False, info=info)


def make_hot_pool(url: str, size: int) -> HotPool:
    """Build the connections of hot reads; they are opened when they are needed."""
    plain = url.replace("postgresql+asyncpg://", "postgresql://", 1)
    return HotPool(plain, size, {**_SERVER_SETTINGS, "role": HOT_ROLE})


A_CALLERS_WAIT, A_JOBS_WAIT = 5.0, 60.0  # seconds for a connection


def make_engine(
    url: str, pool_size: int, *, role: str | None = APPLICATION_ROLE, wait: float = A_CALLERS_WAIT
) -> AsyncEngine:
    """Build an engine with a fixed pool.

    No overflow: with it SQLAlchemy opens and closes connections all the time under load, at half the speed. A caller
    waits at most `wait` for a connection; then the edge answers 503. A job has nobody who waits for it, and its
    questions about one household come one after another: each gets its turn.
    """
    settings = _SERVER_SETTINGS if role is None else {**_SERVER_SETTINGS, "role": role}
    engine = create_async_engine(
        async_url(url),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=wait,
        hide_parameters=True,  # a crash's traceback names the statement, never whose data it carried
        connect_args={"server_settings": settings, "async_creator_fn": connect},
    )
    pass_over_closed(engine)
    return engine


def async_url(url: str) -> str:
    """Accept the usual 'postgresql://…' and name the driver."""
    return url.replace("postgresql://", "postgresql+asyncpg://", 1).replace("postgres://", "postgresql+asyncpg://", 1)
