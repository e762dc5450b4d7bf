"""Whether everything that one schema admits is admitted by another: the heart of contract_diff.

Careful rather than clever: what it cannot prove to fit, it reports.
"""

import json
import operator
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Schema = Mapping[str, Any]
_WORDS = {"title", "description", "examples", "example", "default", "deprecated", "$comment", "readOnly", "writeOnly"}
_LEAST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_MOST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_NUMBER_FORMATS = {"int32", "int64"}  # say how to store what minimum and maximum bound


@dataclass(frozen=True)
class Side:
    """The document a schema stands in."""

    document: Schema

    def resolve(self, schema: Schema) -> Schema:
        """Follow references and unwrap an `allOf` of one."""
        while True:
            if "$ref" in schema:
                schema = self.document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
            elif len(schema.get("allOf", ())) == 1 and not set(schema) - _WORDS - {"allOf"}:
                schema = schema["allOf"][0]
            else:
                return schema

    def ways(self, schema: Schema) -> list[Schema]:
        """Return the alternatives of a schema; one that has members beside them is one alternative."""
        schema = self.resolve(schema)
        for keyword in ("anyOf", "oneOf"):
            if keyword in schema and "properties" not in schema:
                rest = {name: value for name, value in schema.items() if name != keyword and name not in _WORDS}
                return [way for inner in schema[keyword] for way in self.ways({**inner, **rest} if rest else inner)]
        if isinstance(schema.get("type"), list):
            return [{**schema, "type": kind} for kind in schema["type"]]
        return [schema]


@dataclass
class Comparison:
    """Looks for what `small` admits and `large` does not. `answers`: small is new; otherwise small is old."""

    small: Side
    large: Side
    answers: bool
    _open: set[tuple[str, str]] = field(default_factory=set)

    def misfits(self, small: Schema, large: Schema, where: str) -> Iterator[str]:
        """Say, in a client's words, what does not fit."""
        pair = (json.dumps(small, sort_keys=True), json.dumps(large, sort_keys=True))
        if pair in self._open:  # a schema that contains itself
            return
        self._open.add(pair)
        yield from self._ways(small, large, where)
        self._open.discard(pair)

    def _ways(self, small: Schema, large: Schema, where: str) -> Iterator[str]:
        ways = self.large.ways(large)
        for way in self.small.ways(small):
            tries = [list(self._way(way, other, where)) for other in ways]
            if not all(tries):
                continue
            alike = [found for found, other in zip(tries, ways, strict=True) if _kind(other) == _kind(way)]
            yield from min(alike or [[f"{where}: {_kind(way)} {self._now()}"]], key=len)

    def _now(self) -> str:
        return "is new" if self.answers else "is no longer taken"

    def _way(self, small: Schema, large: Schema, where: str) -> Iterator[str]:
        if not set(large) - _WORDS:
            return
        if "enum" in large or "const" in large or "enum" in small or "const" in small:
            yield from self._values(small, large, where)
            return
        if _kind(small) != _kind(large) and (_kind(small), _kind(large)) != ("integer", "number"):
            yield f"{where}: {_kind(small)} {self._now()}"
            return
        yield from self._bounds(small, large, where)
        if _kind(small) == "array":
            yield from self.misfits(small.get("items", {}), large.get("items", {}), f"{where}[]")
        if _kind(small) == "object":
            yield from self._members(small, large, where)

    def _values(self, small: Schema, large: Schema, where: str) -> Iterator[str]:
        given = _listed(small)
        if given is None:
            yield f"{where}: only certain values " + ("were possible" if self.answers else "are possible now")
            return
        for value in given:
            if not _admits(large, value):
                yield f"{where}: the value {value!r} {self._now()}"

    def _bounds(self, small: Schema, large: Schema, where: str) -> Iterator[str]:
        for names, tighter in ((_LEAST, operator.lt), (_MOST, operator.gt)):
            for name in names:
                if name in large and (name not in small or tighter(small[name], large[name])):
                    yield f"{where}: {name} {small.get(name)} {'was' if self.answers else 'is now'} {large[name]}"
        for name in ("pattern", "format", "multipleOf", "uniqueItems", "propertyNames", "contentEncoding"):
            if name == "format" and large.get(name) in _NUMBER_FORMATS:
                continue
            if large.get(name) is not None and large[name] != small.get(name):
                yield f"{where}: another {name}"

    def _members(self, small: Schema, large: Schema, where: str) -> Iterator[str]:
        mine, theirs = small.get("properties", {}), large.get("properties", {})
        gone = set(theirs) - set(mine) if self.answers else set(mine) - set(theirs)
        for name in sorted(gone):
            yield f"{where}/{name} is gone"
        for name in sorted(set(large.get("required", ())) - set(small.get("required", ())) - gone):
            yield f"{where}/{name} " + ("may be missing now" if self.answers else "is now required")
        for name in sorted(set(mine) & set(theirs)):
            yield from self.misfits(mine[name], theirs[name], f"{where}/{name}")
        yield from self._others(small, large, where)
        for keyword in ("anyOf", "oneOf", "dependentRequired"):
            if keyword in large and small.get(keyword) != large[keyword]:
                yield f"{where}: other members together"

    def _others(self, small: Schema, large: Schema, where: str) -> Iterator[str]:
        mine, theirs = small.get("additionalProperties", True), large.get("additionalProperties", True)
        if theirs is True or theirs == {} or mine is False:
            return
        if theirs is False:
            yield f"{where}: members beside the named ones " + ("are new" if self.answers else "are refused now")
        else:
            yield from self.misfits({} if mine is True else mine, theirs, f"{where}/*")


def _kind(schema: Schema) -> str:
    if "type" in schema:
        return str(schema["type"])
    values = _listed(schema)
    if values:
        return {str: "string", bool: "boolean", int: "integer", type(None): "null"}.get(type(values[0]), "object")
    return "object" if "properties" in schema else "anything"


def _listed(schema: Schema) -> list[Any] | None:
    if "const" in schema:
        return [schema["const"]]
    if "enum" in schema:
        return list(schema["enum"])
    return [True, False] if schema.get("type") == "boolean" else None


def _admits(schema: Schema, value: Any) -> bool:
    """Say whether a schema without members admits a single value."""
    listed = _listed(schema)
    if listed is not None:
        return value in listed
    if isinstance(value, str) and _kind(schema) == "string":
        fits = schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value))
        return fits and "format" not in schema and re.search(schema.get("pattern", ""), value) is not None
    if isinstance(value, int) and _kind(schema) in ("integer", "number"):
        return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
    return _kind(schema) == "anything"
