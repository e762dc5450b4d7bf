"""A supporter outside the household: named beside the form, asked for an authorisation, asked about on it alone.

Who owes support by law and lives elsewhere is checked with consent only (社会救助法 art. 41). The person stands among
`members`, so that signatures, questions, keys, reach and erasure are those there are, and counts for nobody: the rows
that name a line of the form are not the household.

That no question about one is put down, or put, without an authorisation in force that this person gave as himself is
held by the database: a foreign key says whose and in which case, and no key can say that something is in force now.
Expand step: new columns with defaults, two triggers.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "r0820"
down_revision: str | None = "r0700"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# It works as its owner: what it looks at may lie beyond the reach of who writes, and it tells nothing of it.
_FUNCTION = """
    CREATE FUNCTION require_supporters_word() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        IF NEW.of_supporter <> coalesce(
            (SELECT supporter_ref IS NOT NULL FROM members WHERE id = NEW.member_id), NEW.of_supporter
        ) THEN
            RAISE EXCEPTION 'a check says whether it is about a supporter'
                USING ERRCODE = 'check_violation', TABLE = 'checks', CONSTRAINT = 'checks_of_supporter_check';
        END IF;
        IF NEW.of_supporter AND NOT EXISTS (
            SELECT FROM authorisations
            WHERE id = NEW.authorisation_id AND member_id = NEW.member_id
              AND signed_by_citizen_id IS NOT NULL AND withdrawn_at IS NULL
        ) THEN
            RAISE EXCEPTION 'no authorisation in force that the supporter gave'
                USING ERRCODE = 'check_violation', TABLE = 'checks', CONSTRAINT = 'checks_supporters_word_check';
        END IF;
        RETURN NEW;
    END $$
"""


def upgrade() -> None:
    op.add_column("members", sa.Column("supporter_ref", sa.String(length=64), nullable=True))
    op.add_column("members", sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(op.f("members_outside_check"), "members", "supporter_ref IS NULL OR NOT claimed")
    op.create_index(
        "members_one_for_each_supporter_key",
        "members",
        ["application_id", "supporter_ref"],
        unique=True,
        postgresql_where=sa.text("supporter_ref IS NOT NULL"),
    )
    op.add_column("authorisations", sa.Column("signed_by_citizen_id", sa.Uuid(), nullable=True))
    op.add_column("checks", sa.Column("of_supporter", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.execute(_FUNCTION)
    op.execute(
        "CREATE TRIGGER supporters_word BEFORE INSERT ON checks FOR EACH ROW EXECUTE FUNCTION require_supporters_word()"
    )
    op.execute(
        "CREATE TRIGGER supporters_word_with_each_attempt BEFORE UPDATE OF attempts ON checks FOR EACH ROW "
        "WHEN (NEW.of_supporter AND NEW.attempts > OLD.attempts) EXECUTE FUNCTION require_supporters_word()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER supporters_word_with_each_attempt ON checks")
    op.execute("DROP TRIGGER supporters_word ON checks")
    op.execute("DROP FUNCTION require_supporters_word()")
    op.execute("DELETE FROM checks WHERE of_supporter")
    op.execute("DELETE FROM authorisations WHERE signed_by_citizen_id IS NOT NULL")
    op.execute("DELETE FROM members WHERE supporter_ref IS NOT NULL")
    op.drop_column("checks", "of_supporter")
    op.drop_column("authorisations", "signed_by_citizen_id")
    op.drop_index("members_one_for_each_supporter_key", table_name="members")
    op.drop_constraint(op.f("members_outside_check"), "members")
    op.drop_column("members", "declined_at")
    op.drop_column("members", "supporter_ref")
