"""What the application's role may do: everything to rows, nothing to tables; and to some tables only add.

Tables owned by who migrates; the processes work as this role, so that neither a bug nor an injected statement can
change a ledger, an event or an audit record.
"""

import re

from alembic import op

from app.core.db import APPLICATION_ROLE
from app.keys import KEYS_ROLE
from app.retention import ERASER_ROLE


def create_role(role: str = APPLICATION_ROLE) -> None:
    """Create a role where the server does not have it, and let the owner work as it."""
    op.execute(
        f"DO $$ BEGIN CREATE ROLE {role} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    )
    op.execute(
        f"DO $$ BEGIN EXECUTE format('GRANT {role} TO %I', current_user); "
        "EXCEPTION WHEN unique_violation OR invalid_grant_operation THEN NULL; END $$"
    )


def grant_all() -> None:
    """Let the role read and write the rows of every table there is now and of those the owner adds later."""
    op.execute(f"GRANT USAGE ON SCHEMA public TO {APPLICATION_ROLE}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APPLICATION_ROLE}")
    op.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APPLICATION_ROLE}")
    op.execute(
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public "
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APPLICATION_ROLE}"
    )


def make_append_only(*tables: str) -> None:
    """Take the right to change or remove rows."""
    for table in tables:
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APPLICATION_ROLE}")


_LOW, _HIGH, _OWNER = (f"current_setting('dibao.{name}', true)" for name in ("low", "high", "owner"))
_CASE = "current_setting('dibao.application', true)"
# What the settings of `app/core/reach.py` mean in a rule; unset, each is null or ''. Written out, because a function
# would be read anew with every plan.
_MEANINGS = {
    "low": f"nullif({_LOW}, '')",
    "high": f"nullif({_HIGH}, '')",
    "owner": f"nullif({_OWNER}, '')::uuid",
    "actor": "nullif(current_setting('dibao.actor', true), '')::uuid",
    "reporter": "decode(nullif(current_setting('dibao.reporter', true), ''), 'hex')",
    # The same as arrays, to be contained in another: '{}' is contained in each.
    "owners": f"CASE WHEN {_OWNER} <> '' THEN ARRAY[{_OWNER}::uuid] ELSE '{{}}'::uuid[] END",
    "applications": f"CASE WHEN {_CASE} <> '' THEN ARRAY[{_CASE}::uuid] ELSE '{{}}'::uuid[] END",
    # The first and last county of which the whole is within reach.
    "low_county": f"CASE WHEN right({_LOW}, 6) = '000000' THEN left({_LOW}, 6) END",
    "high_county": f"left({_HIGH}, 6)",
    "everywhere": f"({_LOW} = '000000000000' AND {_HIGH} = '999999999999' AND {_OWNER} = '')",
}
_WORD = re.compile(r"(?<!:):([a-z_]+)")


def _written_out(rule: str) -> str:
    return _WORD.sub(lambda word: f"({_MEANINGS[word[1]]})", rule)


def keep_within_reach(table: str, rule: str) -> None:
    """Let the application's role see and change those rows only that `rule` allows.

    `rule`: SQL over the table's columns, in which `:low` … stand for how far the transaction sees.
    The roles that seal values anew and that erase are bound by what they were granted, not by rows.
    """
    allowed = _written_out(rule)
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY reach ON {table} TO {APPLICATION_ROLE} USING ({allowed}) WITH CHECK ({allowed})")
    op.execute(f"CREATE POLICY keeping ON {table} TO {KEYS_ROLE}, {ERASER_ROLE} USING (true) WITH CHECK (true)")


def keep_reads_within_reach(table: str, rule: str) -> None:
    """The same for a table that everybody adds to, and where only what may be seen is limited."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY reach ON {table} FOR SELECT TO {APPLICATION_ROLE} USING ({_written_out(rule)})")
    op.execute(f"CREATE POLICY adding ON {table} FOR INSERT TO {APPLICATION_ROLE} WITH CHECK (true)")
    op.execute(f"CREATE POLICY keeping ON {table} TO {KEYS_ROLE}, {ERASER_ROLE} USING (true) WITH CHECK (true)")


def lift_reach(*tables: str) -> None:
    """Undo either of them."""
    for table in tables:
        for policy in ("reach", "adding", "keeping"):
            op.execute(f"DROP POLICY IF EXISTS {policy} ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
