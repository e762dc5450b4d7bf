"""Files for spreadsheet programs: what was entered comes back as text, and nothing of it is ever run."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.spreadsheet import write_cell, write_line

STARTS = "=+-@\t\r＝＋－＠"
# What programs skip before they look for a formula, and what they divide lines and cells at.
UNSEEN = " \u00a0\u3000\u200b\ufeff\u2060\n\r\t\x0b\x0c\x1c\x85\u2028\0"
TEXTS = st.text(st.one_of(st.sampled_from(STARTS + UNSEEN + "\"',;|"), st.characters(codec="utf-8")), max_size=30)


def _is_formula(cell: str) -> bool:
    """Read a cell as the most eager of the programs would: past everything that is not seen."""
    return cell.lstrip(UNSEEN)[:1] in set(STARTS) or cell[:1] in set(STARTS)


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("before", ["", " ", "\u3000", "\u200b", "\ufeff \n"])
def test_what_begins_like_a_formula_is_text(start, before):
    assert write_cell(f"{before}{start}cmd|' /C calc'!A0").startswith("'")


@pytest.mark.parametrize("plain", ["测试甲", "5399******0014", "2026-12", "520.00", "a=b", "", "测试-甲", "'"])
def test_other_text_stands_as_it_is(plain):
    assert write_cell(plain) == plain


def test_long_numbers_are_text_so_that_no_digit_is_rounded_away():
    assert write_cell("539900198001010014") == "'539900198001010014"
    assert write_cell(12345) == "12345"
    assert write_cell(None) == ""


def test_a_line_is_quoted_as_rfc_4180_says():
    assert write_line(['a"b', "c,d", None]) == '"a""b","c,d",""\r\n'


@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_no_cell_is_a_formula_in_a_spreadsheet_program(values):
    line = write_line(values)
    cells = next(csv.reader(io.StringIO(line, newline="")))

    assert len(cells) == len(values)
    assert not [cell for cell in cells if _is_formula(cell)]


@given(st.lists(TEXTS, min_size=1, max_size=5), st.sampled_from(";\t|"))
def test_nor_in_one_that_divides_at_other_signs(values, sign):
    line = write_line(values)
    [cells, *more] = csv.reader(io.StringIO(line, newline=""), delimiter=sign)

    assert not more, "a line is a line"
    # Once a program misreads the quotes it shows them, and what follows them begins with one of ours.
    assert not [cell for cell in cells[:1] if _is_formula(cell)]


@given(TEXTS)
def test_making_a_cell_safe_twice_changes_nothing_more(value):
    once = write_cell(value)

    assert write_cell(once) == once
