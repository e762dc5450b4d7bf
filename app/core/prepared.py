"""Statements written once and compiled once, for what every request does.

For a statement of a millisecond's tenth, the mapper takes ten times as long as the driver: it builds expressions, looks
for their compiled form, wraps the result. A prepared statement is built from the same expressions, and in a
`queries.py`, so that it starts from the same conditions as every other; what is left with each use is its values.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, bindparam
from sqlalchemy.dialects.postgresql import asyncpg as dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import SelectBase, UpdateBase
from sqlalchemy.types import TypeEngine

_DIALECT = dialect.dialect()  # type: ignore[no-untyped-call]


def asked(name: str, type_: TypeEngine[Any] | type[TypeEngine[Any]] | None = None) -> BindParameter[Any]:
    """Return the place of a value that comes with each asking; where it is compared with a column, that tells its type.

    With a value, though it is none: else the statement could not be compiled without the real ones.
    """
    return bindparam(name, None, type_)


class _Place(NamedTuple):
    """`written`: the value of a place that was written into the statement; `process` makes it what the driver takes."""

    name: str
    is_asked: bool
    written: Any
    process: Callable[[Any], Any] | None


class Prepared:
    """A statement with places for values: those marked by `asked`, and of an INSERT or UPDATE the `columns` named."""

    def __init__(self, statement: SelectBase | UpdateBase, columns: Collection[str] = ()) -> None:
        self._statement = statement
        self._columns = list(columns) or None

    @property
    def text(self) -> str:
        """The statement as PostgreSQL gets it."""
        return self._compiled[0]

    def values(self, given: Mapping[str, Any]) -> Sequence[Any]:
        """Return the values in the statement's order; what was written into the statement is among them.

        Raises:
            TypeError: a value is missing, or there is no place for it.
        """
        _, places, names = self._compiled
        if given.keys() != names:
            raise TypeError(f"a statement takes {sorted(names)}, not {sorted(given)}")
        return [
            (given[name] if is_asked else written) if process is None else process(given[name] if is_asked else written)
            for name, is_asked, written, process in places
        ]

    @cached_property
    def _compiled(self) -> tuple[str, tuple[_Place, ...], frozenset[str]]:
        compiled = self._statement.compile(
            dialect=_DIALECT, column_keys=self._columns, compile_kwargs={"render_postcompile": True}
        )
        assert isinstance(compiled, SQLCompiler)
        places = tuple(_place(compiled, name) for name in compiled.positiontup or ())
        return str(compiled), places, frozenset(place.name for place in places if place.is_asked)


def _place(compiled: SQLCompiler, name: str) -> _Place:
    bound = compiled.binds.get(name)  # none: an element of a list that was written into the statement
    process = None if bound is None else bound.type.dialect_impl(_DIALECT).bind_processor(_DIALECT)
    written = compiled.params[compiled.escaped_bind_names.get(name, name)]
    return _Place(name, bound is not None and not bound.unique, written, process)
