"""Against guessing: a number and a second fact open something without sign-in, so wrong tries are counted per number.

A try is counted before the facts are compared and given back when they fit: of many tries at once not one gets past
the count. Each count is a transaction of its own: the refusal that follows must not undo it.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from app.core.db import Database
from app.core.errors import DomainError, Kind
from app.identity.queries import count_guess, delete_guesses_before, uncount_guess

MOST_WRONG = 10
WINDOW = timedelta(hours=1)


class TooManyGuesses(DomainError):
    """Too many wrong tries for this number; the same for numbers that do not exist."""

    code = "too_many_guesses"
    kind = Kind.TOO_MANY
    title = "Too many wrong tries for this number"
    title_zh = "查询错误次数过多，请稍后再试"


@asynccontextmanager
async def one_guess(database: Database, purpose: str, number: str) -> AsyncIterator[None]:
    """Compare the facts in the block: a try at `number` is counted, and forgotten if the block ends well.

    Raises:
        TooManyGuesses: ten were wrong within the hour that began with the first of them.
    """
    await take_guess(database, purpose, number)
    yield
    await give_back_guess(database, purpose, number)


async def take_guess(database: Database, purpose: str, number: str) -> None:
    """Count a try at `number`.

    Raises:
        TooManyGuesses: ten were wrong within the hour that began with the first of them.
    """
    async with database.unit_of_work() as db:
        now = db.clock.now()
        tries, since = await count_guess(db, _key(database, purpose, number), now, now - WINDOW)
    if tries > MOST_WRONG:
        raise TooManyGuesses(retry_after=max(1, int((since + WINDOW - now).total_seconds())))


async def give_back_guess(database: Database, purpose: str, number: str) -> None:
    """Forget a try that was right."""
    async with database.unit_of_work() as db:
        await uncount_guess(db, _key(database, purpose, number))


async def forget_old_guesses(database: Database) -> None:
    """Remove counts whose hour is over."""
    async with database.unit_of_work() as db:
        await delete_guesses_before(db, db.clock.now() - WINDOW)


def _key(database: Database, purpose: str, number: str) -> bytes:
    # Keyed: whoever reads the table must not find out by trying which numbers somebody asked for.
    return database.vault.index("guesses." + purpose, number)
