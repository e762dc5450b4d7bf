"""The table of cases, row by row."""

import pytest

from tests.programs.living_allowance.builders import PROGRAM
from tests.programs.table import Row, check, judge, read_rows

_ROWS = read_rows(PROGRAM.code)


@pytest.mark.parametrize("row", _ROWS, ids=[row["name"] for row in _ROWS])
def test_case(row: Row):
    check(judge(PROGRAM, row), row["expect"])
