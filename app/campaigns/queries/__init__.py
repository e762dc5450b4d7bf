"""All SQL of this stage: for people, and set by set for the books.

Statements as text: each reads as the database runs it, and none has a part that is put together.
"""

from typing import Any

from sqlalchemy import TextClause, bindparam, text

# How a statement gives each row it adds a UUIDv7 of its own (`core.sql.id_stem`).
NEW_ID = "CAST(:stem || substr(CAST(gen_random_uuid() AS text), 16) AS uuid)"


def statement(sql: str, **types: Any) -> TextClause:
    """Return a statement with the types of its values. `{new_id}` in it stands for a new row's id."""
    return text(sql.replace("{new_id}", NEW_ID)).bindparams(
        *(bindparam(name, type_=type_) for name, type_ in types.items())
    )
