"""The shapes in the OpenAPI document: names a client generator can use, and bounds for what answers hold.

Input says and enforces its own bounds. What we answer is bounded here, by kind and by the house's names (`…_on` is a
day, `division` has 12 digits): told, not enforced, because an answer is not refused for being unusual. The contract
tests hold the running application to it.
"""

import re
from collections.abc import Callable
from typing import Any

Schema = dict[str, Any]

_REF = "#/components/schemas/"
_SAFE = 2**53 - 1  # the largest integer that JavaScript holds exactly
_DAY: Schema = {"format": "date", "examples": ["2026-12-01"]}
_MOMENT: Schema = {"format": "date-time", "examples": ["2026-12-01T09:30:00+08:00"]}
_MONTH: Schema = {"pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$", "examples": ["2026-12"]}
_CODE: Schema = {"maxLength": 100, "pattern": "^[A-Za-z0-9_.:-]*$"}
_TEXTS: tuple[tuple[str, Schema], ...] = (
    (r"currency", {"const": "CNY"}),
    (r"division|village|parent|area", {"pattern": "^([0-9]{2,12})?$", "examples": ["532502203202"]}),
    (r"county", {"pattern": "^[0-9]{6}$", "examples": ["532502"]}),
    (r"month|from_month|to_month", _MONTH),
    (r"(.+_)?(on|by)|as_of|birth_date|first_month", _DAY),
    (r".+_at|at|time|status_since", _MOMENT),
    (r"program|partner|operator|rule|actor_role|object_type|action|event_type|kind|state|way|unit|step", _CODE),
    (r"code|type", {"maxLength": 100}),
    (r"number|application_number", {"maxLength": 64}),
    (r"sha256|digest", {"pattern": "^[0-9a-f]{64}$"}),
    (r"trace", {"pattern": "^[0-9a-f-]{0,64}$"}),
    (r".*name|label|title", {"maxLength": 200}),
    (r"next", {"maxLength": 400, "pattern": "^[A-Za-z0-9_-]+$"}),
    (r".*_masked|phone|bank_code|lookup_code", {"maxLength": 64}),
    (r"access_token", {"maxLength": 4096}),
)
_TEXT_BOUNDS = ("maxLength", "pattern", "format", "enum", "const")
_MOST_CHARACTERS = 4000
_MOST_ITEMS = 1000
_MOST_MEMBERS = 200


def drop_titles(document: Schema) -> None:
    """Take out the titles the framework makes of names, which say nothing more, and write whole bounds as integers."""

    def drop(schema: Schema, _name: str) -> None:
        schema.pop("title", None)
        for bound in ("minimum", "maximum"):  # the framework writes them as 1000.0
            if isinstance(schema.get(bound), float) and schema[bound].is_integer():
                schema[bound] = int(schema[bound])

    _each(document, drop)


def close_maps(document: Schema) -> None:
    """Say of a map with keys of one form that other keys are refused; the framework leaves that out."""

    def close(schema: Schema, _name: str) -> None:
        if len(schema.get("patternProperties", ())) == 1 and "additionalProperties" not in schema:
            [(pattern, values)] = schema.pop("patternProperties").items()
            schema["propertyNames"] = {"type": "string", "pattern": pattern}
            schema["additionalProperties"] = values

    _each(document, close)


def rename_schemas(document: Schema) -> None:
    """Give schemas names that are names in any language: `Page_AwardOut_` becomes `AwardOutPage`."""
    schemas = document["components"]["schemas"]
    names = {name: _name_of(name) for name in schemas}
    assert len(set(names.values())) == len(names), "two schemas would get one name"

    def rename(schema: Schema, _name: str) -> None:
        if schema.get("$ref", "").startswith(_REF):
            schema["$ref"] = _REF + names[schema["$ref"].removeprefix(_REF)]

    _each(document, rename)
    document["components"]["schemas"] = {names[name]: schemas[name] for name in sorted(schemas, key=names.__getitem__)}


def plain_parameters(parameters: list[Schema]) -> None:
    """An optional parameter is absent, never null: no URL or header can hold null."""
    for parameter in parameters:
        schema = parameter.get("schema", {})
        kinds = [kind for kind in schema.pop("anyOf", ()) if kind != {"type": "null"}]
        if len(kinds) == 1:
            schema.update(kinds[0])
        elif kinds:
            schema["anyOf"] = kinds
        schema.pop("description", None)


def bound_answers(document: Schema) -> None:
    """Bound every text, number, list and map of an answer that has no bound of its own."""
    schemas = document["components"]["schemas"]
    for name in answer_schemas(document):
        _walk(schemas[name], "", _bound)


def answer_schemas(document: Schema) -> list[str]:
    """Return the names of the schemas that no request uses."""
    asked: set[str] = set()

    def follow(schema: Schema, _name: str) -> None:
        name = schema.get("$ref", "").removeprefix(_REF)
        if name and name not in asked:
            asked.add(name)
            _walk(document["components"]["schemas"][name], "", follow)

    for item in document["paths"].values():
        for operation in item.values():
            for place in (
                *operation.get("parameters", ()),
                *operation.get("requestBody", {}).get("content", {}).values(),
            ):
                _walk(place.get("schema", {}), "", follow)
    return [name for name in document["components"]["schemas"] if name not in asked]


def _name_of(name: str) -> str:
    page = re.fullmatch(r"Page_(.+)_", name)
    if page is not None:
        return _name_of(page[1]) + "Page"
    *modules, own = name.split("__")
    words = "_".join(word for word in modules if word not in ("app", "api", "common", "lifecycle")).split("_")
    return "".join(word.capitalize() for word in words) + own


def _bound(schema: Schema, name: str) -> None:
    kind = schema.get("type")
    if kind == "string" and not any(bound in schema for bound in _TEXT_BOUNDS):
        told = next((told for pattern, told in _TEXTS if re.fullmatch(pattern, name)), None)
        schema.update(told or {"maxLength": _MOST_CHARACTERS})
    elif kind == "integer":
        least = -_SAFE if "fen" in name or not name else 0
        if "exclusiveMinimum" not in schema:
            schema.setdefault("minimum", least)
        schema.setdefault("maximum", _SAFE)
        schema.setdefault("format", "int64")
    elif kind == "array":
        schema.setdefault("maxItems", _MOST_ITEMS)
    elif kind == "object" and schema.get("additionalProperties", False) is not False:
        schema.setdefault("maxProperties", _MOST_MEMBERS)


def _each(document: Schema, change: Callable[[Schema, str], None]) -> None:
    """Call `change` with every schema of the document and the name of the member it stands for."""
    for schema in document["components"]["schemas"].values():
        _walk(schema, "", change)
    for item in document["paths"].values():
        for operation in item.values():
            for parameter in operation.get("parameters", ()):
                _walk(parameter.get("schema", {}), parameter.get("name", ""), change)
            bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
            for body in bodies:
                for media in body.get("content", {}).values():
                    _walk(media.get("schema", {}), "", change)


def _walk(schema: Any, name: str, change: Callable[[Schema, str], None]) -> None:
    if not isinstance(schema, dict):
        return
    change(schema, name)
    for member, inner in schema.get("properties", {}).items():
        _walk(inner, member, change)
    for keyword in ("anyOf", "oneOf", "allOf", "prefixItems"):
        for inner in schema.get(keyword, ()):
            _walk(inner, name, change)
    for keyword in ("items", "additionalProperties", "propertyNames"):
        _walk(schema.get(keyword), "" if keyword == "additionalProperties" else name, change)
