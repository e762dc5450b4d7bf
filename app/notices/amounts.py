"""What a notice of an award tells of money."""

from datetime import date
from typing import NamedTuple


class Amount(NamedTuple):
    """What an award comes to each month, in fen, and from which month on (its first day)."""

    fen: int
    from_month: date
