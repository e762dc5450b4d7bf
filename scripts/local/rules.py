"""Rules of our own that no linter knows: no SQL put together from strings, no jose outside identity, nothing personal
in a log line, no print in the product.

Read from the syntax tree, without running anything. A line that has to break a rule says so and why at its end:
`# rule raw-sql: roles and databases cannot be parameters`.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from scripts.local.children import ROOT
from scripts.local.narration import complain

_LOOKED_AT = ("app", "scripts", "migrations")
_ALLOWED = re.compile(r"# rule (?P<rule>[a-z-]+): \S")

_TAKES_SQL = frozenset(
    {"text", "literal_column", "execute", "executemany", "executescript", "exec_driver_sql", "fetch", "fetchrow",
     "fetchval", "copy_from_query", "prepare"}
)  # fmt: skip
_BEGINS_SQL = re.compile(
    r"\s*(SELECT\s|INSERT\s+INTO\s|UPDATE\s+\S+\s+SET\s|DELETE\s+FROM\s|WITH\s+\S+\s+AS\s|(CREATE|ALTER|DROP)\s+[A-Z]+\s"
    r"|TRUNCATE\s|GRANT\s|REVOKE\s|COPY\s|SET\s+(LOCAL\s|SESSION\s)?\S+\s*=)"
)
_LOG_METHODS = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "fatal", "log", "msg"})
_LOGGER = re.compile(r"(^|[._])(log|logger|logging)$|get_?logger", re.IGNORECASE)
_PERSONAL = re.compile(
    r"(^|_)(password|passwd|token|secret|code|otp|phone|mobile|id_number|identity|name|username|account|address|birth_date"
    r"|amount|amount_fen|body|payload|answers|statement|findings|plain|clear)(_|s?$)"
)
_OF_THE_PROGRAM = frozenset({"__name__", "name_of", "__qualname__"})


@dataclass(frozen=True, order=True)
class Breach:
    """One place that breaks a rule."""

    line: int
    rule: str
    why: str


def find_breaches(source: str, place: str) -> list[Breach]:
    """Return what breaks a rule in one file; `place` is its path from the root, with forward slashes."""
    tree, lines = ast.parse(source), source.splitlines()
    found = [breach for rule in (_raw_sql, _jose, _logs, _print) for breach in rule(tree, place)]
    return sorted({breach for breach in found if not _is_allowed(lines, breach)})


def _is_allowed(lines: list[str], breach: Breach) -> bool:
    said = _ALLOWED.search(lines[breach.line - 1])
    return said is not None and said["rule"] == breach.rule


def _raw_sql(tree: ast.AST, place: str) -> Iterator[Breach]:
    if place.startswith("migrations/"):
        return  # what a migration creates has names, and names cannot be parameters
    for node in ast.walk(tree):
        if _is_built(node) and _BEGINS_SQL.match(_literal_beginning(node)):
            yield Breach(node.lineno, "raw-sql", "SQL put together from strings")  # type: ignore[attr-defined]
        elif isinstance(node, ast.Call) and _called(node) in _TAKES_SQL and node.args and _is_built(node.args[0]):
            yield Breach(node.lineno, "raw-sql", f"{_called(node)}() of a string put together")


def _is_built(node: ast.AST) -> bool:
    """Say whether an expression puts a text together: f-string with a value, +, % or format()."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        return any(_is_text(side) or _is_built(side) for side in (node.left, node.right))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("format", "join"):
        return _is_text(node.func.value)
    return False


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _literal_beginning(node: ast.AST) -> str:
    while True:
        if isinstance(node, ast.BinOp):
            node = node.left
        elif isinstance(node, ast.JoinedStr):
            node = node.values[0]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            node = node.func.value
        else:
            return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _jose(tree: ast.AST, place: str) -> Iterator[Breach]:
    if place.startswith("app/identity/"):
        return
    for node in ast.walk(tree):
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            modules = [node.module or ""]
        elif isinstance(node, ast.Call) and _called(node) in ("import_module", "__import__") and node.args:
            modules = [str(getattr(node.args[0], "value", ""))]
        if any(module.split(".")[0] == "jose" for module in modules):
            yield Breach(node.lineno, "jose", "only identity may use python-jose")  # type: ignore[attr-defined]


def _logs(tree: ast.AST, _place: str) -> Iterator[Breach]:
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if not _LOGGER.search(ast.unparse(node.func.value)):
            continue
        if node.func.attr in _LOG_METHODS:
            yield from _message(node)
        if node.func.attr in _LOG_METHODS | {"bind", "new"}:
            yield from _attributes(node)


def _message(node: ast.Call) -> Iterator[Breach]:
    # logging.log(level, message): the message comes second
    place = 1 if isinstance(node.func, ast.Attribute) and node.func.attr == "log" else 0
    if len(node.args) > place and not _is_text(node.args[place]):
        yield Breach(node.lineno, "log", "the message is put together: say it with attributes")


def _attributes(node: ast.Call) -> Iterator[Breach]:
    for keyword in node.keywords:
        if keyword.arg is None:
            yield Breach(node.lineno, "log", "attributes that nobody can list")
        elif _PERSONAL.search(keyword.arg):
            yield Breach(node.lineno, "log", f"an attribute called {keyword.arg}")
    values = [*node.args[1:], *(keyword.value for keyword in node.keywords)]
    for word in sorted({word for value in values for word in _words(value)}):
        yield Breach(node.lineno, "log", f"a value called {word}")


def _words(value: ast.AST) -> Iterator[str]:
    for node in ast.walk(value):
        word = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        if isinstance(node, ast.Subscript) and _is_text(node.slice):
            word = str(node.slice.value)  # type: ignore[attr-defined]
        if word not in _OF_THE_PROGRAM and _PERSONAL.search(word):
            yield word


def _print(tree: ast.AST, place: str) -> Iterator[Breach]:
    if not place.startswith("app/"):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("print", "pprint"):
            yield Breach(node.lineno, "print", "the product speaks through its log")


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def main() -> int:
    """Look at everything; return 1 when a rule is broken."""
    broken = 0
    for folder in _LOOKED_AT:
        for path in sorted((ROOT / folder).rglob("*.py")):
            place = path.relative_to(ROOT).as_posix()
            for breach in find_breaches(path.read_text(), place):
                complain(f"{place}:{breach.line}: {breach.rule}: {breach.why}")
                broken += 1
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
