"""Telling a database that is away for a while from everything else that may go wrong with it.

It is stopped, restarted or failing over: nothing is wrong with the request, and the same one will do later. A
connection that died in the pool meanwhile is known by its closed socket, so that nobody is refused for it; asking each
one whether it lives (`pool_pre_ping`) would cost every request a round trip.
"""

from typing import Any

import asyncpg
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine

_PATIENCE = 10.0  # seconds for a new connection to be there
_CONNECTION_EXCEPTION = "08"  # the class of codes of everything about the connection itself
# admin_shutdown, crash_shutdown, cannot_connect_now, too_many_connections
_AWAY = frozenset({"57P01", "57P02", "57P03", "53300"})

# What an outage may come as. Each may be something else as well: `is_outage` tells.
SUSPECTS = (ConnectionError, DBAPIError, asyncpg.PostgresError, asyncpg.InterfaceError)


class DatabaseAway(ConnectionError):
    """No connection to the database can be made."""


async def connect(*arguments: Any, **options: Any) -> asyncpg.Connection:
    """Open a connection, as `asyncpg.connect` does.

    Raises:
        DatabaseAway: nobody answers at the address, or not in time.
    """
    try:
        return await asyncpg.connect(*arguments, **{"timeout": _PATIENCE, **options})
    except OSError as error:  # refused, reset, timed out, no such host: by a name that tells it from a broken disk
        raise DatabaseAway(type(error).__name__) from error


def is_outage(error: BaseException) -> bool:
    """Say whether the database is away, or was in the middle of this; what was under way then is undone, or unknown."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or _says_so(error.orig)
    return isinstance(error, ConnectionError) or _says_so(error)


def sqlstate_of(error: BaseException) -> str | None:
    """Return PostgreSQL's code of what went wrong, whichever driver tells it."""
    return getattr(error.orig if isinstance(error, DBAPIError) else error, "sqlstate", None)


def pass_over_closed(engine: AsyncEngine) -> None:
    """Have the engine replace connections that were closed from the other side while they lay in its pool."""
    event.listen(engine.sync_engine, "checkout", _check_out)


def _says_so(error: BaseException | None) -> bool:
    state = getattr(error, "sqlstate", None)
    if state is None:  # asyncpg's own, without a code: it noticed the closed socket before it sent anything
        return "connection is closed" in str(error)
    return state in _AWAY or state.startswith(_CONNECTION_EXCEPTION)


def _check_out(connection: Any, *_: Any) -> None:
    if connection.driver_connection.is_closed():
        raise DisconnectionError
