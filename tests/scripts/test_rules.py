"""The rules of the house find what they are for, and leave the rest alone."""

import pytest

from scripts.local.rules import find_breaches, main

BAD = {
    "f-string in text()": ("raw-sql", 'db.execute(text(f"SELECT 1 FROM t WHERE a = {x}"))'),
    "f-string kept first": ("raw-sql", 'query = f"SELECT 1 FROM {table}"'),
    "plus": ("raw-sql", 'db.execute("SELECT 1 FROM t WHERE a = " + x)'),
    "plus, twice": ("raw-sql", 'db.fetch("DELETE FROM t WHERE a = \'" + x + "\'")'),
    "percent": ("raw-sql", 'db.execute("UPDATE t SET a = %s" % x)'),
    "format": ("raw-sql", 'statement = "INSERT INTO t VALUES ({})".format(x)'),
    "join in text()": ("raw-sql", 'text(" OR ".join(parts))'),
    "literal column": ("raw-sql", 'select(literal_column(f"{name}::text"))'),
    "exec_driver_sql": ("raw-sql", 'connection.exec_driver_sql(f"VACUUM {table}")'),
    "jose": ("jose", "from jose import jwt"),
    "jose, whole": ("jose", "import jose.jwt"),
    "jose, hidden": ("jose", 'importlib.import_module("jose.jws")'),
    "message as f-string": ("log", 'log.info(f"signed in {user}")'),
    "message with percent": ("log", 'logger.warning("failed for %s" % user)'),
    "message from elsewhere": ("log", 'structlog.get_logger().error(str(error))'),
    "message of log()": ("log", 'logging.log(20, f"signed in {user}")'),
    "attribute by name": ("log", 'log.info("sent", phone="x")'),
    "attribute by its end": ("log", 'log.info("sent", refresh_token=x)'),
    "value by name": ("log", 'log.info("found", subject=id_number)'),
    "value by attribute": ("log", 'structlog.get_logger().info("found", subject=member.name)'),
    "value in a call": ("log", 'log.info("found", subject=str(citizen.phone))'),
    "value by key": ("log", 'log.info("found", reason=form["password"])'),
    "value as argument": ("log", 'logging.getLogger(__name__).info("found %s", account)'),
    "attributes unlisted": ("log", 'log.info("found", **fields)'),
    "bound": ("log", 'log = structlog.get_logger().bind(name=x)'),
    "print": ("print", 'print("hello")'),
}  # fmt: skip

GOOD = {
    "text of its own": 'db.execute(text("SELECT 1 FROM t WHERE a = :a"), {"a": x})',
    "in parts, without values": 'db.execute(text("SELECT 1 " "FROM t"))',
    "built by the library": "select(T).where(T.a == x)",
    "words that begin alike": 'say(f"Select one of {count} places")',
    "a set in a sentence": 'raise ValueError(f"SET of {count} is too small")',
    "log": 'structlog.get_logger().error("batch refused", payroll_id=str(payroll_id), reason=refusal.reason)',
    "kind of an error": 'log.warning("job failed", error_type=type(error).__name__)',
    "a dialogue": 'dialog.info(f"hello {x}")',
    "print as a method": "console.print(x)",
    "said why": 'db.execute(f"CREATE ROLE {ROLE}")  # rule raw-sql: a role cannot be a parameter',
}

PLACE = "app/core/sample.py"


@pytest.mark.parametrize(("rule", "sample"), BAD.values(), ids=BAD)
def test_a_bad_line_is_found_and_called_by_its_rule(rule, sample):
    assert {breach.rule for breach in find_breaches(f"\n{sample}\n", PLACE)} == {rule}
    assert {breach.line for breach in find_breaches(f"\n{sample}\n", PLACE)} == {2}


@pytest.mark.parametrize("sample", GOOD.values(), ids=GOOD)
def test_a_good_line_is_left_alone(sample):
    assert find_breaches(sample, PLACE) == []


@pytest.mark.parametrize(
    ("place", "sample"),
    [
        ("app/identity/tokens.py", "from jose import jwt"),
        ("migrations/versions/x.py", 'op.execute(f"CREATE TABLE {name} ()")'),
        ("scripts/local/narration.py", "print(text)"),
    ],
)
def test_a_rule_ends_where_it_is_said_to(place, sample):
    assert find_breaches(sample, place) == []


def test_a_reason_allows_its_own_rule_only():
    line = 'print("x")  # rule raw-sql: because'

    assert [breach.rule for breach in find_breaches(line, PLACE)] == ["print"]


def test_a_rule_broken_without_a_reason_stays_broken():
    assert find_breaches('query = f"SELECT {x}"  # rule raw-sql:', PLACE) != []


def test_the_project_keeps_them():
    assert main() == 0
