"""Wiring only: agencies that take files."""

import pytest

from tests.builders.verification import (
    Agencies,
    build_agencies,
)


@pytest.fixture
def agencies() -> Agencies:
    return build_agencies()
