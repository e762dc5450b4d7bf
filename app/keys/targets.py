"""Which tables hold sealed values, and which columns lie under whose key: read off the models' declarations."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, MetaData, Table

from app.core.crypto import GENERAL, SealedColumn
from app.core.crypto.columns import INFO


@dataclass(frozen=True)
class Target:
    """Sealed columns of one table that lie under the same division's key."""

    table: Table
    division: str | None  # the column that names the county; None: they lie under the general key
    columns: Sequence[tuple["Column[Any]", SealedColumn]]

    @property
    def key(self) -> "Column[Any]":
        """The table's primary key, which is one column wherever something is sealed."""
        (column,) = self.table.primary_key.columns
        return column

    @property
    def needed(self) -> Sequence["Column[Any]"]:
        """Return the columns that sealing a row anew reads: key, binding, division, and the values."""
        names = dict.fromkeys([self.key.name, *([self.division] if self.division else [])])
        for column, declared in self.columns:
            names |= dict.fromkeys([declared.row, column.name, *([declared.clear] if declared.clear else [])])
            names |= dict.fromkeys([declared.index.owner] if declared.index else [])
        return [self.table.c[name] for name in names]


def targets(metadata: MetaData) -> list[Target]:
    """Return all there are, in the order of the tables' names."""
    found = []
    for table in sorted(metadata.tables.values(), key=lambda table: table.name):
        declared = [(column, column.info[INFO]) for column in table.columns if INFO in column.info]
        for division in sorted({each.division for _, each in declared}, key=lambda name: name or ""):
            columns = [(column, each) for column, each in declared if each.division == division]
            found.append(Target(table, division, columns))
    return found


def targets_of(metadata: MetaData, division: str) -> list[Target]:
    """Return where values of one division may be: those without a county, or those with one."""
    return [target for target in targets(metadata) if (target.division is None) == (division == GENERAL)]
