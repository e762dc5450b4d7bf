"""Wiring only: what the database is sent."""

from collections.abc import Iterator

import pytest
from sqlalchemy import event


@pytest.fixture
def statements(engine) -> Iterator[list[str]]:
    """Every statement as it is sent."""
    sent: list[str] = []

    def note(_connection, _cursor, statement: str, *_rest) -> None:
        sent.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine.sync_engine, "before_cursor_execute", note)
