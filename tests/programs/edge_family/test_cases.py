"""The table of cases, row by row."""

import pytest

from app.programs.edge_family.program import EdgeFamily
from tests.programs.table import Row, check, judge, read_rows

_PROGRAM = EdgeFamily()
_ROWS = read_rows(_PROGRAM.code)


@pytest.mark.parametrize("row", _ROWS, ids=[row["name"] for row in _ROWS])
def test_case(row: Row):
    check(judge(_PROGRAM, row), row["expect"])
