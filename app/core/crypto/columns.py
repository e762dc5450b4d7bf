"""How a table says which columns are sealed, and how each is bound: what sealing anew needs to know.

The declaration stands where the column does, so that a new sealed column cannot be forgotten by the job that moves
values under another key (an architecture test looks at every column called `…_sealed`).
"""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, LargeBinary
from sqlalchemy.orm import MappedColumn, mapped_column

from app.core.crypto.keys import GENERAL

INFO = "sealed"
_SUFFIX = "_sealed"


@dataclass(frozen=True)
class OwnersIndex:
    """What `Vault.owners_index` gives, kept in `column` beside the sealed text. `owner`: the column of his id."""

    column: str
    name: str
    owner: str


@dataclass(frozen=True)
class SealedColumn:
    """What a sealed column is bound to.

    `name`: the 'table.column' it was sealed as, where that is not its own; `row`: the column that holds the id it is
    bound to; `division`: the column that names the county whose key it lies under, None where it belongs to no county.
    `clear`: the column that held the same in clear before it was sealed; `index`: what is to be computed with it.
    """

    name: str | None
    row: str
    division: str | None
    clear: str | None
    index: OwnersIndex | None = None

    def bound_as(self, column: "Column[Any]") -> str:
        """Return the 'table.column' that values of `column` are bound to."""
        return self.name or f"{column.table.name}.{column.name.removesuffix(_SUFFIX)}"

    def text_of(self, clear: Any) -> str:
        """Return what stood in clear as the text that is sealed: JSON where it was no text."""
        return clear if isinstance(clear, str) else json.dumps(clear, ensure_ascii=False)

    def division_of(self, row: Any) -> str:
        """Return the division whose key a value of this row lies under."""
        return GENERAL if self.division is None else str(getattr(row, self.division))


def sealed(
    name: str | None = None,
    *,
    row: str = "id",
    division: str | None = "county",
    clear: str | None = None,
    index: OwnersIndex | None = None,
) -> MappedColumn[Any]:
    """Declare a sealed column; see `SealedColumn`."""
    return mapped_column(LargeBinary, info={INFO: SealedColumn(name, row, division, clear, index)})
