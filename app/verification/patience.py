"""How long agencies are waited for: arithmetic over attempts, the due date and today, and a throw of the dice, so that
what failed at the same moment does not come back at the same moment.

Verification starts within 3 working days (最低生活保障审核确认办法 第十七条), so an agency that answers at once is due
by then. Banks answer in days; ten calendar days is our own limit, for no law sets one.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

DUE_WORKING_DAYS = 3  # D57 art. 17
CALLBACK_DAYS = 10
# How long a call-back is waited for before the agency is asked again. An agency that took a question and has not
# answered by then counts as one that said nothing.
REMINDER = timedelta(days=3)
# What the county does not enter is given up so many days after its day, as what a bank does not answer: the report must
# come, and says that nothing was found out.
GIVEN_UP_AFTER_DAYS = 10

HELD_BACK = "held_back"  # why nothing came of an attempt that was not made
_LONGEST_HOLD = timedelta(minutes=30)

# A job handed to the queue and an attempt under way are looked at again after this long, in case a worker was killed.
QUEUED = timedelta(seconds=60)
UNDER_WAY = timedelta(seconds=30)
# The same where a look found another job of the same case.
BUSY = timedelta(seconds=10)
# The same for a file: one exchange, and up to five hundred answers to be kept.
FILE_UNDER_WAY = timedelta(minutes=2)
# Of a batch whose day has passed a file is still looked for once a day, so long; then only where the agency says that
# there is one.
LATE_LOOK = timedelta(days=1)
LATE_DAYS = 30
# Another case asks about the same person: after this long it is looked whether the answer has come.
ANOTHER_ASKS = timedelta(seconds=30)


@dataclass(frozen=True)
class Patience:
    """How often and how far apart one question is put before it counts as unavailable.

    `pauses`: the wait after the first, second … attempt.
    `overdue_attempts`: real attempts that are made even when the due date has passed. A clock can jump by days (a
    machine that slept, a sandbox that is moved), and an agency that answers within a second must not suffer for it.
    `reminder`: how long a call-back is waited for before the agency is asked again under the same reference.
    `gather`: how long the first question of a file waits for more; `look`: how long between two looks for an answer
    file.
    `until_due`: attempts go on at the last pause until its day has passed; else the one after it is the last.
    `spread`: the share by which a pause may turn out shorter. `hold`: over how long questions that were held back are
    spread at least.
    """

    pauses: Sequence[timedelta]
    overdue_attempts: int
    reminder: timedelta
    spread: float = 0.0
    until_due: bool = False
    hold: timedelta = timedelta(seconds=30)
    gather: timedelta = timedelta(hours=1)
    look: timedelta = timedelta(minutes=30)

    def is_exhausted(self, tries: int, *, dispatched: bool, overdue: bool) -> bool:
        """Say whether a question that was put `tries` times is given up."""
        if overdue and tries >= self.overdue_attempts:
            return True
        return not (dispatched or self.until_due) and tries > len(self.pauses)

    def pause(self, tries: int, *, dispatched: bool, overdue: bool) -> timedelta:
        """Return how long to wait after the last of `tries` attempts."""
        if dispatched and not overdue:
            return self.reminder
        pause = self.pauses[min(max(tries, 1), len(self.pauses)) - 1]
        return pause * (1 - self.spread * _dice())

    def pause_held_back(self, seconds: float, waited: timedelta) -> timedelta:
        """Return how long to wait where the agency is not asked for so many `seconds`, of a question that has waited.

        What has waited for long waits in longer turns: while an agency is down for days its open questions are not all
        taken up twice a minute, and when it returns they come to it over some time.
        """
        turn = min(max(self.hold, waited / 4), max(self.hold, _LONGEST_HOLD))
        return timedelta(seconds=seconds) + turn * _dice()


def _dice() -> float:
    return random.random()  # noqa: S311 - spreads questions, guards nothing # nosec B311


def _seconds(*pauses: int) -> tuple[timedelta, ...]:
    return tuple(timedelta(seconds=pause) for pause in pauses)


# Six attempts over a little more than a day: an agency may be down for a night. Then once or twice a day until the day
# has passed by which it is due (D57 art. 17): who is down for longer than a place suffers is told of while it is waited
# for, and what it owes may be found out on paper; what is given up early nobody would see to.
PATIENCE = Patience(
    _seconds(10, 120, 1_800, 4 * 3_600, 20 * 3_600), overdue_attempts=4, reminder=REMINDER, spread=0.2, until_due=True
)

# The same over half a minute: agencies of the sandbox live in seconds.
SANDBOX_PATIENCE = Patience(
    _seconds(1, 2, 4, 8, 15),
    overdue_attempts=4,
    reminder=REMINDER,
    spread=0.2,
    hold=timedelta(seconds=2),
    gather=timedelta(seconds=2),
    look=timedelta(seconds=2),
)
