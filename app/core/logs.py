"""Logs: one JSON object a line, static messages, attributes from an allow-list. No names, numbers or amounts.

What a library writes goes through the same sieve: of an exception only its kind and where it was raised are kept. Its
words may quote what was being worked on (a key that is taken, a body that does not fit), and so may a library's own
chatter about each request.
"""

import logging
import traceback
from collections.abc import Iterator, MutableMapping
from datetime import date
from types import TracebackType
from typing import Any
from uuid import UUID

import structlog

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "logger", "trace", "job", "job_id", "attempt", "event_id", "event_type",
        "subject", "partner", "reason", "item", "check_id", "application_id", "batch_id", "payroll_id", "delivery_id",
        "decision_id", "status", "count", "seconds", "exception", "error_type",
    }
)  # fmt: skip
_PLAIN = (str, int, float, bool, UUID, date, type(None))
_LONGEST = 200  # characters; ids and codes are shorter, and what is longer is a text
_LIBRARIES = ("", "uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi")

Fields = MutableMapping[str, Any]


def configure_logs(level: str) -> None:
    """Set up structlog for the process, and quieten what libraries say by themselves."""
    own = logging.getLevelNamesMapping()[level.upper()]
    logging.basicConfig(level=max(own, logging.WARNING), format="%(message)s")
    for name in _LIBRARIES:
        for handler in logging.getLogger(name).handlers:
            handler.setFormatter(WithoutWords(handler.formatter))
    structlog.configure(
        processors=processors(),
        logger_factory=structlog.PrintLoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(own),
    )


def processors() -> list[structlog.typing.Processor]:
    """Return what every line of ours passes, the sieve last but one."""
    return [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(_render_exception),
        _keep_listed,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]


class WithoutWords(logging.Formatter):
    """Formats a library's record as `inner` does, but for an exception's own words."""

    def __init__(self, inner: logging.Formatter | None) -> None:
        super().__init__()
        self._inner = inner or logging.Formatter()

    def format(self, record: logging.LogRecord) -> str:
        plain = logging.makeLogRecord({**record.__dict__, "exc_info": None, "exc_text": None, "stack_info": None})
        if any(isinstance(value, BaseException) for value in _arguments(record)):
            plain.args = tuple(
                type(value).__name__ if isinstance(value, BaseException) else value for value in _arguments(record)
            )
        text = self._inner.format(plain)
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        return text if error is None else f"{text}\n{where(error)}"


def where(error: BaseException) -> str:
    """Tell the kinds of an exception and of its causes, and where each was raised; never what it said."""
    told: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        told.append(type(current).__qualname__)
        told += _frames(current.__traceback__)
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\n".join(told)


def _frames(raised: TracebackType | None) -> Iterator[str]:
    for frame in traceback.extract_tb(raised):
        yield f"  {frame.filename}:{frame.lineno} {frame.name}"


def _arguments(record: logging.LogRecord) -> tuple[Any, ...]:
    if isinstance(record.args, tuple):
        return record.args
    return ()


def _render_exception(exc_info: Any) -> str:
    return where(exc_info[1])


def _keep_listed(_: Any, __: str, fields: Fields) -> Fields:
    """Drop attributes that are not listed, and listed ones whose value is more than an id, a code or a number."""
    return {name: value for name, value in fields.items() if name in ALLOWED and _is_plain(name, value)}


def _is_plain(name: str, value: Any) -> bool:
    if name == "exception":
        return True
    return isinstance(value, _PLAIN) and not (isinstance(value, str) and len(value) > _LONGEST)
