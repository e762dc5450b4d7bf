"""Wiring only: a place that lets papers be promised for."""

from datetime import date

import pytest

from app.reference.commands import LocalParameter, put_parameter


@pytest.fixture
async def opened(database):
    """Let the county open it for two kinds of paper."""
    async with database.unit_of_work() as db:
        papers = ["diagnosis", "receipt"]
        await put_parameter(
            db, LocalParameter("procedure", "promised_papers", "532529000000", papers, "测试", date(2026, 1, 1))
        )
