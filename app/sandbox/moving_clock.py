"""The installation's clock, as the one process that may move it sees it."""

import os
import time
from datetime import datetime, timedelta
from pathlib import Path

from app.core.clock import OffsetClock, SystemClock
from app.sandbox.durations import later

# Far enough for a review cycle of any benefit; calendars and certificates beyond it are nobody's test.
_FARTHEST = timedelta(days=20 * 366)


class TooFar(ValueError):
    """The clock would run further ahead than anything here is made for."""


class MovingClock:
    """Reads and moves the offset file that every process of the installation follows. It never goes back."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._clock = OffsetClock(path)

    def now(self) -> datetime:
        """Return the present instant of the installation."""
        return self._clock.now()

    @property
    def offset_seconds(self) -> int:
        """Return how far it runs ahead of the machine."""
        return round((self._clock.now() - SystemClock().now()).total_seconds())

    def advance(self, duration: str) -> datetime:
        """Move forwards by an ISO 8601 duration and return the new present.

        Raises:
            NotADuration: no such duration.
            TooFar: the sum of all moves is over twenty years.
        """
        now = self._clock.now()
        offset = self.offset_seconds + round((later(now, duration) - now).total_seconds())
        if offset > _FARTHEST.total_seconds():
            raise TooFar("the clock may run at most twenty years ahead")
        self._write(offset)
        return self._clock.now()

    def _write(self, offset: int) -> None:
        """Replace the file as a whole: a reader sees the old offset or the new one, never half of it."""
        fresh = self._path.with_name(self._path.name + ".new")
        with fresh.open("w") as file:
            file.write(str(offset))
            file.flush()
            os.fsync(file.fileno())
        # Readers look again when the modification time changed, and the kernel's own stamp is only as fine as its tick.
        stamp = time.time_ns()
        os.utime(fresh, ns=(stamp, stamp))
        fresh.replace(self._path)
