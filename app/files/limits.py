"""How large, how many, how long. The law sets none of these; they fit papers photographed by a phone."""

from datetime import timedelta

PART_SIZE = 64 * 1024  # bytes; one part fits between two cuts of a bad link
MAX_SIZE = 8 * 1024 * 1024  # bytes of one file, as sent and as kept
MOST_PARTS = MAX_SIZE // PART_SIZE

# Of one citizen, counting what is unfinished or not attached to an application yet.
MOST_OPEN = 30
MOST_OPEN_BYTES = 100 * 1024 * 1024

UNFINISHED_FOR = timedelta(days=7)
UNATTACHED_FOR = timedelta(days=30)
UNTIDY_FOR = timedelta(hours=1)  # longer than any request that could still be writing a part

MAX_PIXELS = 40_000_000  # of a picture as sent: more than telephones make, less than memory minds
KEPT_PIXELS = 16_000_000  # of a picture as kept: an A4 page at 400 dpi


def count_parts(size: int) -> int:
    """Return how many parts a file of `size` bytes has."""
    return -(-size // PART_SIZE)


def part_length(size: int, number: int) -> int:
    """Return the bytes of part `number` (from 1) of a file of `size` bytes; 0 when it has no such part."""
    return max(0, min(PART_SIZE, size - (number - 1) * PART_SIZE)) if number >= 1 else 0
