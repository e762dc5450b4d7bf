"""A mark tells its file and place from one row alone, and nobody without the key can make one up."""

from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import FixedClock
from app.core.crypto import EnvironmentKeys, Vault
from app.core.watermarks import Mark, find_mark, read_mark, write_mark
from tests.support.vaults import KEK, LONG_AGO, SelfMadeKeys, self_made_vault

VAULT = self_made_vault()
CELLS = ["DB1", "测*甲", "520.00"]


@given(st.integers(1, 50_000), st.lists(st.text(max_size=8), max_size=5))
def test_a_row_tells_its_file_and_place(place, cells):
    mark = write_mark(VAULT, "export:1", place, cells)

    assert read_mark(VAULT, "export:1", mark, cells) == Mark(place, unaltered=True)
    assert read_mark(VAULT, "export:2", mark, cells) is None


def test_a_row_that_was_changed_still_tells_its_file_and_that_it_was_changed():
    mark = write_mark(VAULT, "export:1", 7, CELLS)

    assert read_mark(VAULT, "export:1", mark, [*CELLS[:2], "5200.00"]) == Mark(7, unaltered=False)


def test_a_mark_of_another_installation_or_with_another_place_is_nobodys():
    elsewhere = Vault(EnvironmentKeys(KEK, KEK), FixedClock(LONG_AGO), SelfMadeKeys())
    mark = write_mark(VAULT, "export:1", 7, CELLS)
    moved = write_mark(VAULT, "export:1", 8, CELLS)[:7] + mark[7:]

    assert read_mark(elsewhere, "export:1", mark, CELLS) is None
    assert read_mark(VAULT, "export:1", moved, CELLS) is None
    assert read_mark(VAULT, "export:1", "A" * 29, CELLS) is None


def test_two_files_of_the_same_rows_have_no_mark_in_common():
    marks = [{write_mark(VAULT, f"export:{n}", place, CELLS) for place in range(1, 50)} for n in (1, 2)]

    assert not marks[0] & marks[1]


def test_the_mark_is_found_wherever_in_the_row_it_stands():
    mark = write_mark(VAULT, "export:1", 1, CELLS)

    assert find_mark([*CELLS, "words", mark]) == 4
    assert find_mark([mark, *CELLS]) == 0
    assert find_mark(CELLS) is None
