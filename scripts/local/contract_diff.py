"""Refuses a breaking change of the contract: what a client written for the old document can rely on must still hold.

Requests may only become more permissive, answers only more precise. Shapes are compared by what they admit, not by
name: schemas may be renamed, split and described anew. A break that is meant is said in openapi/CHANGELOG.md by a line
that begins `- Breaking:`.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.local.children import ROOT
from scripts.local.contract_shapes import Comparison, Side
from scripts.local.narration import complain, say

PLACE = "openapi/openapi.json"
CHANGELOG = "openapi/CHANGELOG.md"
_METHODS = ("get", "put", "post", "delete", "patch")
Document = Mapping[str, Any]


@dataclass(frozen=True, order=True)
class Break:
    """One thing that no longer holds, and where."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def breaks(old: Document, new: Document) -> list[Break]:
    """Return everything that a client of `old` relies on and `new` does not keep."""
    return sorted(set(_Contracts(old, new).compare()))


class _Contracts:
    def __init__(self, old: Document, new: Document) -> None:
        self.old, self.new = old, new
        self._fitting: set[tuple[bool, str, str]] = set()  # seen already: many operations share their shapes

    def compare(self) -> Iterator[Break]:
        yield from self._schemes()
        kept = dict(_operations(self.new))
        for key, operation in _operations(self.old):
            name = operation["operationId"]
            if key not in kept:
                yield Break(name, f"{key[0].upper()} {key[1]} is gone")
                continue
            for what in self._operation(operation, kept[key]):
                yield Break(name, what)

    def _schemes(self) -> Iterator[Break]:
        kept = self.new.get("components", {}).get("securitySchemes", {})
        for name, scheme in self.old.get("components", {}).get("securitySchemes", {}).items():
            now = kept.get(name, {})
            if any(now.get(member) != scheme.get(member) for member in ("type", "scheme", "in", "name")):
                yield Break(f"security scheme {name}", "is gone or another one")

    def _operation(self, old: Document, new: Document) -> Iterator[str]:
        if old["operationId"] != new["operationId"]:
            yield f"operationId is now {new['operationId']}"
        yield from _security(old.get("security", []), new.get("security", []))
        yield from self._parameters(old, new)
        yield from self._body(old.get("requestBody"), new.get("requestBody"))
        yield from self._responses(old["responses"], new["responses"])

    def _parameters(self, old: Document, new: Document) -> Iterator[str]:
        before, after = _parameters(self.old, old), _parameters(self.new, new)
        for key, parameter in before.items():
            where = f"{key[0]} parameter {key[1]}"
            if key not in after:
                yield f"{where} is gone"
                continue
            if after[key].get("required") and not parameter.get("required"):
                yield f"{where} is now required"
            yield from self._request(parameter["schema"], after[key]["schema"], where)
        for key, parameter in after.items():
            if key not in before and parameter.get("required"):
                yield f"{key[0]} parameter {key[1]} is new and required"

    def _body(self, old: Document | None, new: Document | None) -> Iterator[str]:
        if old is None:
            if new is not None and new.get("required"):
                yield "a body is now required"
            return
        if new is None:
            yield "the body is gone"
            return
        if new.get("required") and not old.get("required"):
            yield "the body is now required"
        for kind, media in old["content"].items():
            if kind not in new["content"]:
                yield f"a body of {kind} is no longer taken"
            else:
                yield from self._request(media.get("schema", {}), new["content"][kind].get("schema", {}), "body")

    def _responses(self, old: Document, new: Document) -> Iterator[str]:
        for status, reference in old.items():
            if status not in new:
                yield f"answer {status} is gone"
                continue
            before, after = _resolve(self.old, reference), _resolve(self.new, new[status])
            for code in set(before.get("x-problem-codes", ())) - set(after.get("x-problem-codes", ())):
                yield f"answer {status} no longer has the code {code}"
            for name in set(before.get("headers", {})) - set(after.get("headers", {})):
                yield f"answer {status} no longer has the header {name}"
            yield from self._contents(status, before.get("content", {}), after.get("content", {}))

    def _contents(self, status: str, old: Document, new: Document) -> Iterator[str]:
        for kind, media in old.items():
            if kind not in new:
                yield f"answer {status} is no longer {kind}"
                continue
            before, after = media.get("schema", {}), new[kind].get("schema", {})
            yield from self._misfits(
                Comparison(Side(self.new), Side(self.old), True), after, before, f"answer {status}"
            )
        if not old and new:
            yield f"answer {status} has a body now"

    def _request(self, old: Document, new: Document, where: str) -> Iterator[str]:
        if "default" in old and old.get("default") != new.get("default"):
            yield f"{where}: another default"
        yield from self._misfits(Comparison(Side(self.old), Side(self.new), answers=False), old, new, where)

    def _misfits(self, comparison: Comparison, small: Document, large: Document, where: str) -> Iterator[str]:
        key = (comparison.answers, json.dumps(small, sort_keys=True), json.dumps(large, sort_keys=True))
        if key in self._fitting:
            return
        found = list(comparison.misfits(small, large, where))
        if not found:
            self._fitting.add(key)
        yield from found


def _operations(document: Document) -> Iterator[tuple[tuple[str, str], Document]]:
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                yield (method, path), item[method]


def _security(old: Sequence[Document], new: Sequence[Document]) -> Iterator[str]:
    if not new or {} in new:
        return
    if not old:
        yield "it is no longer open to all"
    for way in old:
        if way not in new:
            yield f"it no longer lets in {' and '.join(way) or 'everybody'}"


def _parameters(document: Document, operation: Document) -> dict[tuple[str, str], Document]:
    resolved = [_resolve(document, parameter) for parameter in operation.get("parameters", ())]
    return {(parameter["in"], parameter["name"]): parameter for parameter in resolved}


def _resolve(document: Document, thing: Document) -> Document:
    if "$ref" not in thing:
        return thing
    found: Any = document
    for step in thing["$ref"].removeprefix("#/").split("/"):
        found = found[step.replace("~1", "/").replace("~0", "~")]
    return _resolve(document, found)


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def _previous() -> tuple[str, str] | None:
    """Return the newest committed document that differs from the present one, and the change log of that commit."""
    present = (ROOT / PLACE).read_text(encoding="utf-8")
    for commit in (_git("log", "--format=%H", "-n", "2", "--", PLACE) or "").split():
        document = _git("show", f"{commit}:{PLACE}")
        if document is not None and document != present:
            return document, _git("show", f"{commit}:{CHANGELOG}") or ""
    return None


def _announced(changelog: str) -> int:
    return sum(line.startswith("- Breaking:") for line in changelog.splitlines())


def main(arguments: Sequence[str]) -> int:
    """Compare openapi/openapi.json with the version committed before it (or with a file); 1 when it breaks clients."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--old", type=Path, help="compare with this document and not with the committed one")
    options = parser.parse_args(arguments)
    previous = (options.old.read_text(encoding="utf-8"), "") if options.old else _previous()
    if previous is None:
        say("There is no earlier version of the contract to compare with (no git, or no history): skipped.")
        return 0
    found = breaks(json.loads(previous[0]), json.loads((ROOT / PLACE).read_text(encoding="utf-8")))
    if not found:
        return 0
    if _announced((ROOT / CHANGELOG).read_text(encoding="utf-8")) > _announced(previous[1]):
        say(f"{len(found)} breaking changes, announced in {CHANGELOG}.")
        return 0
    complain("\n".join(map(str, found)))
    complain(f"{len(found)} changes break clients. Keep the contract, or say so in {CHANGELOG}: '- Breaking: …'.")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
