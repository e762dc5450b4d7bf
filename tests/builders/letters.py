"""Letters, issued by the stage's own command."""

from app.core.db import Database
from app.letters.commands import issue_letter
from app.letters.kinds import Occasion
from app.letters.models import Letter


async def build_letter(database: Database, occasion: Occasion) -> Letter:
    """Issue the letter that is due on an occasion."""
    async with database.unit_of_work() as db:
        letter = await issue_letter(db, occasion)
    assert letter is not None
    return letter
