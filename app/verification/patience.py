"""How long agencies are waited for: pure arithmetic over attempts, the due date and today.

Verification starts within 3 working days (最低生活保障审核确认办法 第十七条), so an agency that answers at once is due
by then. Banks answer in days; ten calendar days is our own limit, for no law sets one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

DUE_WORKING_DAYS = 3  # D57 art. 17
CALLBACK_DAYS = 10

# A job handed to the queue and an attempt under way are looked at again after this long, in case a worker was killed.
QUEUED = timedelta(seconds=60)
UNDER_WAY = timedelta(seconds=15)


@dataclass(frozen=True)
class Patience:
    """How often and how far apart one question is put before it counts as unavailable.

    `pauses`: the wait after the first, second … attempt; the attempt after the last pause is the last one.
    `overdue_attempts`: real attempts that are made even when the due date has passed. A clock can jump by days (a
    machine that slept, a sandbox that is moved), and an agency that answers within a second must not suffer for it.
    `reminder`: how long a call-back is waited for before the agency is asked again under the same reference.
    """

    pauses: Sequence[timedelta]
    overdue_attempts: int
    reminder: timedelta

    def is_exhausted(self, tries: int, *, dispatched: bool, overdue: bool) -> bool:
        """Say whether a question that was put `tries` times is given up."""
        if overdue and tries >= self.overdue_attempts:
            return True
        return not dispatched and tries > len(self.pauses)

    def pause(self, tries: int, *, dispatched: bool, overdue: bool) -> timedelta:
        """Return how long to wait after the last of `tries` attempts."""
        if dispatched and not overdue:
            return self.reminder
        return self.pauses[min(max(tries, 1), len(self.pauses)) - 1]


def _seconds(*pauses: int) -> tuple[timedelta, ...]:
    return tuple(timedelta(seconds=pause) for pause in pauses)


# Six attempts over a little more than a day: an agency may be down for a night.
PATIENCE = Patience(_seconds(10, 120, 1_800, 4 * 3_600, 20 * 3_600), overdue_attempts=4, reminder=timedelta(days=3))

# The same over half a minute: agencies of the sandbox live in seconds.
SANDBOX_PATIENCE = Patience(_seconds(1, 2, 4, 8, 15), overdue_attempts=4, reminder=timedelta(days=3))
