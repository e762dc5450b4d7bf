"""Rows of a sweep, each seen to by itself: one that fails is logged and passed over, and the sweep fails at its end."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import structlog


class RowsFailed(Exception):
    """Some rows of a sweep could not be seen to; each was logged, and those behind it were."""


class Apart:
    """What a sweep does with its rows: `row` for each, `finish` after the last.

    A row that always fails would else keep everything behind it from being seen to, run after run; and one that fails
    unseen would never be mended.
    """

    def __init__(self, sweep: str) -> None:
        """`sweep`: its name, as the log has it."""
        self._sweep = sweep
        self._failed = 0

    @contextmanager
    def row(self, subject: UUID) -> Iterator[None]:
        """See to one row, in a transaction of its own within."""
        try:
            yield
        except Exception as error:
            self._failed += 1
            structlog.get_logger().exception(
                "row of a sweep failed", job=self._sweep, subject=str(subject), error_type=type(error).__name__
            )

    def finish(self) -> None:
        """Let the sweep fail if a row has.

        Raises:
            RowsFailed: one has, or more.
        """
        if self._failed:
            raise RowsFailed(f"{self._failed} rows")
