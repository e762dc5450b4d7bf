"""Whether a message is one that can be answered: its header, judged before anything in it is done."""

from datetime import datetime, timedelta

from app.status_queries.registry.wire import MOST_REQUESTS, VERSION, Header

_OLDEST = timedelta(days=1)


def refusal_of(header: Header, action: str, requests: int, wall: datetime) -> str | None:
    """Return the standard's code for why a message is refused, None where it is not.

    `action`: what belongs to the address it came to; `requests`: how many there are in it.
    """
    if header.version != VERSION:
        return "rjct.version.invalid"
    if header.action != action:
        return "rjct.action.invalid" if header.action in ("search", "txn-status") else "rjct.action.not_supported"
    if not _is_recent(header.message_ts, wall):
        return "rjct.message_ts.invalid"
    if requests > MOST_REQUESTS:
        return "rjct.total_count.limit_exceeded"
    if header.total_count != requests:
        return "rjct.total_count.invalid"
    return None


def read_moment(text: str) -> datetime | None:
    """Return an instant in ISO 8601 with an offset; None where it is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _is_recent(text: str, wall: datetime) -> bool:
    moment = read_moment(text)
    return moment is not None and abs(wall - moment) <= _OLDEST
