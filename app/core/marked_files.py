"""A file of rows that says who took it, for whom to see and for who has the key: in every line, and by a mark a row."""

from collections.abc import Iterable, Sequence

from app.core.crypto import Vault
from app.core.spreadsheet import BYTE_ORDER_MARK, write_cell, write_line
from app.core.watermarks import write_mark

_OWN = ("水印", "校验码")  # the columns at the end of each row


class MarkedFile:
    """A file in the making. `file` names it among all there are; `words` stand in each line."""

    def __init__(self, vault: Vault, file: str, words: str, header: Sequence[str]) -> None:
        self._vault, self._file, self._words = vault, file, words
        self._lines = [write_line([words]), write_line([*header, *_OWN])]
        self.rows = 0

    def add(self, cells: Iterable[object]) -> None:
        """Write one row."""
        self.rows += 1
        shown = [write_cell(cell) for cell in cells]
        self._lines.append(write_line([*shown, self._words, self._mark(shown)]))

    def content(self) -> bytes:
        """Return the file, with a last line that tells how many rows it has: one cut short shows."""
        last = write_line([f"共 {self.rows} 行", self._words])
        return (BYTE_ORDER_MARK + "".join(self._lines) + last).encode()

    def _mark(self, shown: Sequence[str]) -> str:
        return write_mark(self._vault, self._file, self.rows, shown)
