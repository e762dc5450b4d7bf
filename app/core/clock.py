"""Time is passed in. Instants are UTC; dates of law are plain dates in Asia/Shanghai."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Anything that tells the present instant."""

    def now(self) -> datetime:
        """Return the present instant, UTC, with time zone."""
        ...


def legal_date(instant: datetime) -> date:
    """Return the calendar date in China on which `instant` falls."""
    return instant.astimezone(SHANGHAI).date()


def today(clock: Clock) -> date:
    """Return today's legal date."""
    return legal_date(clock.now())


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """A clock for tests: stands still until it is moved."""

    def __init__(self, instant: datetime) -> None:
        self._instant = instant.astimezone(UTC)

    def now(self) -> datetime:
        return self._instant

    def advance(self, by: timedelta) -> None:
        """Move forward by `by`."""
        self._instant += by

    def set(self, instant: datetime) -> None:
        """Jump to `instant`."""
        self._instant = instant.astimezone(UTC)


class OffsetClock:
    """The machine's clock plus an offset in seconds kept in a small file.

    Only the sandbox uses it: its `/clock` moves the file, and every process of the same installation follows. The file
    is read again only when its modification time changed, so asking the time stays cheap.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = -1
        self._offset = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._read()

    def _read(self) -> timedelta:
        try:
            changed = self._path.stat().st_mtime_ns
        except FileNotFoundError:
            return timedelta()
        if changed != self._seen:
            self._offset = timedelta(seconds=int(self._path.read_text() or 0))
            self._seen = changed
        return self._offset
