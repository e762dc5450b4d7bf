"""When to try again: growing pauses over three days, each with jitter, so that retries do not come as one wall."""

from datetime import timedelta
from secrets import SystemRandom

PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
TRIES = len(PAUSES) + 1
LONGEST_WISH = timedelta(hours=24)  # a receiver may ask for more time by Retry-After, but not for ever
_JITTER = 0.2

_random = SystemRandom()


def is_spent(failures: int) -> bool:
    """Say whether a round has used up all its tries."""
    return failures >= TRIES


def pause_after(failures: int, wished: timedelta | None) -> timedelta:
    """Return how long to wait after the first, second, … failure of a round that is not spent.

    `wished`: what the receiver said in Retry-After; it can lengthen the pause, up to a day, never shorten it.
    """
    pause = PAUSES[failures - 1] * _random.uniform(1 - _JITTER, 1 + _JITTER)
    return max(pause, min(wished, LONGEST_WISH)) if wished is not None else pause
