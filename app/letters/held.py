"""What this stage holds about a citizen: the letters that were written to him, word for word."""

from app.core.held import Holding
from app.letters.models import Letter

HELD = (
    Holding(
        Letter,
        lambda who: Letter.citizen_id == who.citizen,
        without=frozenset({"county", "citizen_id", "cause_id"}),
    ),
)
