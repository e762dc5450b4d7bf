"""Who deletes a row makes PostgreSQL look for whatever refers to it: by an index, or row by row."""

from sqlalchemy import text

from app.core.db import Database

# Referring columns without an index, of what one of the product's roles may delete.
_WITHOUT_INDEX = """
    SELECT k.conrelid::regclass::text, string_agg(a.attname, ', ' ORDER BY c.place), k.confrelid::regclass::text
    FROM pg_constraint k
    CROSS JOIN LATERAL unnest(k.conkey) WITH ORDINALITY AS c (number, place)
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = c.number
    WHERE k.contype = 'f'
      AND EXISTS (
        SELECT FROM pg_roles r
        WHERE r.rolname LIKE 'dibao\\_%' AND has_table_privilege(r.oid, k.confrelid, 'DELETE')
      )
      AND NOT EXISTS (
        SELECT FROM pg_index i
        WHERE i.indrelid = k.conrelid AND i.indkey[0] = ANY (k.conkey)
          AND coalesce(pg_get_expr(i.indpred, i.indrelid), '(x IS NOT NULL)') ~ '^\\(\\w+ IS NOT NULL\\)$'
      )
    GROUP BY k.oid, k.conrelid, k.confrelid
    ORDER BY 1, 2
"""


async def test_what_refers_to_rows_that_may_be_deleted_is_found_by_an_index(database: Database):
    async with database.unit_of_work() as db:
        found = (await db.execute(text(_WITHOUT_INDEX))).all()

    assert [f"{table} ({columns}) → {to}" for table, columns, to in found] == []
