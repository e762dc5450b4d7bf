"""ISO 8601 durations, forwards only: P7D, P2W, P1M, PT36H, P1DT12H."""

import calendar
import re
from datetime import UTC, datetime, timedelta

from app.core.clock import SHANGHAI

_DURATION = re.compile(
    r"P(?=.)(?:(?P<years>\d{1,2})Y)?(?:(?P<months>\d{1,3})M)?(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,5})D)?"
    r"(?:T(?=.)(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,7})M)?(?:(?P<seconds>\d{1,9})S)?)?",
    re.ASCII,
)


class NotADuration(ValueError):
    """The text is not an ISO 8601 duration that goes forwards."""


def later(instant: datetime, duration: str) -> datetime:
    """Return the instant `duration` after `instant`.

    Years and months are counted on the calendar of China and end on the last day of a shorter month; the time of day
    stays.

    Raises:
        NotADuration: no such duration.
    """
    match = _DURATION.fullmatch(duration)
    if match is None:
        raise NotADuration("write an ISO 8601 duration such as P7D, P2W, P1M or PT36H")
    parts = {name: int(value or 0) for name, value in match.groupdict().items()}
    months = parts.pop("years") * 12 + parts.pop("months")
    return _months_later(instant, months) + timedelta(**parts)


def _months_later(instant: datetime, months: int) -> datetime:
    if not months:
        return instant
    local = instant.astimezone(SHANGHAI)
    years, month = divmod(local.month - 1 + months, 12)
    year = local.year + years
    day = min(local.day, calendar.monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day).astimezone(UTC)
