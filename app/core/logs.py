"""Logs: one JSON object a line, static messages, attributes from an allow-list. No names, numbers or amounts."""

import logging
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "logger", "trace", "job", "job_id", "attempt", "event_id", "event_type",
        "subject", "partner", "reason", "item", "check_id", "application_id", "batch_id", "payroll_id", "delivery_id",
        "status", "count", "seconds", "exception", "error_type",
    }
)  # fmt: skip


def configure_logs(level: str) -> None:
    """Set up structlog for the process."""
    logging.basicConfig(level=level.upper(), format="%(message)s")
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _drop_unknown,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
    )


def _drop_unknown(_: Any, __: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name in [name for name in fields if name not in ALLOWED]:
        del fields[name]
    return fields
