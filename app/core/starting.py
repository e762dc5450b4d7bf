"""What keeps a process from starting and is for whoever runs it to put right: told in one line, without a stack."""

from functools import cache

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.core.db import Database
from app.core.errors import CannotStart
from app.core.outages import SUSPECTS, is_outage

# undefined_table; and invalid_parameter_value: on a new server there is not even the role, which a migration creates
_NEVER_MIGRATED = frozenset({"42P01", "22023"})


@cache
def newest_revision() -> str | None:
    """Return the revision the code was written for. Reading all migrations takes a tenth of a second: once."""
    return ScriptDirectory.from_config(Config("alembic.ini")).get_current_head()


async def schema_is_current(database: Database) -> bool:
    """Say whether the database stands at the code's revision."""
    return await _revision(database) == newest_revision()


async def refuse_outdated_schema(database: Database) -> None:
    """Stop the process from starting over a schema that is not the code's.

    Raises:
        CannotStart: the migrations have to run first, or there is no database to ask.
    """
    try:
        found = await _revision(database)
    except SUSPECTS as error:
        if is_outage(error):
            raise CannotStart("The database that DATABASE_URL names does not answer.") from None
        raise
    if found is None:
        raise CannotStart("The database is empty: run `alembic upgrade head` first.")
    needed = newest_revision()
    if found != needed:
        raise CannotStart(
            f"The database stands at revision {found}, this release needs {needed}: run `alembic upgrade head` of "
            "this release."
        )


async def _revision(database: Database) -> str | None:
    """Return where the database stands; None where no migration ever ran."""
    try:
        async with database.reading() as db:
            found: str | None = await db.scalar(text("SELECT version_num FROM alembic_version"))
    except SUSPECTS as error:
        said = error.orig if isinstance(error, DBAPIError) else error
        if getattr(said, "sqlstate", None) not in _NEVER_MIGRATED:
            raise
        return None
    return found
